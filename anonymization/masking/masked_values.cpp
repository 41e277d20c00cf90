// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <string>

#include "anonymization/masking/content_item.h"
#include "anonymization/masking/dataset_masker.h"
#include "anonymization/masking/dates.h"
#include "anonymization/masking/dummy.h"
#include "anonymization/masking/kept_value.h"
#include "anonymization/masking/listed_codes.h"
#include "anonymization/masking/paired_values.h"
#include "anonymization/masking/replacement.h"
#include "anonymization/tables.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/element_header.h"
#include "core/dicom/padding.h"

namespace sekisho::anonymization {

using core::ByteView;
using core::dicom::Replay;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;
using core::dicom::VrCoding;

namespace {

constexpr Tag kNumericValue{0x0040, 0xA30A};
constexpr Tag kReferencedContentItemIdentifier{0x0040, 0xDB73};

/// Whether keep_among_others() may have more to do than to write the element down.
bool may_concern_others(Tag tag) {
  switch (tag.group()) {
    case 0x0008:
      return tag == Tag{0x0008, 0x0018};  // SOPInstanceUID
    case 0x0018:
    case 0x0028:
      return find_value_pair(tag) != nullptr || tag == kWindowExplanation;
    default:
      return is_structure_number(tag);
  }
}

/// Beside NumericValue: FloatingPointValue and the two parts of a rational.
bool is_number_of_another_form(Tag tag) { return tag != kNumericValue && is_bare_number(tag); }

}  // namespace

Fate DatasetMasker::fate_in_content(const Token& token, const PlannedItem& content) const {
  const auto action = action_in_content(token.tag, content.value, content.action);
  if (!action) return profile_.fate_of(token.tag);
  const auto* entry = core::dicom::find(token.tag);
  return {*action, entry->vr, entry->vm};
}

Fate DatasetMasker::fate_of_private(const Token& token) const {
  const std::string_view creator = item_->blocks.creator_of(token.tag);
  const PrivateRule* rule = creator.empty() ? nullptr : profile_.private_rule(creator, token.tag);
  if (!rule) return kRemoved;
  return {rule->action, rule->vr, private_multiplicity(creator, rule->tag)};
}

inline std::optional<ByteView> DatasetMasker::kept_by_itself(const Token& token, const Fate& fate,
                                                             std::string& made) const {
  const bool says_its_vr = coding_ == VrCoding::explicit_vr;
  return kept_value({token.tag, fate.vr, fate.vm},
                    {says_its_vr ? token.vr : fate.vr, token.order, token.value}, item_->sizes,
                    made);
}

inline void DatasetMasker::keep(const Token& token, const Fate& fate) {
  if (fate.vr == Vr::SQ || token.kind != Token::Kind::element) return;
  const auto kept = kept_by_itself(token, fate, made_);
  if (!kept || item_->content || !item_->number.empty() || may_concern_others(token.tag)) {
    return keep_among_others(token, fate, kept);
  }
  item_->sizes.note(token.tag, *kept, token.order);
  writer_.copy(token.tag, token.vr, *kept, token.order);
}

void DatasetMasker::mask_element(const Token& token) {
  if (is_private_creator(token.tag)) return mask_creator(token);
  const Fate fate = fate_of(token);
  if (fate.action == Action::remove) return;
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

bool DatasetMasker::is_read_alike(const Token& token, const Fate& fate) {
  if ((token.vr == Vr::UI) != (fate.vr == Vr::UI)) return false;
  return fate.action != Action::shift_date || token.vr == fate.vr;
}

void DatasetMasker::write_stand_in(const Token& token, const Fate& fate) {
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

void DatasetMasker::mask_creator(const Token& token) {
  if (!profile_.has_private_rules()) return;
  const std::string_view creator = creator_name(token.value);
  item_->blocks.reserve(token.tag, creator);
  if (profile_.keeps_some_of(creator, token.tag.group())) {
    writer_.text(token.tag, Vr::LO, creator);
  }
}

void DatasetMasker::keep_among_others(const Token& token, const Fate& fate,
                                      std::optional<ByteView> kept) {
  Item& item = *item_;
  if (const ValuePair* pair = find_value_pair(token.tag)) kept = kept_of_pair(token, *pair, kept);
  if (token.tag == kWindowExplanation && item.lost_windows) return;
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

std::optional<ByteView> DatasetMasker::kept_of_pair(const Token& token, const ValuePair& pair,
                                                    std::optional<ByteView> kept) {
  const bool is_first = token.tag == pair.first;
  const auto other = is_first ? element_ahead(pair.second, token.depth) : item_->first_of_pair;
  if (is_first) item_->first_of_pair = token;
  if (!other || other->tag != pair.other(token.tag)) return kept;
  const Fate fate = fate_of(*other);
  if (fate.action != Action::keep) return kept;
  std::string made;
  const auto left = kept_beside({token.value, kept},
                                {other->value, kept_by_itself(*other, fate, made)}, made_of_pair_);
  const bool has_lost = !left || !kept || left->data() != kept->data();
  item_->lost_windows |= has_lost && pair == kWindows;
  return left;
}

std::optional<Token> DatasetMasker::element_ahead(Tag tag, std::uint8_t depth) const {
  Replay ahead = walk_;
  const Token next = ahead.next();
  const bool is_it = next.kind == Token::Kind::element && next.depth == depth && next.tag == tag;
  return is_it ? std::optional(next) : std::nullopt;
}

void DatasetMasker::keep_listed(const Token& token, const Fate& fate) {
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

void DatasetMasker::keep_coded(const Token& token, const Fate& fate) {
  Item& item = *item_;
  if (item.code == CodeStanding::unread) {
    item.code = read_code(walk_, token);
    const bool is_in_order = item.last == token.tag && comes_before_other_elements(token.tag);
    if (item.code == CodeStanding::local && is_in_order) write_unknown_code(writer_);
  }
  if (item.code == CodeStanding::listed) keep(token, fate);
}

void DatasetMasker::write_reference(const PlannedItem& item) {
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

void DatasetMasker::pseudonymise(const Token& token, Vr vr) {
  if (is_recipients()) return write_empty(token.tag, vr);
  const std::string utf8 = charset().to_utf8(token.value, vr);
  const std::string_view text = core::dicom::without_padding(utf8);
  if (text.empty()) return write_empty(token.tag, vr);
  writer_.text(token.tag, vr, pseudonyms_.identifier(core::dicom::find(token.tag)->keyword, text));
}

void DatasetMasker::remap(const Token& token, Uids which) {
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

void DatasetMasker::drop_phonetic(const Token& token) {
  const auto kept = without_phonetic(token.value, charset());
  if (!kept) return write_dummy(writer_, token.tag, Vr::PN);
  writer_.text(token.tag, Vr::PN, *kept);
}

void DatasetMasker::shift_date(const Token& token, const Fate& fate) {
  const Vr vr = fate.vr;
  if (is_recipients()) {
    if (author_ == Author::another_recipient) return write_empty(token.tag, vr);
    if (!is_of_acquisition(token.tag)) return keep(token, fate);
  }
  const auto shifted = shift_
                           ? shifted_date(core::as_text(token.value), vr, DateMove::forth, *shift_)
                           : std::nullopt;
  if (!shifted) return write_empty(token.tag, vr);
  writer_.text(token.tag, vr, *shifted);
}

void DatasetMasker::cap_age(const Token& token, Vr vr) {
  const auto capped = capped_age(core::as_text(token.value));
  if (!capped) return write_empty(token.tag, vr);
  writer_.text(token.tag, vr, *capped);
}

void DatasetMasker::clean_text(const Token& token, const Fate& fate) {
  const std::string_view charset = core::as_text(item_->charset);
  const StructureName* structure = find_structure_name(token.tag);
  const std::string cleaned = structure ? cleaned_name(token, fate.vr, *structure)
                                        : cleaned_text(token.value, fate.vr, charset);
  if (cleaned.empty()) return write_stand_in(token, fate);
  writer_.text(token.tag, fate.vr, cleaned);
}

std::string DatasetMasker::cleaned_name(const Token& token, Vr vr,
                                        const StructureName& structure) const {
  const StructureNumber& number = item_->structure_number;
  return cleaned_structure_name(structure, charset().to_utf8(token.value, vr),
                                number.tag == structure.number ? number.text : "");
}

}  // namespace sekisho::anonymization
