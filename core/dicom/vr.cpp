// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/vr.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace sekisho::core::dicom {
namespace {

enum class Content : std::uint8_t { binary, ascii, text };
enum class LengthField : std::uint8_t { bits16, bits32 };

struct Row {
  Vr vr;
  std::string_view name;
  LengthField length;
  Content content;
};

using enum Content;
using enum LengthField;

/// PS3.5 2026c Table 6.2-1 and Table 7.1-1; `text` is what depends on Specific Character Set.
constexpr Row kRows[] = {
    {Vr::AE, "AE", bits16, ascii},  {Vr::AS, "AS", bits16, ascii},  {Vr::AT, "AT", bits16, binary},
    {Vr::CS, "CS", bits16, ascii},  {Vr::DA, "DA", bits16, ascii},  {Vr::DS, "DS", bits16, ascii},
    {Vr::DT, "DT", bits16, ascii},  {Vr::FD, "FD", bits16, binary}, {Vr::FL, "FL", bits16, binary},
    {Vr::IS, "IS", bits16, ascii},  {Vr::LO, "LO", bits16, text},   {Vr::LT, "LT", bits16, text},
    {Vr::OB, "OB", bits32, binary}, {Vr::OD, "OD", bits32, binary}, {Vr::OF, "OF", bits32, binary},
    {Vr::OL, "OL", bits32, binary}, {Vr::OV, "OV", bits32, binary}, {Vr::OW, "OW", bits32, binary},
    {Vr::PN, "PN", bits16, text},   {Vr::SH, "SH", bits16, text},   {Vr::SL, "SL", bits16, binary},
    {Vr::SQ, "SQ", bits32, binary}, {Vr::SS, "SS", bits16, binary}, {Vr::ST, "ST", bits16, text},
    {Vr::SV, "SV", bits32, binary}, {Vr::TM, "TM", bits16, ascii},  {Vr::UC, "UC", bits32, text},
    {Vr::UI, "UI", bits16, ascii},  {Vr::UL, "UL", bits16, binary}, {Vr::UN, "UN", bits32, binary},
    {Vr::UR, "UR", bits32, ascii},  {Vr::US, "US", bits16, binary}, {Vr::UT, "UT", bits32, text},
    {Vr::UV, "UV", bits32, binary},
};
static_assert(std::ranges::is_sorted(kRows, {}, &Row::vr));

/// A direct table over the two letters: the walker asks once per element.
constexpr int kLetters = 26;
constexpr auto kRowByLetters = [] {
  std::array<std::int8_t, kLetters * kLetters> rows{};
  rows.fill(-1);
  for (std::size_t i = 0; i < std::size(kRows); ++i) {
    const auto letters = static_cast<unsigned>(kRows[i].vr);
    rows[((letters >> 8) - 'A') * kLetters + ((letters & 0xFF) - 'A')] =
        static_cast<std::int8_t>(i);
  }
  return rows;
}();

const Row* find_row(unsigned first, unsigned second) {
  if (first - 'A' >= kLetters || second - 'A' >= kLetters) return nullptr;
  const int row = kRowByLetters[(first - 'A') * kLetters + (second - 'A')];
  return row < 0 ? nullptr : &kRows[row];
}

const Row& row_of(Vr vr) {
  const auto letters = static_cast<unsigned>(vr);
  return *find_row(letters >> 8, letters & 0xFF);
}

}  // namespace

std::optional<Vr> parse_vr(char first, char second) {
  const Row* row = find_row(static_cast<unsigned char>(first), static_cast<unsigned char>(second));
  return row ? std::optional(row->vr) : std::nullopt;
}

std::string_view name(Vr vr) { return row_of(vr).name; }
bool has_long_length(Vr vr) { return row_of(vr).length == bits32; }
bool depends_on_character_set(Vr vr) { return row_of(vr).content == text; }
bool is_text(Vr vr) { return row_of(vr).content != binary; }

}  // namespace sekisho::core::dicom
