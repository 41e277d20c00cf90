// SPDX-License-Identifier: GPL-3.0-or-later
// Two maskers, one on bytes and one on DCMTK, over every file at hand and damaged copies of them.
#include <gtest/gtest.h>

#include <random>

#include "anonymization/masking/masked_dataset.h"
#include "oracle/canonical.h"
#include "oracle/dcmtk_masker.h"
#include "support/profiles.h"
#include "support/sample_files.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

struct Counts {
  int compared = 0;
  int refused_by_both = 0;
};

/// What one of the two makes of it: the canonical text, `nullopt` if it refuses.
template <class Masker>
std::optional<std::string> outcome(const core::dicom::TransferSyntax& syntax, Masker masker) {
  try {
    return oracle::canonical(masker(), syntax);
  } catch (const MaskError&) {
    return std::nullopt;
  }
}

void compare(const CheckedFile& file, const Profile& profile, Counts& counts) {
  const auto& syntax = file.transfer_syntax();
  const auto ours = outcome(syntax, [&] {
    core::ByteBuffer out(file.header().size());
    append_masked(out, file.header(), file.header_steps(), syntax, Part::header, profile,
                  a_share());
    return out.copy();
  });
  const auto theirs = outcome(syntax, [&] {
    return oracle::mask_dataset(file.header(), syntax, Part::header, profile, a_share()).bytes;
  });
  EXPECT_EQ(ours, theirs);
  ++(ours ? counts.compared : counts.refused_by_both);
}

TEST(TwoMaskers, AgreeOnEverySampleFile) {
  Counts counts;
  for (const auto& path : sekisho::tests::sample_files()) {
    SCOPED_TRACE(path.filename());
    auto file = CheckedFile::check(core::StoredFile::in_memory(sekisho::tests::content_of(path)));
    if (!std::holds_alternative<CheckedFile>(file)) continue;
    for (const Profile& profile : sekisho::tests::every_profile())
      compare(std::get<CheckedFile>(file), profile, counts);
  }
  EXPECT_GT(counts.compared, 100);
}

TEST(TwoMaskers, AgreeOnDamagedFiles) {
  const std::vector<Profile> profiles = sekisho::tests::every_profile();
  std::mt19937 random(20261121);
  Counts counts;
  for (const auto& path : sekisho::tests::sample_files()) {
    SCOPED_TRACE(path.filename());
    const Bytes original = sekisho::tests::content_of(path);
    if (original.size() > 200'000 || original.size() < 400) continue;
    for (int round = 0; round < 40; ++round) {
      Bytes damaged = original;
      const std::size_t reach = std::min<std::size_t>(damaged.size(), 4000);
      for (int hits = 1 + round % 3; hits > 0; --hits) {
        damaged[132 + random() % (reach - 132)] = static_cast<Byte>(random());
      }
      auto file = CheckedFile::check(core::StoredFile::in_memory(std::move(damaged)));
      if (!std::holds_alternative<CheckedFile>(file)) continue;
      compare(std::get<CheckedFile>(file),
              profiles[static_cast<std::size_t>(round) % profiles.size()], counts);
    }
  }
  EXPECT_GT(counts.compared, 500);
}

}  // namespace
}  // namespace sekisho::anonymization::tests
