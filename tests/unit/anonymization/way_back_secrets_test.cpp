// SPDX-License-Identifier: GPL-3.0-or-later
// What comes back to a reader who gives objects of its choice (ADR 29): whether they are taken, and
// how they are shown again, is the same for any key of the share and any hidden values of the
// original, but for the names of things.
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "anonymization/masking/date_shift.h"
#include "anonymization/masking/study_identity.h"
#include "anonymization/way_back/restore.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kComprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";
constexpr std::string_view kReportSeries = "1.2.392.200036.9.1";
constexpr std::string_view kReport = "1.2.392.200036.9.1.1";
/// A UID that one of the archives has and the others have not.
constexpr std::string_view kGuessedUid = "1.2.826.0.1.3680043.9.7.2";
constexpr std::string_view kJapanese = "\\ISO 2022 IR 87";
constexpr Tag kCharset{0x0008, 0x0005};
constexpr Tag kAcquisitionDate{0x0008, 0x0022};
constexpr Tag kAccessionNumber{0x0008, 0x0050};
constexpr Tag kFrameOfReference{0x0020, 0x0052};
constexpr Tag kTrackingUid{0x0062, 0x0021};
constexpr Tag kComment{0x0020, 0x4000};

core::Uid uid(std::string_view text) { return core::Uid::parse(text).value(); }

/// What the reader does not see.
struct Hidden {
  Byte key = 1;
  std::string study = "1.2.826.0.1.3680043.9.7";
  std::string series = "1.2.826.0.1.3680043.9.7.1";
  std::string instance{kInstance};
  std::string frame{kGuessedUid};
  std::string patient_id = "PAT-17";
  std::string patient_name = "YAMADA^TAROU";
  std::string accession = "ACC-17";
};

std::vector<Hidden> archives() {
  Hidden other_key;
  other_key.key = 2;
  Hidden third_key;
  third_key.key = 93;
  Hidden short_uids;
  short_uids.study = "1.2", short_uids.series = "1.3", short_uids.instance = "1.4";
  short_uids.frame = "1.5";
  Hidden long_uids;
  const std::string stem = "1.2.826.0." + std::string(52, '7');
  long_uids.study = stem + ".1", long_uids.series = stem + ".2";
  long_uids.instance = stem + ".3", long_uids.frame = stem + ".4";
  Hidden japanese;
  japanese.key = 5;
  japanese.patient_name = "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B";
  Hidden long_values;
  long_values.patient_id = std::string(64, 'P');
  long_values.accession = std::string(64, 'A');  // more than an SH holds
  Hidden longer_values;
  longer_values.accession = std::string(40'000, 'A');
  longer_values.patient_name = std::string(40'000, 'N');
  return {Hidden{},  other_key, third_key,   short_uids,
          long_uids, japanese,  long_values, longer_values};
}

/// A share of one study of one of these archives.
class Archive {
 public:
  Archive(const Hidden& hidden, const Profile& profile)
      : hidden_(hidden), profile_(profile), original_(checked(image())) {
    for (const std::string& known : {hidden.study, hidden.series, hidden.instance}) {
      map_.add(uid(known));
    }
    add_uids(more_, original_);
  }
  std::string shown(std::string_view original) const { return key_.uid(uid(original)).str(); }
  std::string study() const { return shown(hidden_.study); }
  std::string instance() const { return shown(hidden_.instance); }
  std::string frame() const { return shown(hidden_.frame); }
  std::string accession() const { return key_.identifier("AccessionNumber", hidden_.accession); }
  /// A date as the share shows it.
  std::string shown_date(std::chrono::sys_days date) const {
    const auto by = date_shift_of(original_.header(), original_.transfer_syntax(), profile_, key_);
    const std::chrono::year_month_day moved(date + by.value());
    char text[16];
    std::snprintf(text, sizeof text, "%04d%02u%02u", static_cast<int>(moved.year()) % 10000,
                  static_cast<unsigned>(moved.month()) % 100,
                  static_cast<unsigned>(moved.day()) % 100);
    return text;
  }

  /// What comes of an object: the refusal, or each element that its reader and a reader of another
  /// share see again, names of things by what they name.
  std::vector<std::string> given_back(const Bytes& object) const {
    const auto is_unknown = [&](const core::Uid& wanted) {
      return std::set{hidden_.study, hidden_.series, hidden_.instance}.count(wanted.str()) == 0;
    };
    const std::unordered_map<core::Uid, core::Uid> returned;
    const auto taken =
        restore(checked(object), original_, {profile_, map_, more_, key_, returned, is_unknown});
    if (const auto* problem = std::get_if<RestoreProblem>(&taken)) {
      return {"refused: " + std::string(name(*problem))};
    }
    const auto& restored = std::get<Restored>(taken);
    const Pseudonyms readers(Bytes(32, hidden_.key),
                             {{restored.archived.series, restored.readers.series},
                              {restored.archived.instance, restored.readers.instance}});
    auto all = elements(mask(checked(restored.part10.copy()), profile_, readers, Author::recipient),
                        readers);
    const Pseudonyms others(Bytes(32, static_cast<Byte>(hidden_.key + 100)));
    const auto more = elements(
        mask(checked(restored.part10.copy()), profile_, others, Author::another_recipient), others);
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

 private:
  Bytes image() const {
    // Implicit VR: values may be longer than their VR allows.
    return DatasetBuilder(core::dicom::kImplicitVrLittleEndian)
        .text(kCharset, Vr::CS, kJapanese)
        .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, hidden_.instance)
        .text(Tag{0x0008, 0x0020}, Vr::DA, "20240117")
        .text(kAcquisitionDate, Vr::DA, "20240117")
        .text(kAccessionNumber, Vr::SH, hidden_.accession)
        .text(Tag{0x0010, 0x0010}, Vr::PN, hidden_.patient_name)
        .text(Tag{0x0010, 0x0020}, Vr::LO, hidden_.patient_id)
        .text(Tag{0x0020, 0x000D}, Vr::UI, hidden_.study)
        .text(Tag{0x0020, 0x000E}, Vr::UI, hidden_.series)
        .text(kFrameOfReference, Vr::UI, hidden_.frame)
        .part10(kCtImageStorage, hidden_.instance);
  }

  /// By what it names, or the how manieth name it is that the reader has not seen before.
  std::string named(const core::Uid& shown, const Pseudonyms& key,
                    std::map<std::string, std::string>& names) const {
    for (const auto& [what, original] : {std::pair("study", hidden_.study),
                                         {"instance", hidden_.instance},
                                         {"frame", hidden_.frame}}) {
      if (shown == key.uid(uid(original))) return what;
    }
    if (!key.is_own(shown)) return shown.str();
    return names.emplace(shown.str(), "name " + std::to_string(names.size())).first->second;
  }

  std::vector<std::string> elements(const Masked& masked, const Pseudonyms& key) const {
    const CheckedFile file = checked(bytes_of(masked));
    std::vector<std::string> all;
    std::map<std::string, std::string> names;
    bool is_archives = false;
    core::dicom::Replay walk = file.replay_header();
    for (auto token = walk.next(); token.kind != core::dicom::Token::Kind::end;
         token = walk.next()) {
      if (token.depth == 0) is_archives = is_of_patient_or_study(token.tag);
      if (is_archives) continue;
      std::string value(core::as_text(token.value));
      if (token.kind == core::dicom::Token::Kind::element && token.vr == Vr::UI) {
        std::string rest = std::exchange(value, "");
        for (std::size_t end = 0; end != rest.npos; rest.erase(0, end + 1)) {
          end = rest.find('\\');
          const auto one = core::Uid::parse(rest.substr(0, end));
          value += (one ? named(*one, key, names) : "none") + '\\';
          if (end == rest.npos) break;
        }
      }
      all.push_back(std::to_string(token.depth) + ' ' + std::to_string(token.tag.group()) + ',' +
                    std::to_string(token.tag.element()) + ' ' + std::string(name(token.vr)) + ' ' +
                    value);
    }
    return all;
  }

  const Hidden& hidden_;
  const Profile& profile_;
  const Pseudonyms key_{Bytes(32, hidden_.key)};
  CheckedFile original_;
  ReverseMap map_{profile_, key_};
  ReverseMap more_{profile_, key_};
};

/// A report with elements of its maker's choice, in the order of their tags.
class Maker {
 public:
  explicit Maker(const Archive& archive, std::string_view charset = kJapanese,
                 std::string_view syntax = core::dicom::kExplicitVrLittleEndian)
      : dataset_(syntax), archive_(archive) {
    dataset_.text(kCharset, Vr::CS, charset)
        .text(Tag{0x0008, 0x0016}, Vr::UI, kComprehensiveSr)
        .text(Tag{0x0008, 0x0018}, Vr::UI, kReport);
  }
  Bytes with(const std::function<void(DatasetBuilder&)>& before_study,
             const std::function<void(DatasetBuilder&)>& behind_series) {
    before_study(dataset_);
    dataset_.text(Tag{0x0020, 0x000D}, Vr::UI, archive_.study())
        .text(Tag{0x0020, 0x000E}, Vr::UI, kReportSeries);
    behind_series(dataset_);
    return dataset_.part10(kComprehensiveSr, kReport);
  }
  Bytes with(const std::function<void(DatasetBuilder&)>& behind_series) {
    return with([](DatasetBuilder&) {}, behind_series);
  }

 private:
  DatasetBuilder dataset_;
  const Archive& archive_;
};

using Make = std::function<Bytes(const Archive&)>;
enum class Expected { taken, refused };

/// What the reader gives is a function of what it sees.
void expect_nothing_told(const std::string& what, const Make& make, Expected expected,
                         const std::string& profile_request = R"("ps3.15-basic")") {
  const Profile profile = profile_of(profile_request);
  std::optional<std::vector<std::string>> first;
  for (const Hidden& hidden : archives()) {
    const Archive archive(hidden, profile);
    const auto seen = archive.given_back(make(archive));
    if (!first) {
      first = seen;
      EXPECT_EQ(seen.front().starts_with("refused"), expected == Expected::refused)
          << what << ": " << seen.front();
    }
    EXPECT_EQ(seen, *first) << what;
  }
}

std::string repeated(const std::string& value, int count) {
  std::string all = value;
  for (int i = 1; i < count; ++i) all.append("\\").append(value);
  return all;
}

constexpr const char* kDates = R"({"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]})";

TEST(WayBackSecrets, NoDateTellsHowFarDatesMove) {
  const auto with_date = [](const std::string& date, Vr vr) {
    return [=](const Archive& archive) {
      return Maker(archive).with(
          [&](DatasetBuilder& dataset) { dataset.text(kAcquisitionDate, vr, date); },
          [](DatasetBuilder&) {});
    };
  };
  for (const char* date :
       {"00010101",           "00020101", "00100101", "18891231", "18900101", "18990101",
        "18991231",           "19000101", "19001231", "19091231", "19100101", "20240117",
        "99890101",           "99891231", "99900101", "99950617", "99981231", "99991231",
        "99991231\\00010101", "20240230", ""}) {
    expect_nothing_told(date, with_date(date, Vr::DA), Expected::taken, kDates);
    expect_nothing_told(std::string(date) + " as DT", with_date(date, Vr::DT), Expected::taken,
                        kDates);
  }
}

/// What is read by its VR on the way in and by its tag on the way out would be moved once.
TEST(WayBackSecrets, NoDateUnderAnotherVrTellsHowFarDatesMove) {
  for (const Vr vr : {Vr::UN, Vr::LO, Vr::CS, Vr::SH, Vr::UT, Vr::TM, Vr::UI, Vr::OB}) {
    const Make make = [vr](const Archive& archive) {
      return Maker(archive).with(
          [&](DatasetBuilder& dataset) { dataset.text(kAcquisitionDate, vr, "20260131"); },
          [](DatasetBuilder&) {});
    };
    expect_nothing_told(std::string(name(vr)), make, Expected::taken, kDates);
  }
}

TEST(WayBackSecrets, ADateOfAnImageComesBackAsItWasCopied) {
  const Profile profile = profile_of(kDates);
  const Hidden hidden;
  const Archive archive(hidden, profile);
  using std::chrono::year;
  const std::string date = archive.shown_date(year(2024) / 1 / 17);
  const auto seen = archive.given_back(Maker(archive).with(
      [&](DatasetBuilder& dataset) { dataset.text(kAcquisitionDate, Vr::DA, date); },
      [](DatasetBuilder&) {}));
  EXPECT_EQ(std::ranges::count(seen, "0 8,34 DA " + date), 1);
}

TEST(WayBackSecrets, NoUidUnderAnotherVrTellsWhetherTheArchiveHasIt) {
  for (const Tag tag : {kFrameOfReference, kTrackingUid, Tag{0x0008, 0x1155}}) {
    for (const Vr vr : {Vr::UN, Vr::LO, Vr::SH, Vr::CS, Vr::UT, Vr::UR, Vr::OB}) {
      const Make make = [=](const Archive& archive) {
        return Maker(archive).with([&](DatasetBuilder& dataset) {
          if (tag != kFrameOfReference) {
            dataset.begin_sequence(Tag{0x0040, 0xA730})
                .begin_item()
                .text(tag, vr, kGuessedUid)
                .end_item()
                .end_sequence();
          } else {
            dataset.text(tag, vr, kGuessedUid);
          }
        });
      };
      expect_nothing_told(std::string(name(vr)), make, Expected::taken);
    }
  }
}

TEST(WayBackSecrets, NoUidUnderATextsTagIsShownAsTheArchivesOwn) {
  for (const Tag tag : {kComment, Tag{0x0040, 0xA123}, Tag{0x0070, 0x0084}}) {
    const Make make = [tag](const Archive& archive) {
      return Maker(archive).with(
          [&](DatasetBuilder& dataset) { dataset.text(tag, Vr::UI, archive.frame()); });
    };
    for (const char* profile :
         {R"("ps3.15-basic")", R"({"Name": "ps3.15-basic", "Options": ["CleanDescriptors"]})"}) {
      expect_nothing_told("a text", make, Expected::taken, profile);
    }
  }
}

TEST(WayBackSecrets, NoNumberOfUidsTellsHowLongTheOriginalsAre) {
  for (const int count : {1, 2, 900, 1007, 1008, 1009, 1200, 1400, 1456, 1489, 1500}) {
    const auto is_taken = count <= 1008 ? Expected::taken : Expected::refused;
    const Make copies = [=](const Archive& archive) {
      return Maker(archive).with([&](DatasetBuilder& dataset) {
        // Names of the share have from 40 to 44 characters: as many as fit for all.
        dataset.text(kFrameOfReference, Vr::UI, repeated(archive.frame(), count).substr(0, 0xFFFE));
      });
    };
    if (count <= 1400) expect_nothing_told(std::to_string(count), copies, is_taken);
    const Make own = [=](const Archive& archive) {
      return Maker(archive).with([&](DatasetBuilder& dataset) {
        dataset.text(kFrameOfReference, Vr::UI, repeated("1.9.7", count));
      });
    };
    expect_nothing_told(std::to_string(count), own, is_taken);
  }
}

TEST(WayBackSecrets, NoTextTellsInWhichCharactersThePatientIsWritten) {
  struct Text {
    std::string_view charset;
    std::string text;
    Expected expected;
  };
  const Text texts[] = {
      {kJapanese, "no findings", Expected::taken},
      {kJapanese, "\x1b$B=j8+\x1b(B", Expected::taken},
      {kJapanese, "\x1b$B=j", Expected::taken},
      {kJapanese, "\xC3\x28", Expected::refused},
      {"ISO_IR 192", "所見なし", Expected::taken},
      {"ISO_IR 192", "\xC3\x28", Expected::refused},
      {"ISO_IR 192", "no findings", Expected::taken},
      {"ISO_IR 100", "Schl\xFCssel", Expected::taken},
      {"ISO_IR 100", std::string(60'000, '\xFC'), Expected::taken},  // grows in UTF-8
      {"ISO_IR 13", std::string(30'000, '\xB1'), Expected::taken},
      {"ISO_IR 6", "no findings", Expected::taken},
      {"", "no findings", Expected::taken},
      {"GB18030", "\x81\x30\x81", Expected::refused},
      {"\\ISO 2022 IR 149", "\x1b$)C\xB1", Expected::refused},
  };
  for (const Text& each : texts) {
    for (const auto& [tag, vr] : {std::pair(kComment, Vr::LT), {Tag{0x0008, 0x103E}, Vr::LO}}) {
      for (const std::string_view syntax :
           {core::dicom::kExplicitVrLittleEndian, core::dicom::kImplicitVrLittleEndian}) {
        const Make make = [&](const Archive& archive) {
          const auto text = [&](DatasetBuilder& dataset) { dataset.text(tag, vr, each.text); };
          const auto nothing = [](DatasetBuilder&) {};
          Maker maker(archive, each.charset, syntax);
          return tag == kComment ? maker.with(nothing, text) : maker.with(text, nothing);
        };
        expect_nothing_told(std::string(each.charset), make, each.expected,
                            R"({"Name": "ps3.15-basic", "Options": ["CleanDescriptors"]})");
      }
    }
  }
}

TEST(WayBackSecrets, NoIdentifierTellsHowLongTheHospitalsAre) {
  for (const int items : {1, 3, 500}) {
    const Make make = [=](const Archive& archive) {
      return Maker(archive).with([&](DatasetBuilder& dataset) {
        dataset.begin_sequence(Tag{0x0040, 0xA370});
        for (int i = 0; i < items; ++i) {
          dataset.begin_item().text(kAccessionNumber, Vr::SH, archive.accession()).end_item();
        }
        dataset.end_sequence();
      });
    };
    expect_nothing_told(std::to_string(items), make, Expected::taken);
  }
}

TEST(WayBackSecrets, WhatCouldOutgrowTheReaderIsRefusedWhateverItBecomes) {
  // 12 MB of UIDs of three characters: with 64 each they have 200 MB.
  const std::string uids = repeated("1.2", 1000);
  const Make make = [&](const Archive& archive) {
    return Maker(archive).with([&](DatasetBuilder& dataset) {
      dataset.begin_sequence(Tag{0x0040, 0xA730});
      for (int i = 0; i < 1000; ++i) {
        dataset.begin_item().text(kTrackingUid, Vr::UI, uids).end_item();
      }
      dataset.end_sequence();
    });
  };
  expect_nothing_told("12 MB of UIDs", make, Expected::refused);
}

}  // namespace
}  // namespace sekisho::anonymization::tests
