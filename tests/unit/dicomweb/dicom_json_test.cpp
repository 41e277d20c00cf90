// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/dicom_json.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <limits>

#include "support/dicom_builder.h"

namespace sekisho::dicomweb {
namespace {

using core::Byte;
using core::Bytes;
using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::Vr;
using tests::DatasetBuilder;
using tests::Length;

std::string json_of(const DatasetBuilder& builder,
                    std::string_view syntax = core::dicom::kExplicitVrLittleEndian,
                    const Selection& selection = kEverything, std::span<const Extra> extras = {}) {
  const auto coding = *core::dicom::TransferSyntax::from_uid(syntax);
  const Dataset parts[] = {{builder.dataset(), coding.vr, coding.order}};
  std::string out;
  append_json(out, parts, selection, extras);
  return out;
}

std::string json_of_text(Vr vr, std::string_view text, Tag tag = Tag{0x0010, 0x9999}) {
  return json_of(DatasetBuilder().text(tag, vr, text));
}

template <class Number>
Bytes little_endian(std::initializer_list<Number> numbers) {
  Bytes bytes;
  for (const Number number : numbers) {
    for (const Byte byte : std::bit_cast<std::array<Byte, sizeof number>>(number)) {
      bytes.push_back(byte);
    }
  }
  return bytes;
}

TEST(DicomJson, AnEmptyDataSetIsAnEmptyObject) { EXPECT_EQ(json_of(DatasetBuilder()), "{}"); }

TEST(DicomJson, AnExampleOfMostThings) {
  const Byte blob[] = {0, 1, 2, 0xFF};
  DatasetBuilder data;
  data.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 100")
      .text(Tag{0x0008, 0x0008}, Vr::CS, "ORIGINAL\\PRIMARY\\AXIAL")
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3")
      .text(Tag{0x0008, 0x0050}, Vr::SH, "")
      .begin_sequence(Tag{0x0008, 0x1140})
      .begin_item()
      .text(Tag{0x0008, 0x1150}, Vr::UI, "1.2")
      .end_item()
      .begin_item()
      .end_item()
      .end_sequence()
      .text(Tag{0x0010, 0x0010}, Vr::PN, "M\xFCller^Anna")
      .text(Tag{0x0020, 0x0013}, Vr::IS, " 007")
      .us(Tag{0x0028, 0x0010}, 512)
      .text(Tag{0x0028, 0x0030}, Vr::DS, "0.50\\+.5")
      .bytes(Tag{0x0028, 0x3006}, Vr::OW, blob);
  EXPECT_EQ(json_of(data),
            R"({"00080005":{"vr":"CS","Value":["ISO_IR 192"]},)"
            R"("00080008":{"vr":"CS","Value":["ORIGINAL","PRIMARY","AXIAL"]},)"
            R"("00080018":{"vr":"UI","Value":["1.2.3"]},)"
            R"("00080050":{"vr":"SH"},)"
            R"("00081140":{"vr":"SQ","Value":[{"00081150":{"vr":"UI","Value":["1.2"]}},{}]},)"
            R"("00100010":{"vr":"PN","Value":[{"Alphabetic":"Müller^Anna"}]},)"
            R"("00200013":{"vr":"IS","Value":[7]},)"
            R"("00280010":{"vr":"US","Value":[512]},)"
            R"("00280030":{"vr":"DS","Value":[0.50,0.5]},)"
            R"("00283006":{"vr":"OW","InlineBinary":"AAEC/w=="}})");
}

TEST(DicomJson, AnEmptySequenceHasNoValue) {
  EXPECT_EQ(json_of(DatasetBuilder().begin_sequence(Tag{0x0008, 0x1140}).end_sequence()),
            R"({"00081140":{"vr":"SQ"}})");
}

TEST(DicomJson, SequencesNestAndEnd) {
  DatasetBuilder data;
  data.begin_sequence(Tag{0x0008, 0x1140}, Length::defined)
      .begin_item(Length::defined)
      .begin_sequence(Tag{0x0040, 0xA170})
      .begin_item()
      .text(Tag{0x0008, 0x0100}, Vr::SH, "1")
      .end_item()
      .end_sequence()
      .text(Tag{0x0040, 0xA171}, Vr::UI, "1.2")
      .end_item()
      .end_sequence()
      .text(Tag{0x0010, 0x0020}, Vr::LO, "x");
  EXPECT_EQ(json_of(data),
            R"({"00081140":{"vr":"SQ","Value":[{"0040A170":{"vr":"SQ","Value":[{"00080100":)"
            R"({"vr":"SH","Value":["1"]}}]},"0040A171":{"vr":"UI","Value":["1.2"]}}]},)"
            R"("00100020":{"vr":"LO","Value":["x"]}})");
}

TEST(DicomJson, PersonNamesSplitIntoTheirGroupsAfterDecoding) {
  DatasetBuilder data;
  data.text(Tag{0x0008, 0x0005}, Vr::CS, "\\ISO 2022 IR 87")
      .text(Tag{0x0010, 0x0010}, Vr::PN,
            "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B="
            "\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B");
  EXPECT_EQ(json_of(data), R"({"00080005":{"vr":"CS","Value":["ISO_IR 192"]},)"
                           R"("00100010":{"vr":"PN","Value":[{"Alphabetic":"Yamada^Tarou",)"
                           R"("Ideographic":"山田^太郎","Phonetic":"やまだ^たろう"}]}})");
}

TEST(DicomJson, EmptyNameGroupsAreLeftOut) {
  EXPECT_EQ(json_of_text(Vr::PN, "=X^Y"),
            R"({"00109999":{"vr":"PN","Value":[{"Ideographic":"X^Y"}]}})");
  EXPECT_EQ(json_of_text(Vr::PN, "A==C\\\\B"),
            R"({"00109999":{"vr":"PN","Value":[{"Alphabetic":"A","Phonetic":"C"},null,)"
            R"({"Alphabetic":"B"}]}})");
}

TEST(DicomJson, EachItemMayHaveItsOwnCharacterSet) {
  DatasetBuilder data;
  data.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 100")
      .begin_sequence(Tag{0x0008, 0x1111})
      .begin_item()
      .text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 144")
      .text(Tag{0x0010, 0x0020}, Vr::LO, "\xB8")
      .end_item()
      .begin_item()
      .text(Tag{0x0010, 0x0020}, Vr::LO, "\xE9")
      .end_item()
      .end_sequence()
      .text(Tag{0x0010, 0x0020}, Vr::LO, "\xE8");
  EXPECT_EQ(json_of(data),
            R"({"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"00081111":{"vr":"SQ","Value":[)"
            R"({"00080005":{"vr":"CS","Value":["ISO_IR 192"]},)"
            R"("00100020":{"vr":"LO","Value":["И"]}},)"
            R"({"00100020":{"vr":"LO","Value":["é"]}}]},)"
            R"("00100020":{"vr":"LO","Value":["è"]}})");
}

TEST(DicomJson, WhateverTheBytesTheAnswerIsUtf8) {
  EXPECT_EQ(json_of_text(Vr::CS, "A\xFF"), R"({"00109999":{"vr":"CS","Value":["Aÿ"]}})");
  DatasetBuilder data;
  data.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0010, 0x0020}, Vr::LO, "\xE5\xB1");
  EXPECT_EQ(json_of(data), R"({"00080005":{"vr":"CS","Value":["ISO_IR 192"]},)"
                           R"("00100020":{"vr":"LO","Value":["��"]}})");
}

TEST(DicomJson, TextIsEscapedAndItsPaddingDropped) {
  EXPECT_EQ(
      json_of_text(Vr::ST, "a\\b\"c\r\n\t\x01 "),
      "{\"00109999\":{\"vr\":\"ST\",\"Value\":[\"a\\\\b\\\"c\\u000d\\u000a\\u0009\\u0001\"]}}");
  EXPECT_EQ(json_of_text(Vr::LO, " x \\y "), R"({"00109999":{"vr":"LO","Value":[" x","y"]}})");
}

TEST(DicomJson, EmptyValuesAmongOthersAreNull) {
  EXPECT_EQ(json_of_text(Vr::CS, "A\\\\C"), R"({"00109999":{"vr":"CS","Value":["A",null,"C"]}})");
  EXPECT_EQ(json_of_text(Vr::DS, "\\1"), R"({"00109999":{"vr":"DS","Value":[null,1]}})");
  EXPECT_EQ(json_of_text(Vr::LO, "  "), R"({"00109999":{"vr":"LO"}})");
}

TEST(DicomJson, DecimalAndIntegerStringsKeepTheirDigits) {
  const std::pair<const char*, const char*> kCases[] = {
      {"1.50", "1.50"},   {"-0", "-0"},
      {"+12", "12"},      {".5", "0.5"},
      {"-.25", "-0.25"},  {"5.", "5"},
      {"0012", "12"},     {"1e5", "1e5"},
      {"1E+05", "1e+05"}, {"1.5e-3", "1.5e-3"},
      {" 3 ", "3"},       {"0", "0"},
      {"000", "0"},       {"1,5", "\"1,5\""},
      {"1e", "\"1e\""},   {"1e999", "\"1e999\""},
      {"-", "\"-\""},     {".", "\".\""},
      {"abc", "\"abc\""}, {"0x10", "\"0x10\""},
      {"NaN", "\"NaN\""}, {"1 2", "\"1 2\""},
      {"--1", "\"--1\""}, {"0.12345678901234567890", "\"0.12345678901234567890\""},
  };
  for (const auto& [text, expected] : kCases) {
    EXPECT_EQ(json_of_text(Vr::DS, text),
              std::string(R"({"00109999":{"vr":"DS","Value":[)") + expected + "]}}")
        << text;
  }
}

TEST(DicomJson, BinaryNumbersOfEveryVr) {
  const Tag tag{0x0018, 0x9999};
  const auto value = [&](Vr vr, const Bytes& bytes) {
    const std::string json = json_of(DatasetBuilder().bytes(tag, vr, bytes));
    const std::string head = R"({"00189999":{"vr":")" + std::string(name(vr)) + R"(","Value":[)";
    EXPECT_TRUE(json.starts_with(head)) << json;
    return json.substr(head.size(), json.size() - head.size() - 3);
  };
  EXPECT_EQ(value(Vr::US, little_endian<std::uint16_t>({0, 65535})), "0,65535");
  EXPECT_EQ(value(Vr::SS, little_endian<std::int16_t>({-32768, 5})), "-32768,5");
  EXPECT_EQ(value(Vr::UL, little_endian<std::uint32_t>({4294967295U})), "4294967295");
  EXPECT_EQ(value(Vr::SL, little_endian<std::int32_t>({-2147483647})), "-2147483647");
  EXPECT_EQ(value(Vr::UV, little_endian<std::uint64_t>({9007199254740992ULL})), "9007199254740992");
  EXPECT_EQ(value(Vr::UV, little_endian<std::uint64_t>({18446744073709551615ULL})),
            "\"18446744073709551615\"");
  EXPECT_EQ(value(Vr::SV, little_endian<std::int64_t>({-5, -9007199254740993LL})),
            "-5,\"-9007199254740993\"");
  EXPECT_EQ(value(Vr::AT, little_endian<std::uint16_t>({0x0018, 0x00FF})), "\"001800FF\"");
  EXPECT_EQ(value(Vr::FL, little_endian<float>({0.1F, -1.5F, 1e10F})), "0.1,-1.5,1e+10");
  EXPECT_EQ(value(Vr::FD, little_endian<double>({0.1, 1.0 / 3})), "0.1,0.3333333333333333");
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(value(Vr::FD, little_endian<double>({kInfinity, -kInfinity})),
            "\"Infinity\",\"-Infinity\"");
  EXPECT_EQ(value(Vr::FL, little_endian<float>({std::numeric_limits<float>::quiet_NaN()})),
            "\"NaN\"");
}

TEST(DicomJson, AnOddPieceOfANumberIsLeftOut) {
  const Byte three[] = {1, 0, 2};
  EXPECT_EQ(json_of(DatasetBuilder().bytes(Tag{0x0018, 0x9999}, Vr::US, three)),
            R"({"00189999":{"vr":"US","Value":[1]}})");
  EXPECT_EQ(json_of(DatasetBuilder().bytes(Tag{0x0018, 0x9999}, Vr::UL, three)),
            R"({"00189999":{"vr":"UL"}})");
}

TEST(DicomJson, BigEndianReadsTheSame) {
  constexpr auto kBig = core::dicom::kExplicitVrBigEndian;
  const Byte words[] = {0x01, 0x02, 0x03, 0x04};
  DatasetBuilder data(kBig);
  data.bytes(Tag{0x0028, 0x0009}, Vr::AT, words)
      .us(Tag{0x0028, 0x0010}, 0x0102)
      .bytes(Tag{0x0028, 0x3006}, Vr::OW, words)
      .bytes(Tag{0x0029, 0x1010}, Vr::OB, words);
  EXPECT_EQ(json_of(data, kBig),
            R"({"00280009":{"vr":"AT","Value":["01020304"]},"00280010":{"vr":"US","Value":[258]},)"
            R"("00283006":{"vr":"OW","InlineBinary":"AgEEAw=="},)"
            R"("00291010":{"vr":"OB","InlineBinary":"AQIDBA=="}})");
}

TEST(DicomJson, ImplicitVrTakesTheDictionarys) {
  constexpr auto kImplicit = core::dicom::kImplicitVrLittleEndian;
  DatasetBuilder data(kImplicit);
  data.text(Tag{0x0010, 0x0010}, Vr::PN, "A^B").text(Tag{0x0011, 0x1001}, Vr::UN, "ab");
  EXPECT_EQ(json_of(data, kImplicit), R"({"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B"}]},)"
                                      R"("00111001":{"vr":"UN","InlineBinary":"YWI="}})");
}

TEST(DicomJson, PixelValuesAreSignedWherePixelRepresentationSaysSo) {
  constexpr auto kImplicit = core::dicom::kImplicitVrLittleEndian;
  for (const auto& [representation, expected] :
       {std::pair<std::uint16_t, const char*>{0, R"("vr":"US","Value":[63536])"},
        std::pair<std::uint16_t, const char*>{1, R"("vr":"SS","Value":[-2000])"}}) {
    DatasetBuilder data(kImplicit);
    data.us(Tag{0x0028, 0x0103}, representation).us(Tag{0x0028, 0x0120}, 63536);
    EXPECT_NE(json_of(data, kImplicit).find(expected), std::string::npos) << expected;
  }
}

TEST(DicomJson, PublicAttributesOfUnknownVrHaveTheDictionarys) {
  DatasetBuilder data;
  data.text(Tag{0x0010, 0x0010}, Vr::UN, "A^B")
      .text(Tag{0x0011, 0x1001}, Vr::UN, "ab")
      .bytes(Tag{0x0028, 0x0010}, Vr::UN, little_endian<std::uint16_t>({512}));
  EXPECT_EQ(json_of(data), R"({"00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B"}]},)"
                           R"("00111001":{"vr":"UN","InlineBinary":"YWI="},)"
                           R"("00280010":{"vr":"US","Value":[512]}})");
}

TEST(DicomJson, WhatIsNoMetadataIsLeftOutAtEveryDepth) {
  const Bytes pixels(16, 7);
  DatasetBuilder data;
  data.bytes(Tag{0x0008, 0x0000}, Vr::UL, little_endian<std::uint32_t>({4}))
      .begin_sequence(Tag{0x0088, 0x0200})
      .begin_item()
      .us(Tag{0x0028, 0x0010}, 4)
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, pixels)
      .end_item()
      .begin_item()
      .encapsulated(Tag{0x7FE0, 0x0010}, {pixels})
      .end_item()
      .end_sequence()
      .bytes(Tag{0xFFFC, 0xFFFC}, Vr::OB, pixels);
  EXPECT_EQ(json_of(data),
            R"({"00880200":{"vr":"SQ","Value":[{"00280010":{"vr":"US","Value":[4]}},{}]}})");
}

TEST(DicomJson, LongValuesAreLeftOut) {
  DatasetBuilder data;
  data.bytes(Tag{0x0029, 0x1010}, Vr::OB, Bytes(kLongestInlineValue + 2, 1))
      .bytes(Tag{0x0029, 0x1011}, Vr::OB, Bytes(4, 1));
  EXPECT_EQ(json_of(data), R"({"00291011":{"vr":"OB","InlineBinary":"AQEBAQ=="}})");
}

TEST(DicomJson, SelectionTakesListedAttributesAndWholeLevels) {
  DatasetBuilder data;
  data.text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .begin_sequence(Tag{0x0008, 0x1140})
      .begin_item()
      .text(Tag{0x0010, 0x0020}, Vr::LO, "inner")
      .end_item()
      .end_sequence()
      .text(Tag{0x0010, 0x0020}, Vr::LO, "outer")
      .us(Tag{0x0028, 0x0010}, 4);
  constexpr auto kSyntax = core::dicom::kExplicitVrLittleEndian;
  const Tag listed[] = {Tag{0x0010, 0x0020}};
  EXPECT_EQ(json_of(data, kSyntax, {listed, {}}), R"({"00100020":{"vr":"LO","Value":["outer"]}})");
  EXPECT_EQ(json_of(data, kSyntax, {{}, Level::study}),
            R"({"00100020":{"vr":"LO","Value":["outer"]}})");
  EXPECT_EQ(json_of(data, kSyntax, {{}, Level::series}),
            R"({"00080060":{"vr":"CS","Value":["CT"]},"00100020":{"vr":"LO","Value":["outer"]}})");
}

TEST(DicomJson, ExtrasStandInTheirPlaceAndReplaceOrFillIn) {
  DatasetBuilder data;
  data.text(Tag{0x0008, 0x0018}, Vr::UI, "1.2").text(Tag{0x0010, 0x0020}, Vr::LO, "x");
  const Extra extras[] = {
      {Tag{0x0008, 0x0005}, Vr::CS, "", Extra::When::if_absent},
      {Tag{0x0008, 0x0018}, Vr::UI, "2.25.9", Extra::When::always},
      {Tag{0x0008, 0x0061}, Vr::CS, "CT\\MR", Extra::When::always},
      {Tag{0x0010, 0x0020}, Vr::LO, "", Extra::When::if_absent},
      {Tag{0x0020, 0x1206}, Vr::IS, "3", Extra::When::always},
  };
  EXPECT_EQ(json_of(data, core::dicom::kExplicitVrLittleEndian, kEverything, extras),
            R"({"00080005":{"vr":"CS"},"00080018":{"vr":"UI","Value":["2.25.9"]},)"
            R"("00080061":{"vr":"CS","Value":["CT","MR"]},"00100020":{"vr":"LO","Value":["x"]},)"
            R"("00201206":{"vr":"IS","Value":[3]}})");
}

TEST(DicomJson, PartsOfOneDataSetFollowEachOther) {
  DatasetBuilder head;
  head.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 100").text(Tag{0x0010, 0x0020}, Vr::LO, "x");
  DatasetBuilder tail;
  tail.text(Tag{0xFFFA, 0x1010}, Vr::LO, "\xE9");
  const Dataset parts[] = {{head.dataset()}, {tail.dataset()}};
  std::string out;
  append_json(out, parts, kEverything, {});
  EXPECT_EQ(
      out, R"({"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"00100020":{"vr":"LO","Value":["x"]},)"
           R"("FFFA1010":{"vr":"LO","Value":["é"]}})");
}

TEST(DicomJson, MalformedBytesAreABugAndThrow) {
  const Byte cut[] = {0x08, 0x00, 0x18};
  const Dataset parts[] = {{cut}};
  std::string out;
  EXPECT_THROW(append_json(out, parts, kEverything, {}), std::logic_error);
}

TEST(DicomJson, OfManyElementsIsGivenUpWhenNobodyWaits) {
  DatasetBuilder many;
  many.begin_sequence(Tag{0x0008, 0x1140});
  for (int i = 0; i < 10'000; ++i) many.begin_item().end_item();
  many.end_sequence();
  const Dataset parts[] = {{many.dataset()}};
  const core::Demand nobodys(std::stop_token(), [] { return false; });
  std::string out;
  EXPECT_THROW(append_json(out, parts, kEverything, {}, nobodys), core::DemandOver);
}

}  // namespace
}  // namespace sekisho::dicomweb
