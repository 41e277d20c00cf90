// SPDX-License-Identifier: GPL-3.0-or-later
// The files that come with Debian's python3-pydicom: whatever the walker accepts is masked, or
// refused in so many words.
#include "support/sample_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/profiles.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

namespace fs = std::filesystem;
using sekisho::tests::content_of;
using sekisho::tests::sample_files;
constexpr const char* kSamples = "/usr/lib/python3/dist-packages/pydicom/data";

TEST(SampleFiles, AreMaskedOrRefused) {
  if (!fs::exists(kSamples)) GTEST_SKIP() << "python3-pydicom is not installed";
  int masked_files = 0;
  for (const fs::path& path : sample_files()) {
    SCOPED_TRACE(path.string());
    auto file = CheckedFile::check(core::StoredFile::in_memory(content_of(path)));
    if (!std::holds_alternative<CheckedFile>(file)) continue;
    for (const Profile& profile : sekisho::tests::every_profile()) {
      try {
        const Masked masked = mask(std::get<CheckedFile>(file), profile, a_share());
        const Bytes once = bytes_of(masked);
        EXPECT_EQ(masked_bytes(once, profile), once);
        EXPECT_EQ(checked(once).pixel_size(), masked.pixel_size());
        EXPECT_EQ(masked.pixel_size() == 0, std::get<CheckedFile>(file).pixel_size() == 0);
        ++masked_files;
      } catch (const MaskError&) {
        continue;  // refused: nothing left
      }
    }
  }
  EXPECT_GT(masked_files, 100);
}

TEST(SampleFiles, OfDeflatedDataAreInflatedEvenWhenNothingIsMasked) {
  const fs::path path = fs::path(kSamples) / "test_files" / "image_dfl.dcm";
  if (!fs::exists(path)) GTEST_SKIP() << "python3-pydicom is not installed";
  const CheckedFile deflated = checked(content_of(path));
  for (const Profile& profile : {Profile::none(), basic()}) {
    const CheckedFile again = checked(bytes_of(mask(deflated, profile, a_share())));
    EXPECT_EQ(again.transfer_syntax().uid, core::dicom::kExplicitVrLittleEndian);
    EXPECT_EQ(again.transfer_syntax().compression, core::dicom::Compression::none);
    EXPECT_EQ(again.pixel_size(), deflated.pixel_size());
  }
  const Bytes same = bytes_of(mask(deflated, Profile::none(), a_share()));
  EXPECT_TRUE(contains(same, core::as_text(deflated.header())));
}

TEST(SampleFiles, OfDataSetsAloneGetTheMetaInformationThatTheyLack) {
  for (const char* name : {"ExplVR_BigEndNoMeta.dcm", "ExplVR_LitEndNoMeta.dcm", "rtstruct.dcm"}) {
    const fs::path path = fs::path(kSamples) / "test_files" / name;
    if (!fs::exists(path)) GTEST_SKIP() << "python3-pydicom is not installed";
    const CheckedFile bare = checked(content_of(path));
    ASSERT_TRUE(bare.meta().empty());
    for (const Profile& profile : {Profile::none(), basic()}) {
      const CheckedFile again = checked(bytes_of(mask(bare, profile, a_share())));
      EXPECT_FALSE(again.meta().empty());
      EXPECT_EQ(again.transfer_syntax().uid, bare.transfer_syntax().uid);
      EXPECT_EQ(again.sop_class_uid(), bare.sop_class_uid());
    }
    const Bytes same = bytes_of(mask(bare, Profile::none(), a_share()));
    EXPECT_TRUE(contains(same, core::as_text(bare.header())));
  }
}

TEST(SampleFiles, LoseNoElementThatPatientFieldsKeep) {
  const fs::path path = fs::path(kSamples) / "test_files" / "CT_small.dcm";
  if (!fs::exists(path)) GTEST_SKIP() << "python3-pydicom is not installed";
  const CheckedFile original = checked(content_of(path));
  const Bytes masked = masked_bytes(content_of(path), all_fields());
  core::dicom::Walker walker(original.header(), original.transfer_syntax().vr,
                             original.transfer_syntax().order);
  int compared = 0;
  for (auto token = walker.next(); token.kind != core::dicom::Token::Kind::end;
       token = walker.next()) {
    if (token.depth != 0 || token.kind != core::dicom::Token::Kind::element) continue;
    if (all_fields().action_for(token.tag) != Action::keep) continue;
    EXPECT_TRUE(contains(masked, core::as_text(token.value))) << token.tag.hex();
    ++compared;
  }
  EXPECT_GT(compared, 60);
}

}  // namespace
}  // namespace sekisho::anonymization::tests
