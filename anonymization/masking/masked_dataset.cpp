// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/masked_dataset.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "anonymization/masking/code_item.h"
#include "anonymization/masking/content_item.h"
#include "anonymization/masking/content_plan.h"
#include "anonymization/masking/date_shift.h"
#include "anonymization/masking/dates.h"
#include "anonymization/masking/dummy.h"
#include "anonymization/masking/earlier_statement.h"
#include "anonymization/masking/element_writer.h"
#include "anonymization/masking/kept_value.h"
#include "anonymization/masking/listed_codes.h"
#include "anonymization/masking/mask_error.h"
#include "anonymization/masking/masking_statement.h"
#include "anonymization/masking/private_blocks.h"
#include "anonymization/masking/replacement.h"
#include "anonymization/masking/structure_names.h"
#include "anonymization/masking/study_identity.h"
#include "anonymization/tables.h"
#include "core/dicom/character_set.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/element_header.h"
#include "core/dicom/padding.h"
#include "core/dicom/replay.h"

namespace sekisho::anonymization {
namespace {

using core::ByteView;
using core::dicom::CharacterSet;
using core::dicom::Replay;
using core::dicom::Step;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::TransferSyntax;
using core::dicom::Vr;
using core::dicom::VrCoding;

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr Tag kSopInstanceUid{0x0008, 0x0018};
constexpr Tag kReferencedSopSequence{0x0008, 0x1199};
constexpr Tag kConceptNameCodeSequence{0x0040, 0xA043};
constexpr Tag kNumericValue{0x0040, 0xA30A};
constexpr Tag kContentSequence{0x0040, 0xA730};
constexpr Tag kReferencedContentItemIdentifier{0x0040, 0xDB73};
constexpr Tag kNoTag{0xFFFF, 0xFFFF};  // above those of a data set

/// Beside NumericValue: FloatingPointValue and the two parts of a rational.
bool is_number_of_another_form(Tag tag) { return tag != kNumericValue && is_bare_number(tag); }

/// Has the processor fetch bytes that are about to be read in small leaps, all at once: each cache
/// line that is missed on the way would cost as much as masking two elements.
void fetch_ahead(ByteView bytes) {
  constexpr std::size_t kCacheLine = 64;
  for (std::size_t at = 0; at < bytes.size(); at += kCacheLine) {
    __builtin_prefetch(bytes.data() + at);
  }
}

class DatasetMasker {
 public:
  DatasetMasker(core::ByteBuffer& out, ByteView dataset, std::span<const Step> steps,
                const TransferSyntax& syntax, const Profile& profile, const Pseudonyms& pseudonyms,
                Author author, const core::Demand& demand, PixelClaim pixels)
      : dataset_(dataset),
        coding_(syntax.vr),
        profile_(profile),
        pseudonyms_(pseudonyms),
        author_(author),
        pixels_(pixels),
        shift_(profile.shifts_dates() ? date_shift_of(dataset, syntax, profile, pseudonyms)
                                      : std::nullopt),
        walk_(dataset, steps),
        asking_(demand),
        writer_(out, syntax.vr, syntax.order) {
    items_.reserve(core::dicom::kMaxDepth + 1);
    items_.emplace_back();
  }

  SopInstance mask(Part part) {
    next_statement_ = part == Part::header ? 0 : std::size(kStatementTags);
    if (part == Part::header) join_statements();
    for (Token token = walk_.next(); token.kind != Token::Kind::end; token = walk_.next()) {
      asking_.step();
      mask(token);
    }
    write_statement_before(kNoTag);
    return sop_instance_;
  }

 private:
  struct StructureNumber {
    Tag tag;
    std::string text;
  };

  /// An item that is being read; the data set is one.
  struct Item {
    ByteView charset;  ///< (0008,0005): its own, or that of the item around it
    Tag last;          ///< of its elements that were met, the highest
    PrivateBlocks blocks;
    SizesOfBytes sizes;
    /// Of the report's content items, where it is one.
    const PlannedItem* content = nullptr;
    /// Stands for every number in it; empty: numbers stay.
    std::string_view number;
    CodeStanding code = CodeStanding::unread;  ///< of what is a code in it
    /// Of the structure that it outlines: the element, once it was met.
    StructureNumber structure_number;
    /// It stands in a content item, at whatever depth.
    bool is_in_content = false;
    // Of the sequence that is open in it.
    bool holds_content = false;
    bool has_items = false;      ///< was one written
    bool lost_items = false;     ///< was one left out
    std::size_t written_at = 0;  ///< where it begins in the result
  };

  void mask(const Token& token) {
    if (token.depth == 0) top_ = token.tag;
    switch (token.kind) {
      case Token::Kind::element:
      case Token::Kind::fragments:
        if (may_stay(token)) mask_element(token);
        return;
      case Token::Kind::sequence_begin:
        if (!may_stay(token) || !begin_sequence(token)) walk_.leave(token);
        return;
      case Token::Kind::item_begin:
        if (!begin_item(token)) walk_.leave(token);
        return;
      case Token::Kind::item_end:
        return writer_.end_item();
      case Token::Kind::sequence_end:
        return end_sequence(token);
      case Token::Kind::end:
        return;
      case Token::Kind::defect:
        throw MaskError("the data set cannot be read to its end");
    }
  }

  /// Comes first for every element of an item. Pixel data inside an item are icons and the like; a
  /// second element of the same tag is nothing that the standard knows.
  bool may_stay(const Token& token) {
    Item& item = items_[token.depth];
    if (item.last == token.tag) return false;
    if (token.tag == kSpecificCharacterSet) {
      if (item.last > token.tag) throw MaskError("a character set comes after what is in it");
      item.charset = token.value;
    }
    item.last = std::max(item.last, token.tag);
    if (token.depth == 0 && token.tag >= statement_tag()) {
      write_statement_before(token.tag);
      if (token.tag == statement_tag() && is_statement(token.tag, pixels_)) return false;
    }
    return token.tag.group() != core::dicom::kPixelData.group();
  }

  /// Of the element of the statement that is to be written next; behind every element, after the
  /// last.
  Tag statement_tag() const {
    return next_statement_ < std::size(kStatementTags) ? kStatementTags[next_statement_] : kNoTag;
  }
  void write_statement_before(Tag tag) {
    while (statement_tag() < tag) {
      write_statement_element(writer_, joined_ ? *joined_ : profile_.statement(), pixels_,
                              next_statement_++);
    }
  }
  /// Where the profile's statement is not all that is to be said, or too much.
  void join_statements() {
    const EarlierStatement earlier = earlier_statement(walk_);
    if (earlier.empty() && !profile_.cleans_pixels() && pixels_ == PixelClaim::none) return;
    joined_ = joined(profile_.statement(), earlier, pixels_);
  }

  Fate fate_of(const Token& token) const {
    if (token.tag.is_private()) return fate_of_private(token);
    const Item& item = items_[token.depth];
    const auto action =
        item.content ? action_in_content(token.tag, item.content->value, item.content->action)
                     : std::nullopt;
    if (!action) return profile_.fate_of(token.tag);
    const auto* entry = core::dicom::find(token.tag);
    return {*action, entry->vr, entry->vm};
  }

  Fate fate_of_private(const Token& token) const {
    const std::string_view creator = items_[token.depth].blocks.creator_of(token.tag);
    const PrivateRule* rule = creator.empty() ? nullptr : profile_.private_rule(creator, token.tag);
    if (!rule) return kRemoved;
    return {rule->action, rule->vr, private_multiplicity(creator, rule->tag)};
  }

  /// Whether the sequence is entered.
  bool begin_sequence(const Token& token) {
    const Fate fate = fate_of(token);
    Item& item = items_[token.depth];
    // The references of a content item are entered, and remapped by their own rules.
    const bool is_reference = token.tag == kReferencedSopSequence && item.content;
    item.holds_content = fate.action == Action::clean_content;
    const bool is_entered = fate.action == Action::keep || fate.action == Action::cap_age ||
                            item.holds_content || (is_reference && fate.action == Action::dummy);
    if (is_entered) {
      if (fate.vr != Vr::SQ) {
        write_missing(writer_, token.tag, fate.vr);
        return false;
      }
      if (!is_written_as_sequence(token)) return false;
      if (is_local_title(token)) {
        write_dummy(writer_, token.tag, fate.vr);
        return false;
      }
      if (item.holds_content && !plan_.covers(token.offset)) plan_.make(walk_, token, profile_);
      item.written_at = writer_.position();
      item.has_items = item.lost_items = false;
      writer_.begin_sequence(token.tag);
      return true;
    }
    write_stand_in(token, fate);
    return false;
  }

  /// Of a report whose content is cleaned: a title in words that the standard does not know.
  bool is_local_title(const Token& token) const {
    return token.depth == 0 && token.tag == kConceptNameCodeSequence &&
           !profile_.content_rules().empty() && holds_local_code(walk_, token);
  }

  /// A sequence of a report that has lost all its items would be in error: it goes too.
  void end_sequence(const Token& token) {
    const Item& item = items_[token.depth];
    const bool is_of_report = item.is_in_content || token.tag == kContentSequence;
    if (item.lost_items && !item.has_items && is_of_report) {
      writer_.rewind(item.written_at);
      if (token.tag == kConceptNameCodeSequence) write_neutral_name(item);
      return;
    }
    writer_.end_sequence();
  }

  /// Of a content item that stays though its own name is anybody's text. What refers to another
  /// item has none.
  void write_neutral_name(const Item& item) {
    if (!item.content || item.content->target != PlannedItem::kNone) return;
    write_concept_name(writer_, coded(item.content->name));
  }

  /// Not a private UN that turns out to be a sequence. In a UN, where the coding is implicit, its
  /// undefined length stands in the place of the VR.
  bool is_written_as_sequence(const Token& token) const {
    return !token.tag.is_private() || coding_ == VrCoding::implicit_vr ||
           dataset_[token.offset + 4] == 'S';
  }

  /// Whether the item is entered.
  bool begin_item(const Token& token) {
    if (items_.size() == token.depth) items_.emplace_back();
    Item& around = items_[token.depth - 1U];
    Item& item = items_[token.depth];
    item.charset = around.charset;
    item.last = Tag{};
    item.blocks.clear();
    item.sizes = {};
    item.content = nullptr;
    item.code = CodeStanding::unread;
    item.structure_number = {};
    item.is_in_content = around.is_in_content;
    item.number = around.number;
    if ((around.holds_content || around.is_in_content) && !begin_item_of_report(token, item)) {
      around.lost_items = true;
      return false;
    }
    around.has_items = true;
    writer_.begin_item();
    return true;
  }

  bool begin_item_of_report(const Token& token, Item& item) const {
    if (!items_[token.depth - 1U].holds_content) return !is_local_code(walk_, token);
    item.content = plan_.find(token.offset);
    item.is_in_content = true;
    item.number = item.content ? item.content->number : std::string_view{};
    return item.content != nullptr;
  }

  void mask_element(const Token& token) {
    if (is_private_creator(token.tag)) return mask_creator(token);
    const Fate fate = fate_of(token);
    if (is_recipients() && !is_read_alike(token, fate)) return write_stand_in(token, fate);
    switch (fate.action) {
      case Action::keep:
        if (fate.vr == Vr::UI && holds_odd_uid(token.value)) return remap(token, Uids::odd);
        return keep(token, fate);
      case Action::keep_listed:
        return keep_listed(token, fate);
      case Action::keep_coded:
        return keep_coded(token, fate);
      case Action::pseudonymise:
        return pseudonymise(token, fate.vr);
      case Action::remap_uid:
        return remap(token, Uids::all);
      case Action::drop_phonetic:
        return drop_phonetic(token);
      case Action::shift_date:
        return shift_date(token, fate);
      case Action::cap_age:
        return cap_age(token, fate.vr);
      case Action::clean_text:
      case Action::clean_text_or_dummy:
        return clean_text(token, fate);
      case Action::remove:
      case Action::empty:
      case Action::dummy:
      case Action::clean_content:
      case Action::replace:
        return write_stand_in(token, fate);
    }
  }

  /// Whether restore(), which reads what recipients wrote by its VR, took it for what its tag says:
  /// a UID or a date under another VR was not given another, and its pseudonym would tell whether
  /// it is one of the archive's (ADR 29).
  static bool is_read_alike(const Token& token, const Fate& fate) {
    if ((token.vr == Vr::UI) != (fate.vr == Vr::UI)) return false;
    return fate.action != Action::shift_date || token.vr == fate.vr;
  }

  /// What needs no look at the value.
  void write_stand_in(const Token& token, const Fate& fate) {
    switch (fate.action) {
      case Action::empty:
      case Action::shift_date:
      case Action::cap_age:
      case Action::clean_text:
        return write_empty(token.tag, fate.vr);
      case Action::dummy:
      case Action::drop_phonetic:
      case Action::clean_text_or_dummy:
        return write_dummy(writer_, token.tag, fate.vr);
      case Action::replace:
        return writer_.text(token.tag, fate.vr, profile_.replacement(token.tag));
      case Action::remove:
      case Action::keep:
      case Action::keep_listed:
      case Action::keep_coded:
      case Action::pseudonymise:
      case Action::remap_uid:
      case Action::clean_content:
        return;
    }
  }

  /// Creators of which the profile keeps anything reserve their blocks in the masked item as well.
  void mask_creator(const Token& token) {
    if (!profile_.has_private_rules()) return;
    const std::string_view creator = creator_name(token.value);
    items_[token.depth].blocks.reserve(token.tag, creator);
    if (profile_.keeps_some_of(creator, token.tag.group())) {
      writer_.text(token.tag, Vr::LO, creator);
    }
  }

  /// Only what is what its tag says: a sequence under any other VR, text under a number's tag and
  /// the like could carry anything.
  void keep(const Token& token, const Fate& fate) {
    if (fate.vr == Vr::SQ || token.kind != Token::Kind::element) return;
    Item& item = items_[token.depth];
    const bool says_its_vr = coding_ == VrCoding::explicit_vr;
    const auto kept =
        kept_value({token.tag, fate.vr, fate.vm},
                   {says_its_vr ? token.vr : fate.vr, token.order, token.value}, item.sizes, made_);
    if (!kept) return write_missing(writer_, token.tag, fate.vr);
    if (item.content && token.tag == kReferencedContentItemIdentifier) {
      return write_reference(*item.content);
    }
    if (!item.number.empty()) {
      if (is_number_of_another_form(token.tag)) return;
      if (token.tag == kNumericValue) return writer_.text(token.tag, fate.vr, item.number);
    }
    if (is_sop_instance(token)) {
      sop_instance_.original = core::Uid::parse(core::as_text(*kept));
      sop_instance_.masked = sop_instance_.original;
    }
    if (is_structure_number(token.tag)) {
      item.structure_number = {token.tag,
                               structure_number(token.tag, *kept, token.order).value_or("")};
    }
    item.sizes.note(token.tag, *kept, token.order);
    writer_.copy(token.tag, token.vr, *kept, token.order);
  }

  /// Of a code what the standard or equipment says: anything else could have been typed.
  void keep_listed(const Token& token, const Fate& fate) {
    if (token.kind != Token::Kind::element) return;
    const bool is_code = coding_ != VrCoding::explicit_vr || may_be_written_as(fate.vr, token.vr);
    const auto listed =
        is_code ? without_unlisted_codes(token.tag, token.value) : std::optional<std::string>();
    if (!listed) return keep(token, fate);
    if (listed->empty()) {
      return writer_.text(token.tag, fate.vr, text_for_missing(token.tag).value_or(""));
    }
    Token of_list = token;
    of_list.vr = fate.vr;
    of_list.value = core::as_bytes(*listed);
    keep(of_list, fate);
  }

  /// What a local code stands for nobody can tell: it becomes one that says so, for the sequence
  /// may need its item.
  void keep_coded(const Token& token, const Fate& fate) {
    Item& item = items_[token.depth];
    if (item.code == CodeStanding::unread) {
      item.code = read_code(walk_, token);
      const bool is_in_order = item.last == token.tag && comes_before_other_elements(token.tag);
      if (item.code == CodeStanding::local && is_in_order) write_unknown_code(writer_);
    }
    if (item.code == CodeStanding::listed) keep(token, fate);
  }

  /// Positions count what stays.
  void write_reference(const PlannedItem& item) {
    std::array<core::Byte, 4 * (core::dicom::kMaxDepth + 1)> value;
    std::size_t size = 0;
    for (const std::uint32_t position : plan_.position_of_target(item)) {
      core::dicom::write32(value.data() + size, position, core::dicom::ByteOrder::little);
      size += 4;
    }
    if (size == 0) return;
    writer_.copy(kReferencedContentItemIdentifier, Vr::UL, core::ByteView(value).first(size),
                 core::dicom::ByteOrder::little);
  }

  void write_empty(Tag tag, Vr vr) { writer_.element(tag, vr, {}); }

  /// Not the archive's: what stands there was written by whoever gave the instance back.
  bool is_recipients() const {
    return author_ != Author::hospital && !is_of_patient_or_study(top_);
  }

  void pseudonymise(const Token& token, Vr vr) {
    if (is_recipients()) return write_empty(token.tag, vr);
    const std::string utf8 = charset_of(token).to_utf8(token.value, vr);
    const std::string_view text = core::dicom::without_padding(utf8);
    if (text.empty()) return write_empty(token.tag, vr);
    writer_.text(token.tag, vr,
                 pseudonyms_.identifier(core::dicom::find(token.tag)->keyword, text));
  }

  enum class Uids : std::uint8_t { all, odd };

  /// Values that are no UIDs name nothing; with one of them the whole element goes.
  void remap(const Token& token, Uids which) {
    if (token.value.empty()) return write_empty(token.tag, Vr::UI);
    uids_.clear();
    std::string_view rest = core::as_text(token.value);
    while (true) {
      const auto end = std::min(rest.find('\\'), rest.size());
      const auto original = core::Uid::parse(rest.substr(0, end));
      if (!original) return;
      const bool stays = which == Uids::odd && original->is_standard();
      const core::Uid shown = stays ? *original : pseudonyms_.uid(*original);
      if (is_sop_instance(token)) sop_instance_ = {original, shown};
      uids_ += shown.text();
      if (end == rest.size()) break;
      uids_ += '\\';
      rest.remove_prefix(end + 1);
    }
    writer_.text(token.tag, Vr::UI, uids_);
  }

  void drop_phonetic(const Token& token) {
    const auto kept = without_phonetic(token.value, charset_of(token));
    if (!kept) return write_dummy(writer_, token.tag, Vr::PN);
    writer_.text(token.tag, Vr::PN, *kept);
  }

  void shift_date(const Token& token, const Fate& fate) {
    const Vr vr = fate.vr;
    if (is_recipients()) {
      if (author_ == Author::another_recipient) return write_empty(token.tag, vr);
      if (!is_of_acquisition(token.tag)) return keep(token, fate);
    }
    const auto shifted =
        shift_ ? shifted_date(core::as_text(token.value), vr, DateMove::forth, *shift_)
               : std::nullopt;
    if (!shifted) return write_empty(token.tag, vr);
    writer_.text(token.tag, vr, *shifted);
  }

  void cap_age(const Token& token, Vr vr) {
    const auto capped = capped_age(core::as_text(token.value));
    if (!capped) return write_empty(token.tag, vr);
    writer_.text(token.tag, vr, *capped);
  }

  void clean_text(const Token& token, const Fate& fate) {
    const std::string_view charset = core::as_text(items_[token.depth].charset);
    const StructureName* structure = find_structure_name(token.tag);
    const std::string cleaned = structure ? cleaned_name(token, fate.vr, *structure)
                                          : cleaned_text(token.value, fate.vr, charset);
    if (cleaned.empty()) return write_stand_in(token, fate);
    writer_.text(token.tag, fate.vr, cleaned);
  }

  std::string cleaned_name(const Token& token, Vr vr, const StructureName& structure) const {
    const StructureNumber& number = items_[token.depth].structure_number;
    return cleaned_structure_name(structure, charset_of(token).to_utf8(token.value, vr),
                                  number.tag == structure.number ? number.text : "");
  }

  static bool is_sop_instance(const Token& token) {
    return token.depth == 0 && token.tag == kSopInstanceUid;
  }
  CharacterSet charset_of(const Token& token) const {
    return CharacterSet(core::as_text(items_[token.depth].charset));
  }

  const ByteView dataset_;
  const VrCoding coding_;
  const Profile& profile_;
  const Pseudonyms& pseudonyms_;
  const Author author_;
  const PixelClaim pixels_;
  std::optional<Statement> joined_;  ///< absent: the profile's alone
  const std::optional<std::chrono::days> shift_;
  Replay walk_;
  core::DemandSteps asking_;
  ElementWriter writer_;
  std::vector<Item> items_;  ///< by depth, as far as one was met; never moved
  ContentPlan plan_;
  std::string uids_;  ///< of one element; kept for its room
  std::string made_;  ///< likewise: what kept_value() made
  std::size_t next_statement_ = 0;
  Tag top_;  ///< of the top level, in which the walk is
  SopInstance sop_instance_;
};

}  // namespace

SopInstance append_masked(core::ByteBuffer& out, ByteView dataset, std::span<const Step> steps,
                          const TransferSyntax& syntax, Part part, const Profile& profile,
                          const Pseudonyms& pseudonyms, Author author, const core::Demand& demand,
                          PixelClaim pixels) {
  fetch_ahead({reinterpret_cast<const core::Byte*>(steps.data()), steps.size_bytes()});
  fetch_ahead(dataset);
  return DatasetMasker(out, dataset, steps, syntax, profile, pseudonyms, author, demand, pixels)
      .mask(part);
}

}  // namespace sekisho::anonymization
