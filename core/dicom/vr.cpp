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
  std::string_view name;
  Vr vr;
  LengthField length;
  Content content;
};

using enum Content;
using enum LengthField;

/// PS3.5 2026c Table 6.2-1 and Table 7.1-1; `text` is what depends on Specific Character Set.
constexpr Row kRows[] = {
    {"AE", Vr::AE, bits16, ascii},  {"AS", Vr::AS, bits16, ascii},  {"AT", Vr::AT, bits16, binary},
    {"CS", Vr::CS, bits16, ascii},  {"DA", Vr::DA, bits16, ascii},  {"DS", Vr::DS, bits16, ascii},
    {"DT", Vr::DT, bits16, ascii},  {"FD", Vr::FD, bits16, binary}, {"FL", Vr::FL, bits16, binary},
    {"IS", Vr::IS, bits16, ascii},  {"LO", Vr::LO, bits16, text},   {"LT", Vr::LT, bits16, text},
    {"OB", Vr::OB, bits32, binary}, {"OD", Vr::OD, bits32, binary}, {"OF", Vr::OF, bits32, binary},
    {"OL", Vr::OL, bits32, binary}, {"OV", Vr::OV, bits32, binary}, {"OW", Vr::OW, bits32, binary},
    {"PN", Vr::PN, bits16, text},   {"SH", Vr::SH, bits16, text},   {"SL", Vr::SL, bits16, binary},
    {"SQ", Vr::SQ, bits32, binary}, {"SS", Vr::SS, bits16, binary}, {"ST", Vr::ST, bits16, text},
    {"SV", Vr::SV, bits32, binary}, {"TM", Vr::TM, bits16, ascii},  {"UC", Vr::UC, bits32, text},
    {"UI", Vr::UI, bits16, ascii},  {"UL", Vr::UL, bits16, binary}, {"UN", Vr::UN, bits32, binary},
    {"UR", Vr::UR, bits32, ascii},  {"US", Vr::US, bits16, binary}, {"UT", Vr::UT, bits32, text},
    {"UV", Vr::UV, bits32, binary},
};
static_assert(std::ranges::is_sorted(kRows, {}, &Row::vr));

constexpr detail::VrTraits traits_in(const Row& row) {
  unsigned traits = detail::kIsVr;
  if (row.length == bits32) traits |= detail::kHasLongLength;
  if (row.content != binary) traits |= detail::kIsText;
  if (row.content == text) traits |= detail::kDependsOnCharacterSet;
  return static_cast<detail::VrTraits>(traits);
}

}  // namespace

constexpr std::array<detail::VrTraits, detail::kLetters * detail::kLetters> detail::kTraits = [] {
  std::array<VrTraits, kLetters * kLetters> all{};
  for (const Row& row : kRows) {
    const auto letters = static_cast<unsigned>(row.vr);
    all[((letters >> 8) - 'A') * kLetters + ((letters & 0xFF) - 'A')] = traits_in(row);
  }
  return all;
}();

std::string_view name(Vr vr) { return std::ranges::lower_bound(kRows, vr, {}, &Row::vr)->name; }

}  // namespace sekisho::core::dicom
