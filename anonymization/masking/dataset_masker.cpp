// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/dataset_masker.h"

#include <algorithm>

#include "anonymization/masking/content_item.h"
#include "anonymization/masking/date_shift.h"
#include "anonymization/masking/dummy.h"
#include "anonymization/masking/earlier_statement.h"
#include "anonymization/masking/kept_value.h"
#include "anonymization/masking/mask_error.h"

namespace sekisho::anonymization {

using core::ByteView;
using core::dicom::Step;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::TransferSyntax;
using core::dicom::Vr;
using core::dicom::VrCoding;

namespace {

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr Tag kReferencedSopSequence{0x0008, 0x1199};
constexpr Tag kConceptNameCodeSequence{0x0040, 0xA043};
constexpr Tag kContentSequence{0x0040, 0xA730};

}  // namespace

DatasetMasker::DatasetMasker(core::ByteBuffer& out, ByteView dataset, std::span<const Step> steps,
                             const TransferSyntax& syntax, const Profile& profile,
                             const Pseudonyms& pseudonyms, Author author,
                             const core::Demand& demand, PixelClaim pixels)
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
  item_ = &items_.emplace_back();
}

[[gnu::always_inline]] inline bool DatasetMasker::may_stay(const Token& token) {
  Item& item = *item_;
  if (token.tag > item.last) {
    item.last = token.tag;
  } else {
    if (token.tag == item.last) return false;
    if (token.tag == kSpecificCharacterSet) {
      throw MaskError("a character set comes after what is in it");
    }
  }
  if (token.tag == kSpecificCharacterSet) item.charset = token.value;
  if (token.tag >= statement_tag_ && token.depth == 0) {
    write_statement_before(token.tag);
    if (token.tag == statement_tag_ && is_statement(token.tag, pixels_)) return false;
  }
  return token.tag.group() != core::dicom::kPixelData.group();
}

[[gnu::always_inline]] inline void DatasetMasker::mask(const Token& token) {
  if (token.depth == 0) top_ = token.tag;
  switch (token.kind) {
    case Token::Kind::element:
    case Token::Kind::fragments:
      go_to(token.depth);
      if (may_stay(token)) mask_element(token);
      return;
    case Token::Kind::sequence_begin:
      go_to(token.depth);
      if (!may_stay(token) || !begin_sequence(token)) walk_.leave(token);
      return;
    case Token::Kind::item_begin:
      if (!begin_item(token)) walk_.leave(token);
      return;
    case Token::Kind::item_end:
      return writer_.end_item();
    case Token::Kind::sequence_end:
      go_to(token.depth);
      return end_sequence(token);
    case Token::Kind::end:
      return;
    case Token::Kind::defect:
      throw MaskError("the data set cannot be read to its end");
  }
}

SopInstance DatasetMasker::mask(Part part) {
  next_statement_ = part == Part::header ? 0 : std::size(kStatementTags);
  statement_tag_ = statement_tag();
  if (part == Part::header) join_statements();
  for (Token token = walk_.next(); token.kind != Token::Kind::end; token = walk_.next()) {
    asking_.step();
    mask(token);
  }
  write_statement_before(kNoTag);
  return sop_instance_;
}

void DatasetMasker::write_statement_before(Tag tag) {
  while (statement_tag_ < tag) {
    write_statement_element(writer_, joined_ ? *joined_ : profile_.statement(), pixels_,
                            next_statement_++);
    statement_tag_ = statement_tag();
  }
}

void DatasetMasker::join_statements() {
  const EarlierStatement earlier = earlier_statement(walk_);
  if (earlier.empty() && !profile_.cleans_pixels() && pixels_ == PixelClaim::none) return;
  joined_ = joined(profile_.statement(), earlier, pixels_);
}

bool DatasetMasker::begin_sequence(const Token& token) {
  const Fate fate = fate_of(token);
  Item& item = *item_;
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

bool DatasetMasker::is_local_title(const Token& token) const {
  return token.depth == 0 && token.tag == kConceptNameCodeSequence &&
         !profile_.content_rules().empty() && holds_local_code(walk_, token);
}

void DatasetMasker::end_sequence(const Token& token) {
  const Item& item = *item_;
  const bool is_of_report = item.is_in_content || token.tag == kContentSequence;
  if (item.lost_items && !item.has_items && is_of_report) {
    writer_.rewind(item.written_at);
    if (token.tag == kConceptNameCodeSequence) write_neutral_name(item);
    return;
  }
  writer_.end_sequence();
}

void DatasetMasker::write_neutral_name(const Item& item) {
  if (!item.content || item.content->target != PlannedItem::kNone) return;
  write_concept_name(writer_, coded(item.content->name));
}

bool DatasetMasker::is_written_as_sequence(const Token& token) const {
  return !token.tag.is_private() || coding_ == VrCoding::implicit_vr ||
         dataset_[token.offset + 4] == 'S';
}

bool DatasetMasker::begin_item(const Token& token) {
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
  item.first_of_pair.reset();
  item.lost_windows = false;
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

bool DatasetMasker::begin_item_of_report(const Token& token, Item& item) const {
  if (!items_[token.depth - 1U].holds_content) return !is_local_code(walk_, token);
  item.content = plan_.find(token.offset);
  item.is_in_content = true;
  item.number = item.content ? item.content->number : std::string_view{};
  return item.content != nullptr;
}

}  // namespace sekisho::anonymization
