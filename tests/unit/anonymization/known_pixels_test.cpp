// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/known_pixels.h"

#include "anonymization/pixels/release.h"
#include "mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

/// Two cells of 16 bits, 12 of which are stored.
Bytes a_ct(const Bytes& cells) {
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY)")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .us(Tag{0x0028, 0x0010}, 1)
      .us(Tag{0x0028, 0x0011}, 2)
      .us(Tag{0x0028, 0x0100}, 16)
      .us(Tag{0x0028, 0x0101}, 12)
      .us(Tag{0x0028, 0x0102}, 11)
      .bytes(core::dicom::kPixelData, Vr::OW, cells);
  return builder.part10(kCtImageStorage, kInstance);
}

std::variant<Masked, WithholdReason> released(const Bytes& file, KnownPixels::OfFile known) {
  return release(checked(file), basic(), a_share(), PixelPolicy{}, Approval::none, Author::hospital,
                 {}, nullptr, known);
}

bool is_plan(const std::optional<KnownPixels::Found>& found) {
  return found && std::holds_alternative<std::shared_ptr<const imaging::PixelPlan>>(*found);
}

TEST(KnownPixels, TheSameLeavesTheSecondTime) {
  const KnownPixels known(1 << 20);
  for (const Bytes& cells : {Bytes{0x21, 0x03, 0x43, 0x05}, Bytes{0x21, 0xF3, 0x43, 0x55}}) {
    const std::string revision(1, static_cast<char>(cells.back()));
    const Bytes file = a_ct(cells);
    const Bytes unknown = bytes_of(std::get<Masked>(released(file, {})));
    EXPECT_FALSE(known.find(revision));
    EXPECT_EQ(bytes_of(std::get<Masked>(released(file, {&known, revision}))), unknown);
    EXPECT_TRUE(is_plan(known.find(revision)));
    EXPECT_EQ(bytes_of(std::get<Masked>(released(file, {&known, revision}))), unknown);
  }
}

TEST(KnownPixels, CellsAreLookedAtOnceTheyAreSent) {
  const KnownPixels known(1 << 20);
  const Bytes file = a_ct({0x21, 0x03, 0x43, 0x05});
  const auto goes_as_stored = [](const Masked& masked) {
    const auto range = masked.pixels().range_at(0);
    return range && range->size == masked.pixel_size();
  };
  Masked first = std::get<Masked>(released(file, {&known, "a"}));
  EXPECT_FALSE(goes_as_stored(first));
  const Bytes before = bytes_of(first);
  first.look_at_cells({});
  EXPECT_TRUE(goes_as_stored(first));
  EXPECT_EQ(bytes_of(first), before);
  EXPECT_TRUE(goes_as_stored(std::get<Masked>(released(file, {&known, "a"}))));
}

TEST(KnownPixels, CellsThatHoldMoreGoThroughTheMaskEachTime) {
  const KnownPixels known(1 << 20);
  const Bytes file = a_ct({0x21, 0xF3, 0x43, 0x55});
  Masked first = std::get<Masked>(released(file, {&known, "a"}));
  const Bytes before = bytes_of(first);
  first.look_at_cells({});
  EXPECT_EQ(bytes_of(first), before);
  const Masked second = std::get<Masked>(released(file, {&known, "a"}));
  EXPECT_FALSE(second.pixels().plan()->may_have_idle_mask());
  EXPECT_EQ(bytes_of(second), before);
}

TEST(KnownPixels, WhatIsWithheldStaysSo) {
  const KnownPixels known(1 << 20);
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY)")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .bytes(core::dicom::kPixelData, Vr::OW, Bytes(4, 1));
  const Bytes file = builder.part10(kCtImageStorage, kInstance);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(std::get<WithholdReason>(released(file, {&known, "a"})),
              WithholdReason::pixel_bytes_unclear);
    EXPECT_EQ(std::get<WithholdReason>(known.find("a").value()),
              WithholdReason::pixel_bytes_unclear);
  }
}

/// The archive may replace a file behind a listing: where the pixels of the one before lay, there
/// may be the header of the one that is there now.
TEST(KnownPixels, WhatWasFoundInAFileIsNotTakenForWhatReplacedIt) {
  const KnownPixels known(1 << 20);
  for (const Bytes& file : {a_ct({0x21, 0x03, 0x43, 0x05}), a_ct({0x21, 0xF3, 0x43, 0x55, 0, 0})}) {
    const auto source = core::StoredFile::in_memory(file);
    const Bytes unknown = bytes_of(std::get<Masked>(released(file, {})));
    const auto of_file = KnownPixels::of_file(&known, source);
    EXPECT_FALSE(known.find(of_file.identity));
    EXPECT_EQ(bytes_of(std::get<Masked>(released(file, of_file))), unknown);
    EXPECT_TRUE(known.find(of_file.identity));
  }
}

TEST(KnownPixels, TheLastUsedAreKept) {
  const KnownPixels known(1000);
  known.keep("first", WithholdReason::unused_bits);
  for (int i = 0; i < 10; ++i) {
    known.keep(std::to_string(i), WithholdReason::unused_bits);
    EXPECT_TRUE(known.find("first"));
  }
  EXPECT_TRUE(known.find("9"));
  EXPECT_FALSE(known.find("0"));
}

}  // namespace
}  // namespace sekisho::anonymization::tests
