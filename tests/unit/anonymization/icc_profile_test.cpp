// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/icc_profile.h"

#include "core/dicom/numbers.h"
#include "unit/anonymization/two_maskers.h"

namespace sekisho::anonymization::tests {
namespace {

void put32(std::string& out, std::size_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFF);
}
std::uint32_t read32(std::string_view bytes, std::size_t at) {
  return core::dicom::read_u32(core::as_bytes(bytes.substr(at, 4)), core::dicom::ByteOrder::big);
}

struct TagOf {
  std::string tag;
  std::string content;
};
std::string xyz(char first) {
  return std::string("XYZ \0\0\0\0", 8) + first + std::string(11, '\1');
}
std::string gamma() { return std::string("curv\0\0\0\0\0\0\0\1\2\2", 14); }

std::string a_profile(const std::vector<TagOf>& tags, std::string_view colours = "RGB ") {
  std::string header;
  header += "CMMX";
  header += std::string("\2\x40\0\0", 4);
  header += "scnr" + std::string(colours) + "XYZ ";
  header += std::string("\x07\xe8\0\1\0\x11\0\t\0\x0f\0\0", 12) + "acsp" + "PLAT";
  header += std::string("FLAG") + "MAKEMODLATTRIBUT" + std::string(4, '\0');
  header += std::string("\0\0\xf6\xd6\0\1\0\0\0\0\xd3\x2d", 12) + "CREATHEPROFILESIDENTIFIERRRRR";
  header.resize(124, 'R');
  std::string table;
  std::string content;
  put32(table, tags.size());
  for (const TagOf& each : tags) {
    table += each.tag;
    put32(table, 132 + 12 * tags.size() + content.size());
    put32(table, each.content.size());
    content += each.content;
    content.append((4 - content.size() % 4) % 4, '\0');
  }
  std::string size;
  put32(size, 128 + table.size() + content.size());
  return size + header + table + content;
}

std::vector<TagOf> a_scanners_tags() {
  return {{"desc", std::string("desc\0\0\0\0\0\0\0\x10", 12) + "SCANNER CANARY 1"},
          {"cprt", std::string("text\0\0\0\0", 8) + "CANARY HOSPITAL"},
          {"dmnd", std::string("desc\0\0\0\0\0\0\0\x10", 12) + "CANARY MAKER 123"},
          {"calt", std::string("dtim\0\0\0\0\x07\xe8\0\1\0\x11\0\t\0\x0f\0\0", 20)},
          {"PRIV", "CANARY"},
          {"wtpt", xyz(0)},
          {"rXYZ", xyz(1)},
          {"gXYZ", xyz(2)},
          {"bXYZ", xyz(3)},
          {"rTRC", gamma()},
          {"gTRC", gamma()},
          {"bTRC", gamma()}};
}

/// The content of a tag; empty if it is not there.
std::string content_of(std::string_view profile, std::string_view tag) {
  for (std::size_t i = 0; i < read32(profile, 128); ++i) {
    const std::size_t row = 132 + 12 * i;
    if (profile.substr(row, 4) != tag) continue;
    return std::string(profile.substr(read32(profile, row + 4), read32(profile, row + 8)));
  }
  return {};
}

TEST(IccProfile, KeepsItsColoursAndNothingElse) {
  const std::string profile = a_profile(a_scanners_tags());
  const std::string rebuilt = rebuilt_icc(core::as_bytes(profile));
  for (const char* tag : {"wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"}) {
    EXPECT_EQ(content_of(rebuilt, tag), content_of(profile, tag)) << tag;
  }
  for (const char* gone : {"CANARY", "CMMX", "PLAT", "MAKE", "MODL", "ATTR", "CREA", "PROFILE",
                           "RRR", "dmnd", "calt", "PRIV", "\x07\xe8"}) {
    EXPECT_EQ(rebuilt.find(gone), rebuilt.npos) << gone;
  }
  EXPECT_EQ(read32(rebuilt, 0), rebuilt.size());
  EXPECT_FALSE(content_of(rebuilt, "desc").empty());
  EXPECT_FALSE(content_of(rebuilt, "cprt").empty());
  EXPECT_EQ(rebuilt_icc(core::as_bytes(rebuilt)), rebuilt);
}

TEST(IccProfile, BecomesAPlainOneWhereItsColoursAreNotUnderstood) {
  auto tags = a_scanners_tags();
  tags[6].content = "CANARY IN THE COLOURS";
  const std::string plain = rebuilt_icc(core::as_bytes(a_profile(tags)));
  EXPECT_EQ(plain.find("CANARY"), plain.npos);
  EXPECT_EQ(plain.substr(16, 4), "RGB ");
  EXPECT_EQ(plain.substr(36, 4), "acsp");
  EXPECT_EQ(rebuilt_icc(core::as_bytes(plain)), plain);
  // Text where a curve's numbers are.
  tags = a_scanners_tags();
  tags[9].content =
      std::string("curv\0\0\0\0\0\0\0\x14", 12) + "CANARY TARO YAMADA 1955-05-05 TOKYO JP  ";
  const std::string curve = rebuilt_icc(core::as_bytes(a_profile(tags)));
  EXPECT_EQ(curve, plain);
  tags = a_scanners_tags();
  tags[6].content = std::string("XYZ \0\0\0\0", 8) + "CANARYTARO Y";
  EXPECT_EQ(rebuilt_icc(core::as_bytes(a_profile(tags))), plain);
  const std::string grey = rebuilt_icc(core::as_bytes(a_profile({}, "GRAY")));
  EXPECT_EQ(grey.substr(16, 4), "GRAY");
  EXPECT_FALSE(content_of(grey, "kTRC").empty());
  EXPECT_EQ(rebuilt_icc(core::as_bytes(grey)), grey);
}

TEST(IccProfile, IsNothingWhereItIsNone) {
  EXPECT_EQ(rebuilt_icc(core::as_bytes("CANARY")), "");
  EXPECT_EQ(rebuilt_icc(core::as_bytes(std::string(400, 'C'))), "");
  EXPECT_EQ(rebuilt_icc(core::as_bytes(a_profile(a_scanners_tags(), "CMYK"))), "");
}

TEST(IccProfile, IsReadToItsEndWhateverIsBroken) {
  const std::string profile = a_profile(a_scanners_tags());
  for (std::size_t at = 0; at < profile.size(); ++at) {
    for (char value : {'\0', '\x7f', '\xff'}) {
      std::string broken = profile;
      broken[at] = value;
      const std::string rebuilt = rebuilt_icc(core::as_bytes(broken));
      EXPECT_EQ(rebuilt.find("CANARY"), rebuilt.npos) << at;
      if (rebuilt.empty()) continue;
      EXPECT_EQ(rebuilt_icc(core::as_bytes(rebuilt)), rebuilt) << at;
    }
    const std::string cut = rebuilt_icc(core::as_bytes(std::string_view(profile).substr(0, at)));
    EXPECT_EQ(cut.find("CANARY"), cut.npos) << at;
  }
}

TEST(IccProfile, IsRebuiltWhereverItStands) {
  const std::string profile = a_profile(a_scanners_tags());
  for (const Profile* masked_by : {&basic(), &all_fields()}) {
    DatasetBuilder dataset;
    dataset.text(Tag{0x0008, 0x0016}, Vr::UI, kCtImageStorage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, kInstance)
        .text(Tag{0x0028, 0x2000}, Vr::OB, profile)
        .begin_sequence(Tag{0x0048, 0x0105})  // OpticalPathSequence
        .begin_item()
        .text(Tag{0x0028, 0x2000}, Vr::UN, profile)
        .end_item()
        .end_sequence();
    const Bytes masked = masked_alike(*masked_by, dataset.part10(kCtImageStorage, kInstance));
    EXPECT_FALSE(contains(masked, "CANARY"));
    EXPECT_TRUE(contains(masked, "acsp"));
  }
}

}  // namespace
}  // namespace sekisho::anonymization::tests
