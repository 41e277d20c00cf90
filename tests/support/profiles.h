// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "anonymization/profiles/profile.h"

namespace sekisho::tests {

/// Profiles that together use every option and every action but those of custom rules.
inline std::vector<anonymization::Profile> every_profile() {
  constexpr std::string_view kRequests[] = {
      R"("ps3.15-basic")",
      R"("patient-fields")",
      R"("minimum-disclosure")",
      R"({"Name": "ps3.15-basic", "Options": ["RetainSafePrivate", "RetainUids",
          "RetainDeviceIdentity", "RetainInstitutionIdentity", "RetainPatientCharacteristics",
          "RetainFullDates", "CleanDescriptors", "CleanStructuredContent", "CleanGraphics",
          "CleanPixelData"]})",
      R"({"Name": "ps3.15-basic", "Options": ["RetainSafePrivate", "RetainPatientCharacteristics",
          "RetainModifiedDates", "CleanDescriptors", "CleanStructuredContent"]})",
  };
  std::vector<anonymization::Profile> profiles;
  for (std::string_view request : kRequests) {
    profiles.push_back(std::get<anonymization::Profile>(anonymization::resolve_profile(request)));
  }
  return profiles;
}

}  // namespace sekisho::tests
