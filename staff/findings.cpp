// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/findings.h"

namespace sekisho::staff {
namespace {

/// A line for each risk: its code and its attributes, separated by spaces.
std::string remarks_of(const Finding& finding) {
  std::string text;
  for (const auto& [code, attributes] : finding.risks) {
    text.append(code);
    for (const std::string& attribute : attributes) text.append(" ").append(attribute);
    text.append("\n");
  }
  return text;
}

/// `nullopt` for what remarks_of() never wrote.
std::optional<Finding> finding_in(std::string_view remarks) {
  Finding finding;
  while (!remarks.empty()) {
    const std::size_t line_end = remarks.find('\n');
    if (line_end == remarks.npos) return std::nullopt;
    std::string_view line = remarks.substr(0, line_end);
    remarks.remove_prefix(line_end + 1);
    const auto kind = risk_kind(line.substr(0, line.find(' ')));
    if (!kind) return std::nullopt;
    auto& attributes = finding.risks[kind->code];
    for (auto space = line.find(' '); space != line.npos; space = line.find(' ')) {
      line.remove_prefix(space + 1);
      attributes.emplace(line.substr(0, line.find(' ')));
    }
  }
  return finding;
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

const Finding* KnownFindings::find(const std::string& revision) {
  const auto verdict = verdicts_ == nullptr ? std::nullopt : verdicts_->find(revision, terms_);
  if (!verdict || (!verdict->withheld && !verdict->remarks)) return nullptr;
  if (verdict->withheld) {
    withheld_.withheld = verdict->withheld;
    return &withheld_;
  }
  // Few, for the instances of a series are alike.
  auto known = remarked_.find(*verdict->remarks);
  if (known == remarked_.end()) {
    auto finding = finding_in(*verdict->remarks);
    if (!finding) return nullptr;
    known = remarked_.emplace(*verdict->remarks, *std::move(finding)).first;
  }
  return &known->second;
}

void KnownFindings::keep(const std::string& revision, const Finding& finding) const {
  if (verdicts_ == nullptr) return;
  anonymization::Verdict verdict{finding.withheld, {}};
  if (!finding.withheld) verdict.remarks = remarks_of(finding);
  verdicts_->keep(revision, terms_, verdict);
}

}  // namespace sekisho::staff
