// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/replay.h"

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
  Walker walker(cut, VrCoding::explicit_vr, ByteOrder::little);
  const auto steps = record(walker);
  Replay replay(cut, steps);
  EXPECT_EQ(replay.next().kind, Token::Kind::defect);
  EXPECT_EQ(replay.next().kind, Token::Kind::defect);
}

/// Every sequence and every item, left as soon as it has begun.
TEST(Replay, LeavesWhatItHasBegun) {
  const Bytes nested = {
      0x08, 0x00, 0x10, 0x11, 'S', 'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF,  // (0008,1110)
      0xFE, 0xFF, 0x00, 0xE0, 8,   0,   0, 0,                          // item
      0x08, 0x00, 0x50, 0x11, 'U', 'I', 0, 0,                          // (0008,1150)
      0xFE, 0xFF, 0x00, 0xE0, 0,   0,   0, 0,                          // another item
      0xFE, 0xFF, 0xDD, 0xE0, 0,   0,   0, 0,                          // its end
      0x10, 0x00, 0x10, 0x00, 'P', 'N', 0, 0,                          // (0010,0010)
  };
  Walker walker(nested, VrCoding::explicit_vr, ByteOrder::little);
  const auto steps = record(walker);
  Replay replay(nested, steps);
  const Token sequence = replay.next();
  ASSERT_EQ(sequence.kind, Token::Kind::sequence_begin);
  Replay inside = replay;
  replay.leave(sequence);
  EXPECT_EQ(replay.next().tag, (Tag{0x0010, 0x0010}));

  const Token first = inside.next();
  ASSERT_EQ(first.kind, Token::Kind::item_begin);
  inside.leave(first);
  EXPECT_EQ(inside.next().kind, Token::Kind::item_begin);
}

TEST(Replay, LeavesWhatHasNoEndForTheLastStep) {
  const Bytes cut = {0x08, 0x00, 0x10, 0x11, 'S', 'Q', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE};
  Walker walker(cut, VrCoding::explicit_vr, ByteOrder::little);
  const auto steps = record(walker);
  Replay replay(cut, steps);
  replay.leave(replay.next());
  EXPECT_EQ(replay.next().kind, Token::Kind::defect);
}

}  // namespace
}  // namespace sekisho::core::dicom
