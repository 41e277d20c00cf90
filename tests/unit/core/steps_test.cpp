// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/steps.h"

#include <gtest/gtest.h>

#include "core/dicom/checked_file.h"
#include "support/sample_files.h"

namespace sekisho::core::dicom {
namespace {

void expect_same(const Token& replayed, const Token& walked) {
  EXPECT_EQ(replayed.kind, walked.kind);
  EXPECT_EQ(replayed.vr, walked.vr);
  EXPECT_EQ(replayed.depth, walked.depth);
  EXPECT_EQ(replayed.order, walked.order);
  EXPECT_EQ(replayed.tag, walked.tag);
  EXPECT_EQ(replayed.offset, walked.offset);
  EXPECT_EQ(replayed.value_offset, walked.value_offset);
  EXPECT_EQ(replayed.value.size(), walked.value.size());
  if (walked.value.empty()) return;
  EXPECT_EQ(replayed.value.data(), walked.value.data());
}

TEST(Replay, IsTheWalkOverAgain) {
  int files = 0;
  for (const auto& path : tests::sample_files()) {
    const auto checked = CheckedFile::check(StoredFile::in_memory(tests::content_of(path)));
    const auto* file = std::get_if<CheckedFile>(&checked);
    if (!file) continue;
    ++files;
    SCOPED_TRACE(path);
    const TransferSyntax& syntax = file->transfer_syntax();
    Walker walker(file->header(), syntax.vr, syntax.order);
    Replay replay(file->header(), file->header_steps());
    for (Token step = walker.next();; step = walker.next()) {
      expect_same(replay.next(), step);
      if (step.kind == Token::Kind::end || testing::Test::HasFailure()) break;
    }
    EXPECT_EQ(replay.next().kind, Token::Kind::end) << "the same again";
  }
  EXPECT_GT(files, 50);
}

TEST(Replay, OfADefectEndsInIt) {
  const Bytes cut = {0x08, 0x00, 0x05, 0x00, 'C', 'S', 0x20, 0x00, 'I'};
  const auto steps = record(cut, *TransferSyntax::from_uid("1.2.840.10008.1.2.1"));
  Replay replay(cut, steps);
  EXPECT_EQ(replay.next().kind, Token::Kind::defect);
  EXPECT_EQ(replay.next().kind, Token::Kind::defect);
}

}  // namespace
}  // namespace sekisho::core::dicom
