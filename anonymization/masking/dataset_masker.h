// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "anonymization/masking/author.h"
#include "anonymization/masking/code_item.h"
#include "anonymization/masking/content_plan.h"
#include "anonymization/masking/element_writer.h"
#include "anonymization/masking/kept_bytes.h"
#include "anonymization/masking/masked_part.h"
#include "anonymization/masking/masking_statement.h"
#include "anonymization/masking/paired_values.h"
#include "anonymization/masking/pixel_claim.h"
#include "anonymization/masking/private_blocks.h"
#include "anonymization/masking/structure_names.h"
#include "anonymization/masking/study_identity.h"
#include "anonymization/profiles/profile.h"
#include "anonymization/pseudonyms.h"
#include "core/byte_buffer.h"
#include "core/demand.h"
#include "core/dicom/character_set.h"
#include "core/dicom/replay.h"
#include "core/dicom/transfer_syntax.h"

namespace sekisho::anonymization {

/// One pass of append_masked(). One thread, once.
class DatasetMasker {
 public:
  DatasetMasker(core::ByteBuffer& out, core::ByteView dataset,
                std::span<const core::dicom::Step> steps, const core::dicom::TransferSyntax& syntax,
                const Profile& profile, const Pseudonyms& pseudonyms, Author author,
                const core::Demand& demand, PixelClaim pixels);

  SopInstance mask(Part part);

 private:
  static constexpr core::dicom::Tag kNoTag{0xFFFF, 0xFFFF};  // above those of a data set
  static constexpr core::dicom::Tag kSopInstanceUid{0x0008, 0x0018};

  struct StructureNumber {
    core::dicom::Tag tag;
    std::string text;
  };

  /// An item that is being read; the data set is one.
  struct Item {
    core::ByteView charset;  ///< (0008,0005): its own, or that of the item around it
    core::dicom::Tag last;   ///< of its elements that were met, the highest
    PrivateBlocks blocks;
    SizesOfBytes sizes;
    /// Of the report's content items, where it is one.
    const PlannedItem* content = nullptr;
    /// Stands for every number in it; empty: numbers stay.
    std::string_view number;
    CodeStanding code = CodeStanding::unread;  ///< of what is a code in it
    /// Of the structure that it outlines: the element, once it was met.
    StructureNumber structure_number;
    /// Of two elements whose values belong together, that which comes first.
    std::optional<core::dicom::Token> first_of_pair;
    bool lost_windows = false;  ///< some that are explained behind them, or all
    /// It stands in a content item, at whatever depth.
    bool is_in_content = false;
    // Of the sequence that is open in it.
    bool holds_content = false;
    bool has_items = false;      ///< was one written
    bool lost_items = false;     ///< was one left out
    std::size_t written_at = 0;  ///< where it begins in the result
  };

  // The walk, in dataset_masker.cpp.

  void mask(const core::dicom::Token& token);
  /// Makes that the item in which the walk is.
  void go_to(std::uint8_t depth) {
    if (depth == depth_) return;
    depth_ = depth;
    item_ = &items_[depth];
  }

  /// Comes first for every element of an item. Pixel data inside an item are icons and the like; a
  /// second element of the same tag is nothing that the standard knows.
  bool may_stay(const core::dicom::Token& token);

  /// Of the element of the statement that is to be written next; behind every element, after the
  /// last.
  core::dicom::Tag statement_tag() const {
    return next_statement_ < std::size(kStatementTags) ? kStatementTags[next_statement_] : kNoTag;
  }
  void write_statement_before(core::dicom::Tag tag);
  /// Where the profile's statement is not all that is to be said, or too much.
  void join_statements();

  /// Whether the sequence is entered.
  bool begin_sequence(const core::dicom::Token& token);

  /// Of a report whose content is cleaned: a title in words that the standard does not know.
  bool is_local_title(const core::dicom::Token& token) const;

  /// A sequence of a report that has lost all its items would be in error: it goes too.
  void end_sequence(const core::dicom::Token& token);

  /// Of a content item that stays though its own name is anybody's text. What refers to another
  /// item has none.
  void write_neutral_name(const Item& item);

  /// Not a private UN that turns out to be a sequence. In a UN, where the coding is implicit, its
  /// undefined length stands in the place of the VR.
  bool is_written_as_sequence(const core::dicom::Token& token) const;

  /// Whether the item is entered.
  bool begin_item(const core::dicom::Token& token);

  bool begin_item_of_report(const core::dicom::Token& token, Item& item) const;

  // Of one element, in masked_values.cpp. What few elements need is not inlined, so that the others
  // do not pay for its strings.

  Fate fate_of(const core::dicom::Token& token) const {
    if (token.tag.is_private()) {
      return profile_.has_private_rules() ? fate_of_private(token) : kRemoved;
    }
    return item_->content ? fate_in_content(token, *item_->content) : profile_.fate_of(token.tag);
  }
  Fate fate_of_private(const core::dicom::Token& token) const;
  Fate fate_in_content(const core::dicom::Token& token, const PlannedItem& content) const;
  void mask_element(const core::dicom::Token& token);

  /// Whether restore(), which reads what recipients wrote by its VR, took it for what its tag says:
  /// a UID or a date under another VR was not given another, and its pseudonym would tell whether
  /// it is one of the archive's (ADR 29).
  static bool is_read_alike(const core::dicom::Token& token, const Fate& fate);

  /// What needs no look at the value.
  void write_stand_in(const core::dicom::Token& token, const Fate& fate);

  /// Creators of which the profile keeps anything reserve their blocks in the masked item as well.
  [[gnu::noinline]] void mask_creator(const core::dicom::Token& token);

  /// Only what is what its tag says: a sequence under any other VR, text under a number's tag and
  /// the like could carry anything.
  void keep(const core::dicom::Token& token, const Fate& fate);

  /// Of an element that other elements, or the object, depend on.
  [[gnu::noinline]] void keep_among_others(const core::dicom::Token& token, const Fate& fate,
                                           std::optional<core::ByteView> kept);
  /// What kept_value() leaves of it.
  std::optional<core::ByteView> kept_by_itself(const core::dicom::Token& token, const Fate& fate,
                                               std::string& made) const;
  /// What stays of `kept` beside the other one of the pair.
  std::optional<core::ByteView> kept_of_pair(const core::dicom::Token& token, const ValuePair& pair,
                                             std::optional<core::ByteView> kept);
  /// That of this tag which follows at once in the same item, at `depth`: between the two tags of a
  /// pair there is no other, and no item makes this look at all that is in it.
  std::optional<core::dicom::Token> element_ahead(core::dicom::Tag tag, std::uint8_t depth) const;

  /// Of a code what the standard or equipment says: anything else could have been typed.
  [[gnu::noinline]] void keep_listed(const core::dicom::Token& token, const Fate& fate);

  /// What a local code stands for nobody can tell: it becomes one that says so, for the sequence
  /// may need its item.
  [[gnu::noinline]] void keep_coded(const core::dicom::Token& token, const Fate& fate);

  /// Positions count what stays.
  void write_reference(const PlannedItem& item);

  void write_empty(core::dicom::Tag tag, core::dicom::Vr vr) { writer_.element(tag, vr, {}); }

  /// Not the archive's: what stands there was written by whoever gave the instance back.
  bool is_recipients() const {
    return author_ != Author::hospital && !is_of_patient_or_study(top_);
  }

  [[gnu::noinline]] void pseudonymise(const core::dicom::Token& token, core::dicom::Vr vr);

  enum class Uids : std::uint8_t { all, odd };

  /// Values that are no UIDs name nothing; with one of them the whole element goes.
  [[gnu::noinline]] void remap(const core::dicom::Token& token, Uids which);

  [[gnu::noinline]] void drop_phonetic(const core::dicom::Token& token);

  [[gnu::noinline]] void shift_date(const core::dicom::Token& token, const Fate& fate);

  [[gnu::noinline]] void cap_age(const core::dicom::Token& token, core::dicom::Vr vr);

  [[gnu::noinline]] void clean_text(const core::dicom::Token& token, const Fate& fate);

  std::string cleaned_name(const core::dicom::Token& token, core::dicom::Vr vr,
                           const StructureName& structure) const;

  static bool is_sop_instance(const core::dicom::Token& token) {
    return token.depth == 0 && token.tag == kSopInstanceUid;
  }
  core::dicom::CharacterSet charset() const {
    return core::dicom::CharacterSet(core::as_text(item_->charset));
  }

  const core::ByteView dataset_;
  const core::dicom::VrCoding coding_;
  const Profile& profile_;
  const Pseudonyms& pseudonyms_;
  const Author author_;
  const PixelClaim pixels_;
  std::optional<Statement> joined_;  ///< absent: the profile's alone
  const std::optional<std::chrono::days> shift_;
  core::dicom::Replay walk_;
  core::DemandSteps asking_;
  ElementWriter writer_;
  std::vector<Item> items_;  ///< by depth, as far as one was met; never moved
  Item* item_ = nullptr;     ///< that the element is in, or the sequence
  std::uint8_t depth_ = 0;   ///< of that item
  ContentPlan plan_;
  std::string uids_;  ///< of one element; kept for its room
  std::string made_;  ///< likewise: what kept_value() made
  std::string made_of_pair_;
  std::size_t next_statement_ = 0;
  core::dicom::Tag statement_tag_ = kNoTag;  ///< statement_tag(): every element asks
  core::dicom::Tag top_;                     ///< of the top level, in which the walk is
  SopInstance sop_instance_;
};

}  // namespace sekisho::anonymization
