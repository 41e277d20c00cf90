// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/earlier_statement.h"

#include <algorithm>
#include <array>
#include <optional>

#include "anonymization/masking/masking_statement.h"
#include "anonymization/option.h"
#include "anonymization/profiles/builtin_profiles.h"
#include "core/bytes.h"
#include "core/dicom/padding.h"
#include "core/dicom/values.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;
using core::dicom::Token;

constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kCodingSchemeDesignator{0x0008, 0x0102};

/// Of an object: more would be no history, but a text in pieces.
constexpr std::size_t kMostEarlier = 64;

/// Stands for texts that may name a person, a site or a machine.
constexpr std::string_view kEarlierStep = "Earlier de-identification";

/// What public tools and collections write, beside what we do.
constexpr auto kKnownMethods = std::to_array<std::string_view>({
    kEarlierStep,
    kBasicProfileTitle,
    "Basic Application Level Confidentiality Profile",
    "Per DICOM PS 3.15 AnnexE. Details in 0012,0064",
    "PS3.15 2026d Table E.1-1",
});

bool is_ours(std::string_view text) {
  for (const std::string_view before : {"Sekisho ", "based on "}) {
    if (!text.starts_with(before)) continue;
    const auto names = profile_names();
    if (std::ranges::find(names, text.substr(before.size())) != names.end()) return true;
  }
  return std::ranges::find(kPatientFieldNames, text, &PatientFieldName::text) !=
         std::end(kPatientFieldNames);
}

bool is_known_method(std::string_view text) {
  const bool is_of_option = std::ranges::any_of(kOptions, [&](const OptionFacts& facts) {
    return text == facts.name || text == facts.title;
  });
  return is_of_option || is_ours(text) ||
         std::ranges::find(kKnownMethods, text) != kKnownMethods.end();
}

bool has(const std::vector<std::string>& texts, std::string_view text) {
  return std::ranges::find(texts, text) != texts.end();
}

void add_once(std::vector<std::string>& texts, std::string_view text) {
  if (!has(texts, text)) texts.emplace_back(text);
}

/// How much of the times was changed; 0 for what is no defined term.
std::size_t rank(std::string_view temporal_information) {
  constexpr std::array<std::string_view, 4> kTerms = {"", "UNMODIFIED", "MODIFIED", "REMOVED"};
  const auto found = std::ranges::find(kTerms, temporal_information);
  return found == kTerms.end() ? 0 : static_cast<std::size_t>(found - kTerms.begin());
}

/// Takes the elements of a header that say something.
class Reading {
 public:
  EarlierStatement statement;

  void see(const Token& token) {
    if (token.depth == 0) {
      in_codes_ = token.kind == Token::Kind::sequence_begin && token.tag == kMethodCodes;
      if (is_text(token)) see_text(token);
    } else if (in_codes_ && token.depth == 1) {
      see_code(token);
    }
  }

 private:
  static bool is_text(const Token& token) {
    return token.kind == Token::Kind::element && core::dicom::is_text(token.vr);
  }
  static std::string_view value_of(const Token& token) {
    return core::dicom::without_padding(core::as_text(token.value));
  }

  void see_text(const Token& token) {
    if (token.tag == kIdentityRemoved) statement.identity_removed = value_of(token) == "YES";
    if (token.tag == kMethod) append_values(core::as_text(token.value), statement.method);
    if (token.tag == kTemporalInformation) statement.temporal_information = value_of(token);
  }

  void see_code(const Token& token) {
    if (token.kind == Token::Kind::item_begin) code_ = scheme_ = std::nullopt;
    if (is_text(token) && token.tag == kCodeValue && !code_) code_ = value_of(token);
    if (is_text(token) && token.tag == kCodingSchemeDesignator && !scheme_) {
      scheme_ = value_of(token);
    }
    if (token.kind != Token::Kind::item_end || !code_ || scheme_ != "DCM") return;
    if (statement.codes.size() < kMostEarlier) statement.codes.emplace_back(*code_);
  }

  bool in_codes_ = false;
  std::optional<std::string_view> code_;
  std::optional<std::string_view> scheme_;
};

}  // namespace

EarlierStatement earlier_statement(core::dicom::Replay header) {
  Reading reading;
  header.skip_before(kIdentityRemoved);
  for (Token token = header.next(); token.kind != Token::Kind::end; token = header.next()) {
    if (token.depth == 0 && token.tag > kTemporalInformation) break;
    reading.see(token);
    if (token.depth == 0 && token.tag > kMethodCodes) header.skip_before(kTemporalInformation);
  }
  return std::move(reading.statement);
}

void append_values(std::string_view text, std::vector<std::string>& values) {
  core::dicom::for_each_value(text, [&](std::string_view one) {
    const std::string_view value = core::dicom::without_padding(one);
    if (!value.empty() && values.size() < kMostEarlier) values.emplace_back(value);
  });
}

Statement joined(const Statement& own, const EarlierStatement& earlier, PixelClaim pixels) {
  constexpr const OptionFacts& kPixels = facts_of(Option::clean_pixel_data);
  Statement all;
  all.identity_removed = own.identity_removed || earlier.identity_removed;
  for (const std::string& text : earlier.method) {
    const bool stays = is_known_method(text) || has(own.method, text);
    add_once(all.method, stays ? std::string_view(text) : kEarlierStep);
  }
  for (const std::string& text : own.method) {
    if (text != kPixels.name || pixels == PixelClaim::clean) add_once(all.method, text);
  }
  for (const std::string& code : earlier.codes) {
    if (!method_meaning(code).empty()) add_once(all.method_codes, code);
  }
  for (const std::string& code : own.method_codes) {
    if (code != kPixels.code || pixels == PixelClaim::clean) add_once(all.method_codes, code);
  }
  if (pixels == PixelClaim::clean) add_once(all.method_codes, kPixels.code);
  const bool is_theirs = rank(earlier.temporal_information) > rank(own.temporal_information);
  all.temporal_information = is_theirs ? earlier.temporal_information : own.temporal_information;
  return all;
}

}  // namespace sekisho::anonymization
