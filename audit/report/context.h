// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "audit/report/evidence.h"

namespace sekisho::audit::report {

/// What one entry of a report says and others need: what the patient and the studies are called,
/// and why there are the shares. A value.
class Context {
 public:
  explicit Context(const Evidence& evidence);

  /// As the hospital writes it in this report, else the newest in the log; may be empty.
  const std::string& patient_name() const { return patient_name_; }
  /// Every study that is named, oldest first. The place in it, from 1, is its number.
  const std::vector<StudyWords>& studies() const { return studies_; }
  std::size_t number_of(std::string_view study_uid) const;
  /// Empty where it is not in the report.
  std::string_view purpose_of(std::string_view share) const;

 private:
  std::string patient_name_;
  std::vector<StudyWords> studies_;
  std::map<std::string, std::size_t, std::less<>> numbers_;
  std::map<std::string, std::string, std::less<>> purposes_;  ///< by share
};

}  // namespace sekisho::audit::report
