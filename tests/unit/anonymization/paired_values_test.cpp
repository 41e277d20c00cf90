// SPDX-License-Identifier: GPL-3.0-or-later
// Values that belong together: readers take one of each, and stumble where one is left over.
#include "anonymization/masking/paired_values.h"

#include "mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr Tag kFlowRate{0x0018, 0x1046};
constexpr Tag kFlowDuration{0x0018, 0x1047};
constexpr Tag kCenter{0x0028, 0x1050};
constexpr Tag kWidth{0x0028, 0x1051};
constexpr Tag kExplanation{0x0028, 0x1055};
constexpr Tag kVoiLutSequence{0x0028, 0x9132};

struct Window {
  std::string_view center;
  std::string_view width;
  std::string_view explanation = {};  ///< empty: not written
};

void add(DatasetBuilder& builder, const Window& window) {
  builder.text(kCenter, Vr::DS, window.center).text(kWidth, Vr::DS, window.width);
  if (!window.explanation.empty()) builder.text(kExplanation, Vr::LO, window.explanation);
}

Bytes with_window(const Window& window) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
  add(builder, window);
  return builder.part10(kCtImageStorage, kInstance);
}

/// "absent" for what is not there.
struct Shown {
  std::string center, width, explanation;
  friend bool operator==(const Shown&, const Shown&) = default;
  friend void PrintTo(const Shown& shown, std::ostream* out) {
    *out << shown.center << " | " << shown.width << " | " << shown.explanation;
  }
};

Shown shown(const Window& window) {
  const Bytes once = masked_bytes(with_window(window));
  EXPECT_EQ(masked_bytes(once), once) << "masked again";
  return {value_in(once, kCenter), value_in(once, kWidth), value_in(once, kExplanation)};
}

TEST(PairedValues, AWindowWithoutItsCenterIsNone) {
  const Shown none{"absent", "absent", "absent"};
  EXPECT_EQ(shown({"NaN", "400", "LUNG"}), none);
  EXPECT_EQ(shown({"40", "wide", "LUNG"}), none);
  EXPECT_EQ(shown({"NaN\\inf", "400\\300", "LUNG\\BONE"}), none);
  EXPECT_EQ(shown({"NaN\\40", "400\\wide"}), none) << "neither is whole";
}

TEST(PairedValues, AValueTakesTheOneAlongThatBelongsToIt) {
  EXPECT_EQ(shown({"40\\NaN", "400\\300"}), (Shown{"40", "400", "absent"}));
  EXPECT_EQ(shown({"NaN\\40", "400\\300"}), (Shown{"40", "300", "absent"}));
  EXPECT_EQ(shown({"1\\2\\3", "4\\wide\\6"}), (Shown{"1\\3", "4\\6", "absent"}));
  EXPECT_EQ(shown({"1,5\\NaN", "400\\300"}), (Shown{"1.5", "400", "absent"})) << "and is mended";
}

TEST(PairedValues, WhatExplainsOneWindowTooManyGoes) {
  EXPECT_EQ(shown({"40\\NaN", "400\\300", "LUNG\\BONE"}).explanation, "absent");
  EXPECT_EQ(shown({"40\\50", "400\\300", "LUNG\\BONE"}).explanation, "LUNG\\BONE");
}

TEST(PairedValues, WhatIsWholeStaysAsItStands) {
  EXPECT_EQ(shown({"40\\50", "400\\300"}), (Shown{"40\\50", "400\\300", "absent"}));
  EXPECT_EQ(shown({" 40 \\50", "400\\ 300"}), (Shown{" 40 \\50", "400\\ 300", "absent"}));
  EXPECT_EQ(shown({"40\\", "400\\"}), (Shown{"40\\", "400\\", "absent"})) << "empty as it came";
}

TEST(PairedValues, NobodyGuessesWhichBelongTogether) {
  EXPECT_EQ(shown({"40\\50", "400"}), (Shown{"40\\50", "400", "absent"}));
  EXPECT_EQ(shown({"NaN\\50", "400"}).width, "400");
  EXPECT_EQ(shown({"40", ""}), (Shown{"40", "", "absent"}));
}

TEST(PairedValues, BelongTogetherInTheirItemAlone) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
  add(builder, {"40", "400", "SOFT"});
  builder.begin_sequence(kVoiLutSequence).begin_item();
  add(builder, {"50\\NaN", "500\\600", "LUNG\\BONE"});
  builder.end_item().end_sequence();
  const Bytes masked = masked_bytes(builder.part10(kCtImageStorage, kInstance));
  EXPECT_EQ(value_in(masked, kCenter), "40");
  EXPECT_EQ(value_in(masked, kWidth), "400");
  EXPECT_EQ(value_in(masked, kExplanation), "SOFT");
  EXPECT_TRUE(contains(masked, "500 ") && !contains(masked, "600"));
  EXPECT_FALSE(contains(masked, "BONE"));
}

TEST(PairedValues, AFlowLosesItsDuration) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(kFlowRate, Vr::DS, "2.5\\fast")
      .text(kFlowDuration, Vr::DS, "10\\20");
  const Bytes masked = masked_bytes(builder.part10(kCtImageStorage, kInstance));
  EXPECT_EQ(value_in(masked, kFlowRate), "2.5");
  EXPECT_EQ(value_in(masked, kFlowDuration), "10");
}

}  // namespace
}  // namespace sekisho::anonymization::tests
