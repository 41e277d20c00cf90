// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "anonymization/pixels/pixel_facts.h"
#include "anonymization/pixels/rectangle.h"
#include "anonymization/pixels/withhold_reason.h"

namespace sekisho::anonymization {

/// Which images a rule is about. Every part that is given must match: text wholly, letters in
/// either case; sizes exactly.
struct ImageSignature {
  std::string modality;
  std::optional<std::string> manufacturer;
  std::optional<std::string> model;
  std::optional<std::string> software;
  std::optional<std::uint32_t> rows;
  std::optional<std::uint32_t> columns;
  friend bool operator==(const ImageSignature&, const ImageSignature&) = default;
};

/// What a rule does with the images that it is about.
struct ReleaseAsStored {
  friend bool operator==(const ReleaseAsStored&, const ReleaseAsStored&) = default;
};
struct WithholdAll {
  friend bool operator==(const WithholdAll&, const WithholdAll&) = default;
};
struct BlackoutRectangles {
  std::vector<Rectangle> rectangles;
  friend bool operator==(const BlackoutRectangles&, const BlackoutRectangles&) = default;
};
/// Everything outside SequenceOfUltrasoundRegions is blacked out.
struct KeepUltrasoundRegions {
  friend bool operator==(const KeepUltrasoundRegions&, const KeepUltrasoundRegions&) = default;
};
using PixelAction =
    std::variant<ReleaseAsStored, WithholdAll, BlackoutRectangles, KeepUltrasoundRegions>;

struct PixelRule {
  std::string name;
  ImageSignature signature;
  PixelAction action;
  friend bool operator==(const PixelRule&, const PixelRule&) = default;
};

/// The installation's rules about pixels; the first that matches counts. Without rules the defaults
/// of decide() hold. A value; any thread.
struct PixelPolicy {
  std::vector<PixelRule> rules;
  friend bool operator==(const PixelPolicy&, const PixelPolicy&) = default;
};

/// Reads {"Rules": […]} as docs/pixels.md describes it. The answer is a policy, or every problem at
/// once, each a sentence that begins with the place, as in `PixelPolicy.Rules[2].Rows`.
std::variant<PixelPolicy, std::vector<std::string>> parse_pixel_policy(std::string_view json);

/// What is known beyond the instance and the policy.
enum class Approval {
  none,
  by_staff,          ///< of the series, for one share
  made_by_recipient  ///< and given back: no news to who made it
};
enum class StructuredContent : std::uint8_t { as_stored, cleaned };
enum class CleanPixels : std::uint8_t { as_stored, promised };
struct PixelContext {
  Approval approval = Approval::none;  ///< of the series, for this share
  StructuredContent structured_content = StructuredContent::as_stored;
  /// The profile has the Clean Pixel Data Option (PS3.15 §E.3.1): an image that no rule cleans or
  /// releases is looked at by a person.
  CleanPixels clean_pixels = CleanPixels::as_stored;
};

struct Release {
  friend bool operator==(const Release&, const Release&) = default;
};
struct Blackout {
  std::vector<Rectangle> rectangles;  ///< never empty
  friend bool operator==(const Blackout&, const Blackout&) = default;
};
using PixelDecision = std::variant<Release, Blackout, WithholdReason>;

/// What a masking profile does with an instance's pixels and other bulk content. Pure. Refuses what
/// it does not know. An approval lifts what the defaults withhold; rules stand.
PixelDecision decide(const PixelFacts& facts, const PixelPolicy& policy,
                     const PixelContext& context);

}  // namespace sekisho::anonymization
