// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/icc_profile.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "anonymization/masking/words_in_numbers.h"
#include "core/dicom/numbers.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::ByteView;
using core::dicom::ByteOrder;

constexpr std::size_t kHeaderBytes = 128;
constexpr std::size_t kTagBytes = 12;
constexpr std::size_t kMostTags = 100;
constexpr std::size_t kTypeBytes = 8;  // a signature and four reserved bytes (ICC.1 §10.1)

// All numbers of a profile are big-endian (ICC.1 §4.1).
std::uint32_t read32(ByteView bytes, std::size_t at) {
  return core::dicom::read_u32(bytes.subspan(at, 4), ByteOrder::big);
}
std::uint16_t read16(ByteView bytes, std::size_t at) {
  return core::dicom::read_u16(bytes.subspan(at, 2), ByteOrder::big);
}
std::string_view signature(ByteView bytes, std::size_t at) {
  return core::as_text(bytes.subspan(at, 4));
}
void append32(std::string& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFF);
}
void append16(std::string& out, std::uint16_t number) {
  out += static_cast<char>(number >> 8);
  out += static_cast<char>(number & 0xFF);
}

/// What begins as many tags with content do: their type.
std::string begin_type(std::string_view type) { return std::string(type) + std::string(4, '\0'); }

// ---- which types are understood, to the last byte

bool is_xyz(ByteView tag) { return tag.size() == kTypeBytes + 12; }

bool is_curve(ByteView tag) {
  if (tag.size() < kTypeBytes + 4) return false;
  const std::uint64_t size = kTypeBytes + 4 + 2 * std::uint64_t{read32(tag, kTypeBytes)};
  return tag.size() == size;
}

bool is_parametric_curve(ByteView tag) {
  constexpr std::size_t kParameters[] = {1, 3, 4, 5, 7};  // ICC.1 Table 68
  if (tag.size() < kTypeBytes + 4) return false;
  const std::uint16_t function = read16(tag, kTypeBytes);
  return function < std::size(kParameters) && read16(tag, kTypeBytes + 2) == 0 &&
         tag.size() == kTypeBytes + 4 + 4 * kParameters[function];
}

/// chromaticAdaptation: nine numbers.
bool is_matrix(ByteView tag) { return tag.size() == kTypeBytes + 36; }

/// lut8Type and lut16Type (ICC.1 §10.10, §10.11): input tables, a grid and output tables.
bool is_table(ByteView tag, std::uint64_t entry_bytes) {
  constexpr std::size_t kGridBegin = 48;
  constexpr std::uint64_t kMostEntries = 1U << 26;
  if (tag.size() < kGridBegin + 4) return false;
  const std::uint64_t inputs = tag[8];
  const std::uint64_t outputs = tag[9];
  if (inputs == 0 || outputs == 0 || inputs > 15 || outputs > 15 || tag[11] != 0) return false;
  const bool is_lut8 = entry_bytes == 1;
  const std::uint64_t in_entries = is_lut8 ? 256 : read16(tag, kGridBegin);
  const std::uint64_t out_entries = is_lut8 ? 256 : read16(tag, kGridBegin + 2);
  std::uint64_t grid = outputs;
  for (std::uint64_t i = 0; i < inputs && grid < kMostEntries; ++i) grid *= tag[10];
  const std::uint64_t entries = inputs * in_entries + grid + outputs * out_entries;
  return tag.size() == (is_lut8 ? kGridBegin : kGridBegin + 4) + entries * entry_bytes;
}

bool is_understood(ByteView tag) {
  if (tag.size() < kTypeBytes || read32(tag, 4) != 0) return false;
  if (table_reads_as_words(tag.subspan(kTypeBytes))) return false;
  const std::string_view type = signature(tag, 0);
  if (type == "XYZ ") return is_xyz(tag);
  if (type == "curv") return is_curve(tag);
  if (type == "para") return is_parametric_curve(tag);
  if (type == "sf32") return is_matrix(tag);
  if (type == "mft1") return is_table(tag, 1);
  if (type == "mft2") return is_table(tag, 2);
  return false;
}

// ---- which tags colours are computed from (ICC.1 §8)

constexpr std::string_view kMatrixTags[] = {"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
constexpr std::string_view kTableTags[] = {"A2B0", "A2B1", "A2B2", "B2A0", "B2A1",
                                           "B2A2", "gamt", "pre0", "pre1", "pre2"};
constexpr std::string_view kOtherTags[] = {"bkpt", "chad", "kTRC", "wtpt"};

bool is_one_of(std::string_view tag, std::span<const std::string_view> list) {
  return std::ranges::find(list, tag) != list.end();
}
bool is_of_colours(std::string_view tag) {
  return is_one_of(tag, kMatrixTags) || is_one_of(tag, kTableTags) || is_one_of(tag, kOtherTags);
}

struct Part {
  std::string tag;
  std::string content;
};

bool has(const std::vector<Part>& parts, std::string_view tag) {
  return std::ranges::find(parts, tag, &Part::tag) != parts.end();
}

/// Whether the colours of such a profile can be computed from them.
bool suffice(const std::vector<Part>& parts, std::string_view colours) {
  if (!has(parts, "wtpt")) return false;
  if (colours == "GRAY") return has(parts, "kTRC") || has(parts, "A2B0");
  const bool has_matrix =
      std::ranges::all_of(kMatrixTags, [&](std::string_view tag) { return has(parts, tag); });
  return has_matrix || has(parts, "A2B0");
}

/// Of a profile that is one to its last byte; those that colours are not computed from are left
/// out. `nullopt`: what they are computed from is not understood.
std::optional<std::vector<Part>> parts_of(ByteView profile) {
  const std::size_t count = read32(profile, kHeaderBytes);
  if (count > kMostTags || kHeaderBytes + 4 + count * kTagBytes > profile.size()) {
    return std::nullopt;
  }
  std::vector<Part> parts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t row = kHeaderBytes + 4 + i * kTagBytes;
    const std::string_view tag = signature(profile, row);
    if (!is_of_colours(tag) || has(parts, tag)) continue;
    const std::uint64_t begin = read32(profile, row + 4);
    const std::uint64_t size = read32(profile, row + 8);
    if (begin + size > profile.size()) return std::nullopt;
    const ByteView content = profile.subspan(begin, size);
    if (!is_understood(content)) return std::nullopt;
    parts.push_back({std::string(tag), std::string(core::as_text(content))});
  }
  return parts;
}

// ---- what is written

constexpr std::string_view kName = "Colour";

/// textDescriptionType of version 2 (ICC.1:2001-04 §6.5.17).
std::string description_2() {
  std::string text = begin_type("desc");
  append32(text, static_cast<std::uint32_t>(kName.size() + 1));
  constexpr std::size_t kWithoutUnicodeAndScript = 1 + 4 + 4 + 2 + 1 + 67;
  return text.append(kName).append(kWithoutUnicodeAndScript, '\0');
}
std::string text_2() { return begin_type("text").append(kName).append(1, '\0'); }

/// multiLocalizedUnicodeType of version 4 (ICC.1 §10.15).
std::string text_4() {
  constexpr std::uint32_t kRecordBytes = 12;
  constexpr std::uint32_t kTextBegin = 28;
  std::string text = begin_type("mluc");
  append32(text, 1);
  append32(text, kRecordBytes);
  text += "enUS";
  append32(text, 2 * kName.size());
  append32(text, kTextBegin);
  for (char c : kName) text.append(1, '\0').append(1, c);
  return text;
}

struct Kind {
  std::string_view device_class;
  std::string_view colours;
  std::string_view connection;  ///< profile connection space
  Byte version;
  Byte intent;
};

/// ICC.1 §7.2, all of it ours but for the kind.
std::string header(const Kind& kind, std::uint32_t size) {
  std::string out;
  append32(out, size);
  append32(out, 0);  // preferred CMM
  out += static_cast<char>(kind.version);
  out.append(3, '\0');
  out.append(kind.device_class).append(kind.colours).append(kind.connection);
  constexpr std::uint16_t kNoDate[] = {2000, 1, 1, 0, 0, 0};
  for (std::uint16_t part : kNoDate) append16(out, part);
  out += "acsp";
  out.append(24, '\0');  // platform, flags, manufacturer, model, attributes
  append32(out, kind.intent);
  for (std::uint32_t part : {0xF6D6U, 0x10000U, 0xD32DU}) append32(out, part);  // D50
  return out.append(48, '\0');  // creator, profile ID, reserved
}

std::string write(const Kind& kind, std::vector<Part> parts) {
  constexpr Byte kLocalized = 4;
  const bool is_localized = kind.version >= kLocalized;
  parts.insert(parts.begin(), {{"desc", is_localized ? text_4() : description_2()},
                               {"cprt", is_localized ? text_4() : text_2()}});
  std::string table;
  std::string content;
  append32(table, static_cast<std::uint32_t>(parts.size()));
  const std::size_t begin = kHeaderBytes + 4 + parts.size() * kTagBytes;
  for (const Part& part : parts) {
    table += part.tag;
    // Tags may share their content (ICC.1 §7.3.1): three curves often do.
    const auto same = std::ranges::find(parts, part.content, &Part::content);
    std::size_t at = begin;
    for (auto before = parts.begin(); before != same; ++before) {
      const bool is_written = std::ranges::find(parts, before->content, &Part::content) == before;
      if (is_written) at += (before->content.size() + 3) / 4 * 4;
    }
    append32(table, static_cast<std::uint32_t>(at));
    append32(table, static_cast<std::uint32_t>(part.content.size()));
    if (&*same != &part) continue;
    content += part.content;
    content.append((4 - content.size() % 4) % 4, '\0');
  }
  const auto size = static_cast<std::uint32_t>(begin + content.size());
  return header(kind, size) + table + content;
}

// ---- plain profiles

std::string xyz(std::array<std::uint32_t, 3> numbers) {
  std::string content = begin_type("XYZ ");
  for (std::uint32_t number : numbers) append32(content, number);
  return content;
}

/// IEC 61966-2-1, as a function of type 3 in numbers of 16.16 bits.
std::string srgb_curve() {
  std::string content = begin_type("para");
  append16(content, 3);
  append16(content, 0);
  for (std::uint32_t number : {0x26666U, 0xF2A7U, 0x0D59U, 0x13D0U, 0x0A5BU}) {
    append32(content, number);
  }
  return content;
}

constexpr std::array<std::uint32_t, 3> kWhite = {0xF6D6, 0x10000, 0xD32D};  // D50

/// The primaries of IEC 61966-2-1, adapted to D50.
std::string plain_rgb() {
  return write({"mntr", "RGB ", "XYZ ", 4, 0}, {{"wtpt", xyz(kWhite)},
                                                {"rXYZ", xyz({0x6FA2, 0x38F5, 0x0390})},
                                                {"gXYZ", xyz({0x6299, 0xB785, 0x18DA})},
                                                {"bXYZ", xyz({0x24A0, 0x0F84, 0xB6CF})},
                                                {"rTRC", srgb_curve()},
                                                {"gTRC", srgb_curve()},
                                                {"bTRC", srgb_curve()}});
}
std::string plain_grey() {
  return write({"mntr", "GRAY", "XYZ ", 4, 0}, {{"wtpt", xyz(kWhite)}, {"kTRC", srgb_curve()}});
}

}  // namespace

std::string rebuilt_icc(ByteView profile) {
  constexpr std::string_view kClasses[] = {"scnr", "mntr", "prtr", "spac"};
  constexpr std::string_view kConnections[] = {"XYZ ", "Lab "};
  constexpr std::string_view kColours[] = {"RGB ", "GRAY"};
  if (profile.size() < kHeaderBytes + 4 || signature(profile, 36) != "acsp") return {};
  const std::uint32_t size = read32(profile, 0);
  const std::string_view colours = signature(profile, 16);
  if (!is_one_of(colours, kColours)) return {};
  std::string plain = colours == "GRAY" ? plain_grey() : plain_rgb();
  if (size < kHeaderBytes + 4 || size > profile.size()) return plain;
  profile = profile.first(size);
  const Kind kind{signature(profile, 12), colours, signature(profile, 20), profile[8], profile[67]};
  constexpr Byte kMostIntents = 4;
  const bool is_known = is_one_of(kind.device_class, kClasses) &&
                        is_one_of(kind.connection, kConnections) &&
                        (kind.version == 2 || kind.version == 4) && kind.intent < kMostIntents &&
                        read32(profile, 64) < kMostIntents;
  auto parts = is_known ? parts_of(profile) : std::nullopt;
  if (!parts || !suffice(*parts, colours)) return plain;
  return write(kind, std::move(*parts));
}

}  // namespace sekisho::anonymization
