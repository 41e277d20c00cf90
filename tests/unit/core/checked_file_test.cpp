// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/checked_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "core/stored_file.h"
#include "support/dicom_builder.h"

namespace sekisho::core::dicom {
namespace {

using tests::DatasetBuilder;
using tests::Length;

constexpr std::string_view kCtImage = "1.2.840.10008.5.1.4.1.1.2";
constexpr std::string_view kJpegBaseline = "1.2.840.10008.1.2.4.50";
constexpr std::string_view kPrivateSyntax = "1.2.3.4";

std::variant<CheckedFile, Defect> check(Bytes file) {
  return CheckedFile::check(StoredFile::in_memory(std::move(file)));
}

Bytes part10(const DatasetBuilder& dataset) { return dataset.part10(kCtImage, "2.25.7"); }

std::string_view reason(const std::variant<CheckedFile, Defect>& result) {
  const auto* defect = std::get_if<Defect>(&result);
  return defect ? defect->reason : "accepted";
}

CheckedFile accepted(Bytes file) {
  auto result = check(std::move(file));
  EXPECT_EQ(reason(result), "accepted");
  return std::get<CheckedFile>(std::move(result));
}

/// Of an unnamed file with this content.
int descriptor_of(const Bytes& content) {
  const int descriptor =
      ::open(std::filesystem::temp_directory_path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  EXPECT_EQ(::write(descriptor, content.data(), content.size()),
            static_cast<ssize_t>(content.size()));
  return descriptor;
}

/// Read through windows.
StoredFile on_disk(const Bytes& content) { return StoredFile::on_disk(descriptor_of(content)); }

Bytes pixels_of(const CheckedFile& file) {
  Bytes bytes(file.pixel_size());
  file.source().read(file.pixel_offset(), bytes);
  return bytes;
}

Bytes deflated(const Bytes& data) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, data.size()));
  Bytes in = data;
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Bytes deflated_part10(const Bytes& dataset) {
  return DatasetBuilder(kDeflatedExplicitVrLittleEndian)
      .raw(deflated(dataset))
      .part10(kCtImage, "2.25.7");
}

DatasetBuilder a_header(std::string_view syntax = kExplicitVrLittleEndian) {
  DatasetBuilder dataset(syntax);
  dataset.text(Tag{0x0008, 0x0018}, Vr::UI, "2.25.7")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "Yamada^Tarou")
      .us(Tag{0x0028, 0x0010}, 4);
  return dataset;
}

TEST(CheckedFile, TellsTheFourPartsApart) {
  for (const std::string_view syntax :
       {kExplicitVrLittleEndian, kImplicitVrLittleEndian, kExplicitVrBigEndian}) {
    const DatasetBuilder header = a_header(syntax);
    const DatasetBuilder pixels = DatasetBuilder(syntax).bytes(kPixelData, Vr::OW, Bytes(1000, 7));
    const DatasetBuilder trailer =
        DatasetBuilder(syntax).bytes(Tag{0xFFFC, 0xFFFC}, Vr::OB, Bytes(10));
    DatasetBuilder whole(syntax);
    whole.raw(header.dataset()).raw(pixels.dataset()).raw(trailer.dataset());
    const Bytes bytes = part10(whole);

    const CheckedFile file = accepted(bytes);
    EXPECT_EQ(file.transfer_syntax().uid, syntax);
    EXPECT_EQ(file.sop_class_uid(), kCtImage);
    EXPECT_EQ(file.sop_instance_uid(), "2.25.7");
    EXPECT_EQ(as_text(file.header()), as_text(header.dataset()));
    EXPECT_EQ(pixels_of(file), pixels.dataset());
    EXPECT_EQ(as_text(file.trailer()), as_text(trailer.dataset()));
    EXPECT_EQ(file.meta().size() + file.header().size(), file.pixel_offset());
    EXPECT_EQ(as_text(file.meta()), as_text(ByteView(bytes).first(file.meta().size())));
  }
}

TEST(CheckedFile, AFileWithoutPixelDataIsAllHeader) {
  const CheckedFile file = accepted(part10(a_header()));
  EXPECT_EQ(as_text(file.header()), as_text(a_header().dataset()));
  EXPECT_EQ(file.pixel_size(), 0U);
  EXPECT_EQ(file.pixel_offset(), file.source().size_bytes());
  EXPECT_TRUE(file.trailer().empty());
}

TEST(CheckedFile, ATrailerMayFollowWithoutPixelData) {
  const CheckedFile file =
      accepted(part10(a_header().text(Tag{0x7FE1, 0x0010}, Vr::LO, "Creator")));
  EXPECT_EQ(file.pixel_size(), 0U);
  EXPECT_FALSE(file.trailer().empty());
}

TEST(CheckedFile, PixelGroupsHaveSeveralElements) {
  const CheckedFile file = accepted(part10(DatasetBuilder(kJpegBaseline)
                                               .raw(a_header().dataset())
                                               .bytes(Tag{0x7FE0, 0x0001}, Vr::OV, Bytes(16))
                                               .bytes(Tag{0x7FE0, 0x0002}, Vr::OV, Bytes(16))
                                               .encapsulated(kPixelData, {Bytes(10), Bytes(12)})));
  EXPECT_EQ(file.pixel_size(), 2 * 28 + 12 + 8 + 18 + 20 + 8U);
}

TEST(CheckedFile, OnDiskAndInMemoryAreTheSame) {
  // Headers below, at and above the sizes of the windows, and many small fragments.
  for (const std::size_t filling : {10U, 65'000U, 65'200U, 65'536U, 300'000U, 2'000'000U}) {
    DatasetBuilder dataset(kJpegBaseline);
    dataset.raw(a_header().dataset())
        .bytes(Tag{0x0042, 0x0011}, Vr::OB, Bytes(filling, 1))
        .encapsulated(kPixelData, std::vector<Bytes>(2000, Bytes(30, 9)))
        .bytes(Tag{0xFFFC, 0xFFFC}, Vr::OB, Bytes(4));
    const Bytes bytes = part10(dataset);
    const CheckedFile in_memory = accepted(bytes);
    auto result = CheckedFile::check(on_disk(bytes));
    ASSERT_EQ(reason(result), "accepted") << filling;
    const auto& file = std::get<CheckedFile>(result);
    EXPECT_EQ(as_text(file.header()), as_text(in_memory.header()));
    EXPECT_EQ(file.pixel_offset(), in_memory.pixel_offset());
    EXPECT_EQ(file.pixel_size(), in_memory.pixel_size());
    EXPECT_EQ(as_text(file.trailer()), as_text(in_memory.trailer()));
  }
}

TEST(CheckedFile, EveryCutIsRefusedOrEndsBetweenElements) {
  DatasetBuilder native = a_header();
  native.bytes(kPixelData, Vr::OW, Bytes(40)).bytes(Tag{0xFFFC, 0xFFFC}, Vr::OB, Bytes(4));
  DatasetBuilder encapsulated(kJpegBaseline);
  encapsulated.raw(a_header().dataset())
      .begin_sequence(Tag{0x0040, 0xA730})
      .begin_item()
      .end_item()
      .end_sequence()
      .encapsulated(kPixelData, {Bytes(10), Bytes(12)});
  for (const DatasetBuilder& dataset : {native, encapsulated}) {
    const Bytes whole = part10(dataset);
    int accepted_cuts = 0;
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      if (reason(check(cut)) == "accepted") ++accepted_cuts;
    }
    // After the transfer syntax, the rest of the meta elements, and each top-level element.
    EXPECT_EQ(accepted_cuts, 2 + 4);
  }
}

TEST(CheckedFile, WhatIsNoPart10FileIsRefused) {
  EXPECT_EQ(reason(check({})), "not a Part 10 file");
  EXPECT_EQ(reason(check(Bytes(131))), "not a Part 10 file");
  EXPECT_EQ(reason(check(a_header().dataset())), "not a Part 10 file");
  Bytes without_preamble = part10(a_header());
  without_preamble.erase(without_preamble.begin(), without_preamble.begin() + 128);
  EXPECT_EQ(reason(check(without_preamble)), "not a Part 10 file");
}

TEST(CheckedFile, ADataSetAloneIsAFileOfAnOldProgram) {
  for (const std::string_view syntax :
       {kExplicitVrLittleEndian, kImplicitVrLittleEndian, kExplicitVrBigEndian}) {
    DatasetBuilder dataset(syntax);
    dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .raw(a_header(syntax).dataset())
        .bytes(kPixelData, Vr::OW, Bytes(1000, 7));
    const CheckedFile file = accepted(dataset.dataset());
    EXPECT_EQ(file.transfer_syntax().uid, syntax);
    EXPECT_EQ(file.sop_class_uid(), kCtImage);
    EXPECT_EQ(file.sop_instance_uid(), "2.25.7");
    EXPECT_TRUE(file.meta().empty());
    EXPECT_EQ(file.header().size(), file.pixel_offset());
    EXPECT_EQ(file.pixel_offset() + file.pixel_size(), dataset.dataset().size());
  }
}

TEST(CheckedFile, ADataSetAloneThatDoesNotSayHowOrWhatIsRefused) {
  const auto alone = [](Tag first, std::string_view sop_class) {
    return check(DatasetBuilder(kExplicitVrLittleEndian)
                     .text(first, Vr::UI, sop_class)
                     .raw(a_header().dataset())
                     .dataset());
  };
  EXPECT_EQ(reason(alone(Tag{0x0008, 0x0016}, kCtImage)), "accepted");
  EXPECT_EQ(reason(alone(Tag{0x0008, 0x0016}, "not a UID")), "not a Part 10 file");
  EXPECT_EQ(reason(alone(Tag{0x0008, 0x0014}, kCtImage)), "not a Part 10 file");
  EXPECT_EQ(reason(alone(Tag{0x0004, 0x0016}, kCtImage)), "not a Part 10 file");
  // No implicit VR is big endian.
  EXPECT_EQ(reason(check({0, 8, 0, 0x16, 0, 0, 0, 2, '1', 0})), "not a Part 10 file");
}

/// A file with these meta elements and no group length.
Bytes with_meta(const DatasetBuilder& meta) {
  Bytes file(128, 0);
  for (const char c : {'D', 'I', 'C', 'M'}) file.push_back(static_cast<Byte>(c));
  file.insert(file.end(), meta.dataset().begin(), meta.dataset().end());
  const Bytes dataset = a_header().dataset();
  file.insert(file.end(), dataset.begin(), dataset.end());
  return file;
}

TEST(CheckedFile, TheGroupLengthOfMetaInformationMayBeMissingOrWrong) {
  const CheckedFile missing = accepted(
      with_meta(DatasetBuilder().text(Tag{0x0002, 0x0010}, Vr::UI, kExplicitVrLittleEndian)));
  EXPECT_EQ(as_text(missing.header()), as_text(a_header().dataset()));
  EXPECT_EQ(missing.sop_class_uid(), "");
  const CheckedFile wrong =
      accepted(with_meta(DatasetBuilder()
                             .bytes(Tag{0x0002, 0x0000}, Vr::UL, Bytes{0xFF, 0xFF, 0, 0})
                             .text(Tag{0x0002, 0x0010}, Vr::UI, kExplicitVrLittleEndian)));
  EXPECT_EQ(as_text(wrong.header()), as_text(a_header().dataset()));
}

TEST(CheckedFile, ExactlyOneTransferSyntaxIsNeeded) {
  const std::string_view missing = "the file does not say its transfer syntax";
  EXPECT_EQ(reason(check(with_meta(DatasetBuilder()))), missing);
  EXPECT_EQ(reason(check(with_meta(DatasetBuilder().text(Tag{0x0002, 0x0003}, Vr::UI, "1.2")))),
            missing);
  EXPECT_EQ(reason(check(with_meta(DatasetBuilder().text(Tag{0x0002, 0x0010}, Vr::UI, "JPEG")))),
            missing);
  EXPECT_EQ(reason(check(with_meta(DatasetBuilder()
                                       .text(Tag{0x0002, 0x0010}, Vr::UI, kExplicitVrLittleEndian)
                                       .text(Tag{0x0002, 0x0010}, Vr::UI, kJpegBaseline)))),
            "elements are not in ascending order");
}

TEST(CheckedFile, MetaInformationHasNoSequences) {
  EXPECT_EQ(reason(check(with_meta(DatasetBuilder()
                                       .text(Tag{0x0002, 0x0010}, Vr::UI, kExplicitVrLittleEndian)
                                       .begin_sequence(Tag{0x0002, 0x0102})
                                       .end_sequence()))),
            "a sequence in the file meta information");
}

TEST(CheckedFile, NativePixelDataHaveALength) {
  for (const std::string_view syntax : {kExplicitVrLittleEndian, kImplicitVrLittleEndian}) {
    DatasetBuilder dataset(syntax);
    dataset.raw(a_header(syntax).dataset()).encapsulated(kPixelData, {Bytes(10)});
    EXPECT_EQ(reason(check(part10(dataset))),
              "pixel data of undefined length where none are allowed");
  }
}

TEST(CheckedFile, PixelDataOfPrivateSyntaxesMayHaveALength) {
  for (const std::string_view syntax : {kPrivateSyntax, kJpegBaseline}) {
    DatasetBuilder dataset(syntax);
    dataset.raw(a_header(syntax).dataset()).bytes(kPixelData, Vr::OB, Bytes(10));
    EXPECT_EQ(reason(check(part10(dataset))), "accepted");
  }
}

TEST(CheckedFile, FragmentsAreARowOfItems) {
  const auto with_fragments = [](const DatasetBuilder& content) {
    DatasetBuilder dataset(kJpegBaseline);
    dataset.raw(a_header().dataset())
        .header(kPixelData, Vr::OB, kUndefinedLength)
        .raw(content.dataset());
    return reason(check(part10(dataset)));
  };
  const std::string_view no_row = "the pixel data are not a row of fragments";
  EXPECT_EQ(with_fragments(DatasetBuilder().begin_item()), no_row);
  EXPECT_EQ(with_fragments(DatasetBuilder().us(Tag{0x7FE0, 0x0010}, 1)), no_row);
  EXPECT_EQ(with_fragments(DatasetBuilder().begin_item(Length::defined).end_item()),
            "the pixel data are cut short");
}

TEST(CheckedFile, GarbageBehindThePixelDataIsRefused) {
  const auto with_tail = [](const Bytes& tail) {
    return reason(check(part10(a_header().bytes(kPixelData, Vr::OW, Bytes(8)).raw(tail))));
  };
  EXPECT_EQ(with_tail(Bytes(1)), "the data end inside an element");
  EXPECT_EQ(with_tail(Bytes(16)), "an element of a group that is not allowed here");
  EXPECT_EQ(with_tail(Bytes(16, 0x20)), "an element of a group that is not allowed here");
  EXPECT_EQ(with_tail(DatasetBuilder().us(Tag{0x0028, 0x0011}, 1).dataset()),
            "an element of a group that is not allowed here");
}

TEST(CheckedFile, NestingIsCappedBeforeAndBehindThePixelData) {
  DatasetBuilder deep;
  for (int i = 0; i <= kMaxDepth; ++i) deep.begin_sequence(Tag{0x0040, 0xA730}).begin_item();
  for (int i = 0; i <= kMaxDepth; ++i) deep.end_item().end_sequence();
  EXPECT_EQ(reason(check(part10(deep))), "sequences are nested too deeply");
  EXPECT_EQ(reason(check(part10(DatasetBuilder()
                                    .bytes(kPixelData, Vr::OW, Bytes(8))
                                    .begin_sequence(Tag{0x7FE1, 0x1001})
                                    .begin_item()
                                    .raw(deep.dataset())
                                    .end_item()
                                    .end_sequence()))),
            "sequences are nested too deeply");
}

TEST(CheckedFile, NestingHiddenInPixelsBehindADamagedSequenceIsRefused) {
  const Bytes delimiter{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0};
  const auto with_items_in_pixels = [&](int items) {
    Bytes pixels(200'000);
    for (std::ptrdiff_t i = 0; i < items; ++i) {
      const Byte item[] = {0xFE, 0xFF, 0x00, 0xE0};
      std::copy(std::begin(item), std::end(item), pixels.begin() + 150'000 + 11 * i);
    }
    DatasetBuilder dataset(kImplicitVrLittleEndian);
    dataset.bytes(Tag{0x0029, 0x1010}, Vr::UN, delimiter).bytes(kPixelData, Vr::OW, pixels);
    return reason(CheckedFile::check(on_disk(part10(dataset))));
  };
  EXPECT_EQ(with_items_in_pixels(kMaxDepth), "accepted");
  EXPECT_EQ(with_items_in_pixels(kMaxDepth + 1), "a damaged sequence may hide deep nesting");
}

TEST(CheckedFile, ADeflatedDataSetIsInflatedAndWalked) {
  DatasetBuilder dataset = a_header();
  dataset.bytes(kPixelData, Vr::OW, Bytes(100'000, 5));
  const Bytes bytes = deflated_part10(dataset.dataset());
  for (const StoredFile& stored : {StoredFile::in_memory(bytes), on_disk(bytes)}) {
    auto result = CheckedFile::check(stored);
    ASSERT_EQ(reason(result), "accepted");
    const auto& file = std::get<CheckedFile>(result);
    EXPECT_EQ(file.transfer_syntax().uid, kExplicitVrLittleEndian);
    EXPECT_EQ(file.transfer_syntax().compression, Compression::none);
    EXPECT_EQ(as_text(file.header()), as_text(a_header().dataset()));
    EXPECT_EQ(file.pixel_offset(), file.header().size());
    EXPECT_EQ(file.source().size_bytes(), dataset.dataset().size());
    EXPECT_EQ(file.pixel_size(), 100'012U);
  }
}

TEST(CheckedFile, ADamagedDeflatedDataSetIsRefused) {
  const Bytes good = deflated_part10(a_header().dataset());
  Bytes cut = good;
  cut.resize(cut.size() - 5);
  EXPECT_EQ(reason(check(cut)), "the deflated data set is cut short");
  Bytes longer = good;
  longer.resize(longer.size() + 9);
  EXPECT_EQ(reason(check(longer)), "bytes follow the deflated data set");
  longer.resize(good.size() + 1);
  EXPECT_EQ(reason(check(longer)), "accepted");
  const DatasetBuilder plain =
      DatasetBuilder(kDeflatedExplicitVrLittleEndian).raw(a_header().dataset());
  EXPECT_EQ(reason(check(part10(plain))), "the data set is not deflated as its syntax says");
}

TEST(CheckedFile, AnInflatedDataSetIsWalkedToItsEnd) {
  EXPECT_EQ(reason(check(deflated_part10(DatasetBuilder(a_header()).raw(Bytes(3)).dataset()))),
            "the data end inside an element");
}

TEST(CheckedFile, WhatWasInflatedIsTakenOffAlsoWhereItWasInVain) {
  DatasetBuilder dataset = a_header();
  dataset.bytes(kPixelData, Vr::OW, Bytes(100'000, 5));
  const Bytes bytes = deflated_part10(dataset.dataset());
  CheckAllowance left{.inflated_bytes = 150'000};
  EXPECT_EQ(reason(CheckedFile::check(StoredFile::in_memory(bytes), left)), "accepted");
  EXPECT_EQ(left.inflated_bytes, 150'000 - dataset.dataset().size());
  EXPECT_EQ(reason(CheckedFile::check(StoredFile::in_memory(bytes), left)),
            "the inflated data set is too large");
  EXPECT_EQ(left.inflated_bytes, 0U);
}

TEST(CheckedFile, ElementsBeyondTheAllowanceAreNotWalked) {
  const auto file = [] { return StoredFile::in_memory(part10(a_header())); };
  CheckAllowance used;
  ASSERT_EQ(reason(CheckedFile::check(file(), used)), "accepted");
  CheckAllowance just_enough{.steps = UINT64_MAX - used.steps};
  EXPECT_EQ(reason(CheckedFile::check(file(), just_enough)), "accepted");
  CheckAllowance too_few{.steps = UINT64_MAX - used.steps - 1};
  EXPECT_EQ(reason(CheckedFile::check(file(), too_few)), "the file has too many elements");
  EXPECT_EQ(too_few.steps, 0U);
}

TEST(CheckedFile, AHeaderLargerThanItsLimitIsRefusedWithoutReadingAllOfIt) {
  for (const std::uint32_t length : {64U << 20, 0x7FFFFFF0U}) {
    const Bytes head = part10(DatasetBuilder().header(Tag{0x0042, 0x0011}, Vr::OB, length));
    const int sparse = descriptor_of(head);
    ASSERT_EQ(::ftruncate(sparse, static_cast<off_t>(head.size() + length)), 0);
    EXPECT_EQ(reason(CheckedFile::check(StoredFile::on_disk(sparse))), "the header is too large");
  }
}

// Files of pydicom's own tests, with what is known to be wrong with some of them.
TEST(CheckedFile, AcceptsRealFilesAndRefusesBrokenOnes) {
  const std::filesystem::path folder = "/usr/lib/python3/dist-packages/pydicom/data/test_files";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "python3-pydicom is not installed";
  const std::map<std::string, std::string_view> broken{
      {"no_meta.dcm", "not a Part 10 file"},  // and a stray byte before its first element
      {"MR_truncated.dcm", "the pixel data are cut short"},
      {"rtplan_truncated.dcm", "an element is longer than what it stands in"},
      {"SC_rgb_jpeg.dcm", "a value representation that does not exist"},
      {"meta_missing_tsyntax.dcm", "an element of a group that is not allowed here"},
      {"nested_priv_SQ.dcm", "an element of a group that is not allowed here"},
  };
  int checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".dcm") continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    const Bytes content{std::istreambuf_iterator<char>(stream), {}};
    const auto known = broken.find(entry.path().filename());
    EXPECT_EQ(reason(check(content)), known == broken.end() ? "accepted" : known->second)
        << entry.path().filename();
    ++checked;
  }
  EXPECT_GT(checked, 50);
}

/// That of somebody who goes away when he is asked for the first time.
Demand nobodys() {
  return Demand(std::stop_token(), [] { return false; });
}

TEST(CheckedFile, IsGivenUpAmongItsElementsWhenNobodyWaits) {
  DatasetBuilder dataset;
  dataset.begin_sequence(Tag{0x0008, 0x1115});
  for (int i = 0; i < 10'000; ++i) {
    dataset.begin_item().text(Tag{0x0008, 0x0018}, Vr::UI, "2.25.7").end_item();
  }
  dataset.end_sequence();
  const StoredFile file = StoredFile::in_memory(part10(dataset));
  EXPECT_EQ(reason(CheckedFile::check(file)), "accepted");
  EXPECT_THROW(CheckedFile::check(file, nobodys()), DemandOver);
}

TEST(CheckedFile, IsGivenUpAmongItsFragmentsWhenNobodyWaits) {
  const std::vector<Bytes> fragments(10'000, Bytes(2));
  const StoredFile file =
      StoredFile::in_memory(part10(a_header(kJpegBaseline).encapsulated(kPixelData, fragments)));
  EXPECT_EQ(reason(CheckedFile::check(file)), "accepted");
  EXPECT_THROW(CheckedFile::check(file, nobodys()), DemandOver);
}

TEST(CheckedFile, IsGivenUpWhileItIsInflatedWhenNobodyWaits) {
  const StoredFile file = StoredFile::in_memory(
      deflated_part10(a_header().bytes(kPixelData, Vr::OW, Bytes(20U << 20U)).dataset()));
  std::uint64_t asked = 0;
  CheckAllowance allowance;
  const Demand for_a_while(std::stop_token(), [&] { return ++asked < 3; });
  EXPECT_THROW(CheckedFile::check(file, allowance, for_a_while), DemandOver);
  EXPECT_GT(allowance.inflated_bytes, (1ULL << 30U) - (4U << 20U)) << "most of it was spared";
}

}  // namespace
}  // namespace sekisho::core::dicom
