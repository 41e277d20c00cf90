// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "anonymization/profiles/profile.h"
#include "anonymization/tables.h"
#include "core/dicom/dictionary.h"
#include "mask_support.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;
using tests::basic;
using tests::profile_of;

Profile with(std::initializer_list<Option> options) {
  std::string names;
  for (Option option : options) {
    names.append(names.empty() ? "\"" : ", \"").append(facts_of(option).name) += '"';
  }
  return profile_of(R"({"Name": "ps3.15-basic", "Options": [)" + names + "]}");
}

/// Command elements are in no data dictionary.
Vr vr_of(Tag tag) {
  const auto* entry = core::dicom::find(tag);
  return entry ? entry->vr : Vr::UN;
}
std::string keyword(Tag tag) {
  const auto* entry = core::dicom::find(tag);
  return entry ? std::string(entry->keyword) : tag.hex();
}

/// No option opens these: no part of a stored data set, originals and signatures, curves, overlays.
bool is_banned(Tag tag) {
  const auto group = tag.group();
  return group < 0x0006 || group == 0x0100 || group == 0x0400 || group == 0x2100 ||
         group == 0x2200 || (group & 0xFF00) == 0x5000 || (group & 0xFF00) == 0x6000;
}

constexpr Option kRetaining[] = {Option::retain_uids, Option::retain_device_identity,
                                 Option::retain_institution_identity,
                                 Option::retain_patient_characteristics, Option::retain_full_dates};
constexpr Option kCleaning[] = {
    Option::retain_device_identity,   Option::retain_patient_characteristics,
    Option::retain_modified_dates,    Option::clean_descriptors,
    Option::clean_structured_content, Option::clean_graphics};

TEST(BasicOptions, KeepEveryRowWhoseColumnSaysK) {
  for (Option option : kRetaining) {
    const Profile profile = with({option});
    int rows = 0;
    for (const ConfidentialityRow& row : confidentiality_rows()) {
      if (!row.keep.contains(option)) continue;
      ++rows;
      const Action expected = vr_of(row.tag) == Vr::AS   ? Action::cap_age
                              : vr_of(row.tag) == Vr::CS ? Action::keep_listed
                                                         : Action::keep;
      EXPECT_EQ(profile.action_for(row.tag), is_banned(row.tag) ? Action::remove : expected)
          << facts_of(option).name << ' ' << keyword(row.tag);
    }
    EXPECT_GE(rows, 9) << facts_of(option).name;
  }
}

TEST(BasicOptions, ChangeNoRowWhoseColumnIsEmpty) {
  for (const OptionFacts& facts : kOptions) {
    const Profile profile = with({facts.option});
    for (const ConfidentialityRow& row : confidentiality_rows()) {
      if (row.keep.contains(facts.option) || row.clean.contains(facts.option)) continue;
      EXPECT_EQ(profile.action_for(row.tag), basic().action_for(row.tag))
          << facts.name << ' ' << keyword(row.tag);
    }
  }
}

TEST(BasicOptions, ChangeNothingBeyondTheTableButWhatTheReasonNames) {
  std::map<std::string_view, int> changed;
  for (const OptionFacts& facts : kOptions) {
    const Profile profile = with({facts.option});
    for (const auto& entry : core::dicom::dictionary()) {
      if (std::ranges::binary_search(confidentiality_rows(), entry.tag, {},
                                     &ConfidentialityRow::tag)) {
        continue;
      }
      if (profile.action_for(entry.tag) == basic().action_for(entry.tag)) continue;
      ++changed[facts.name];
      const auto row = std::ranges::lower_bound(decision_rows(), entry.tag, {}, &DecisionRow::tag);
      const DecisionReason& reason = reason_of(*row);
      EXPECT_TRUE(reason.keep.contains(facts.option) || reason.clean.contains(facts.option))
          << facts.name << ' ' << entry.keyword;
    }
  }
  EXPECT_EQ(changed.size(), 7U);
}

TEST(BasicOptions, KeepNoRowWhoseColumnSaysC) {
  for (Option option : kCleaning) {
    const Profile profile = with({option});
    for (const ConfidentialityRow& row : confidentiality_rows()) {
      if (!row.clean.contains(option) || row.keep.contains(option)) continue;
      const Vr vr = vr_of(row.tag);
      // Sequences are entered; times of day say no date.
      if (vr == Vr::SQ || vr == Vr::TM) continue;
      EXPECT_NE(profile.action_for(row.tag), Action::keep)
          << facts_of(option).name << ' ' << keyword(row.tag);
    }
  }
}

TEST(RetainUids, KeepsEveryUidButThoseOfSites) {
  const Profile profile = with({Option::retain_uids});
  EXPECT_FALSE(profile.remaps_uids());
  for (const auto& entry : core::dicom::dictionary()) {
    if (profile.action_for(entry.tag) != Action::remap_uid) continue;
    EXPECT_TRUE(entry.keyword == "UID" || entry.keyword == "RetrieveLocationUID" ||
                entry.keyword == "RepositoryUniqueID" || entry.keyword == "HomeCommunityID")
        << entry.keyword;
  }
  EXPECT_EQ(profile.action_for(Tag{0x0040, 0xE031}), Action::remap_uid);
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x1167}), Action::keep);  // outside the table
  EXPECT_EQ(profile.action_for(Tag{0x0010, 0x0020}), Action::pseudonymise);
}

TEST(RetainPatientCharacteristics, CapsTheAge) {
  const Profile profile = with({Option::retain_patient_characteristics});
  EXPECT_EQ(profile.action_for(Tag{0x0010, 0x1010}), Action::cap_age);
  EXPECT_EQ(profile.action_for(Tag{0x0010, 0x1030}), Action::keep);        // PatientWeight
  EXPECT_EQ(profile.action_for(Tag{0x0010, 0x2110}), Action::clean_text);  // Allergies
  EXPECT_EQ(profile.action_for(Tag{0x0010, 0x0030}), Action::empty);       // PatientBirthDate
}

TEST(RetainDeviceIdentity, LeavesApplicationEntitiesAPseudonym) {
  const Profile profile = with({Option::retain_device_identity});
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x1010}), Action::keep);  // StationName
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x0055}), Action::pseudonymise);
  for (const ConfidentialityRow& row : confidentiality_rows()) {
    if (!row.clean.contains(Option::retain_device_identity) || is_banned(row.tag)) continue;
    EXPECT_EQ(vr_of(row.tag), Vr::AE) << keyword(row.tag);
    EXPECT_EQ(profile.action_for(row.tag), Action::pseudonymise) << keyword(row.tag);
  }
}

TEST(RetainModifiedDates, ShiftsDatesAndKeepsTimes) {
  const Profile profile = with({Option::retain_modified_dates});
  EXPECT_TRUE(profile.shifts_dates());
  int shifted = 0;
  for (const ConfidentialityRow& row : confidentiality_rows()) {
    if (!row.clean.contains(Option::retain_modified_dates) || is_banned(row.tag)) continue;
    const auto& entry = *core::dicom::find(row.tag);
    const Action action = profile.action_for(row.tag);
    if (entry.vr == Vr::TM) {
      EXPECT_EQ(action, Action::keep) << entry.keyword;
    } else {
      EXPECT_TRUE(action == Action::shift_date || action == basic().action_for(row.tag))
          << entry.keyword;
      shifted += action == Action::shift_date ? 1 : 0;
    }
  }
  EXPECT_GT(shifted, 75);
  for (Tag tag : {Tag{0x0008, 0x0020}, Tag{0x0008, 0x0021}, Tag{0x0008, 0x0022},
                  Tag{0x0008, 0x0023}, Tag{0x0008, 0x002A}, Tag{0x0018, 0x1078},
                  Tag{0x0040, 0x0244}, Tag{0x3006, 0x0008}, Tag{0x0040, 0xA030}}) {
    EXPECT_EQ(profile.action_for(tag), Action::shift_date) << tag.hex();
  }
}

TEST(RetainModifiedDates, ShiftsNoDateThatIsKnownElsewhere) {
  const Profile profile = with({Option::retain_modified_dates, Option::retain_device_identity});
  for (std::string_view keyword :
       {"ContextGroupVersion", "TemplateVersion", "DateOfLastCalibration", "DateOfManufacture",
        "DateOfInstallation", "DateOfLastDetectorCalibration", "ProductExpirationDateTime"}) {
    const Tag tag = core::dicom::find_keyword(keyword)->tag;
    EXPECT_EQ(profile.action_for(tag), basic().action_for(tag)) << keyword;
  }
  // Summer or winter.
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x0201}), Action::remove);
}

TEST(RetainModifiedDates, KeepsNoDateBesideThoseItShifts) {
  const Profile profile =
      with({Option::retain_modified_dates, Option::retain_device_identity,
            Option::retain_institution_identity, Option::retain_patient_characteristics,
            Option::retain_uids, Option::clean_descriptors, Option::clean_graphics,
            Option::clean_structured_content, Option::retain_safe_private});
  for (const Rule& rule : profile.rules()) {
    const Vr vr = vr_of(rule.tag);
    if (vr == Vr::DA || vr == Vr::DT) {
      EXPECT_NE(rule.action, Action::keep) << keyword(rule.tag);
    }
  }
}

TEST(CleanDescriptors, CleansTextAndEntersSequences) {
  const Profile profile = with({Option::clean_descriptors});
  for (const ConfidentialityRow& row : confidentiality_rows()) {
    if (!row.clean.contains(Option::clean_descriptors) || is_banned(row.tag)) continue;
    const auto& entry = *core::dicom::find(row.tag);
    const Action action = profile.action_for(row.tag);
    const Action without = basic().action_for(row.tag);
    if (entry.vr == Vr::SQ) {
      EXPECT_EQ(action, Action::keep) << entry.keyword;
    } else if (entry.vr == Vr::OB || entry.vr == Vr::CS) {
      EXPECT_EQ(action, without) << entry.keyword;
    } else if (without == Action::dummy) {
      EXPECT_EQ(action, Action::clean_text_or_dummy) << entry.keyword;
    } else {
      EXPECT_TRUE(action == Action::clean_text) << entry.keyword;
    }
  }
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x103E}), Action::clean_text);  // SeriesDescription
  EXPECT_EQ(profile.action_for(Tag{0x3006, 0x0002}), Action::clean_text_or_dummy);
  EXPECT_EQ(profile.action_for(Tag{0x0008, 0x0080}), Action::dummy);  // InstitutionName
}

TEST(CleanGraphics, EntersAnnotationsAndStillRemovesOverlays) {
  const Profile profile = with({Option::clean_graphics});
  EXPECT_EQ(profile.action_for(Tag{0x0070, 0x0001}), Action::keep);
  EXPECT_EQ(profile.action_for(Tag{0x0070, 0x0006}), Action::dummy);  // UnformattedTextValue
  EXPECT_EQ(profile.action_for(Tag{0x6000, 0x3000}), Action::remove);
  EXPECT_EQ(profile.action_for(Tag{0x6002, 0x4000}), Action::remove);
  EXPECT_EQ(profile.action_for(Tag{0x5000, 0x3000}), Action::remove);
}

TEST(CleanStructuredContent, CleansContentItems) {
  const Profile profile = with({Option::clean_structured_content});
  EXPECT_EQ(profile.action_for(Tag{0x0040, 0xA730}), Action::clean_content);
  EXPECT_EQ(profile.action_for(Tag{0x0040, 0x0555}), Action::clean_content);
  EXPECT_EQ(profile.action_for(Tag{0x0040, 0x0610}), Action::keep);
  EXPECT_EQ(profile.action_for(Tag{0x0040, 0x0612}), Action::clean_content);
  EXPECT_EQ(profile.action_for(Tag{0x0040, 0xB020}), Action::keep);
  EXPECT_EQ(basic().content_action("DCM", "121106", "TEXT"), Action::remove);
  EXPECT_TRUE(basic().content_rules().empty());
}

TEST(CleanStructuredContent, FollowsEveryRowOfItsTable) {
  const Profile plain = with({Option::clean_structured_content});
  for (const ContentRow& row : content_rows()) {
    const Action action = plain.content_action(row.scheme, row.code, row.value_type);
    if (row.action == BasicAction::remove) {
      EXPECT_EQ(action, Action::remove) << row.code;
    } else if (row.value_type == "UIDREF") {
      EXPECT_EQ(action, Action::remap_uid) << row.code;
    } else if (row.value_type == "TEXT" || row.value_type == "PNAME" ||
               row.value_type.starts_with("DATE") || row.value_type == "TIME") {
      EXPECT_EQ(action, Action::dummy) << row.code;
    } else {
      EXPECT_EQ(action, Action::keep) << row.code;  // a reference: its UIDs are remapped inside
    }
  }
  for (Option option : kRetaining) {
    const Profile profile = with({Option::clean_structured_content, option});
    for (const ContentRow& row : content_rows()) {
      const Action action = profile.content_action(row.scheme, row.code, row.value_type);
      if (!row.keep.contains(option)) {
        EXPECT_EQ(action, plain.content_action(row.scheme, row.code, row.value_type)) << row.code;
      } else {
        EXPECT_EQ(action, row.is_age ? Action::cap_age : Action::keep) << row.code;
      }
    }
  }
}

TEST(CleanStructuredContent, KeepsNoNameTextOrDateOfAnUnknownConcept) {
  const Profile plain = with({Option::clean_structured_content});
  for (std::string_view type : {"TEXT", "PNAME", "DATE", "TIME", "DATETIME"}) {
    EXPECT_EQ(plain.content_action("99LOCAL", "1", type), Action::dummy) << type;
  }
  EXPECT_EQ(plain.content_action("99LOCAL", "1", "UIDREF"), Action::remap_uid);
  EXPECT_EQ(plain.content_action("99LOCAL", "1", "NUM"), Action::keep);
  EXPECT_EQ(plain.content_action("99LOCAL", "1", "CONTAINER"), Action::keep);
  EXPECT_EQ(plain.content_action("99LOCAL", "1", "TABLE"), Action::remove);
  EXPECT_EQ(plain.content_action("99LOCAL", "1", ""), Action::remove);
  EXPECT_EQ(plain.content_action("*", "*", ""), Action::remove);

  const Profile modified = with({Option::clean_structured_content, Option::clean_descriptors,
                                 Option::retain_modified_dates, Option::retain_uids});
  EXPECT_EQ(modified.content_action("99LOCAL", "1", "TEXT"), Action::clean_text_or_dummy);
  EXPECT_EQ(modified.content_action("99LOCAL", "1", "DATE"), Action::shift_date);
  EXPECT_EQ(modified.content_action("99LOCAL", "1", "DATETIME"), Action::shift_date);
  EXPECT_EQ(modified.content_action("99LOCAL", "1", "TIME"), Action::keep);
  EXPECT_EQ(modified.content_action("99LOCAL", "1", "UIDREF"), Action::keep);
  EXPECT_EQ(modified.content_action("DCM", "121106", "TEXT"), Action::clean_text_or_dummy);
  EXPECT_EQ(modified.content_action("DCM", "113810", "DATETIME"), Action::shift_date);
}

TEST(RetainSafePrivate, KeepsWhatTheTableListsAndCanBeRead) {
  const Profile profile = with({Option::retain_safe_private});
  int opaque = 0;
  for (const SafePrivateRow& row : safe_private_rows()) {
    // Any block of the creator's choice.
    const Tag tag{row.tag.group(), static_cast<std::uint16_t>(0x4200 | row.tag.element())};
    const PrivateRule* rule = profile.private_rule(row.creator, tag);
    switch (row.vr) {
      case Vr::UN:
      case Vr::OB:
      case Vr::OW:
      case Vr::ST:
      case Vr::LT:
        EXPECT_EQ(rule, nullptr) << row.creator << row.tag.hex();
        ++opaque;
        continue;
      default:
        ASSERT_NE(rule, nullptr) << row.creator << row.tag.hex();
        EXPECT_EQ(rule->vr, row.vr);
        EXPECT_EQ(rule->action, row.vr == Vr::UI ? Action::remap_uid : Action::keep);
    }
  }
  EXPECT_LT(opaque, 40);
  EXPECT_GT(safe_private_rows().size(), 400U);
}

TEST(RetainSafePrivate, MatchesCreatorsToTheByte) {
  const Profile profile = with({Option::retain_safe_private});
  EXPECT_TRUE(profile.private_rule("GEMS_ACQU_01", Tag{0x0019, 0x1023}));
  for (std::string_view creator : {"gems_acqu_01", "GEMS_ACQU_01 ", " GEMS_ACQU_01", "GEMS_ACQU_0",
                                   "GEMS_ACQU_011", "", "GEMS_PARM_01"}) {
    EXPECT_FALSE(profile.private_rule(creator, Tag{0x0019, 0x1023})) << creator;
  }
  EXPECT_FALSE(profile.private_rule("GEMS_ACQU_01", Tag{0x001B, 0x1023}));
  EXPECT_FALSE(profile.private_rule("GEMS_ACQU_01", Tag{0x0019, 0x1022}));
  EXPECT_EQ(profile.action_for(Tag{0x0019, 0x1023}), Action::remove);
  EXPECT_TRUE(profile.has_private_rules());
  EXPECT_FALSE(basic().has_private_rules());
  EXPECT_FALSE(basic().private_rule("GEMS_ACQU_01", Tag{0x0019, 0x1023}));
}

TEST(RetainSafePrivate, KeepsUidsOnlyWithTheOptionForThem) {
  const Profile profile = with({Option::retain_safe_private, Option::retain_uids});
  const PrivateRule* rule = profile.private_rule("NQHeader", Tag{0x0099, 0x1002});
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->action, Action::keep);
}

TEST(BasicOptions, AreSaidByTheirCodes) {
  const std::map<std::string_view, std::string_view> expected = {
      {"CleanPixelData", "113101"},
      {"CleanGraphics", "113103"},
      {"CleanStructuredContent", "113104"},
      {"CleanDescriptors", "113105"},
      {"RetainFullDates", "113106"},
      {"RetainModifiedDates", "113107"},
      {"RetainPatientCharacteristics", "113108"},
      {"RetainDeviceIdentity", "113109"},
      {"RetainUids", "113110"},
      {"RetainSafePrivate", "113111"},
      {"RetainInstitutionIdentity", "113112"}};
  ASSERT_EQ(std::size(kOptions), expected.size());
  for (const OptionFacts& facts : kOptions) {
    EXPECT_EQ(&facts_of(facts.option), &facts);
    const Statement statement = with({facts.option}).statement();
    EXPECT_EQ(statement.method_codes,
              (std::vector<std::string>{"113100", std::string(expected.at(facts.name))}));
    EXPECT_TRUE(statement.identity_removed);
    EXPECT_EQ(statement.method.back(), facts.name);
    for (const std::string& text : statement.method) EXPECT_LE(text.size(), 64U);
  }
}

TEST(BasicOptions, SayWhatBecameOfDates) {
  EXPECT_EQ(basic().statement().temporal_information, "REMOVED");
  EXPECT_EQ(with({Option::retain_full_dates}).statement().temporal_information, "UNMODIFIED");
  EXPECT_EQ(with({Option::retain_modified_dates}).statement().temporal_information, "MODIFIED");
}

TEST(CleanPixelData, IsAFlagForWhoLooksAtPixels) {
  EXPECT_TRUE(with({Option::clean_pixel_data}).cleans_pixels());
  EXPECT_FALSE(basic().cleans_pixels());
}

}  // namespace
}  // namespace sekisho::anonymization
