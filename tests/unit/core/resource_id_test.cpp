// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/resource_id.h"

#include <gtest/gtest.h>

namespace sekisho::core {
namespace {

Uid uid(const char* text) { return Uid::parse(text).value(); }

// What Orthanc 1.10.1 called these.
TEST(ResourceId, IsWhatOrthancCallsPydicomsCtSmall) {
  const StudyKey study{"1CT1", uid("1.3.6.1.4.1.5962.1.2.1.20040119072730.12322")};
  const SeriesKey series{study, uid("1.3.6.1.4.1.5962.1.3.1.1.20040119072730.12322")};
  const InstanceKey instance{series, uid("1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322")};
  EXPECT_EQ(patient_resource_id("1CT1"), "fa558bce-587a86d3-ad0da9b3-9d043d9d-4f5c5718");
  EXPECT_EQ(resource_id(study), "8a8cf898-ca27c490-d0c7058c-929d0581-2bbf104d");
  EXPECT_EQ(resource_id(series), "93034833-163e42c3-bc9a428b-194620cf-2c5799e5");
  EXPECT_EQ(resource_id(instance), "f689ddd2-662f8fe1-8b18180d-ec2a2cee-937917af");
}

TEST(ResourceId, KeepsTheSpacesInsideAPatientId) {
  EXPECT_EQ(patient_resource_id("PA 1"), "e16f9bf0-0342a1ee-b45ccd06-b0614913-5571182c");
  EXPECT_EQ(resource_id(StudyKey{"PA 1", uid("2.25.100")}),
            "6972dee9-99241a2f-8ab796f6-dfb6bcc9-b47acddd");
}

TEST(ResourceId, OfAPatientWithoutAnIdIsThatOfTheEmptyText) {
  EXPECT_EQ(patient_resource_id(""), "da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709");
}

TEST(ResourceId, IsKnownByItsForm) {
  EXPECT_TRUE(is_resource_id("da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709"));
  for (const char* other : {"", "da39a3ee", "da39a3ee-5e6b4b0d-3255bfef-95601890-afd8070",
                            "da39a3ee-5e6b4b0d-3255bfef-95601890-afd807090",
                            "DA39A3EE-5e6b4b0d-3255bfef-95601890-afd80709",
                            "da39a3ee/5e6b4b0d-3255bfef-95601890-afd80709",
                            "da39a3ee-5e6b4b0d-3255bfef-95601890-afd80g09"}) {
    EXPECT_FALSE(is_resource_id(other)) << other;
  }
}

}  // namespace
}  // namespace sekisho::core
