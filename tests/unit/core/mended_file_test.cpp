// SPDX-License-Identifier: GPL-3.0-or-later
// What archives hold although no standard allows it: mended where all who read on agree, else
// refused. What comes out is held to the strict measure.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/dicom/checked_file.h"
#include "support/dicom_builder.h"
#include "support/sample_files.h"

namespace sekisho::core::dicom {
namespace {

using tests::DatasetBuilder;
using tests::Length;
using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::string_view kCtImage = "1.2.840.10008.5.1.4.1.1.2";
constexpr std::string_view kInstance = "2.25.7";
constexpr Tag kComments{0x0020, 0x4000};

/// An image; `odd` stands between its header and its pixels.
DatasetBuilder head(std::string_view syntax = kExplicitVrLittleEndian) {
  DatasetBuilder builder(syntax);
  builder.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0010, 0x0010}, Vr::PN, "YAMADA^TARO");
  return builder;
}
DatasetBuilder& with_pixels(DatasetBuilder& builder) {
  return builder.us(Tag{0x0028, 0x0010}, 2).bytes(kPixelData, Vr::OW, Bytes(8, 0x5A));
}
Bytes part10(const DatasetBuilder& dataset) { return dataset.part10(kCtImage, kInstance); }
StoredFile stored(Bytes bytes) { return StoredFile::in_memory(std::move(bytes)); }

/// Every element as it was read, "00100010=YAMADA^TARO 00280010=.." and so on.
std::string text_of(const CheckedFile& file) {
  std::string all;
  const auto add = [&](Replay walk) {
    for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
      if (token.kind == Token::Kind::item_begin) all += "[";
      if (token.kind == Token::Kind::item_end) all += "]";
      if (token.kind == Token::Kind::sequence_begin) all += token.tag.hex() + "=SQ";
      if (token.kind != Token::Kind::element) continue;
      all += token.tag.hex() + '=' + std::string(as_text(token.value)) + ';';
    }
  };
  add(file.replay_header());
  all += "|" + std::to_string(file.pixel_size()) + "|";
  if (!file.trailer().empty()) add(Replay(file.trailer(), file.trailer_steps()));
  return all;
}

std::string mended(Bytes bytes) {
  const auto read = CheckedFile::check_or_mend(stored(std::move(bytes)));
  if (const auto* defect = std::get_if<Defect>(&read))
    return "refused: " + std::string(defect->reason);
  return text_of(std::get<CheckedFile>(read));
}
std::string refusal(const Bytes& bytes) {
  const std::string all = mended(bytes);
  return all.starts_with("refused") ? "refused" : all;
}
bool is_refused_strictly(const Bytes& bytes) {
  return std::holds_alternative<Defect>(CheckedFile::check(stored(bytes)));
}

Bytes joined(Bytes first, ByteView second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}
Bytes sound_image() {
  DatasetBuilder builder = head();
  return part10(with_pixels(builder));
}

TEST(MendedFile, IsReadWithoutThePaddingBehindIt) {
  const std::string sound = mended(sound_image());
  for (const Byte filler : {Byte{0}, Byte{0x20}, Byte{0xFF}}) {
    for (const std::size_t size : {1, 2, 7, 8, 9, 512, 100'000}) {
      const Bytes padded = joined(sound_image(), Bytes(size, filler));
      EXPECT_TRUE(is_refused_strictly(padded));
      EXPECT_EQ(mended(padded), sound) << int{filler} << ' ' << size;
    }
  }
  DatasetBuilder without_pixels = head();
  EXPECT_EQ(mended(joined(part10(without_pixels), Bytes(513, 0))), mended(part10(without_pixels)));
  EXPECT_EQ(refusal(joined(sound_image(), Bytes(512, 'A'))), "refused") << "that may be anything";
}

TEST(MendedFile, HasItsElementsInOrder) {
  DatasetBuilder sound = head();
  sound.text(Tag{0x0020, 0x0011}, Vr::IS, "1").text(Tag{0x0020, 0x0013}, Vr::IS, "2");
  DatasetBuilder swapped = head();
  swapped.text(Tag{0x0020, 0x0013}, Vr::IS, "2").text(Tag{0x0020, 0x0011}, Vr::IS, "1");
  EXPECT_TRUE(is_refused_strictly(part10(with_pixels(swapped))));
  EXPECT_EQ(mended(part10(swapped)), mended(part10(with_pixels(sound))));
}

TEST(MendedFile, HasWhatStoodBehindThePixelsBeforeThem) {
  DatasetBuilder late = head();
  late.us(Tag{0x0028, 0x0010}, 2).bytes(kPixelData, Vr::OW, Bytes(8, 0x5A));
  late.text(kComments, Vr::LT, "late").text(Tag{0x7FE1, 0x0010}, Vr::LO, "ACME");
  EXPECT_EQ(mended(part10(late)),
            "00080016=1.2.840.10008.5.1.4.1.1.2\0;00080018=2.25.7;00100010=YAMADA^TARO ;"
            "00204000=late;00280010=\x02\0;|20|7FE10010=ACME;"s);
}

TEST(MendedFile, HasOfARepeatedElementTheFirst) {
  DatasetBuilder builder = head();
  builder.text(Tag{0x0020, 0x0011}, Vr::IS, "1")
      .text(Tag{0x0020, 0x0011}, Vr::IS, "1")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "SUZUKI");
  const std::string all = mended(part10(with_pixels(builder)));
  EXPECT_EQ(all.find("SUZUKI"), all.npos);
  EXPECT_EQ(all.find("00200011=1 "), all.rfind("00200011=1 "));
  EXPECT_NE(all.find("YAMADA^TARO"), all.npos);
}

TEST(MendedFile, IsRefusedWhereWhatIsRepeatedDecidesOnOthers) {
  for (const Tag tag : {Tag{0x0008, 0x0005}, Tag{0x0021, 0x0010}}) {
    const auto with = [&](std::string_view first, std::string_view second) {
      DatasetBuilder builder = head();
      builder.text(tag, Vr::LO, first).text(tag, Vr::LO, second);
      return refusal(part10(builder));
    };
    EXPECT_EQ(with("ISO_IR 100", "ISO_IR 192"), "refused");
    EXPECT_NE(with("ISO_IR 100", "ISO_IR 100"), "refused");
  }
}

TEST(MendedFile, HasNoElementsOfGroupsThatHaveNoPlaceInADataSet) {
  for (const auto syntax :
       {kExplicitVrLittleEndian, kImplicitVrLittleEndian, kExplicitVrBigEndian}) {
    DatasetBuilder sound = head(syntax);
    DatasetBuilder odd(syntax);
    odd.text(Tag{0x0002, 0x0010}, Vr::UI, "1.2.840.10008.1.2");
    odd.raw(head(syntax).dataset()).text(Tag{0x0002, 0x0016}, Vr::AE, "YAMADA");
    EXPECT_EQ(mended(part10(odd)), mended(part10(sound))) << syntax;
  }
  // As a copy of the file meta information has it, whatever the data set is in.
  DatasetBuilder explicit_meta;
  explicit_meta.text(Tag{0x0002, 0x0010}, Vr::UI, "1.2.840.10008.1.2");
  DatasetBuilder implicit(kImplicitVrLittleEndian);
  implicit.text(Tag{0x0008, 0x0000}, Vr::UN, "")
      .raw(explicit_meta.dataset())
      .raw(head(kImplicitVrLittleEndian).dataset());
  EXPECT_EQ(mended(part10(implicit)), mended(part10(head(kImplicitVrLittleEndian))));
}

TEST(MendedFile, HasNoDelimitersWhereThereNeedBeNone) {
  constexpr Byte kItemEnd[] = {0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0};
  constexpr Byte kSequenceEnd[] = {0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0};
  const auto begun = [] {
    DatasetBuilder builder = head();
    builder.begin_sequence(Tag{0x0040, 0x0275}, Length::defined)
        .begin_item(Length::defined)
        .text(Tag{0x0040, 0x0007}, Vr::LO, "CT");
    return builder;
  };
  DatasetBuilder sound = begun();
  sound.end_item().end_sequence().text(Tag{0x0040, 0x0280}, Vr::ST, "on");
  const std::string expected = mended(part10(sound));
  DatasetBuilder inside = begun();
  inside.raw(kItemEnd).end_item().end_sequence().text(Tag{0x0040, 0x0280}, Vr::ST, "on");
  EXPECT_EQ(mended(part10(inside)), expected);
  DatasetBuilder behind_item = begun();
  behind_item.end_item().raw(kItemEnd).end_sequence().text(Tag{0x0040, 0x0280}, Vr::ST, "on");
  EXPECT_EQ(mended(part10(behind_item)), expected);
  DatasetBuilder in_sequence = begun();
  in_sequence.end_item().raw(kSequenceEnd).end_sequence().text(Tag{0x0040, 0x0280}, Vr::ST, "on");
  EXPECT_EQ(mended(part10(in_sequence)), expected);
  DatasetBuilder behind_sequence = begun();
  behind_sequence.end_item().end_sequence().raw(kSequenceEnd);
  behind_sequence.text(Tag{0x0040, 0x0280}, Vr::ST, "on");
  EXPECT_EQ(mended(part10(behind_sequence)), expected);
  DatasetBuilder in_the_middle = begun();
  in_the_middle.raw(kItemEnd).text(Tag{0x0040, 0x0008}, Vr::LO, "on").end_item().end_sequence();
  EXPECT_EQ(refusal(part10(in_the_middle)), "refused") << "readers differ on what is in the item";
}

/// An element whose VR does not exist, with a length of the given form.
Bytes unknown_vr(std::string_view vr, std::string_view length, std::string_view value) {
  const std::string bytes =
      "\x21\0\x01\x10"s + std::string(vr) + std::string(length) + std::string(value);
  return {bytes.begin(), bytes.end()};
}

TEST(MendedFile, TellsFromWhatFollowsHowAnUnknownVrIsWritten) {
  const auto with = [](const Bytes& element) {
    DatasetBuilder builder = head();
    builder.raw(element);
    return mended(part10(with_pixels(builder)));
  };
  for (const std::string_view vr : {"??"sv, "  "sv, "\0\0"sv, "ox"sv, "QQ"sv}) {
    for (const Bytes& element :
         {unknown_vr(vr, "\2\0"sv, "AB"), unknown_vr(vr, "\0\0\2\0\0\0"sv, "AB")}) {
      EXPECT_NE(with(element).find("00211001=AB;00280010"), std::string::npos) << vr;
    }
  }
  EXPECT_NE(with(unknown_vr("\2\0"sv, "\0\0"sv, "AB")).find("00211001=AB;00280010"),
            std::string::npos)
      << "no VR: implicit";
  EXPECT_TRUE(with(unknown_vr("??", "\4\0"sv, "AB")).starts_with("refused"));
}

TEST(MendedFile, LeavesOutFragmentsOfWhatIsNotPixelData) {
  for (const Vr vr : {Vr::OB, Vr::OW, Vr::UN}) {
    const std::string_view fragment = "\xFE\xFF\x00\xE0\x04\x00\x00\x00\xFF\xD8\xFF\xD9"sv;
    DatasetBuilder builder = head();
    with_pixels(builder).header(Tag{0x7FE1, 0x1010}, vr, 0xFFFFFFFF).raw(as_bytes(fragment));
    builder.raw(as_bytes("\xFE\xFF\xDD\xE0\x00\x00\x00\x00"sv))
        .text(Tag{0x7FE3, 0x0010}, Vr::LO, "ACME");
    EXPECT_TRUE(is_refused_strictly(part10(builder)));
    const std::string all = mended(part10(builder));
    EXPECT_EQ(all.find("7FE11010"), all.npos);
    EXPECT_NE(all.find("|20|7FE30010=ACME"), all.npos) << all;
  }
}

TEST(MendedFile, HasItsItemsInOrderToo) {
  DatasetBuilder builder = head();
  builder.begin_sequence(Tag{0x0040, 0x0275})
      .begin_item()
      .text(Tag{0x0040, 0x0008}, Vr::LO, "B")
      .text(Tag{0x0040, 0x0007}, Vr::LO, "A")
      .text(Tag{0x0040, 0x0008}, Vr::LO, "C")
      .end_item()
      .end_sequence();
  EXPECT_FALSE(is_refused_strictly(part10(builder)));
  EXPECT_NE(mended(part10(builder)).find("00400275=SQ[00400007=A ;00400008=B ;]"),
            std::string::npos);
}

TEST(MendedFile, IsNamedByItsDataSet) {
  const Bytes bytes = head().part10("1.2.840.10008.5.1.4.1.1.7", "2.25.8");
  for (const auto& read :
       {CheckedFile::check(stored(bytes)), CheckedFile::check_or_mend(stored(bytes))}) {
    const auto& file = std::get<CheckedFile>(read);
    EXPECT_EQ(file.sop_class_uid(), kCtImage);
    EXPECT_EQ(file.sop_instance_uid(), kInstance);
    EXPECT_TRUE(file.meta().empty());
  }
}

TEST(MendedFile, NeedsNoPreamble) {
  const Bytes whole = sound_image();
  const std::string expected = mended(whole);
  EXPECT_EQ(mended(Bytes(whole.begin() + 128, whole.end())), expected);
  EXPECT_EQ(mended(Bytes(whole.begin() + 132, whole.end())), expected);
}

TEST(MendedFile, OfAnythingIsSoundByTheStrictMeasure) {
  int mended_files = 0;
  std::map<std::string_view, std::set<std::string>> refused;
  for (const auto& path : tests::sample_files()) {
    const auto read = CheckedFile::check_or_mend(stored(tests::content_of(path)));
    if (const auto* defect = std::get_if<Defect>(&read)) {
      refused[defect->reason].insert(path.filename().string());
      continue;
    }
    const auto& file = std::get<CheckedFile>(read);
    const auto& syntax = file.transfer_syntax();
    Walker walker(file.header(), syntax.vr, syntax.order);
    Token token = walker.next();
    while (token.kind != Token::Kind::end && token.kind != Token::Kind::defect)
      token = walker.next();
    EXPECT_EQ(token.kind, Token::Kind::end) << path;
    ++mended_files;
  }
  for (const auto& [reason, files] : refused) {
    for (const std::string& file : files) RecordProperty(file, std::string(reason));
    EXPECT_NE(reason, "elements are not in ascending order");
    EXPECT_NE(reason, "an element of a group that is not allowed here");
  }
}

}  // namespace
}  // namespace sekisho::core::dicom
