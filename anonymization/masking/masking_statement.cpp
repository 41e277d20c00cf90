// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/masking_statement.h"

#include <algorithm>
#include <string>

#include "anonymization/option.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;

constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kCodingSchemeDesignator{0x0008, 0x0102};
constexpr Tag kCodeMeaning{0x0008, 0x0104};

constexpr std::size_t kLongestMeaning = 64;  // LO
static_assert(std::ranges::all_of(kOptions, [](const OptionFacts& facts) {
  return facts.title.size() <= kLongestMeaning;
}));

std::string values_text(const std::vector<std::string>& values) {
  std::string all;
  for (const std::string& value : values) all.append(all.empty() ? "" : "\\").append(value);
  return all;
}

void write_method_codes(ElementWriter& writer, Tag tag, const std::vector<std::string>& codes) {
  if (codes.empty()) return;
  writer.begin_sequence(tag);
  for (const std::string& code : codes) {
    const std::string_view meaning = method_meaning(code);
    if (meaning.empty()) continue;
    writer.begin_item();
    writer.text(kCodeValue, Vr::SH, code);
    writer.text(kCodingSchemeDesignator, Vr::SH, "DCM");
    writer.text(kCodeMeaning, Vr::LO, meaning);
    writer.end_item();
  }
  writer.end_sequence();
}

}  // namespace

bool is_statement(Tag tag, PixelClaim pixels) {
  return std::ranges::binary_search(kStatementTags, tag) &&
         (tag != kBurnedInAnnotation || pixels == PixelClaim::clean);
}

std::string_view method_meaning(std::string_view code) {
  // No option of ours, but others may have carried it out.
  constexpr std::string_view kCleanFeaturesCode = "113102";
  if (code == kBasicProfileCode) return kBasicProfileTitle;
  if (code == kCleanFeaturesCode) return "Clean Recognizable Visual Features Option";
  const auto* known = std::ranges::find(kOptions, code, &OptionFacts::code);
  return known == std::end(kOptions) ? std::string_view{} : known->title;
}

void write_statement_element(ElementWriter& writer, const Statement& statement, PixelClaim pixels,
                             std::size_t index) {
  const Tag tag = kStatementTags[index];
  if (!is_statement(tag, pixels)) return;
  switch (tag.value) {
    case kIdentityRemoved.value:
      return writer.text(tag, Vr::CS, statement.identity_removed ? "YES" : "NO");
    case kMethod.value:
      return writer.text(tag, Vr::LO, values_text(statement.method));
    case kMethodCodes.value:
      return write_method_codes(writer, tag, statement.method_codes);
    case kBurnedInAnnotation.value:
      return writer.text(tag, Vr::CS, "NO");
    default:
      return writer.text(tag, Vr::CS, statement.temporal_information);
  }
}

}  // namespace sekisho::anonymization
