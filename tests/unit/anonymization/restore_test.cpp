// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/way_back/restore.h"

#include <gtest/gtest.h>

#include "anonymization/way_back/return_mark.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kComprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";
constexpr std::string_view kStudy = "1.2.826.0.1.3680043.9.7";
constexpr std::string_view kSeries = "1.2.826.0.1.3680043.9.7.1";
constexpr std::string_view kFrame = "1.2.826.0.1.3680043.9.7.2";
constexpr std::string_view kReportSeries = "1.2.392.200036.9.1";
constexpr std::string_view kReport = "1.2.392.200036.9.1.1";
constexpr std::string_view kUtf8Name = "Yamada^Tarou=山田^太郎";
constexpr std::string_view kIso2022Name =
    "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B";  // the same in ISO 2022 IR 87

constexpr Tag kCharset{0x0008, 0x0005};
constexpr Tag kName{0x0010, 0x0010};
constexpr Tag kStudyUid{0x0020, 0x000D};

core::Uid uid(std::string_view text) { return core::Uid::parse(text).value(); }

Bytes original_ct(std::string_view charset = "ISO_IR 192", std::string_view patient = kUtf8Name,
                  std::string_view syntax = core::dicom::kExplicitVrLittleEndian) {
  DatasetBuilder dataset(syntax);
  dataset.text(kCharset, Vr::CS, charset)
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .text(Tag{0x0008, 0x0020}, Vr::DA, "20240117")
      .text(Tag{0x0008, 0x0050}, Vr::SH, "ACC-17")
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .text(kName, Vr::PN, patient)
      .text(Tag{0x0010, 0x0020}, Vr::LO, "PAT-17")
      .text(Tag{0x0010, 0x0030}, Vr::DA, "19501224")
      .text(kStudyUid, Vr::UI, kStudy)
      .text(Tag{0x0020, 0x000E}, Vr::UI, kSeries)
      .text(Tag{0x0020, 0x0010}, Vr::SH, "ST-17")
      .text(Tag{0x0020, 0x0052}, Vr::UI, kFrame);
  return dataset.part10(kCtImageStorage, kInstance);
}

struct Report {
  std::string study = a_share().uid(uid(kStudy)).str();
  std::string reference = a_share().uid(uid(kInstance)).str();
  std::string frame = a_share().uid(uid(kFrame)).str();
  std::string series{kReportSeries};
  std::string instance{kReport};
  std::string text = "所見なし";
  std::string charset = "ISO_IR 192";
};

/// A report as a viewer makes it from the masked study.
Bytes make(const Report& report) {
  DatasetBuilder dataset;
  dataset.text(kCharset, Vr::CS, report.charset)
      .text(Tag{0x0008, 0x0016}, Vr::UI, kComprehensiveSr)
      .text(Tag{0x0008, 0x0018}, Vr::UI, report.instance)
      .text(Tag{0x0008, 0x0020}, Vr::DA, "")
      .text(Tag{0x0008, 0x0023}, Vr::DA, "20240120")
      .text(Tag{0x0008, 0x0060}, Vr::CS, "SR")
      .text(kName, Vr::PN, "ANONYMOUS")
      .text(Tag{0x0010, 0x0020}, Vr::LO, "Q3CM24RQTPMBG2H5")
      .text(Tag{0x0012, 0x0062}, Vr::CS, "YES")
      .text(Tag{0x0012, 0x0063}, Vr::LO, "Sekisho ps3.15-basic")
      .text(kStudyUid, Vr::UI, report.study)
      .text(Tag{0x0020, 0x000E}, Vr::UI, report.series)
      .begin_sequence(Tag{0x0040, 0xA730})
      .begin_item()
      .begin_sequence(Tag{0x0008, 0x1199})
      .begin_item()
      .text(Tag{0x0008, 0x1150}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x1155}, Vr::UI, report.reference)
      .end_item()
      .end_sequence()
      .text(Tag{0x0040, 0xA160}, Vr::UT, report.text)
      .text(Tag{0x3006, 0x0024}, Vr::UI, report.frame)
      .end_item()
      .end_sequence();
  return dataset.part10(kComprehensiveSr, report.instance);
}

/// What a share of the CT knows.
class Share {
 public:
  explicit Share(const Bytes& ct = original_ct(), Profile profile = basic())
      : original_(checked(ct)), profile_(std::move(profile)) {
    for (std::string_view known : {kStudy, kSeries, kInstance}) map_.add(uid(known));
    add_uids(more_, original_);
  }
  std::variant<Restored, RestoreProblem> take(const Bytes& object) {
    const auto is_unknown = [](const core::Uid& wanted) {
      return std::ranges::none_of(std::initializer_list{kStudy, kSeries, kInstance},
                                  [&](std::string_view known) { return wanted.text() == known; });
    };
    return restore(checked(object), original_,
                   {profile_, map_, more_, a_share(), returned_, is_unknown});
  }
  /// What the archive stores; throws where it is refused.
  Bytes stored(const Report& report) {
    return std::get<Restored>(take(make(report))).part10.copy();
  }
  std::string refusal(const Report& report) {
    const auto taken = take(make(report));
    const auto* problem = std::get_if<RestoreProblem>(&taken);
    return problem ? std::string(name(*problem)) : "taken";
  }
  void add_returned(std::string_view text) { returned_.emplace(uid(text), uid(text)); }

 private:
  CheckedFile original_;
  Profile profile_;
  ReverseMap map_{profile_, a_share()};
  ReverseMap more_{profile_, a_share()};
  std::unordered_map<core::Uid, core::Uid> returned_;
};

TEST(Restore, GivesAReportTheIdentityOfTheOriginal) {
  const Bytes stored = Share().stored({});
  EXPECT_EQ(value_in(stored, kName), kUtf8Name);
  EXPECT_EQ(value_in(stored, Tag{0x0010, 0x0020}), "PAT-17");
  EXPECT_EQ(value_in(stored, Tag{0x0010, 0x0030}), "19501224");
  EXPECT_EQ(value_in(stored, Tag{0x0008, 0x0020}), "20240117");
  EXPECT_EQ(value_in(stored, Tag{0x0008, 0x0050}), "ACC-17");
  EXPECT_EQ(value_in(stored, Tag{0x0020, 0x0010}), "ST-17");
  EXPECT_EQ(value_in(stored, kStudyUid), kStudy);
}

TEST(Restore, MarksWhatTheShareMadeToTheLastByte) {
  Bytes stored = Share().stored({});
  EXPECT_TRUE(bears_return_mark(stored, a_share()));
  EXPECT_FALSE(bears_return_mark(stored, another_share()));
  EXPECT_FALSE(bears_return_mark(make({}), a_share())) << "as its reader made it";
  for (std::size_t at = 0; at < stored.size(); ++at) {
    stored[at] ^= 1;
    EXPECT_FALSE(bears_return_mark(stored, a_share())) << at;
    stored[at] ^= 1;
    EXPECT_FALSE(bears_return_mark(ByteView(stored).first(at), a_share())) << at;
  }
  stored.push_back(0);
  EXPECT_FALSE(bears_return_mark(stored, a_share()));
}

TEST(Restore, RefersToTheOriginals) {
  const Bytes stored = Share().stored({});
  EXPECT_TRUE(contains(stored, kInstance));
  EXPECT_TRUE(contains(stored, kFrame));
  EXPECT_FALSE(contains(stored, Report().reference));
  EXPECT_FALSE(contains(stored, Report().frame));
}

TEST(Restore, LeavesTheReadersOwn) {
  const Bytes stored = Share().stored({});
  EXPECT_EQ(value_in(stored, Tag{0x0008, 0x0018}), kReport);
  EXPECT_EQ(value_in(stored, Tag{0x0020, 0x000E}), kReportSeries);
  EXPECT_EQ(value_in(stored, Tag{0x0008, 0x0023}), "20240120");
  EXPECT_EQ(value_in(stored, Tag{0x0008, 0x0060}), "SR");
  EXPECT_TRUE(contains(stored, "所見なし"));
}

/// Else a reader could file a report among the hospital's images, or learn by trying which UIDs
/// the study has.
TEST(Restore, LetsNoReaderChooseAUidOfTheArchive) {
  Report guess;
  guess.series = kSeries;
  guess.instance = kInstance;
  guess.frame = kFrame;
  const auto taken = Share().take(make(guess));
  const auto& restored = std::get<Restored>(taken);
  const Bytes stored = restored.part10.copy();
  EXPECT_EQ(restored.readers.series.text(), kSeries);
  EXPECT_EQ(restored.archived.series, a_share().archived(uid(kSeries)));
  EXPECT_EQ(value_in(stored, Tag{0x0008, 0x0018}), restored.archived.instance.text());
  EXPECT_EQ(value_in(stored, Tag{0x0020, 0x000E}), restored.archived.series.text());
  EXPECT_EQ(checked(stored).sop_instance_uid(), restored.archived.instance.text());
  EXPECT_FALSE(contains(stored, kSeries));
  EXPECT_FALSE(contains(stored, kFrame));
}

TEST(Restore, NamesTheRequestOfAReportAsTheHospitalDoes) {
  const Bytes report =
      DatasetBuilder()
          .text(Tag{0x0008, 0x0016}, Vr::UI, kComprehensiveSr)
          .text(Tag{0x0008, 0x0018}, Vr::UI, kReport)
          .text(kStudyUid, Vr::UI, Report().study)
          .text(Tag{0x0020, 0x000E}, Vr::UI, kReportSeries)
          .begin_sequence(Tag{0x0040, 0xA370})  // ReferencedRequestSequence
          .begin_item()
          .text(Tag{0x0008, 0x0050}, Vr::SH, a_share().identifier("AccessionNumber", "ACC-17"))
          .end_item()
          .begin_item()
          .text(Tag{0x0008, 0x0050}, Vr::SH, "ACC-OF-CLINIC")
          .end_item()
          .end_sequence()
          .part10(kComprehensiveSr, kReport);
  const auto taken = Share().take(report);
  const Bytes stored = std::get<Restored>(taken).part10.copy();
  EXPECT_FALSE(contains(stored, a_share().identifier("AccessionNumber", "ACC-17")));
  EXPECT_TRUE(contains(stored, "ACC-OF-CLINIC"));
  const auto first = core::as_text(stored).find("ACC-17");
  ASSERT_NE(first, std::string_view::npos);
  EXPECT_NE(core::as_text(stored).find("ACC-17", first + 1), std::string_view::npos);
}

TEST(Restore, LeavesUidsWhereTheShareShowsTheArchives) {
  Report report;
  report.study = kStudy;
  report.reference = kInstance;
  report.frame = kFrame;
  const auto taken = Share(original_ct(), all_fields()).take(make(report));
  EXPECT_EQ(std::get<Restored>(taken).archived.instance.text(), kReport);
}

TEST(Restore, SaysThatTheIdentityIsNotRemoved) {
  const Bytes stored = Share().stored({});
  EXPECT_EQ(value_in(stored, Tag{0x0012, 0x0062}), "NO");
  EXPECT_EQ(value_in(stored, Tag{0x0012, 0x0063}), "absent");
  EXPECT_FALSE(contains(stored, "Sekisho ps3.15-basic"));
}

TEST(Restore, PutsTwoCharacterSetsIntoUtf8) {
  const Bytes stored = Share(original_ct("\\ISO 2022 IR 87", kIso2022Name)).stored({});
  EXPECT_EQ(value_in(stored, kCharset), "ISO_IR 192");
  EXPECT_EQ(value_in(stored, kName), kUtf8Name);
  EXPECT_TRUE(contains(stored, "所見なし"));
}

TEST(Restore, LeavesOneCharacterSetToTheByte) {
  Report report;
  report.charset = "\\ISO 2022 IR 87";
  report.text = "\x1b$B=j8+\x1b(B";
  const Bytes stored = Share(original_ct("\\ISO 2022 IR 87", kIso2022Name)).stored(report);
  EXPECT_EQ(value_in(stored, kCharset), report.charset);
  EXPECT_EQ(value_in(stored, kName), kIso2022Name);
  EXPECT_TRUE(contains(stored, report.text));
}

TEST(Restore, TakesTheIdentityFromAnyTransferSyntax) {
  for (std::string_view syntax :
       {core::dicom::kImplicitVrLittleEndian, core::dicom::kExplicitVrBigEndian}) {
    const Bytes stored = Share(original_ct("ISO_IR 192", kUtf8Name, syntax)).stored({});
    EXPECT_EQ(value_in(stored, kName), kUtf8Name);
    EXPECT_EQ(value_in(stored, Tag{0x0020, 0x0010}), "ST-17");
  }
}

TEST(Restore, KnowsNoOriginalUidOfAStudy) {
  Report named_by_its_original;
  named_by_its_original.study = kStudy;
  Report random;
  random.study = "1.2.3.4";
  EXPECT_EQ(Share().refusal(named_by_its_original), "unknown-study");
  EXPECT_EQ(Share().refusal(random), "unknown-study");
}

TEST(Restore, RefusesAReferenceThatNobodyNamed) {
  Report to_the_original;
  to_the_original.reference = kInstance;
  EXPECT_EQ(Share().refusal(to_the_original), "unknown-reference");
  Report to_another_patient;
  to_another_patient.reference = "1.2.840.99.17";
  EXPECT_EQ(Share().refusal(to_another_patient), "unknown-reference");
  Report to_a_name_of_this_share;
  to_a_name_of_this_share.frame = a_share().uid(uid("1.2.840.99.18")).str();
  EXPECT_EQ(Share().refusal(to_a_name_of_this_share), "unknown-reference");
}

TEST(Restore, TakesAReferenceToWhatTheReaderSentBefore) {
  Report addendum;
  addendum.reference = "1.2.392.200036.9.1.0";
  Share share;
  EXPECT_EQ(share.refusal(addendum), "unknown-reference");
  share.add_returned(addendum.reference);
  EXPECT_EQ(share.refusal(addendum), "taken");
}

TEST(Restore, LetsNothingTakeThePlaceOfAnOriginal) {
  Report instance;
  instance.instance = a_share().uid(uid(kInstance)).str();
  EXPECT_EQ(Share().refusal(instance), "takes-a-place");
  Report series;
  series.series = a_share().uid(uid(kSeries)).str();
  EXPECT_EQ(Share().refusal(series), "takes-a-place");
}

TEST(Restore, RefusesTextThatCannotBeRead) {
  Report report;
  report.text = "\xC3\x28";
  EXPECT_EQ(Share(original_ct("\\ISO 2022 IR 87", kIso2022Name)).refusal(report), "unreadable");
}

TEST(Restore, CopiesPixelsToTheByte) {
  DatasetBuilder dataset;
  const Bytes pixels = {1, 2, 3, 4, 5, 6, 7, 8};
  constexpr std::string_view kSegmentation = "1.2.840.10008.5.1.4.1.1.66.4";
  dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kSegmentation)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kReport)
      .text(kStudyUid, Vr::UI, Report().study)
      .text(Tag{0x0020, 0x000E}, Vr::UI, kReportSeries)
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, pixels);
  const auto taken = Share().take(dataset.part10(kSegmentation, kReport));
  const Bytes stored = std::get<Restored>(taken).part10.copy();
  EXPECT_EQ(checked(stored).pixel_size(), 12 + pixels.size());
  EXPECT_TRUE(std::ranges::equal(ByteView(stored).last(pixels.size()), pixels));
}

}  // namespace
}  // namespace sekisho::anonymization::tests
