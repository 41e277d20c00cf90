// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/mask.h"

#include <gtest/gtest.h>

#include <thread>
#include <type_traits>

#include "anonymization/option.h"
#include "unit/anonymization/two_maskers.h"

namespace sekisho::anonymization::tests {
namespace {

static_assert(!std::is_default_constructible_v<Masked>);
static_assert(!std::is_constructible_v<Masked, core::StoredFile>);
static_assert(!std::is_constructible_v<Masked, CheckedFile>);
static_assert(!std::is_constructible_v<Masked, Bytes>);
static_assert(!std::is_aggregate_v<Masked>);

constexpr std::string_view kUncompressed[] = {core::dicom::kImplicitVrLittleEndian,
                                              core::dicom::kExplicitVrLittleEndian,
                                              core::dicom::kExplicitVrBigEndian};
constexpr std::string_view kJpegBaseline = "1.2.840.10008.1.2.4.50";

const Bytes kPixels = {9, 8, 7, 6, 5, 4, 3, 2};

DatasetBuilder& begin_ct(DatasetBuilder& dataset) {
  return dataset.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0008, 0x0008}, Vr::CS, "ORIGINAL\\PRIMARY")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
}

/// What says that there are eight bytes of pixels.
DatasetBuilder& with_layout(DatasetBuilder& dataset) {
  return dataset.us(Tag{0x0028, 0x0010}, 2).us(Tag{0x0028, 0x0011}, 4).us(Tag{0x0028, 0x0100}, 8);
}

/// A CT with one of each kind of thing.
Bytes a_ct(std::string_view syntax = core::dicom::kExplicitVrLittleEndian) {
  DatasetBuilder dataset(syntax);
  begin_ct(dataset)
      .text(Tag{0x0008, 0x0020}, Vr::DA, "20260131")
      .text(Tag{0x0008, 0x0050}, Vr::SH, "ACC-17")
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .text(Tag{0x0008, 0x0070}, Vr::LO, "Maker")
      .text(Tag{0x0008, 0x0090}, Vr::PN, "Sato^Ichiro")
      .begin_sequence(Tag{0x0008, 0x1140})
      .begin_item()
      .text(Tag{0x0008, 0x1150}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x1155}, Vr::UI, "1.2.826.0.1.3680043.9.9")
      .end_item()
      .end_sequence()
      .text(Tag{0x0010, 0x0010}, Vr::PN, "Yamada^Tarou=山田^太郎=やまだ^たろう")
      .text(Tag{0x0010, 0x0020}, Vr::LO, "PAT-17")
      .text(Tag{0x0010, 0x0030}, Vr::DA, "19501224")
      .text(Tag{0x0010, 0x0040}, Vr::CS, "M")
      .text(Tag{0x0018, 0x0050}, Vr::DS, "1.250 ")
      .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.826.0.1.3680043.9.1.1")
      .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.826.0.1.3680043.9.1.2")
      .text(Tag{0x0020, 0x0052}, Vr::UI, "1.2.826.0.1.3680043.9.1.1")
      .us(Tag{0x0028, 0x0010}, 2)
      .us(Tag{0x0028, 0x0011}, 4)
      .us(Tag{0x0028, 0x0100}, 8)
      .text(Tag{0x0028, 0x1054}, Vr::LO, "HU")
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, kPixels);
  return dataset.part10(kCtImageStorage, kInstance);
}

TEST(Mask, WithTheNoneProfileChangesNoByte) {
  for (std::string_view syntax : kUncompressed) {
    EXPECT_EQ(masked_bytes(a_ct(syntax), Profile::none()), a_ct(syntax));
  }
}

TEST(Mask, KeepsWhatTheProfileKeepsToTheByte) {
  for (std::string_view syntax : kUncompressed) {
    const Bytes masked = masked_bytes(a_ct(syntax));
    EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0008}), "ORIGINAL\\PRIMARY");
    EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0070}), "Maker");
    EXPECT_EQ(value_in(masked, Tag{0x0028, 0x1054}), "HU");
    // Padding and all.
    EXPECT_TRUE(contains(masked, "1.250 "));
    EXPECT_EQ(value_in(masked, Tag{0x0028, 0x0010}), value_in(a_ct(syntax), Tag{0x0028, 0x0010}));
  }
}

TEST(Mask, PassesPixelsByReference) {
  for (std::string_view syntax : kUncompressed) {
    const CheckedFile file = checked(a_ct(syntax));
    const Masked masked = mask(file, basic(), a_share());
    const auto range = masked.pixels().range_at(0);
    ASSERT_TRUE(range);
    EXPECT_EQ(range->offset, file.pixel_offset());
    EXPECT_EQ(range->size, file.pixel_size());
    EXPECT_EQ(masked.pixel_size(), file.pixel_size());
    EXPECT_GE(masked.pixel_size(), kPixels.size());
    EXPECT_EQ(masked.pixels().file().view().data(), file.source().view().data());
  }
}

TEST(Mask, SaysWhereTheDataSetBegins) {
  const Masked masked = mask(checked(a_ct()), basic(), a_share());
  const ByteView dataset = masked.header().bytes;
  EXPECT_EQ(dataset[0], 0x08);
  EXPECT_EQ(dataset[2], 0x05);
  EXPECT_EQ(masked.transfer_syntax().uid, core::dicom::kExplicitVrLittleEndian);
  EXPECT_EQ(masked.size_bytes(), bytes_of(masked).size());
}

TEST(Mask, GivesPseudonymsThatHoldTogether) {
  const Bytes masked = masked_bytes(a_ct());
  const auto shown = [](std::string_view uid) {
    return a_share().uid(core::Uid::parse(uid).value()).str();
  };
  EXPECT_EQ(value_in(masked, Tag{0x0020, 0x000D}), shown("1.2.826.0.1.3680043.9.1.1"));
  EXPECT_EQ(value_in(masked, Tag{0x0020, 0x0052}), value_in(masked, Tag{0x0020, 0x000D}));
  EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0018}), shown(kInstance));
  EXPECT_EQ(checked(masked).sop_instance_uid(), shown(kInstance));
  EXPECT_TRUE(contains(masked, shown("1.2.826.0.1.3680043.9.9")));
  EXPECT_EQ(value_in(masked, Tag{0x0010, 0x0020}), a_share().identifier("PatientID", "PAT-17"));
  EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0050}),
            a_share().identifier("AccessionNumber", "ACC-17"));
  EXPECT_EQ(value_in(masked, Tag{0x0010, 0x0010}), "ANONYMOUS");
  EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0020}), "");
}

TEST(Mask, KeepsClassesAndOtherWellKnownUids) {
  const Bytes masked = masked_bytes(a_ct());
  EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0016}), kCtImageStorage);
  EXPECT_EQ(checked(masked).sop_class_uid(), kCtImageStorage);
}

TEST(Mask, GivesOtherSharesOtherPseudonyms) {
  const Bytes one = masked_bytes(a_ct(), basic(), a_share());
  const Bytes two = masked_bytes(a_ct(), basic(), another_share());
  for (Tag tag : {Tag{0x0008, 0x0018}, Tag{0x0020, 0x000D}, Tag{0x0010, 0x0020}}) {
    EXPECT_NE(value_in(one, tag), value_in(two, tag));
  }
}

TEST(Mask, IsDeterministicAndIdempotent) {
  for (const Profile* profile : {&basic(), &all_fields()}) {
    for (std::string_view syntax : kUncompressed) {
      const Bytes once = masked_bytes(a_ct(syntax), *profile);
      EXPECT_EQ(masked_bytes(a_ct(syntax), *profile), once);
      EXPECT_EQ(masked_bytes(once, *profile), once);
    }
  }
}

TEST(Mask, SaysThatItWasDone) {
  const Bytes masked = masked_bytes(a_ct());
  EXPECT_EQ(value_in(masked, Tag{0x0012, 0x0062}), "YES");
  EXPECT_NE(value_in(masked, Tag{0x0012, 0x0063}), "absent");
  EXPECT_EQ(value_in(masked, Tag{0x0012, 0x0064}), "sequence");
  EXPECT_TRUE(contains(masked, "113100"));
  EXPECT_EQ(value_in(masked, Tag{0x0028, 0x0303}), "REMOVED");
  const Bytes fields = masked_bytes(a_ct(), all_fields());
  EXPECT_EQ(value_in(fields, Tag{0x0012, 0x0062}), "NO");
  EXPECT_EQ(value_in(fields, Tag{0x0012, 0x0064}), "absent");
}

TEST(Mask, NamesEveryOptionThatItUsed) {
  const Bytes two = masked_alike(
      profile_of(R"({"Name": "ps3.15-basic", "Options": ["RetainUids", "RetainModifiedDates"]})"),
      a_ct());
  EXPECT_TRUE(contains(two, "113100"));
  EXPECT_TRUE(contains(two, "113110"));
  EXPECT_TRUE(contains(two, "113107"));
  for (const OptionFacts& used : kOptions) {
    const Bytes masked = masked_alike(
        profile_of(R"({"Name": "ps3.15-basic", "Options": [")" + std::string(used.name) + R"("]})"),
        a_ct());
    EXPECT_TRUE(contains(masked, kBasicProfileTitle)) << used.name;
    for (const OptionFacts& option : kOptions) {
      // Whether pixels were cleaned is not the masker's to say.
      const bool is_said = &option == &used && option.option != Option::clean_pixel_data;
      EXPECT_EQ(contains(masked, option.code), is_said) << used.name;
      EXPECT_EQ(contains(masked, option.title), is_said) << used.name;
    }
  }
}

TEST(Mask, RemovesASentenceAboutThePatientThatPosesAsACode) {
  DatasetBuilder dataset;
  begin_ct(dataset)
      .text(Tag{0x0018, 0x0015}, Vr::CS, "Yamada Taro, b. 1970-01-31, tel 03-1234-5678")
      .text(Tag{0x0018, 0x5100}, Vr::CS, "HFS");
  for (const Profile* profile : {&basic(), &all_fields()}) {
    const Bytes masked = masked_alike(*profile, dataset.part10(kCtImageStorage, kInstance));
    EXPECT_FALSE(contains(masked, "Yamada"));
    EXPECT_EQ(value_in(masked, Tag{0x0018, 0x0015}), "");  // BodyPartExamined: Type 2
    EXPECT_EQ(value_in(masked, Tag{0x0018, 0x5100}), "HFS");
  }
}

TEST(Mask, DropsKanaWhereNoCharacterSetIsNamed) {
  const Profile profile =
      profile_of(R"({"Name": "patient-fields", "Fields": ["PatientNameKana"]})");
  for (const char* charset : {"", "ISO_IR 100"}) {
    DatasetBuilder dataset;
    dataset.text(Tag{0x0008, 0x0005}, Vr::CS, charset)
        .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
        .text(Tag{0x0008, 0x0090}, Vr::PN, "M\xfcller^J\xfcrgen")
        .text(Tag{0x0010, 0x0010}, Vr::PN, "\xd4\xcf\xc0\xde^\xc0\xdb\xb3");
    const Bytes masked = masked_alike(profile, dataset.part10(kCtImageStorage, kInstance));
    EXPECT_EQ(value_in(masked, Tag{0x0010, 0x0010}), "");
    EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0090}), "M\xfcller^J\xfcrgen");
  }
}

TEST(Mask, WithPatientFieldsTouchesNothingElse) {
  const Bytes masked = masked_bytes(a_ct(), all_fields());
  EXPECT_EQ(value_in(masked, Tag{0x0010, 0x0010}), "ANONYMOUS");
  EXPECT_EQ(value_in(masked, Tag{0x0010, 0x0030}), "");
  EXPECT_EQ(value_in(masked, Tag{0x0010, 0x0040}), "");
  EXPECT_NE(value_in(masked, Tag{0x0010, 0x0020}), "PAT-17");
  for (Tag tag : {Tag{0x0008, 0x0018}, Tag{0x0008, 0x0020}, Tag{0x0008, 0x0050},
                  Tag{0x0008, 0x0090}, Tag{0x0020, 0x000D}, Tag{0x0020, 0x000E}}) {
    EXPECT_EQ(value_in(masked, tag), value_in(a_ct(), tag));
  }
}

TEST(Mask, TakesTheKanaAlone) {
  const Profile kana = profile_of(R"({"Name": "patient-fields", "Fields": ["PatientNameKana"]})");
  EXPECT_EQ(value_in(masked_bytes(a_ct(), kana), Tag{0x0010, 0x0010}), "Yamada^Tarou=山田^太郎");
}

TEST(Mask, LeavesAnEmptyPatientIdEmpty) {
  DatasetBuilder dataset;
  begin_ct(dataset).text(Tag{0x0010, 0x0020}, Vr::LO, "  ");
  EXPECT_EQ(value_in(masked_bytes(dataset.part10(kCtImageStorage, kInstance)), Tag{0x0010, 0x0020}),
            "");
}

TEST(Mask, KnowsAPatientIdByItsTextNotByItsPadding) {
  const auto masked_id = [](std::string_view id) {
    DatasetBuilder dataset;
    begin_ct(dataset).text(Tag{0x0010, 0x0020}, Vr::LO, id);
    return value_in(masked_bytes(dataset.part10(kCtImageStorage, kInstance)), Tag{0x0010, 0x0020});
  };
  EXPECT_EQ(masked_id("4711"), masked_id(" 4711  "));
  EXPECT_NE(masked_id("4711"), masked_id("4712"));
}

TEST(Mask, RemapsEveryUidOfAList) {
  DatasetBuilder dataset;
  // FailedSOPInstanceUIDList, with a well-known UID between.
  begin_ct(dataset).text(Tag{0x0008, 0x0058}, Vr::UI, "1.2.3\\1.2.840.10008.1.2\\1.2.4");
  const auto shown = [](std::string_view uid) {
    return a_share().uid(core::Uid::parse(uid).value()).str();
  };
  EXPECT_EQ(value_in(masked_bytes(dataset.part10(kCtImageStorage, kInstance)), Tag{0x0008, 0x0058}),
            shown("1.2.3") + "\\1.2.840.10008.1.2\\" + shown("1.2.4"));
}

TEST(Mask, RefusesFilesWhoseInstanceIsInDoubt) {
  DatasetBuilder none;
  none.text(Tag{0x0008, 0x0060}, Vr::CS, "CT");
  EXPECT_THROW(masked_bytes(none.part10(kCtImageStorage, kInstance)), MaskError);
  DatasetBuilder no_uid;
  no_uid.text(Tag{0x0008, 0x0018}, Vr::UI, "SMITH^JOHN");
  EXPECT_THROW(masked_bytes(no_uid.part10(kCtImageStorage, kInstance)), MaskError);
  DatasetBuilder good;
  good.text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
  EXPECT_THROW(masked_bytes(good.part10("SMITH^JOHN", kInstance)), MaskError);
}

TEST(Mask, WritesMetaInformationForTheDataSetAndNotForWhatItSaid) {
  DatasetBuilder dataset;
  begin_ct(dataset);
  const Bytes odd = dataset.part10("1.2.840.10008.5.1.4.1.1.7", "SMITH^JOHN");
  EXPECT_FALSE(contains(masked_bytes(odd, Profile::none()), "SMITH"));
  for (const Profile& profile : {basic(), all_fields()}) {
    EXPECT_EQ(masked_bytes(odd, profile),
              masked_bytes(dataset.part10(kCtImageStorage, kInstance), profile))
        << profile.name();
  }
}

TEST(Mask, ShowsAUidThatSomebodyMayHaveTypedUnderAPseudonym) {
  for (const std::string_view odd : {"1.2.YAMADA", "1.2..3", "1.2.", "1.2.-3"}) {
    DatasetBuilder dataset;
    dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, odd)
        .text(Tag{0x0008, 0x0058}, Vr::UI, "1.2.3\\" + std::string(odd));
    const std::string shown = a_share().uid(core::Uid::parse(odd).value()).str();
    const Bytes masked = masked_alike(all_fields(), dataset.part10(kCtImageStorage, odd));
    EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0018}), shown);
    EXPECT_EQ(value_in(masked, Tag{0x0008, 0x0058}), "1.2.3\\" + shown);
    EXPECT_EQ(
        value_in(masked_alike(basic(), dataset.part10(kCtImageStorage, odd)), Tag{0x0008, 0x0018}),
        shown);
  }
}

TEST(Mask, SaysNothingOfTheFileInItsErrors) {
  DatasetBuilder other;
  other.text(Tag{0x0008, 0x0018}, Vr::UI, "1 2 3");
  try {
    masked_bytes(other.part10(kCtImageStorage, kInstance));
    FAIL();
  } catch (const MaskError& error) {
    EXPECT_EQ(std::string_view(error.what()).find_first_of("0123456789"), std::string_view::npos);
  }
}

TEST(Mask, PassesEncapsulatedFragmentsAndDropsWhatFollows) {
  constexpr std::string_view kRle = "1.2.840.10008.1.2.5";
  Bytes stream(64, 0);  // PS3.5 §G.5: one segment, behind the header
  stream[0] = 1;
  stream[4] = 64;
  stream.insert(stream.end(), {0xF9, 0x55});  // eight pixels alike
  DatasetBuilder dataset(kRle);
  with_layout(begin_ct(dataset))
      .encapsulated(core::dicom::kPixelData, {stream})
      .text(Tag{0x7FE1, 0x0010}, Vr::LO, "CANARY")
      .bytes(Tag{0xFFFC, 0xFFFC}, Vr::OB, Bytes{'C', 'A', 'N', 'A', 'R', 'Y'});
  const CheckedFile file = checked(dataset.part10(kCtImageStorage, kInstance));
  const Masked masked = mask(file, basic(), a_share());
  EXPECT_EQ(masked.transfer_syntax().uid, kRle);
  EXPECT_TRUE(masked.tail().empty());
  EXPECT_FALSE(contains(bytes_of(masked), "CANARY"));
  const CheckedFile again = checked(bytes_of(masked));
  EXPECT_EQ(again.pixel_size(), file.pixel_size());
  EXPECT_EQ(again.transfer_syntax().uid, kRle);
}

TEST(Mask, RefusesElementsThatHideBesideThePixels) {
  for (const Profile* profile : {&basic(), &all_fields()}) {
    DatasetBuilder native;
    begin_ct(native)
        .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, kPixels)
        .text(Tag{0x7FE0, 0x1111}, Vr::LO, "CANARY");
    EXPECT_THROW(masked_bytes(native.part10(kCtImageStorage, kInstance), *profile), MaskError);
    DatasetBuilder encapsulated(kJpegBaseline);
    begin_ct(encapsulated)
        .encapsulated(core::dicom::kPixelData, {{1, 2}})
        .text(Tag{0x7FE0, 0x1111}, Vr::LO, "CANARY");
    EXPECT_THROW(masked_bytes(encapsulated.part10(kCtImageStorage, kInstance), *profile),
                 MaskError);
  }
}

TEST(Mask, LeavesTheGroupLengthOfThePixelsBehind) {
  for (std::string_view syntax : kUncompressed) {
    DatasetBuilder dataset(syntax);
    with_layout(begin_ct(dataset))
        .bytes(Tag{0x7FE0, 0x0000}, Vr::UL, core::as_bytes("CNRY"))
        .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, kPixels);
    const Bytes masked = masked_bytes(dataset.part10(kCtImageStorage, kInstance));
    EXPECT_FALSE(contains(masked, "CNRY"));
    EXPECT_EQ(checked(masked).pixel_tags(), std::vector<Tag>{core::dicom::kPixelData});
    EXPECT_TRUE(contains(masked, core::as_text(kPixels)));
  }
}

TEST(Mask, LeavesAGroupLengthThatIsNoneBehindToo) {
  DatasetBuilder dataset;
  with_layout(begin_ct(dataset))
      .text(Tag{0x7FE0, 0x0000}, Vr::UL, "CANARY")
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, kPixels);
  EXPECT_FALSE(contains(masked_bytes(dataset.part10(kCtImageStorage, kInstance)), "CANARY"));
}

TEST(Mask, MayRunOnManyThreadsAtOnce) {
  const CheckedFile file = checked(a_ct());
  const Bytes expected = masked_bytes(a_ct());
  std::vector<int> equal(4, 0);
  std::vector<std::thread> threads;
  for (int& count : equal) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) count += bytes_of(mask(file, basic(), a_share())) == expected;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(equal, std::vector<int>(4, 50));
}

TEST(Mask, IsGivenUpAmongTheElementsWhenNobodyWaits) {
  DatasetBuilder dataset;
  begin_ct(dataset).begin_sequence(Tag{0x0008, 0x1140});
  for (int i = 0; i < 10'000; ++i) {
    dataset.begin_item().text(Tag{0x0008, 0x1155}, Vr::UI, "1.2.826.0.1.3680043.9.9").end_item();
  }
  dataset.end_sequence();
  const CheckedFile file = checked(dataset.part10(kCtImageStorage, kInstance));
  const core::Demand nobodys(std::stop_token(), [] { return false; });
  EXPECT_NO_THROW(mask(file, all_fields(), a_share()));
  EXPECT_THROW(mask(file, all_fields(), a_share(), Author::hospital, nobodys), core::DemandOver);
}

}  // namespace
}  // namespace sekisho::anonymization::tests
