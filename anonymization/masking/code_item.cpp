// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/code_item.h"

#include <algorithm>
#include <string_view>

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
constexpr Tag kCodeMeaning{0x0008, 0x0104};
constexpr Tag kLongCodeValue{0x0008, 0x0119};
constexpr Tag kUrnCodeValue{0x0008, 0x0120};

/// Units, languages, countries, sexes, modalities, leads, image features.
constexpr std::string_view kSchemesOfLetters[] = {
    "BI",       "DCM", "IBSI",    "IETF4646", "ISO3166_1", "ISO5218_1", "ISO639_1",
    "ISO639_2", "MDC", "RFC3066", "RFC5646",  "SCPECG",    "UCUM",
};
static_assert(std::ranges::is_sorted(kSchemesOfLetters));

struct Parts {
  int values = 0;
  int schemes = 0;
  bool has_meaning = false;
  std::string_view value;
  std::string_view scheme;

  void take(const Token& token) {
    if (token.tag == kCodingSchemeDesignator) {
      ++schemes;
      scheme = stated_text(token);
    } else if (token.tag == kCodeMeaning) {
      has_meaning = true;
    } else if (token.tag == kCodeValue || token.tag == kLongCodeValue ||
               token.tag == kUrnCodeValue) {
      ++values;
      value = stated_text(token);
    }
  }
  CodeStanding standing() const {
    if (values == 1 && schemes == 1 && is_standard_coding_scheme(scheme) &&
        has_form_of_code(scheme, value)) {
      return CodeStanding::listed;
    }
    return values > 0 && (schemes > 0 || has_meaning) ? CodeStanding::local : CodeStanding::stray;
  }
};

}  // namespace

CodeStanding read_code(Replay walk, const Token& first) {
  if (first.depth == 0) return CodeStanding::stray;
  Parts parts;
  for (Token token = first;; token = walk.next()) {
    const bool is_over = token.kind == Token::Kind::item_end && token.depth == first.depth;
    if (is_over || token.kind == Token::Kind::end || token.kind == Token::Kind::defect) {
      return parts.standing();
    }
    if (token.kind == Token::Kind::element && token.depth == first.depth) parts.take(token);
  }
}

bool comes_before_other_elements(Tag part) { return part <= kCodeMeaning; }

void write_unknown_code(ElementWriter& writer) {
  writer.text(kCodeValue, Vr::SH, "261665006");
  writer.text(kCodingSchemeDesignator, Vr::SH, "SCT");
  writer.text(kCodeMeaning, Vr::LO, "Unknown");
}

bool has_form_of_code(std::string_view scheme, std::string_view code) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (code.empty() || code.find(' ') != std::string_view::npos) return false;
  return std::ranges::binary_search(kSchemesOfLetters, scheme) ||
         std::ranges::any_of(code, is_digit);
}

}  // namespace sekisho::anonymization
