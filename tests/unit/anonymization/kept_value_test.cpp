// SPDX-License-Identifier: GPL-3.0-or-later
// What a rule keeps is of the dictionary's VR, VM and form; what is near to it is repaired.
#include "anonymization/masking/kept_value.h"

#include <array>
#include <bit>
#include <functional>
#include <random>

#include "anonymization/masking/replacement.h"
#include "anonymization/masking/words_in_numbers.h"
#include "core/dicom/dictionary.h"
#include "support/profiles.h"
#include "unit/anonymization/two_maskers.h"

namespace sekisho::anonymization::tests {
namespace {

using core::dicom::ByteOrder;

/// At the top level, by the mask and by the oracle.
std::string kept_of(Tag tag, Vr file_vr, ByteView value, const Profile& profile = basic()) {
  DatasetBuilder dataset;
  dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
  if (tag < Tag{0x0008, 0x0016}) dataset = DatasetBuilder();
  dataset.bytes(tag, file_vr, value);
  if (tag < Tag{0x0008, 0x0016}) {
    dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
  }
  return value_in(masked_alike(profile, dataset.part10(kCtImageStorage, kInstance)), tag);
}
std::string kept_text(Tag tag, std::string_view text, const Profile& profile = all_fields()) {
  std::string padded(text);
  if (padded.size() % 2 != 0) padded += ' ';
  return kept_of(tag, core::dicom::find(tag)->vr, core::as_bytes(padded), profile);
}

TEST(KeptValue, HasTheDictionarysMultiplicity) {
  using core::dicom::Multiplicity;
  EXPECT_TRUE(Multiplicity::of(2, 0, 2).allows(4));
  EXPECT_FALSE(Multiplicity::of(2, 0, 2).allows(3));
  EXPECT_FALSE(Multiplicity::of(3, 3, 1).allows(2));
  EXPECT_TRUE(Multiplicity::of(3, 3, 1).allows(0));
  EXPECT_TRUE(Multiplicity().allows(70'000));
  EXPECT_EQ(core::dicom::find(Tag{0x0018, 0x1310})->vm, Multiplicity::of(4, 4, 1));
  const Bytes four(8, 1);
  EXPECT_NE(kept_of(Tag{0x0018, 0x1310}, Vr::US, four), "absent");
  EXPECT_EQ(kept_of(Tag{0x0018, 0x1310}, Vr::US, ByteView(four).first(6)), "absent");
  EXPECT_EQ(kept_text(Tag{0x0018, 0x1130}, "1\\2"), "absent");  // TableHeight
  EXPECT_EQ(kept_text(Tag{0x0028, 0x0030}, "0.5"), "");         // PixelSpacing: Type 1
  EXPECT_EQ(kept_text(Tag{0x0028, 0x0030}, "0.5\\.5"), "0.5\\.5");
}

TEST(KeptValue, HasTheDictionarysVrOrNone) {
  const Bytes one = {0, 0, 0, 0, 0, 0, 0xF0, 0x3F};  // 1.0
  constexpr Tag kBValue{0x0018, 0x9087};
  EXPECT_NE(kept_of(kBValue, Vr::FD, one), "absent");
  EXPECT_NE(kept_of(kBValue, Vr::UN, one), "absent");
  for (Vr vr : {Vr::OB, Vr::OW, Vr::UL, Vr::FL, Vr::UV, Vr::LO, Vr::UT}) {
    EXPECT_EQ(kept_of(kBValue, vr, one), "absent") << core::dicom::name(vr);
  }
}

// ---- text where numbers belong

struct Carrier {
  Vr vr;  ///< as the file says
  std::string text;
};

std::string filled(std::size_t size) {
  constexpr std::string_view kText = "CANARYTAROYAMADA";
  std::string text;
  while (text.size() < size) text += kText[text.size() % kText.size()];
  return text;
}

/// Every element that one of the profiles keeps and that is no text, with that text in it.
DatasetBuilder planted(std::string_view syntax, const Profile& profile,
                       const std::function<Carrier(const core::dicom::DictionaryEntry&)>& carrier,
                       bool is_nested, int& count) {
  DatasetBuilder dataset(syntax);
  constexpr Tag kAnatomicRegion{0x0008, 0x2218};
  for (const auto& entry : core::dicom::dictionary()) {
    if (core::dicom::find(entry.tag) != &entry || entry.tag < Tag{0x0008, 0x0000}) continue;
    if (entry.tag >= Tag{0x7FE0, 0x0000}) break;
    if (!is_nested && entry.tag == Tag{0x0008, 0x0016}) {
      dataset.text(entry.tag, Vr::UI, kCtImageStorage);
    } else if (!is_nested && entry.tag == Tag{0x0008, 0x0018}) {
      dataset.text(entry.tag, Vr::UI, kInstance);
    } else if (!is_nested && entry.tag == kAnatomicRegion) {
      int nested = 0;
      dataset.begin_sequence(entry.tag).begin_item();
      dataset.raw(planted(syntax, profile, carrier, true, nested).dataset());
      dataset.end_item().end_sequence();
    } else if (!core::dicom::is_text(entry.vr) && entry.vr != Vr::SQ &&
               profile.action_for(entry.tag) == Action::keep) {
      const Carrier carried = carrier(entry);
      dataset.text(entry.tag, carried.vr, carried.text);
      ++count;
    }
  }
  return dataset;
}

bool shows_canary(ByteView bytes) {
  return contains(bytes, "CANARY") || contains(bytes, "canary") || contains(bytes, "AROYAM");
}

std::vector<Profile> four_profiles() {
  return {basic(), all_fields(), profile_of(R"("minimum-disclosure")"),
          profile_of(R"({"Name": "ps3.15-basic", "Options": ["CleanPixelData",
                         "CleanDescriptors"]})")};
}

TEST(TextUnderNumbers, DiesInEveryElementOfTheDictionaryUnderEveryVr) {
  const std::vector<std::string> texts = {"CANARY",   "canary",
                                          "CANARYXY", "CANARY TARO",
                                          "xyCANARY", "CANARYBVAL TARO YAMADA 1955-05-05 MRN12"};
  const Vr kVrs[] = {Vr::UN, Vr::OB, Vr::OW, Vr::US, Vr::FD, Vr::LO, Vr::UT};
  for (const Profile& profile : four_profiles()) {
    for (const std::string& text : texts) {
      for (Vr vr : kVrs) {
        int count = 0;
        const auto dataset = planted(
            core::dicom::kExplicitVrLittleEndian, profile,
            [&](const auto&) { return Carrier{vr, text}; }, false, count);
        EXPECT_GT(count, 150);
        const Bytes masked = masked_bytes(dataset.part10(kCtImageStorage, kInstance), profile);
        EXPECT_FALSE(shows_canary(masked)) << profile.name() << core::dicom::name(vr) << text;
      }
    }
  }
}

TEST(TextUnderNumbers, DiesWhereItHasTheRightSizeToo) {
  for (std::string_view syntax :
       {core::dicom::kExplicitVrLittleEndian, core::dicom::kImplicitVrLittleEndian,
        core::dicom::kExplicitVrBigEndian}) {
    for (const Profile& profile : four_profiles()) {
      for (std::size_t times : {1U, 2U, 3U, 6U, 16U, 40U, 600U}) {
        int count = 0;
        const auto dataset = planted(
            syntax, profile,
            [&](const core::dicom::DictionaryEntry& entry) {
              const std::size_t values = entry.vm.allows(times) ? times : entry.vm.least();
              const std::size_t unit = std::max<std::size_t>(unit_size(entry.vr), 2);
              return Carrier{entry.vr, filled(values * unit)};
            },
            false, count);
        const Bytes masked = masked_bytes(dataset.part10(kCtImageStorage, kInstance), profile);
        EXPECT_FALSE(shows_canary(masked)) << profile.name() << ' ' << times << ' ' << syntax;
      }
    }
  }
}

TEST(TextUnderNumbers, DiesUnderSafePrivateTags) {
  const Profile profile =
      profile_of(R"({"Name": "ps3.15-basic", "Options": ["RetainSafePrivate"]})");
  for (Vr vr : {Vr::UN, Vr::FL, Vr::OB, Vr::LO}) {
    DatasetBuilder dataset;
    dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
        .text(Tag{0x0019, 0x0010}, Vr::LO, "SIEMENS MR HEADER")
        .text(Tag{0x0019, 0x100E}, vr, "CANARY DIFFUSION GRADIENT")  // FD, VM 3
        .text(Tag{0x2001, 0x0010}, Vr::LO, "Philips Imaging DD 001")
        .text(Tag{0x2001, 0x1001}, vr, "CANARYUN TARO YAMADA");  // FL, VM 1
    const Bytes masked = masked_alike(profile, dataset.part10(kCtImageStorage, kInstance));
    EXPECT_FALSE(contains(masked, "CANARY")) << core::dicom::name(vr);
    EXPECT_EQ(value_in(masked, Tag{0x2001, 0x0010}), "Philips Imaging DD 001");
  }
}

TEST(TextUnderNumbers, IsNotSeenInNumbersThatWereMeasured) {
  std::mt19937_64 random(20261130);
  std::uniform_real_distribution<double> measured(-2048, 2048);
  int lost = 0;
  constexpr int kTimes = 20'000;
  for (int i = 0; i < kTimes; ++i) {
    const std::array<double, 3> doubles = {measured(random), measured(random), measured(random)};
    const auto bytes = std::bit_cast<std::array<Byte, sizeof doubles>>(doubles);
    lost += reads_as_words(Vr::FD, bytes, ByteOrder::little);
    const std::array<float, 3> floats = {static_cast<float>(doubles[0]),
                                         static_cast<float>(doubles[1]),
                                         static_cast<float>(doubles[2])};
    lost += reads_as_words(Vr::FL, std::bit_cast<std::array<Byte, sizeof floats>>(floats),
                           ByteOrder::little);
  }
  EXPECT_LT(lost, kTimes / 1000);
  // Decimals, of which mantissas repeat bytes.
  for (int tenths = 1; tenths < 5000; ++tenths) {
    const std::array<float, 3> decimals = {static_cast<float>(tenths) / 10,
                                           static_cast<float>(tenths + 5) / 10, 12.9F};
    EXPECT_FALSE(reads_as_words(Vr::FL, std::bit_cast<std::array<Byte, sizeof decimals>>(decimals),
                                ByteOrder::little))
        << tenths;
  }
}

TEST(TextUnderNumbers, IsNoPointer) {
  constexpr Tag kFrameIncrementPointer{0x0028, 0x0009};
  const Bytes frame_time = {0x18, 0, 0x63, 0x10};
  EXPECT_NE(kept_of(kFrameIncrementPointer, Vr::AT, frame_time), "absent");
  EXPECT_NE(kept_of(kFrameIncrementPointer, Vr::AT, Bytes{0x19, 0, 0x23, 0x10}), "absent");
  EXPECT_EQ(kept_of(kFrameIncrementPointer, Vr::AT, core::as_bytes("TARO")), "absent");
  EXPECT_EQ(kept_of(kFrameIncrementPointer, Vr::AT, core::as_bytes("SATO")), "absent");
}

// ---- bytes

TEST(KeptBytes, AreReviewedOneByOne) {
  for (const auto& entry : core::dicom::dictionary()) {
    const std::uint16_t group = entry.tag.group();
    const bool is_of_bytes = entry.vr == Vr::OB || entry.vr == Vr::OD || entry.vr == Vr::OF ||
                             entry.vr == Vr::OL || entry.vr == Vr::OV || entry.vr == Vr::OW ||
                             entry.vr == Vr::UN;
    if (group < 0x0008 || group == 0x0014 || group == 0x7FE0 || !is_of_bytes) continue;
    EXPECT_TRUE(std::ranges::binary_search(bytes_rows(), entry.tag, {}, &BytesRow::tag))
        << entry.tag.hex();
  }
  for (const BytesRow& row : bytes_rows()) {
    EXPECT_NE(core::dicom::find(row.tag), nullptr) << row.tag.hex();
    EXPECT_FALSE(row.reason.empty());
  }
}

DatasetBuilder begin() {
  DatasetBuilder dataset;
  dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
  return dataset;
}
Bytes masked_by(const Profile& profile, const DatasetBuilder& dataset) {
  return masked_alike(profile, dataset.part10(kCtImageStorage, kInstance));
}
Bytes words(std::initializer_list<std::uint16_t> numbers) {
  Bytes bytes;
  for (std::uint16_t number : numbers) {
    bytes.push_back(static_cast<Byte>(number & 0xFF));
    bytes.push_back(static_cast<Byte>(number >> 8));
  }
  return bytes;
}
Bytes with(Bytes bytes, std::string_view text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

TEST(KeptBytes, OfATableAreAsManyAsItsDescriptorSays) {
  const Bytes data = words({0, 0x4000, 0x8000, 0xFFFF});
  const auto red = [&](const Bytes& descriptor, const Bytes& table) {
    return value_in(masked_by(all_fields(), begin()
                                                .bytes(Tag{0x0028, 0x1101}, Vr::US, descriptor)
                                                .bytes(Tag{0x0028, 0x1201}, Vr::OW, table)),
                    Tag{0x0028, 0x1201});
  };
  EXPECT_EQ(red(words({4, 0, 16}), data), core::as_text(data));
  EXPECT_EQ(red(words({4, 0, 16}), with(data, "CANARY")), core::as_text(data));
  EXPECT_EQ(red(words({5, 0, 16}), data), "absent");
  EXPECT_EQ(red(words({4, 0, 0x4141}), data), "absent");
  EXPECT_EQ(red(words({4, 0, 16}), with({}, "CANARYXY")), "absent");
  EXPECT_EQ(red(words({300, 0, 16}), with({}, filled(600))), "absent");
  // Entries of eight bits in one byte each, or in two.
  EXPECT_EQ(
      red(words({8, 0, 8}), data),
      value_in(begin().bytes(Tag{0x0028, 0x1201}, Vr::OW, data).part10(kCtImageStorage, kInstance),
               Tag{0x0028, 0x1201}));
  EXPECT_EQ(value_in(masked_by(all_fields(), begin().text(Tag{0x0028, 0x1201}, Vr::OW, "CANARY")),
                     Tag{0x0028, 0x1201}),
            "absent");
}

TEST(KeptBytes, OfSegmentsAddUpToTheirTable) {
  const auto red = [&](std::uint16_t entries, const Bytes& segments) {
    return value_in(
        masked_by(all_fields(), begin()
                                    .bytes(Tag{0x0028, 0x1101}, Vr::US, words({entries, 0, 16}))
                                    .bytes(Tag{0x0028, 0x1221}, Vr::OW, segments)),
        Tag{0x0028, 0x1221});
  };
  const Bytes segments = words({0, 2, 7, 8, 1, 254, 0xFFFF});
  EXPECT_EQ(red(256, segments), core::as_text(segments));
  EXPECT_EQ(red(255, segments), "absent");
  EXPECT_EQ(red(256, with(segments, "CANARY")), "absent");
  EXPECT_EQ(red(16705, with({}, "CANARYCANARY")), "absent");
}

DatasetBuilder& begin_wave(DatasetBuilder& dataset, std::uint32_t samples) {
  return dataset.begin_sequence(Tag{0x5400, 0x0100})
      .begin_item()
      .us(Tag{0x003A, 0x0005}, 2)
      .bytes(Tag{0x003A, 0x0010}, Vr::UL, Bytes{static_cast<Byte>(samples), 0, 0, 0})
      .us(Tag{0x5400, 0x1004}, 16);
}

TEST(KeptBytes, OfAWaveAreItsSamples) {
  const Bytes samples = words({1, 0xFFFE, 3, 0xFFFC, 5, 0xFFFA, 7, 0xFFF8});
  DatasetBuilder longer = begin();
  begin_wave(longer, 4)
      .bytes(Tag{0x5400, 0x1010}, Vr::OW, with(samples, "CANARY"))
      .end_item()
      .end_sequence();
  const Bytes masked = masked_by(basic(), longer);
  EXPECT_FALSE(contains(masked, "CANARY"));
  EXPECT_TRUE(contains(masked, core::as_text(samples)));
  DatasetBuilder shorter = begin();
  begin_wave(shorter, 5).bytes(Tag{0x5400, 0x1010}, Vr::OW, samples).end_item().end_sequence();
  EXPECT_FALSE(contains(masked_by(basic(), shorter), core::as_text(samples)));
}

TEST(KeptBytes, OfAnOverlayAreItsBits) {
  const Bytes bits = {0xF0, 0x0F, 0xAA, 0x81};
  const auto dataset = [&](std::uint16_t rows) {
    return begin()
        .us(Tag{0x6002, 0x0010}, rows)
        .us(Tag{0x6002, 0x0011}, 8)
        .bytes(Tag{0x6002, 0x3000}, Vr::OW, with(bits, "CANARY"));
  };
  EXPECT_EQ(value_in(masked_by(all_fields(), dataset(4)), Tag{0x6002, 0x3000}),
            core::as_text(bits));
  EXPECT_EQ(value_in(masked_by(all_fields(), dataset(40)), Tag{0x6002, 0x3000}), "absent");
}

// ---- repairs

TEST(Repair, KeepsNumbersThatAreWrittenOddly) {
  EXPECT_EQ(kept_text(Tag{0x0018, 0x1150}, "12.5"), "13");  // ExposureTime, IS
  EXPECT_EQ(kept_text(Tag{0x0018, 0x1150}, "-12.4"), "-12");
  EXPECT_EQ(kept_text(Tag{0x0018, 0x1151}, "250.0"), "250");
  EXPECT_EQ(kept_text(Tag{0x0020, 0x0013}, "1.0"), "1");
  EXPECT_EQ(kept_text(Tag{0x0020, 0x0013}, "+1e2"), "100");
  EXPECT_EQ(kept_text(Tag{0x0018, 0x0050}, "1,5"), "1.5");
  EXPECT_EQ(kept_text(Tag{0x0018, 0x0050}, "-0,125"), "-0.125");
  EXPECT_EQ(kept_text(Tag{0x0018, 0x0050}, "1,250"), "");  // 1.25, or 1250
  EXPECT_EQ(kept_text(Tag{0x0018, 0x0050}, "0.12345678901234567"), "0.12345678901235");
  EXPECT_EQ(kept_text(Tag{0x0018, 0x0050}, "-1234.5678901234567e-10"), "-1.23456789e-07");
  EXPECT_EQ(kept_text(Tag{0x0018, 0x0050}, " .5 "), " .5");  // right: kept to the byte
  EXPECT_EQ(kept_text(Tag{0x0028, 0x1050}, "NaN\\40"), "\\40");
  EXPECT_EQ(kept_text(Tag{0x0028, 0x1050}, "NaN"), "absent");
  EXPECT_EQ(kept_text(Tag{0x0008, 0x0022}, "2024-01-17"), "20240117");
}

TEST(Repair, EmptiesTheBadOneOfSeveralCodes) {
  constexpr Tag kImageType{0x0008, 0x0008};
  for (const Profile* profile : {&basic(), &all_fields()}) {
    EXPECT_EQ(kept_text(kImageType, "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI DUAL ENERGY", *profile),
              "ORIGINAL\\PRIMARY\\AXIAL\\");
    EXPECT_EQ(kept_text(kImageType, "ORIGINAL\\Yamada Taro, b. 1970\\AXIAL", *profile),
              "ORIGINAL\\\\AXIAL");
    EXPECT_EQ(kept_text(kImageType, "Yamada Taro, b. 1970\\?", *profile), "DERIVED\\SECONDARY");
  }
}

TEST(Repair, LeavesWhatAnObjectMustHave) {
  const Profile names = profile_of(R"({"Name": "patient-fields", "Fields": ["PatientName"]})");
  EXPECT_EQ(kept_text(Tag{0x0010, 0x0040}, "?", names), "");
  EXPECT_EQ(kept_text(Tag{0x0020, 0x0060}, "both sides of Yamada", names), "");
  EXPECT_EQ(kept_text(Tag{0x0020, 0x0013}, "one", names), "");
  EXPECT_EQ(kept_text(Tag{0x0008, 0x0060}, "COMPUTED TOMOGRAPHY", names), "OT");
  EXPECT_EQ(kept_of(Tag{0x0018, 0x0060}, Vr::OB, core::as_bytes("CANARY"), names), "");
  EXPECT_EQ(kept_of(Tag{0x0008, 0x0070}, Vr::OB, core::as_bytes("CANARY"), names), "absent");
}

TEST(Repair, IsNotNeededOfWhatWasRepaired) {
  std::mt19937 random(20261130);
  constexpr std::string_view kAlphabet = "0123456789.,+-eE \\NaIf";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (unsigned size = random() % 24; size > 0; --size)
      text += kAlphabet[random() % kAlphabet.size()];
    for (Vr vr : {Vr::DS, Vr::IS, Vr::DA, Vr::TM, Vr::CS, Vr::UI, Vr::AS}) {
      const ElementForm form{Tag{0x0018, 0x0050}, vr, {}};
      std::string made;
      const auto kept = kept_value(form, {vr, ByteOrder::little, core::as_bytes(text)}, {}, made);
      if (!kept) continue;
      const std::string once(core::as_text(*kept));
      const auto again = kept_value(form, {vr, ByteOrder::little, core::as_bytes(once)}, {}, made);
      ASSERT_TRUE(again) << text;
      EXPECT_EQ(core::as_text(*again), once) << text;
    }
  }
}

}  // namespace
}  // namespace sekisho::anonymization::tests
