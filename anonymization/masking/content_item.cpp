// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/content_item.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "anonymization/masking/replacement.h"
#include "anonymization/tables.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Replay;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;

constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kCodingSchemeDesignator{0x0008, 0x0102};
constexpr Tag kReferencedSopSequence{0x0008, 0x1199};
constexpr Tag kMeasurementUnitsCodeSequence{0x0040, 0x08EA};
constexpr Tag kValueType{0x0040, 0xA040};
constexpr Tag kConceptNameCodeSequence{0x0040, 0xA043};
constexpr Tag kMeasuredValueSequence{0x0040, 0xA300};
constexpr Tag kNumericValue{0x0040, 0xA30A};
constexpr Tag kRelationshipType{0x0040, 0xA010};
constexpr Tag kConceptCodeSequence{0x0040, 0xA168};
constexpr Tag kReferencedContentItemIdentifier{0x0040, 0xDB73};

/// What makes an item a code, beside its scheme (PS3.3 Table 8.8-1).
constexpr Tag kCodeParts[] = {
    kCodeValue,
    Tag{0x0008, 0x0104},  // CodeMeaning
    Tag{0x0008, 0x0119},  // LongCodeValue
    Tag{0x0008, 0x0120},  // URNCodeValue
};

struct ValueElement {
  std::string_view value_type;
  Tag tag;
};
constexpr ValueElement kValueElements[] = {
    {"CODE", kConceptCodeSequence},       {"COMPOSITE", kReferencedSopSequence},
    {"DATE", Tag{0x0040, 0xA121}},        {"DATETIME", Tag{0x0040, 0xA120}},
    {"IMAGE", kReferencedSopSequence},    {"NUM", kMeasuredValueSequence},
    {"PNAME", Tag{0x0040, 0xA123}},       {"TEXT", Tag{0x0040, 0xA160}},
    {"TIME", Tag{0x0040, 0xA122}},        {"UIDREF", Tag{0x0040, 0xA124}},
    {"WAVEFORM", kReferencedSopSequence},
};
constexpr Tag kBareNumbers[] = {
    Tag{0x0040, 0xA161},  // FloatingPointValue
    Tag{0x0040, 0xA162},  // RationalNumeratorValue
    Tag{0x0040, 0xA163},  // RationalDenominatorValue
    kNumericValue,
};

/// Where an element stands below the item: the tags of the sequences around it, innermost last.
constexpr std::size_t kDeepest = 3;
using Path = std::array<Tag, kDeepest>;

struct Fact {
  Path path;
  std::string_view ContentItem::* place;
};
constexpr Fact kFacts[] = {
    {{kValueType}, &ContentItem::value_type},
    {{kConceptNameCodeSequence, kCodeValue}, &ContentItem::code},
    {{kConceptNameCodeSequence, kCodingSchemeDesignator}, &ContentItem::scheme},
    {{kMeasuredValueSequence, kNumericValue}, &ContentItem::number},
    {{kMeasuredValueSequence, kMeasurementUnitsCodeSequence, kCodeValue}, &ContentItem::unit},
    {{kMeasuredValueSequence, kMeasurementUnitsCodeSequence, kCodingSchemeDesignator},
     &ContentItem::unit_scheme},
    {{kConceptCodeSequence, kCodingSchemeDesignator}, &ContentItem::code_scheme},
    {{kRelationshipType}, &ContentItem::relationship},
};

/// Takes each fact the first time; a second one makes it void.
class Reader {
 public:
  void take(const Path& path, const Token& token) {
    if (path == Path{kReferencedContentItemIdentifier}) return take_reference(token);
    for (std::size_t i = 0; i < std::size(kFacts); ++i) {
      if (kFacts[i].path != path) continue;
      item_.*kFacts[i].place = seen_[i] ? std::string_view{} : stated_text(token);
      seen_[i] = true;
    }
  }
  const ContentItem& item() const { return item_; }

 private:
  void take_reference(const Token& token) {
    const bool is_first = !std::exchange(seen_reference_, true);
    item_.reference = is_first && token.vr == Vr::UL ? token.value : core::ByteView{};
    item_.reference_order = token.order;
  }

  ContentItem item_;
  std::array<bool, std::size(kFacts)> seen_{};
  bool seen_reference_ = false;
};

}  // namespace

ContentItem read_content_item(Replay walk, const Token& item_begin) {
  Reader reader;
  Path path{};
  for (Token token = walk.next();; token = walk.next()) {
    if (is_end_of(item_begin, token)) return reader.item();
    const auto below = static_cast<std::size_t>(token.depth - item_begin.depth);
    if (below >= kDeepest) continue;
    if (token.kind == Token::Kind::sequence_begin || token.kind == Token::Kind::element) {
      path[below] = token.tag;
      std::fill(path.begin() + static_cast<std::ptrdiff_t>(below) + 1, path.end(), Tag{});
    }
    if (token.kind == Token::Kind::element) reader.take(path, token);
  }
}

bool is_local_code(Replay walk, const Token& item_begin) {
  std::optional<std::string_view> scheme;
  bool is_code = false;
  for (Token token = walk.next();; token = walk.next()) {
    if (is_end_of(item_begin, token))
      return is_code && !is_standard_coding_scheme(scheme.value_or(""));
    if (token.kind != Token::Kind::element || token.depth != item_begin.depth) continue;
    if (token.tag == kCodingSchemeDesignator) {
      is_code = true;
      // A second one makes both void.
      const std::string_view text = stated_text(token);
      scheme = scheme ? std::string_view{} : text;
    }
    is_code |= std::ranges::find(kCodeParts, token.tag) != std::end(kCodeParts);
  }
}

bool holds_local_code(Replay walk, const Token& sequence_begin) {
  const auto item_depth = sequence_begin.depth + 1;
  for (Token token = walk.next();; token = walk.next()) {
    if (is_end_of(sequence_begin, token)) return false;
    const bool is_item = token.kind == Token::Kind::item_begin && token.depth == item_depth;
    if (is_item && is_local_code(walk, token)) return true;
  }
}

NeutralName neutral_name_of(std::string_view value_type) {
  if (value_type == "SCOORD" || value_type == "SCOORD3D") return NeutralName::image_region;
  return value_element_of(value_type) == kReferencedSopSequence ? NeutralName::source_of_measurement
                                                                : NeutralName::comment;
}

// PS3.16 Annex D.
CodedName coded(NeutralName name) {
  switch (name) {
    case NeutralName::image_region:
      return {"111030", "Image Region"};
    case NeutralName::source_of_measurement:
      return {"121112", "Source of Measurement"};
    case NeutralName::comment:
      break;
  }
  return {"121106", "Comment"};
}

bool is_content_value(Tag tag) {
  return is_bare_number(tag) ||
         std::ranges::find(kValueElements, tag, &ValueElement::tag) != std::end(kValueElements);
}

Tag value_element_of(std::string_view value_type) {
  const auto* found = std::ranges::find(kValueElements, value_type, &ValueElement::value_type);
  return found == std::end(kValueElements) ? Tag{} : found->tag;
}

bool is_bare_number(Tag tag) {
  return std::ranges::find(kBareNumbers, tag) != std::end(kBareNumbers);
}

}  // namespace sekisho::anonymization
