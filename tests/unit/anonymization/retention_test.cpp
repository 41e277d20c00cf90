// SPDX-License-Identifier: GPL-3.0-or-later
// What a profile keeps is there, unchanged, to the byte: of a data set that has every element of
// the dictionary and of the safe private list, and of the files at hand.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <map>

#include "anonymization/masking/date_shift.h"
#include "anonymization/masking/dates.h"
#include "anonymization/masking/kept_value.h"
#include "anonymization/masking/listed_codes.h"
#include "anonymization/masking/masking_statement.h"
#include "anonymization/masking/private_blocks.h"
#include "anonymization/masking/replacement.h"
#include "anonymization/option.h"
#include "anonymization/profiles/profile_catalogue.h"
#include "anonymization/tables.h"
#include "core/dicom/character_set.h"
#include "core/dicom/dictionary.h"
#include "support/profiles.h"
#include "support/sample_files.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {
namespace {

using core::dicom::Token;
using core::dicom::Walker;

constexpr Tag kCharacterSet{0x0008, 0x0005};
constexpr Tag kSopClass{0x0008, 0x0016};
constexpr Tag kSopInstance{0x0008, 0x0018};
constexpr Tag kPatientId{0x0010, 0x0020};
constexpr Tag kConceptName{0x0040, 0xA043};
constexpr Tag kAnatomicRegion{0x0008, 0x2218};  // entered by every profile
constexpr std::uint16_t kPixelGroup = 0x7FE0;

// ---- profiles

/// Every one that there is, each option alone and together with others, and custom ones.
std::vector<Profile> profiles() {
  std::vector<Profile> all = sekisho::tests::every_profile();
  for (const OptionFacts& facts : kOptions) {
    all.push_back(profile_of(R"({"Name": "ps3.15-basic", "Options": [")" + std::string(facts.name) +
                             R"("]})"));
  }
  for (std::string_view field :
       {"PatientID", "PatientName", "PatientNameKana", "PatientSex", "PatientBirthDate"}) {
    all.push_back(
        profile_of(R"({"Name": "patient-fields", "Fields": [")" + std::string(field) + R"("]})"));
  }
  const auto read = ProfileCatalogue::read(R"({
      "descriptive": {"Base": "ps3.15-basic", "Rules": [
          {"Element": "StudyDescription", "Action": "Keep"},
          {"Element": "ReferringPhysicianName", "Action": "Keep"},
          {"Element": "PatientAge", "Action": "Keep"},
          {"Element": "RequestAttributesSequence", "Action": "Keep"},
          {"PrivateCreator": "GEMS_PARM_01", "Element": "0043,xx27", "VR": "SH", "Action": "Keep"}]},
      "dated": {"Base": "ps3.15-basic", "Rules": [
          {"Element": "StudyTime", "Action": "Keep"},
          {"Element": "StudyDate", "Action": "Shift"}]}})");
  if (const auto* problems = std::get_if<std::vector<std::string>>(&read)) {
    for (const std::string& problem : *problems) ADD_FAILURE() << problem;
    return all;
  }
  const auto& catalogue = std::get<ProfileCatalogue>(read);
  for (std::string_view name : {R"("descriptive")", R"("dated")"}) {
    all.push_back(std::get<Profile>(catalogue.resolve(name)));
  }
  return all;
}

// ---- what is in a file

struct Value {
  Vr vr;
  Bytes bytes;
  std::string text;  ///< in UTF-8, of text
};

/// An element of a file and what a profile does with it. Content items are not among them: which
/// stay is the business of other tests, and so is a report's title.
struct Found {
  std::string path;  ///< "0008,1140[0].0008,1155" and the like
  int depth;
  Tag tag;
  Action action;
  Vr rule_vr;
  Value value;
  bool is_sound;  ///< it is what its tag says: nothing else is kept
};

class Reader {
 public:
  Reader(const CheckedFile& file, const Profile& profile)
      : file_(file),
        profile_(profile),
        walker_(file.header(), file.transfer_syntax().vr, file.transfer_syntax().order) {}

  std::vector<Found> read() {
    std::vector<Found> found;
    for (Token token = walker_.next(); token.kind != Token::Kind::end; token = walker_.next()) {
      Level& level = levels_[token.depth];
      switch (token.kind) {
        case Token::Kind::element:
          see(token, level, found);
          break;
        case Token::Kind::sequence_begin:
          level.sequence = level.path + token.tag.hex();
          level.is_entered =
              level.is_kept && !is_rewritten(token) && rule_of(token, level).action == Action::keep;
          level.items = 0;
          if (level.is_entered)
            found.push_back({level.sequence,
                             token.depth,
                             token.tag,
                             Action::keep,
                             Vr::SQ,
                             {Vr::SQ, {}, {}},
                             true});
          break;
        case Token::Kind::item_begin: {
          Level& around = levels_[token.depth - 1U];
          level = Level{};
          level.path = around.sequence + "[" + std::to_string(around.items++) + "].";
          level.charset = around.charset;
          level.is_kept = around.is_kept && around.is_entered;
          break;
        }
        default:
          break;
      }
    }
    return found;
  }

 private:
  struct Level {
    std::string path;
    std::string charset;
    bool is_kept = true;
    std::string sequence;
    bool is_entered = false;
    int items = 0;
    PrivateBlocks blocks;
    SizesOfBytes sizes;
  };

  Fate rule_of(const Token& token, const Level& level) const {
    if (!token.tag.is_private()) {
      const auto* entry = core::dicom::find(token.tag);
      return entry ? Fate{profile_.action_for(token.tag), entry->vr, entry->vm} : kRemoved;
    }
    const auto creator = level.blocks.creator_of(token.tag);
    const auto* rule = creator.empty() ? nullptr : profile_.private_rule(creator, token.tag);
    if (!rule) return kRemoved;
    return {rule->action, rule->vr, private_multiplicity(creator, rule->tag)};
  }

  bool is_sound(const Token& token, const Fate& fate, Level& level) const {
    if (fate.vr == Vr::SQ) return false;
    const bool is_explicit = file_.transfer_syntax().vr == core::dicom::VrCoding::explicit_vr;
    std::string made;
    const auto kept =
        kept_value({token.tag, fate.vr, fate.vm},
                   {is_explicit ? token.vr : fate.vr, token.order, token.value}, level.sizes, made);
    if (kept) level.sizes.note(token.tag, *kept, token.order);
    return kept && std::ranges::equal(*kept, token.value);
  }

  /// At the top level: what says how it was masked, and the title of a cleaned report.
  bool is_rewritten(const Token& token) const {
    const bool is_title = token.tag == kConceptName && !profile_.content_rules().empty();
    return token.depth == 0 && (is_statement(token.tag) || is_title);
  }

  void see(const Token& token, Level& level, std::vector<Found>& found) {
    if (token.tag == kCharacterSet) level.charset = core::as_text(token.value);
    if (is_private_creator(token.tag)) {
      level.blocks.reserve(token.tag, creator_name(token.value));
      return;
    }
    if (!level.is_kept || token.tag.group() == kPixelGroup) return;
    if (is_rewritten(token)) return;
    const Fate fate = rule_of(token, level);
    const Vr vr = fate.vr;
    Value value{token.vr, Bytes(token.value.begin(), token.value.end()), {}};
    if (core::dicom::depends_on_character_set(vr)) {
      value.text = core::dicom::CharacterSet(level.charset).to_utf8(token.value, vr);
    }
    found.push_back({level.path + token.tag.hex(), token.depth, token.tag, fate.action, vr,
                     std::move(value), is_sound(token, fate, level)});
  }

  const CheckedFile& file_;
  const Profile& profile_;
  Walker walker_;
  std::array<Level, core::dicom::kMaxDepth + 1> levels_;
};

/// By path; the first where there are two.
std::map<std::string, Value> values_in(const CheckedFile& file) {
  std::map<std::string, Value> values;
  Walker walker(file.header(), file.transfer_syntax().vr, file.transfer_syntax().order);
  std::array<std::string, core::dicom::kMaxDepth + 1> path{}, sequence{}, charset{};
  std::array<int, core::dicom::kMaxDepth + 1> items{};
  for (Token token = walker.next(); token.kind != Token::Kind::end; token = walker.next()) {
    const std::size_t at = token.depth;
    if (token.kind == Token::Kind::sequence_begin) {
      sequence[at] = path[at] + token.tag.hex();
      items[at] = 0;
      values.emplace(sequence[at], Value{Vr::SQ, {}, {}});
    } else if (token.kind == Token::Kind::item_begin) {
      path[at] = sequence[at - 1] + "[" + std::to_string(items[at - 1]++) + "].";
      charset[at] = charset[at - 1];
    } else if (token.kind == Token::Kind::element) {
      if (token.tag == kCharacterSet) charset[at] = core::as_text(token.value);
      Value value{token.vr, Bytes(token.value.begin(), token.value.end()), {}};
      const auto* entry = core::dicom::find(token.tag);
      if (entry && core::dicom::depends_on_character_set(entry->vr)) {
        value.text = core::dicom::CharacterSet(charset[at]).to_utf8(token.value, entry->vr);
      }
      values.emplace(path[at] + token.tag.hex(), std::move(value));
    }
  }
  return values;
}

Bytes even(Bytes bytes, Vr vr) {
  if (bytes.size() % 2 != 0) {
    bytes.push_back(core::dicom::is_text(vr) && vr != Vr::UI ? ' ' : Byte{0});
  }
  return bytes;
}

struct Counts {
  int kept = 0;
  int nested = 0;
  int private_kept = 0;
  int listed = 0;
  int shifted = 0;
  int ages = 0;
  int pixels = 0;
};

/// The masked value at that place; a failure if there is none.
const Value* value_at(const std::map<std::string, Value>& masked, const Found& found) {
  const auto at = masked.find(found.path);
  if (at != masked.end()) return &at->second;
  ADD_FAILURE() << found.path << " is gone";
  return nullptr;
}

void expect_unchanged(const std::map<std::string, Value>& masked, const Found& found) {
  const Value* shown = value_at(masked, found);
  if (!shown) return;
  EXPECT_EQ(shown->vr, found.value.vr) << found.path;
  EXPECT_EQ(shown->bytes, even(found.value.bytes, found.value.vr)) << found.path;
  if (found.value.bytes.size() % 2 == 0 && !found.tag.is_private()) {
    EXPECT_EQ(shown->text, found.value.text) << found.path;
  }
}

void expect_shifted(const std::map<std::string, Value>& masked, const Found& found,
                    std::optional<std::chrono::days> shift) {
  const auto moved =
      shift ? shifted_date(core::as_text(found.value.bytes), found.rule_vr, DateMove::forth, *shift)
            : std::nullopt;
  const Value* shown = value_at(masked, found);
  if (!shown) return;
  std::string expected = moved.value_or("");
  if (expected.size() % 2 != 0) expected += ' ';
  EXPECT_EQ(core::as_text(shown->bytes), expected) << found.path;
}

/// Of native files, whose samples are what they were. What decoders make of others is in
/// clean_streams_test.cpp.
void expect_pixels_unchanged(const CheckedFile& file, const Masked& masked, Counts& counts) {
  const auto& syntax = file.transfer_syntax();
  if (masked.pixel_size() == 0 || syntax.pixels != core::dicom::PixelCoding::native) return;
  constexpr std::uint64_t kGroupLength = 12;
  const std::uint64_t left_out = file.pixel_tags().front().element() == 0 ? kGroupLength : 0;
  const std::uint64_t head = syntax.vr == core::dicom::VrCoding::implicit_vr ? 8 : 12;
  ASSERT_LE(left_out + masked.pixel_size(), file.pixel_size());
  Bytes before(masked.pixel_size() - head);
  Bytes after(before.size());
  file.source().read(file.pixel_offset() + left_out + head, before);
  masked.pixels().read(head, after);
  EXPECT_TRUE(before == after);
  ++counts.pixels;
}

void expect_retention(const CheckedFile& file, const Profile& profile, Counts& counts) {
  const Masked result = mask(file, profile, a_share());
  const CheckedFile shown = checked(bytes_of(result));
  const auto masked = values_in(shown);
  const auto shift = date_shift_of(file.header(), file.transfer_syntax(), profile, a_share());
  std::map<std::string, int> seen;
  for (const Found& found : Reader(file, profile).read()) {
    if (++seen[found.path] > 1 || !found.is_sound) continue;
    if (found.action == Action::keep) {
      expect_unchanged(masked, found);
      ++counts.kept;
      counts.nested += found.depth > 0 ? 1 : 0;
      counts.private_kept += found.tag.is_private() ? 1 : 0;
    } else if (found.action == Action::keep_listed) {
      if (without_unlisted_codes(found.tag, found.value.bytes)) continue;
      expect_unchanged(masked, found);
      ++counts.listed;
    } else if (found.action == Action::shift_date) {
      expect_shifted(masked, found, shift);
      ++counts.shifted;
    } else if (found.action == Action::cap_age && core::as_text(found.value.bytes) == "045Y") {
      expect_unchanged(masked, found);
      ++counts.ages;
    }
  }
  expect_pixels_unchanged(file, result, counts);
}

// ---- the data set that has everything

std::string padded(std::string text, char with = ' ') {
  if (text.size() % 2 != 0) text += with;
  return text;
}

/// As many as the dictionary asks for.
Bytes times(std::size_t count, std::string_view value, char with = ' ') {
  std::string all(value);
  for (std::size_t i = 1; i < count; ++i) all.append("\\").append(value);
  const std::string even = padded(std::move(all), with);
  const ByteView bytes = core::as_bytes(even);
  return Bytes(bytes.begin(), bytes.end());
}

/// Valid for its VR and VM, and another for every tag where the VR has room.
Bytes a_value(Tag tag, Vr vr) {
  const auto* entry = core::dicom::find(tag);
  const std::size_t count = entry ? entry->vm.least() : 1;
  const auto text = [](const std::string& value) {
    const ByteView bytes = core::as_bytes(value);
    return Bytes(bytes.begin(), bytes.end());
  };
  const std::string number = std::to_string(tag.value % 100'000);
  switch (vr) {
    case Vr::AE:
    case Vr::CS:
      return times(count, "C" + number);
    case Vr::AS:
      return times(count, "045Y");
    case Vr::DA:
      return times(count, "20240229");
    case Vr::DS:
      return times(count, "-" + number + ".25");
    case Vr::DT:
      return times(count, "20240229101112.250000");
    case Vr::IS:
      return times(count, number);
    case Vr::TM:
      return times(count, "101112.25");
    case Vr::UI:
      return times(count, "1.2.826.0.1.3680043.9." + std::to_string(tag.value), '\0');
    case Vr::AT:
      return Bytes(4 * count, 0x11);  // (1111,1111), private, in either byte order
    case Vr::UR:
      return text(padded("https://example.org/" + number));
    case Vr::PN:
      return text(padded("Müller^" + number + "=山田^太郎=やまだ^たろう"));
    case Vr::LO:
    case Vr::LT:
    case Vr::SH:
    case Vr::ST:
    case Vr::UC:
    case Vr::UT:
      return text(padded(" ä" + number + " 東"));
    default: {
      Bytes bytes(std::max<std::size_t>(count * unit_size(vr), 2));
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<Byte>(tag.value >> (i % 4 * 8));
      }
      return bytes;
    }
  }
}

void write(DatasetBuilder& dataset, Tag tag, Vr vr) {
  if (vr != Vr::SQ) {
    dataset.bytes(tag, vr, a_value(tag, vr));
    return;
  }
  constexpr Tag kInside[] = {Tag{0x0008, 0x0100}, Tag{0x0008, 0x0104}, Tag{0x0008, 0x1155},
                             Tag{0x0018, 0x0050}, Tag{0x0028, 0x0010}};
  dataset.begin_sequence(tag).begin_item();
  for (const Tag inside : kInside) {
    if (inside == Tag{0x0008, 0x0104}) {
      dataset.text(Tag{0x0008, 0x0102}, Vr::SH, "DCM");
    }
    write(dataset, inside, core::dicom::find(inside)->vr);
  }
  dataset.end_item().end_sequence();
}

/// Every element of the dictionary that a header can hold, and every one of the safe private list,
/// each creator in a block of its own.
std::map<Tag, Vr> everything(std::map<Tag, std::string>& creators) {
  std::map<Tag, Vr> all;
  for (const auto& entry : core::dicom::dictionary()) {
    const bool is_header = entry.tag.group() >= 0x0008 && entry.tag.group() < 0xFFFA;
    if (!is_header || entry.tag.group() == kPixelGroup || entry.tag.element() == 0) continue;
    all.emplace(entry.tag, entry.vr);
  }
  std::map<std::pair<std::uint16_t, std::string_view>, std::uint16_t> blocks;
  std::map<std::uint16_t, std::uint16_t> used;
  for (const SafePrivateRow& row : safe_private_rows()) {
    const std::uint16_t group = row.tag.group();
    const auto [block, is_new] = blocks.try_emplace({group, row.creator}, std::uint16_t{0});
    if (is_new) {
      block->second = static_cast<std::uint16_t>(0x0010 + used[group]++);
      creators[Tag{group, block->second}] = row.creator;
      all.emplace(Tag{group, block->second}, Vr::LO);
    }
    const auto element =
        static_cast<std::uint16_t>(block->second << 8 | (row.tag.element() & 0xFF));
    all.emplace(Tag{group, element}, row.vr);
  }
  return all;
}

/// What says that there are eight bytes of pixels.
const std::map<Tag, std::uint16_t> kLayout = {
    {{0x0028, 0x0002}, 1}, {{0x0028, 0x0010}, 2}, {{0x0028, 0x0011}, 4}, {{0x0028, 0x0100}, 8},
    {{0x0028, 0x0101}, 8}, {{0x0028, 0x0102}, 7}, {{0x0028, 0x0103}, 0}};
constexpr Tag kFrames{0x0028, 0x0008};

void write_everything(DatasetBuilder& dataset, bool is_nested) {
  std::map<Tag, std::string> creators;
  for (const auto& [tag, vr] : everything(creators)) {
    if (tag == kCharacterSet) {
      dataset.text(tag, vr, "ISO_IR 192");
    } else if (tag == kSopClass) {
      dataset.text(tag, vr, kCtImageStorage);
    } else if (tag == kSopInstance) {
      dataset.text(tag, vr, kInstance);
    } else if (const auto number = kLayout.find(tag); number != kLayout.end()) {
      dataset.us(tag, number->second);
    } else if (tag == kFrames) {
      dataset.text(tag, vr, "1");
    } else if (const auto creator = creators.find(tag); creator != creators.end()) {
      dataset.text(tag, vr, creator->second);
    } else if (tag == kAnatomicRegion && !is_nested) {
      dataset.begin_sequence(tag).begin_item();
      write_everything(dataset, true);
      dataset.end_item().end_sequence();
    } else {
      write(dataset, tag, vr);
    }
  }
}

Bytes a_file_with_everything(std::string_view syntax) {
  DatasetBuilder dataset(syntax);
  write_everything(dataset, false);
  dataset.bytes(Tag{0x7FE0, 0x0010}, Vr::OW, Bytes{9, 8, 7, 6, 5, 4, 3, 2});
  return dataset.part10(kCtImageStorage, kInstance);
}

constexpr std::string_view kSyntaxes[] = {core::dicom::kExplicitVrLittleEndian,
                                          core::dicom::kImplicitVrLittleEndian,
                                          core::dicom::kExplicitVrBigEndian};

TEST(Retention, OfEveryElementThatAProfileKeeps) {
  for (std::string_view syntax : kSyntaxes) {
    const CheckedFile file = checked(a_file_with_everything(syntax));
    Counts all;
    for (const Profile& profile : profiles()) {
      SCOPED_TRACE(profile.name() + " " + std::string(syntax));
      Counts counts;
      expect_retention(file, profile, counts);
      EXPECT_GT(counts.kept, 200);
      EXPECT_GT(counts.nested, 100);
      EXPECT_EQ(counts.pixels, 1);
      all.private_kept += counts.private_kept;
      all.shifted += counts.shifted;
      all.ages += counts.ages;
    }
    EXPECT_GT(all.private_kept, 300);
    EXPECT_GT(all.shifted, 100);
    EXPECT_GT(all.ages, 2);
  }
}

TEST(Retention, OfTheFilesAtHand) {
  Counts counts;
  for (const auto& path : sekisho::tests::sample_files()) {
    SCOPED_TRACE(path.filename());
    const auto file =
        CheckedFile::check(core::StoredFile::in_memory(sekisho::tests::content_of(path)));
    if (!std::holds_alternative<CheckedFile>(file)) continue;
    for (const Profile& profile : profiles()) {
      try {
        expect_retention(std::get<CheckedFile>(file), profile, counts);
      } catch (const MaskError&) {
        continue;  // refused
      }
    }
  }
  if (sekisho::tests::sample_files().empty()) GTEST_SKIP() << "python3-pydicom is not installed";
  EXPECT_GT(counts.kept, 10'000);
  EXPECT_GT(counts.listed, 1'000);
  EXPECT_GT(counts.pixels, 100);
}

TEST(Retention, IsWhatTheOptionsSay) {
  const Bytes file = a_file_with_everything(core::dicom::kExplicitVrLittleEndian);
  const auto shown = [&](std::string_view option, Tag tag) {
    return value_in(masked_bytes(file, profile_of(R"({"Name": "ps3.15-basic", "Options": [")" +
                                                  std::string(option) + R"("]})")),
                    tag);
  };
  EXPECT_EQ(shown("RetainUids", kSopInstance), kInstance);
  EXPECT_EQ(shown("RetainFullDates", Tag{0x0008, 0x0020}), "20240229");
  EXPECT_EQ(shown("RetainFullDates", Tag{0x0008, 0x0030}), "101112.25");
  EXPECT_EQ(shown("RetainModifiedDates", Tag{0x0008, 0x0030}), "101112.25");
  EXPECT_EQ(shown("RetainPatientCharacteristics", Tag{0x0010, 0x1010}), "045Y");
  EXPECT_EQ(shown("RetainInstitutionIdentity", Tag{0x0008, 0x0080}),
            value_in(file, Tag{0x0008, 0x0080}));
  EXPECT_EQ(shown("RetainDeviceIdentity", Tag{0x0018, 0x1000}),
            value_in(file, Tag{0x0018, 0x1000}));
}

/// All dates of a patient move by the same days, as the calendar has them.
TEST(Retention, OfDatesThatAreShiftedKeepsTheirDistance) {
  const Bytes file = a_file_with_everything(core::dicom::kExplicitVrLittleEndian);
  const Bytes masked = masked_bytes(
      file, profile_of(R"({"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]})"));
  const auto day = [](const std::string& date) {
    using namespace std::chrono;
    const auto part = [&](std::size_t at, std::size_t size) {
      return std::stoi(date.substr(at, size));
    };
    return sys_days(year(part(0, 4)) / part(4, 2) / part(6, 2));
  };
  const std::string study = value_in(masked, Tag{0x0008, 0x0020});
  const std::string acquisition = value_in(masked, Tag{0x0008, 0x002A});  // DT
  ASSERT_EQ(study.size(), 8U);
  EXPECT_NE(day(study), day("20240229"));
  EXPECT_EQ(acquisition, study + "101112.250000");
  EXPECT_NE(value_in(masked, kPatientId), value_in(file, kPatientId));
}

}  // namespace
}  // namespace sekisho::anonymization::tests
