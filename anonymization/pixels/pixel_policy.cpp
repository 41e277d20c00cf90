// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/pixel_policy.h"

#include <algorithm>
#include <array>

#include "anonymization/pixels/content_class.h"
#include "core/letter_case.h"

namespace sekisho::anonymization {
namespace {

using enum WithholdReason;

/// Modalities whose original images have no text in their pixels.
constexpr std::array<std::string_view, 9> kPlainModalities = {"CR", "CT", "DX", "IO", "MG",
                                                              "MR", "NM", "PT", "PX"};

/// Parts of ImageType's later values that tell screens, dose sheets and reports: defined terms of
/// no standard, seen in the field ("SCREEN SAVE", "DOSE_INFO", "CSA REPORT", "PROTOCOL").
constexpr std::array<std::string_view, 5> kScreenWords = {"SCREEN", "CAPTURE", "DOSE", "REPORT",
                                                          "PROTOCOL"};

/// MPEG-2, MPEG-4 and HEVC (PS3.6 Table A-1): 1.2.840.10008.1.2.4.100 to .108, and whatever the
/// hundred still takes in. SMPTE ST 2110 (PS3.22) is live video.
bool is_video(std::string_view transfer_syntax) {
  constexpr std::string_view kHundred = "1.2.840.10008.1.2.4.10";
  constexpr std::string_view kLive = "1.2.840.10008.1.2.7.";
  return transfer_syntax.starts_with(kLive) ||
         (transfer_syntax.starts_with(kHundred) && transfer_syntax.size() > kHundred.size());
}

template <class Wanted>
bool admits(const std::optional<Wanted>& wanted, std::uint32_t value) {
  return !wanted || *wanted == value;
}
bool admits(const std::optional<std::string>& wanted, std::string_view value) {
  return !wanted || core::equal_but_for_case(*wanted, value);
}

bool matches(const ImageSignature& signature, const PixelFacts& facts) {
  return core::equal_but_for_case(signature.modality, facts.modality) &&
         admits(signature.manufacturer, facts.manufacturer) &&
         admits(signature.model, facts.model) && admits(signature.software, facts.software) &&
         admits(signature.rows, facts.rows) && admits(signature.columns, facts.columns);
}

/// The value of that number, from 0; empty where there are fewer.
std::string_view value_of(std::string_view values, std::size_t number) {
  for (; number > 0; --number) {
    const auto end = values.find('\\');
    if (end == std::string_view::npos) return {};
    values.remove_prefix(end + 1);
  }
  return values.substr(0, values.find('\\'));
}

bool names_a_screen(std::string_view image_type) {
  return std::ranges::any_of(kScreenWords, [&](std::string_view word) {
    return image_type.find(word) != std::string_view::npos;
  });
}

/// What neither a rule nor an approval releases.
std::optional<WithholdReason> never(ContentClass content, const PixelFacts& facts,
                                    const PixelContext& context) {
  if (facts.sop_class != facts.meta_sop_class) return sop_class_unclear;
  if (is_video(facts.transfer_syntax)) return video;
  switch (content) {
    case ContentClass::unknown:
      return unknown_sop_class;
    case ContentClass::document:
      return encapsulated_document;
    case ContentClass::audio:
      return audio;
    case ContentClass::video:
      return video;
    case ContentClass::structured_report:
      if (context.structured_content == StructuredContent::cleaned) return std::nullopt;
      return structured_report;
    default:
      return std::nullopt;
  }
}

/// Of images without a rule; PS3.3 §C.7.6.1.1.2 has the first two values of ImageType.
std::optional<WithholdReason> concern_about_image(const PixelFacts& facts) {
  if (std::ranges::find(kPlainModalities, facts.modality) == kPlainModalities.end()) {
    return modality_unknown;
  }
  if (!facts.conversion_type.empty() || facts.was_captured) return secondary_capture;
  const std::string_view origin = value_of(facts.image_type, 1);
  if (origin == "SECONDARY") return derived_secondary;
  if (origin != "PRIMARY") return image_type_unknown;
  if (names_a_screen(facts.image_type)) return screen_capture;
  return std::nullopt;
}

/// What the defaults withhold until a rule or an approval says otherwise.
std::optional<WithholdReason> concern(ContentClass content, const PixelFacts& facts) {
  if (!facts.burned_in.empty() && facts.burned_in != "NO") return burned_in_annotation;
  switch (content) {
    case ContentClass::plain_image:
      return concern_about_image(facts);
    case ContentClass::annotated_image:
      return prone_to_burned_in_text;
    case ContentClass::captured_image:
      return secondary_capture;
    case ContentClass::waveform:
      return waveform;
    default:
      return std::nullopt;
  }
}

/// What rectangles do not take away.
std::optional<WithholdReason> concern_beyond_rules(const PixelFacts& facts) {
  if (!facts.recognizable.empty() && facts.recognizable != "NO") return recognizable_features;
  if (facts.overlay_in_pixels) return overlay_in_pixels;
  return std::nullopt;
}

struct Apply {
  const PixelFacts& facts;
  Approval approval;

  PixelDecision operator()(const ReleaseAsStored&) const { return Release{}; }
  PixelDecision operator()(const WithholdAll&) const { return withheld_by_rule; }
  PixelDecision operator()(const BlackoutRectangles& action) const {
    return Blackout{action.rectangles};
  }
  PixelDecision operator()(const KeepUltrasoundRegions&) const {
    std::vector<Rectangle> rest;
    if (!facts.us_regions.empty()) rest = all_but(facts.us_regions, facts.columns, facts.rows);
    if (!rest.empty()) return Blackout{std::move(rest)};
    if (approval == Approval::by_staff) return Release{};
    return no_ultrasound_regions;
  }
};

}  // namespace

PixelDecision decide(const PixelFacts& facts, const PixelPolicy& policy,
                     const PixelContext& context) {
  if (context.approval == Approval::made_by_recipient) return Release{};
  const ContentClass content = content_class(facts.sop_class);
  if (const auto reason = never(content, facts, context)) return *reason;
  const bool approved = context.approval == Approval::by_staff;
  const auto rule = std::ranges::find_if(
      policy.rules, [&](const PixelRule& each) { return matches(each.signature, facts); });
  if (rule != policy.rules.end() && std::holds_alternative<WithholdAll>(rule->action)) {
    return withheld_by_rule;
  }
  if (const auto reason = concern_beyond_rules(facts); reason && !approved) return *reason;
  if (rule != policy.rules.end()) return std::visit(Apply{facts, context.approval}, rule->action);
  if (const auto reason = concern(content, facts); reason && !approved) return *reason;
  const bool is_promised = context.clean_pixels == CleanPixels::promised;
  if (is_promised && is_image(content) && !approved) return pixels_not_cleaned;
  return Release{};
}

}  // namespace sekisho::anonymization
