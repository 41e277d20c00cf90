// SPDX-License-Identifier: GPL-3.0-or-later
// Identifiers are planted everywhere; none may survive.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "anonymization/tables.h"
#include "core/dicom/dictionary.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

constexpr std::string_view kUncompressed[] = {core::dicom::kImplicitVrLittleEndian,
                                              core::dicom::kExplicitVrLittleEndian,
                                              core::dicom::kExplicitVrBigEndian};
constexpr Tag kReferencedSeries{0x0008, 0x1115};  // kept, and entered
constexpr Tag kReferencedInstances{0x0008, 0x114A};

/// Values of which each occurs once in a file and nowhere else.
class Planter {
 public:
  /// Adds an element whose value must not survive.
  void plant(DatasetBuilder& dataset, Tag tag, Vr vr) {
    if (vr == Vr::SQ) return plant_sequence(dataset, tag);
    const std::string value = next(vr);
    planted_.push_back(value);
    dataset.text(tag, vr, value);
  }
  const std::vector<std::string>& planted() const { return planted_; }
  std::vector<std::string> survivors(ByteView bytes) const {
    std::vector<std::string> found;
    std::ranges::copy_if(planted_, std::back_inserter(found),
                         [&](const std::string& value) { return contains(bytes, value); });
    return found;
  }

 private:
  /// Every value has a digit string of its own, 8 digits long as dates are.
  std::string next(Vr vr) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%08u", 31415926U + 7 * count_++);
    switch (vr) {
      case Vr::UI:
        return "1.2.826.0.1." + std::string(digits);
      case Vr::AS:
        return std::string(digits).substr(5) + "Y" + digits;
      case Vr::DA:
      case Vr::DT:
      case Vr::TM:
      case Vr::DS:
      case Vr::IS:
        return digits;
      case Vr::PN:
        return "C" + std::string(digits) + "^A=N" + digits + "^=K" + digits + "^";
      default:
        return "C" + std::string(digits) + "Y";  // ten characters: even, for OB and US too
    }
  }
  void plant_sequence(DatasetBuilder& dataset, Tag tag) {
    dataset.begin_sequence(tag, count_ % 2 ? Length::defined : Length::undefined).begin_item();
    plant(dataset, Tag{0x0010, 0x0010}, Vr::PN);
    plant(dataset, Tag{0x0010, 0x0020}, Vr::LO);
    plant(dataset, Tag{0x0020, 0x000D}, Vr::UI);
    dataset.end_item().end_sequence();
  }

  unsigned count_ = 0;
  std::vector<std::string> planted_;
};

/// Every row of Table E.1-1 that may stand in a data set before the pixels.
void plant_table(Planter& planter, DatasetBuilder& dataset, std::string_view instance) {
  for (const ConfidentialityRow& row : confidentiality_rows()) {
    const auto* entry = core::dicom::find(row.tag);
    if (!entry || row.tag.group() < 0x0008 || row.tag.group() >= 0x7FE0) continue;
    if (row.tag == Tag{0x0008, 0x0018} && !instance.empty()) {
      dataset.text(row.tag, Vr::UI, instance);
    } else {
      planter.plant(dataset, row.tag, entry->vr);
    }
  }
}

DatasetBuilder header(std::string_view syntax) {
  DatasetBuilder dataset(syntax);
  dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance);
  return dataset;
}

Bytes part10(const DatasetBuilder& dataset) { return dataset.part10(kCtImageStorage, kInstance); }

TEST(Canaries, OfEveryRowOfTheTableDieAtTheTopLevel) {
  for (std::string_view syntax : kUncompressed) {
    Planter planter;
    DatasetBuilder dataset(syntax);
    plant_table(planter, dataset, kInstance);
    ASSERT_GT(planter.planted().size(), 700U);
    const Bytes original = part10(dataset);
    ASSERT_EQ(planter.survivors(original).size(), planter.planted().size());
    const Bytes masked = masked_bytes(original);
    EXPECT_EQ(planter.survivors(masked), std::vector<std::string>{});
    EXPECT_FALSE(contains(masked, kInstance));
    EXPECT_EQ(masked_bytes(masked), masked);
  }
}

TEST(Canaries, OfEveryRowOfTheTableDieInNestedItems) {
  for (std::string_view syntax : kUncompressed) {
    for (Length length : {Length::defined, Length::undefined}) {
      Planter planter;
      DatasetBuilder dataset = header(syntax);
      dataset.begin_sequence(kReferencedSeries, length)
          .begin_item(length)
          .begin_sequence(kReferencedInstances, length)
          .begin_item(length);
      plant_table(planter, dataset, "");
      dataset.end_item().end_sequence().end_item().end_sequence();
      const Bytes masked = masked_bytes(part10(dataset));
      EXPECT_EQ(planter.survivors(masked), std::vector<std::string>{});
      // The sequences around them are kept: it was not the whole that went.
      EXPECT_EQ(value_in(masked, kReferencedSeries), "sequence");
    }
  }
}

TEST(Canaries, OfEveryNameDateAndFreeTextOfTheDictionaryDie) {
  for (std::string_view syntax : kUncompressed) {
    Planter planter;
    DatasetBuilder dataset(syntax);
    for (const auto& entry : core::dicom::dictionary()) {
      if (core::dicom::find(entry.tag) != &entry || entry.tag < Tag{0x0008, 0x0000}) continue;
      if (entry.tag >= Tag{0x7FE0, 0x0000}) break;
      if (entry.tag == Tag{0x0008, 0x0018}) {
        dataset.text(entry.tag, Vr::UI, kInstance);
      } else if (basic().action_for(entry.tag) != Action::keep) {
        planter.plant(dataset, entry.tag, entry.vr);
      }
    }
    ASSERT_GT(planter.planted().size(), 1500U);
    EXPECT_EQ(planter.survivors(masked_bytes(part10(dataset))), std::vector<std::string>{});
  }
}

TEST(Canaries, DieInPrivateBlocksAtEveryLevel) {
  for (const Profile* profile : {&basic(), &all_fields()}) {
    for (std::string_view syntax : kUncompressed) {
      DatasetBuilder dataset = header(syntax);
      dataset.begin_sequence(kReferencedSeries)
          .begin_item()
          .text(Tag{0x0009, 0x0010}, Vr::LO, "CANARY CREATOR")
          .text(Tag{0x0009, 0x1001}, Vr::LO, "CANARY^JOHN")
          .end_item()
          .end_sequence()
          .text(Tag{0x0009, 0x0010}, Vr::LO, "CANARY CREATOR")
          .text(Tag{0x0009, 0x1001}, Vr::PN, "CANARY^JOHN")
          .begin_sequence(Tag{0x0029, 0x1010})
          .begin_item()
          .text(Tag{0x0010, 0x0010}, Vr::PN, "CANARY^JOHN")
          .end_item()
          .end_sequence();
      EXPECT_FALSE(contains(masked_bytes(part10(dataset), *profile), "CANARY"));
    }
  }
}

TEST(Canaries, DieInSequencesThatAreWrittenAsUn) {
  for (const Profile* profile : {&basic(), &all_fields()}) {
    // Of defined length: the items are implicit VR little endian (PS3.5 §6.2.2).
    DatasetBuilder items(core::dicom::kImplicitVrLittleEndian);
    items.begin_item().text(Tag{0x0010, 0x0010}, Vr::PN, "CANARY^JOHN ").end_item();
    DatasetBuilder defined = header(core::dicom::kExplicitVrLittleEndian);
    defined.bytes(kReferencedSeries, Vr::UN, items.dataset());
    EXPECT_FALSE(contains(masked_bytes(part10(defined), *profile), "CANARY"));
    // Of undefined length.
    DatasetBuilder undefined = header(core::dicom::kExplicitVrLittleEndian);
    undefined.header(kReferencedSeries, Vr::UN, 0xFFFFFFFF)
        .raw(items.dataset())
        .header(core::dicom::kSequenceDelimitation, Vr::UN, 0);
    Bytes bytes = undefined.dataset();
    DatasetBuilder file = header(core::dicom::kExplicitVrLittleEndian);
    file.header(kReferencedSeries, Vr::UN, 0xFFFFFFFF)
        .raw(items.dataset())
        .raw(Bytes{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0});
    EXPECT_FALSE(contains(masked_bytes(part10(file), *profile), "CANARY"));
  }
}

TEST(Canaries, DieUnderAnyVrThatIsNotTheTags) {
  DatasetBuilder dataset = header(core::dicom::kExplicitVrLittleEndian);
  dataset.text(Tag{0x0010, 0x0010}, Vr::LT, "CANARY^JOHN")
      .text(Tag{0x0010, 0x0020}, Vr::UN, "CANARY")
      .text(Tag{0x0018, 0x0050}, Vr::DS, "CANARY")
      .text(Tag{0x0018, 0x0060}, Vr::LO, "CANARY")
      .text(Tag{0x0018, 0x5100}, Vr::PN, "CANARY")
      .begin_sequence(Tag{0x0018, 0x9087})  // DiffusionBValue, FD
      .begin_item()
      .text(Tag{0x0018, 0x1210}, Vr::SH, "CANARY")
      .end_item()
      .end_sequence()
      .text(Tag{0x0020, 0x0037}, Vr::UN, "CANARY")
      .text(Tag{0x0028, 0x0010}, Vr::LO, "CANARY")
      .text(Tag{0x0028, 0x3010}, Vr::UN, "CANARY");  // VOILUTSequence
  EXPECT_FALSE(contains(masked_bytes(part10(dataset)), "CANARY"));
}

TEST(Canaries, DieInUnknownElementsOfEvenGroups) {
  for (std::string_view syntax : kUncompressed) {
    DatasetBuilder dataset = header(syntax);
    dataset.text(Tag{0x0008, 0xFFF0}, Vr::LO, "CANARY")
        .text(Tag{0x0012, 0x9999}, Vr::UN, "CANARY")
        .begin_sequence(Tag{0x0066, 0xFFF0})
        .begin_item()
        .text(Tag{0x0008, 0x0104}, Vr::LO, "CANARY")
        .end_item()
        .end_sequence()
        .text(Tag{0x7000, 0x0010}, Vr::LO, "CANARY");
    for (const Profile* profile : {&basic(), &all_fields()}) {
      EXPECT_FALSE(contains(masked_bytes(part10(dataset), *profile), "CANARY"));
    }
  }
}

TEST(Canaries, DieInOverlaysAndCurves) {
  DatasetBuilder dataset = header(core::dicom::kExplicitVrLittleEndian);
  for (std::uint16_t group : {0x5000, 0x5002, 0x501E, 0x6000, 0x6002, 0x601E}) {
    dataset.text(Tag{group, 0x0022}, Vr::LO, "CANARY").text(Tag{group, 0x3000}, Vr::OW, "CANARY");
  }
  EXPECT_FALSE(contains(masked_bytes(part10(dataset)), "CANARY"));
}

TEST(Canaries, DieInGroupLengthsAndOriginalAttributes) {
  DatasetBuilder dataset(core::dicom::kExplicitVrLittleEndian);
  dataset.bytes(Tag{0x0008, 0x0000}, Vr::UL, core::as_bytes("CNRY"))
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .begin_sequence(Tag{0x0400, 0x0561})
      .begin_item()
      .begin_sequence(Tag{0x0400, 0x0550})
      .begin_item()
      .text(Tag{0x0008, 0x0070}, Vr::LO, "CANARY")
      .end_item()
      .end_sequence()
      .end_item()
      .end_sequence();
  for (const Profile* profile : {&basic(), &all_fields()}) {
    const Bytes masked = masked_bytes(part10(dataset), *profile);
    EXPECT_FALSE(contains(masked, "CANARY"));
    EXPECT_FALSE(contains(masked, "CNRY"));
  }
}

TEST(Canaries, DieInTheTrailer) {
  DatasetBuilder dataset = header(core::dicom::kExplicitVrLittleEndian);
  dataset.us(Tag{0x0028, 0x0010}, 1)
      .us(Tag{0x0028, 0x0011}, 2)
      .us(Tag{0x0028, 0x0100}, 8)
      .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, Bytes{1, 2})
      .text(Tag{0x7FE1, 0x0010}, Vr::LO, "CANARY")
      .text(Tag{0x8000, 0x0010}, Vr::LO, "CANARY")
      .begin_sequence(Tag{0xFFFA, 0xFFFA})
      .begin_item()
      .text(Tag{0x0010, 0x0010}, Vr::PN, "CANARY")
      .end_item()
      .end_sequence()
      .text(Tag{0xFFFC, 0xFFFC}, Vr::OB, "CANARY");
  for (const Profile* profile : {&basic(), &all_fields()}) {
    const Masked masked = mask(checked(part10(dataset)), *profile, a_share());
    EXPECT_TRUE(masked.tail().empty());
    EXPECT_FALSE(contains(bytes_of(masked), "CANARY"));
  }
}

TEST(Canaries, DieInThePreambleAndTheFileMetaInformation) {
  DatasetBuilder dataset = header(core::dicom::kExplicitVrLittleEndian);
  Bytes file = part10(dataset);
  std::ranges::copy(std::string_view("CANARY"), file.begin() + 10);
  // (0002,0016) SourceApplicationEntityTitle, put behind the last meta element.
  DatasetBuilder more;
  more.text(Tag{0x0002, 0x0016}, Vr::AE, "CANARY");
  const std::size_t end = file.size() - dataset.dataset().size();
  file.insert(file.begin() + static_cast<std::ptrdiff_t>(end), more.dataset().begin(),
              more.dataset().end());
  file[140] = static_cast<Byte>(file[140] + more.dataset().size());
  for (const Profile* profile : {&basic(), &all_fields()}) {
    const Bytes masked = masked_bytes(file, *profile);
    EXPECT_FALSE(contains(masked, "CANARY"));
    EXPECT_FALSE(contains(masked, "2.25.1"));  // the builder's implementation class
  }
}

TEST(Canaries, OfEveryPersonNameGroupDie) {
  for (std::string_view name : {"CANARY^A=B=C", "A=CANARY=C", "A=B=CANARY",
                                "=\x1b$B;3ED\x1b(B^CANARY=\x1b$B$d\x1b(B", "A=B=C=CANARY"}) {
    DatasetBuilder dataset;
    dataset.text(Tag{0x0008, 0x0005}, Vr::CS, "\\ISO 2022 IR 87")
        .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
        .text(Tag{0x0010, 0x0010}, Vr::PN, name)
        .text(Tag{0x0010, 0x1001}, Vr::PN, name);
    for (const Profile* profile : {&basic(), &all_fields()}) {
      EXPECT_FALSE(contains(masked_bytes(part10(dataset), *profile), "CANARY"));
    }
  }
}

TEST(Canaries, OfKanaDieInEveryItemByItsOwnCharacterSet) {
  const Profile kana = profile_of(R"({"Name": "patient-fields", "Fields": ["PatientNameKana"]})");
  DatasetBuilder dataset;
  dataset.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 100")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
      .begin_sequence(kReferencedSeries)
      .begin_item()
      .text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 13")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=KANJI=KANA")
      .end_item()
      .end_sequence()
      .text(Tag{0x0010, 0x0010}, Vr::PN, "J\xe9r\xf4me=KANJI=KANA");
  const Bytes masked = masked_bytes(part10(dataset), kana);
  EXPECT_FALSE(contains(masked, "KANA"));
  EXPECT_FALSE(contains(masked, "\xd4\xcf\xc0\xde"));
  EXPECT_TRUE(contains(masked, "J\xe9r\xf4me=KANJI"));
}

TEST(Canaries, OfThePatientDieEverywhereUnderPatientFields) {
  Planter planter;
  DatasetBuilder dataset = header(core::dicom::kExplicitVrLittleEndian);
  const auto plant_patient = [&] {
    planter.plant(dataset, Tag{0x0010, 0x0010}, Vr::PN);
    planter.plant(dataset, Tag{0x0010, 0x0020}, Vr::LO);
    planter.plant(dataset, Tag{0x0010, 0x0030}, Vr::DA);
    planter.plant(dataset, Tag{0x0010, 0x1000}, Vr::LO);
    planter.plant(dataset, Tag{0x0010, 0x1001}, Vr::PN);
    planter.plant(dataset, Tag{0x0010, 0x1002}, Vr::SQ);
    planter.plant(dataset, Tag{0x0010, 0x1005}, Vr::PN);
  };
  dataset.begin_sequence(kReferencedSeries).begin_item();
  plant_patient();
  dataset.end_item().end_sequence();
  plant_patient();
  const Bytes original = part10(dataset);
  const Bytes masked = masked_bytes(original, all_fields());
  EXPECT_EQ(planter.survivors(masked), std::vector<std::string>{});
}

}  // namespace
}  // namespace sekisho::anonymization::tests
