// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/verdicts.h"

#include <array>
#include <concepts>

#include "core/bytes.h"

namespace sekisho::anonymization {
namespace {

// What stands in the cache: a letter, and behind it a word or the remarks.
constexpr char kWithheld = 'w';
constexpr char kLeaves = 'l';
constexpr char kRemarked = 'r';

/// A text of which no other policy has the same. Members are taken apart by their number, so that
/// one that is added is not forgotten here.
class PolicyText {
 public:
  std::string text;

  void add(std::string_view part) {
    text.append(std::to_string(part.size())).append(":").append(part);
  }
  void add(std::integral auto number) { text.append(std::to_string(number)).append(";"); }
  void add(const auto& optional)
    requires requires { optional.has_value(); }
  {
    text += optional.has_value() ? '+' : '-';
    if (optional.has_value()) add(*optional);
  }
  void add(const Rectangle& rectangle) {
    const auto& [x, y, width, height] = rectangle;
    for (const auto number : {x, y, width, height}) add(number);
  }
  void add(const PixelAction& action) {
    add(action.index());
    if (const auto* blackout = std::get_if<BlackoutRectangles>(&action)) {
      const auto& [rectangles] = *blackout;
      add(rectangles.size());
      for (const Rectangle& each : rectangles) add(each);
    }
  }
  void add(const ImageSignature& signature) {
    const auto& [modality, manufacturer, model, software, rows, columns] = signature;
    add(std::string_view(modality));
    for (const auto* part : {&manufacturer, &model, &software}) add(*part);
    for (const auto* part : {&rows, &columns}) add(*part);
  }
  void add(const PixelPolicy& policy) {
    const auto& [rules] = policy;
    add(rules.size());
    for (const auto& [name, signature, action] : rules) {
      add(std::string_view(name));
      add(signature);
      add(action);
    }
  }
};

core::Sha256 digest_of_installation(const PixelPolicy& policy, std::string_view program) {
  PolicyText parts;
  parts.add(program);
  parts.add(policy);
  return core::sha256(core::as_bytes(parts.text));
}

std::string text_of(const Verdict& verdict) {
  if (verdict.withheld) return kWithheld + std::string(name(*verdict.withheld));
  return verdict.remarks ? kRemarked + *verdict.remarks : std::string(1, kLeaves);
}

/// `nullopt` for what is none: then nobody has looked.
std::optional<Verdict> verdict_in(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::string_view rest = std::string_view(text).substr(1);
  if (text.front() == kRemarked) return Verdict{{}, std::string(rest)};
  if (text.front() == kLeaves && rest.empty()) return Verdict{};
  if (text.front() != kWithheld) return std::nullopt;
  const auto reason = parse_withhold_reason(rest);
  return reason ? std::optional(Verdict{reason, {}}) : std::nullopt;
}

}  // namespace

Verdicts::Verdicts(core::CacheFile& cache, const PixelPolicy& policy, std::string_view program,
                   std::uint64_t pixels_bytes)
    : cache_(cache),
      installation_(digest_of_installation(policy, program)),
      pixels_(pixels_bytes) {}

core::Sha256 Verdicts::digest_of(const Profile& profile) {
  return core::sha256(core::as_bytes(profile.to_json()));
}

core::Sha256 Verdicts::key_of(const std::string& revision, const Terms& terms) const {
  const std::array<core::Byte, 2> numbers{static_cast<core::Byte>(terms.approval),
                                          static_cast<core::Byte>(terms.author)};
  return core::sha256({installation_, terms.profile, numbers, core::as_bytes(revision)});
}

std::optional<Verdict> Verdicts::find(const std::string& revision, const Terms& terms) const {
  const auto text = cache_.find(key_of(revision, terms));
  return text ? verdict_in(*text) : std::nullopt;
}

void Verdicts::keep(const std::string& revision, const Terms& terms, const Verdict& verdict) const {
  cache_.keep(key_of(revision, terms), text_of(verdict));
}

}  // namespace sekisho::anonymization
