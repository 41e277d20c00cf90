// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/findings.h"

#include <algorithm>
#include <charconv>

namespace sekisho::staff {
namespace {

using anonymization::Verdict;

// What is kept, a line each: "withheld REASON INSTANCES" or "risk CODE INSTANCES ATTRIBUTE …".
constexpr std::string_view kWithheld = "withheld";
constexpr std::string_view kRisk = "risk";

std::string text_of(const Findings& found) {
  std::string text;
  const auto add = [&](std::string_view what, std::string_view code, std::size_t instances) {
    text.append(what).append(" ").append(code).append(" ").append(std::to_string(instances));
  };
  for (const auto& [reason, instances] : found.withheld) {
    add(kWithheld, anonymization::name(reason), instances);
    text.append("\n");
  }
  for (const auto& [code, risk] : found.risks) {
    add(kRisk, code, risk.instances);
    for (const std::string& attribute : risk.attributes) text.append(" ").append(attribute);
    text.append("\n");
  }
  return text;
}

/// Takes what stands before the next `separator` off the front of `rest`.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

bool read_line(std::string_view line, Findings& found) {
  const std::string_view what = take(line, ' ');
  const std::string_view code = take(line, ' ');
  const std::string_view number = take(line, ' ');
  std::size_t instances = 0;
  const auto [end, error] =
      std::from_chars(number.data(), number.data() + number.size(), instances);
  if (error != std::errc() || end != number.data() + number.size()) return false;
  if (what == kWithheld) {
    const auto reason = anonymization::parse_withhold_reason(code);
    if (reason) found.withheld[*reason] = instances;
    return reason.has_value();
  }
  const auto kind = risk_kind(code);
  if (what != kRisk || !kind) return false;
  Findings::Risk& risk = found.risks[kind->code];
  risk.instances = instances;
  while (!line.empty()) risk.attributes.emplace(take(line, ' '));
  return true;
}

/// `nullopt` for what text_of() never wrote.
std::optional<Findings> findings_in(std::string_view text) {
  Findings found;
  while (!text.empty()) {
    if (!read_line(take(text, '\n'), found)) return std::nullopt;
  }
  return found;
}

/// As that of a file: whatever is added, goes or is replaced makes another one.
std::string revision_of(KnownFindings::Instances instances) {
  std::string all;
  for (const core::ListedInstance* each : instances) all.append(each->revision).append("\n");
  return all;
}

}  // namespace

std::optional<RiskKind> risk_kind(std::string_view code) {
  for (const RiskKind& kind :
       {kNothingMasked, kFreeText, kIdentifiers, kGraphics, kPrivateElements, kNameInText}) {
    if (kind.code == code) return kind;
  }
  const auto reason = anonymization::parse_withhold_reason(code);
  if (!reason) return std::nullopt;
  return RiskKind{anonymization::name(*reason), anonymization::text_en(*reason),
                  anonymization::text_ja(*reason)};
}

void Findings::add(const Findings& others) {
  for (const auto& [reason, instances] : others.withheld) withheld[reason] += instances;
  for (const auto& [code, other] : others.risks) {
    Risk& risk = risks[code];
    risk.instances += other.instances;
    for (const std::string& attribute : other.attributes) {
      if (risk.attributes.size() < kMostAttributes) risk.attributes.insert(attribute);
    }
  }
}

const Findings* KnownFindings::of(const core::ListedInstance& instance) {
  return find(instance.revision);
}

const Findings* KnownFindings::of_all(Instances instances) { return find(revision_of(instances)); }

const Findings* KnownFindings::find(const std::string& revision) {
  const auto verdict = verdicts_ == nullptr ? std::nullopt : verdicts_->find(revision, terms_);
  if (!verdict || (!verdict->withheld && !verdict->remarks)) return nullptr;
  const std::string text =
      verdict->withheld ? text_of({{{*verdict->withheld, 1}}, {}}) : *verdict->remarks;
  auto known = read_.find(text);
  if (known == read_.end()) {
    auto found = findings_in(text);
    if (!found) return nullptr;
    known = read_.emplace(text, *std::move(found)).first;
  }
  return &known->second;
}

void KnownFindings::keep(const core::ListedInstance& instance, const Findings& found) const {
  if (verdicts_ == nullptr) return;
  // That one is withheld is what a recipient's request asks for as well.
  const Verdict verdict = found.withheld.empty() ? Verdict{{}, text_of(found)}
                                                 : Verdict{found.withheld.begin()->first, {}};
  verdicts_->keep(instance.revision, terms_, verdict);
}

void KnownFindings::keep_all(Instances instances, const Findings& found) const {
  if (verdicts_ == nullptr) return;
  verdicts_->keep(revision_of(instances), terms_, Verdict{{}, text_of(found)});
}

}  // namespace sekisho::staff
