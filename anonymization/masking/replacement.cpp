// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/replacement.h"

#include <algorithm>
#include <cstdint>

#include "anonymization/masking/descriptors.h"
#include "anonymization/masking/value_forms.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/padding.h"
#include "core/dicom/values.h"
#include "core/uid.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::ByteView;
using core::dicom::CharacterSet;
using core::dicom::Vr;

struct DummyText {
  Vr vr;
  std::string_view text;
};
constexpr DummyText kDummyTexts[] = {
    {Vr::AE, "ANONYMOUS"}, {Vr::AS, "000Y"},      {Vr::CS, "ANONYMOUS"}, {Vr::DA, "19000101"},
    {Vr::DS, "0"},         {Vr::DT, "19000101"},  {Vr::IS, "0"},         {Vr::LO, "ANONYMOUS"},
    {Vr::LT, "ANONYMOUS"}, {Vr::PN, "ANONYMOUS"}, {Vr::SH, "ANONYMOUS"}, {Vr::ST, "ANONYMOUS"},
    {Vr::TM, "000000"},    {Vr::UC, "ANONYMOUS"}, {Vr::UI, "2.25.0"},    {Vr::UR, "about:blank"},
    {Vr::UT, "ANONYMOUS"},
};
/// One number of any size.
constexpr Byte kZeroes[8] = {};
constexpr std::size_t kEven = 2;

enum class Kind { text, person_name, code, number, date_or_time, age, uid, bytes, sequence };
Kind kind_of(Vr vr) {
  switch (vr) {
    case Vr::AE:
    case Vr::LO:
    case Vr::LT:
    case Vr::SH:
    case Vr::ST:
    case Vr::UC:
    case Vr::UR:
    case Vr::UT:
      return Kind::text;
    case Vr::PN:
      return Kind::person_name;
    case Vr::CS:
      return Kind::code;
    case Vr::DS:
    case Vr::IS:
      return Kind::number;
    case Vr::DA:
    case Vr::DT:
    case Vr::TM:
      return Kind::date_or_time;
    case Vr::AS:
      return Kind::age;
    case Vr::UI:
      return Kind::uid;
    case Vr::SQ:
      return Kind::sequence;
    default:
      return Kind::bytes;
  }
}

/// Numbers and bytes that are the same under either VR.
enum class Family { attributes, words, integers, long_integers, floats, doubles, bytes };
Family family_of(Vr vr) {
  switch (vr) {
    case Vr::AT:
      return Family::attributes;
    case Vr::SS:
    case Vr::US:
      return Family::words;
    case Vr::OL:
    case Vr::SL:
    case Vr::UL:
      return Family::integers;
    case Vr::OV:
    case Vr::SV:
    case Vr::UV:
      return Family::long_integers;
    case Vr::FL:
    case Vr::OF:
      return Family::floats;
    case Vr::FD:
    case Vr::OD:
      return Family::doubles;
    default:
      return Family::bytes;
  }
}

enum class Bytes { single, pairs };

/// An escape sequence of PS3.3 Table C.12-3 and -4: its size with ESC, and how the bytes 0x21–0x7E
/// read after it. Designations to G1 leave them as they are.
struct Escape {
  std::string_view text;
  std::optional<Bytes> low_half;
};
constexpr Escape kEscapes[] = {
    {"\x1b(B", Bytes::single},  // ISO IR 6
    {"\x1b(J", Bytes::single},  // ISO IR 14
    {"\x1b$B", Bytes::pairs},   // ISO IR 87
    {"\x1b$@", Bytes::pairs},   // JIS C 6226, the 1978 edition of the same
    {"\x1b$(D", Bytes::pairs},  // ISO IR 159
    {"\x1b$)C", std::nullopt},  // ISO IR 149
    {"\x1b$)A", std::nullopt},  // ISO IR 58
    {"\x1b)I", std::nullopt},   // ISO IR 13
    {"\x1b-A", std::nullopt},   // ISO IR 100
    {"\x1b-B", std::nullopt},   // ISO IR 101
    {"\x1b-C", std::nullopt},   // ISO IR 109
    {"\x1b-D", std::nullopt},   // ISO IR 110
    {"\x1b-L", std::nullopt},   // ISO IR 144
    {"\x1b-G", std::nullopt},   // ISO IR 127
    {"\x1b-F", std::nullopt},   // ISO IR 126
    {"\x1b-H", std::nullopt},   // ISO IR 138
    {"\x1b-M", std::nullopt},   // ISO IR 148
    {"\x1b-T", std::nullopt},   // ISO IR 166
    {"\x1b-b", std::nullopt},   // ISO IR 203
};

bool is_delimiter(char c) { return c == '^' || c == '=' || c == '\\'; }

struct Groups {
  std::vector<std::size_t> delimiters;  ///< where the '=' between component groups stand
  /// Readers may see others: at a delimiter the writer shall have returned to single bytes (PS3.5
  /// §6.1.2.5.3). Some take each byte of a delimiter for one, wherever it stands; and who
  /// designates pairs that are designated already believes that something ended them.
  bool are_unclear = false;
};

/// `nullopt` for bytes of which nothing can be said: an unknown escape, half a pair, or a
/// backslash, which may be half a character of GBK.
std::optional<Groups> component_groups(std::string_view name) {
  Groups groups;
  Bytes low_half = Bytes::single;
  for (std::size_t i = 0; i < name.size();) {
    const char c = name[i];
    if (c == '\x1b') {
      const auto escape = std::ranges::find_if(
          kEscapes, [&](const Escape& e) { return name.substr(i).starts_with(e.text); });
      if (escape == std::end(kEscapes)) return std::nullopt;
      groups.are_unclear |= low_half == Bytes::pairs && escape->low_half == Bytes::pairs;
      low_half = escape->low_half.value_or(low_half);
      i += escape->text.size();
    } else if (low_half == Bytes::pairs && c > 0x20) {
      if (i + 1 == name.size() || name[i + 1] <= 0x20) return std::nullopt;
      groups.are_unclear |= is_delimiter(c) || is_delimiter(name[i + 1]);
      i += 2;
    } else {
      if (c == '\\') return std::nullopt;
      groups.are_unclear |= low_half == Bytes::pairs;
      if (c == '=') groups.delimiters.push_back(i);
      ++i;
    }
  }
  return groups;
}

/// Whether pairs begin anew behind the byte of a delimiter, or only behind an escape.
enum class Pairing { from_delimiters, from_escapes };

/// Whether a reader who takes bytes as pairs so finds kana of JIS X 0208 (rows 4 and 5), or bytes
/// that could be half-width kana. Reading on in pairs where others return to ASCII shows what the
/// writer meant.
bool shows_kana(std::string_view name, Pairing pairing) {
  constexpr char kHiraganaRow = 0x24;
  constexpr char kKatakanaRow = 0x25;
  Bytes low_half = Bytes::single;
  for (std::size_t i = 0; i < name.size();) {
    const char c = name[i];
    if (static_cast<Byte>(c) >= 0x80) return true;
    const auto escape = std::ranges::find_if(
        kEscapes, [&](const Escape& e) { return name.substr(i).starts_with(e.text); });
    if (escape != std::end(kEscapes)) {
      low_half = escape->low_half.value_or(low_half);
      i += escape->text.size();
    } else if (low_half == Bytes::single || c <= 0x20 ||
               (pairing == Pairing::from_delimiters && is_delimiter(c))) {
      ++i;
    } else if (c == kHiraganaRow || c == kKatakanaRow) {
      return true;
    } else {
      i += 2;
    }
  }
  return false;
}

constexpr std::string_view kUtf8 = "ISO_IR 192";

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<Byte>(c) < 0x80; });
}

/// Hiragana, katakana, its phonetic extensions and half-width forms, and what cannot be read.
bool may_be_kana(char32_t c) {
  return (c >= 0x3040 && c <= 0x30FF) || (c >= 0x31F0 && c <= 0x31FF) ||
         (c >= 0xFF65 && c <= 0xFF9F) || c == 0xFFFD;
}

/// `utf8` is well-formed and below U+10000 wherever kana is.
bool holds_kana(std::string_view utf8) {
  for (std::size_t i = 0; i + 2 < utf8.size(); ++i) {
    const auto byte = [&](std::size_t at) { return static_cast<Byte>(utf8[i + at]); };
    if ((byte(0) & 0xF0) != 0xE0) continue;
    const char32_t c = (static_cast<char32_t>(byte(0) & 0x0F) << 12) |
                       (static_cast<char32_t>(byte(1) & 0x3F) << 6) | (byte(2) & 0x3F);
    if (may_be_kana(c)) return true;
  }
  return false;
}

/// Whether the set reads high bytes as Latin-1: as it says, or for want of a known one.
bool is_read_as_latin1(const CharacterSet& charset) {
  return charset.to_utf8(core::as_bytes("\xD1"), Vr::PN) == "Ñ";
}

bool is_ascii_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// Kana in a set that does not know it. Half-width (JIS X 0201, 0xA1–0xDF) and in EUC-JP its words
/// are of high bytes alone, as hardly a name in Latin-1 is; in Shift-JIS it is pairs that begin
/// with 0x82 or 0x83, no characters of Latin-1. `utf8` is how `group` is read.
bool may_be_unannounced_kana(std::string_view group, std::string_view utf8,
                             const CharacterSet& charset) {
  constexpr std::ptrdiff_t kWord = 2;  // one is an initial: Ö
  const bool designates_g1 =
      group.find("\x1b$)") != group.npos || group.find("\x1b-") != group.npos;
  if (is_ascii(group) || designates_g1 || !is_read_as_latin1(charset)) return false;
  const bool is_utf8 = utf8 == group;  // without being said
  if (!is_utf8 && group.find_first_of("\x82\x83") != group.npos) return true;
  const auto may_be_kana = [&](char c) {
    const auto byte = static_cast<Byte>(c);
    return is_utf8 ? byte >= 0xA1 && byte <= 0xDF : byte >= 0x80;
  };
  const auto is_letter = [](char c) { return is_ascii_letter(c) || static_cast<Byte>(c) >= 0x80; };
  bool is_all_kana = true;
  for (auto at = group.begin(); at != group.end();) {
    const auto word = std::find_if(at, group.end(), is_letter);
    const auto end = std::find_if_not(word, group.end(), is_letter);
    const bool is_kana = std::all_of(word, end, may_be_kana);
    if (is_kana && end - word >= kWord) return true;
    is_all_kana &= is_kana;
    at = end;
  }
  return is_all_kana;  // words of one character, and no others
}

}  // namespace

std::size_t unit_size(Vr vr) {
  switch (vr) {
    case Vr::OW:
    case Vr::SS:
    case Vr::US:
      return 2;
    case Vr::AT:
    case Vr::FL:
    case Vr::OF:
    case Vr::OL:
    case Vr::SL:
    case Vr::UL:
      return 4;
    case Vr::FD:
    case Vr::OD:
    case Vr::OV:
    case Vr::SV:
    case Vr::UV:
      return 8;
    default:
      return 1;
  }
}

std::size_t word_size(Vr vr) { return vr == Vr::AT ? unit_size(vr) / 2 : unit_size(vr); }

core::ByteView dummy_value(Vr vr) {
  if (vr == Vr::SQ) return {};
  if (!core::dicom::is_text(vr)) return ByteView(kZeroes).first(std::max(unit_size(vr), kEven));
  return core::as_bytes(std::ranges::find(kDummyTexts, vr, &DummyText::vr)->text);
}

bool may_be_written_as(Vr dictionary, Vr file) {
  if (dictionary == file || file == Vr::UN) return true;
  const Kind kind = kind_of(dictionary);
  if (kind != kind_of(file)) return false;
  if (kind != Kind::bytes || family_of(dictionary) == family_of(file)) return true;
  // LUTData and others may be US or OW.
  const auto are_words = [](Vr vr) { return vr == Vr::OW || family_of(vr) == Family::words; };
  return are_words(dictionary) && are_words(file);
}

bool is_well_formed(Vr vr, ByteView value) {
  if ((value.size() & (unit_size(vr) - 1)) != 0) return false;  // units are powers of two
  return has_form_of(vr, value);
}

std::string_view stated_text(const core::dicom::Token& token) {
  const auto* entry = core::dicom::find(token.tag);
  const bool is_sound = entry != nullptr && may_be_written_as(entry->vr, token.vr) &&
                        is_well_formed(entry->vr, token.value);
  return is_sound ? core::dicom::without_padding(core::as_text(token.value)) : std::string_view{};
}

std::string cleaned_text(ByteView text, Vr vr, std::string_view specific_character_set) {
  const bool is_utf8 = core::dicom::without_padding(specific_character_set) == kUtf8;
  const std::string utf8 = CharacterSet(specific_character_set).to_utf8(text, vr);
  std::string cleaned;
  std::string_view rest = core::dicom::without_padding(utf8);
  while (true) {
    const auto end = std::min(rest.find('\\'), rest.size());
    std::string value = clean_descriptor(rest.substr(0, end));
    if (value == utf8) return std::string(core::as_text(text));
    if (!is_utf8 && !is_ascii(value)) {
      value = clean_descriptor(rest.substr(0, end), Repertoire::ascii);
    }
    cleaned += value;
    if (end == rest.size()) return cleaned;
    cleaned += '\\';
    rest.remove_prefix(end + 1);
  }
}

std::optional<std::string> without_phonetic(ByteView name, const CharacterSet& charset) {
  const std::string_view text = core::as_text(name);
  const auto groups = component_groups(text);
  if (!groups) return std::nullopt;
  const auto end_of_group = [&](std::size_t group) {
    return group < groups->delimiters.size() ? groups->delimiters[group] : text.size();
  };
  const std::size_t first_end = end_of_group(0);
  const std::string first = charset.to_utf8(name.first(first_end), Vr::PN);
  const bool kana_first =
      holds_kana(first) || may_be_unannounced_kana(text.substr(0, first_end), first, charset);
  const std::size_t begin = kana_first ? first_end : 0;
  std::string kept(text.substr(begin, end_of_group(1) - begin));
  // Where readers differ on where a group ends there is no kana in any.
  const bool may_show_kana =
      shows_kana(kept, Pairing::from_delimiters) || shows_kana(kept, Pairing::from_escapes);
  if (groups->are_unclear && may_show_kana) return std::nullopt;
  return kept == "=" ? std::string{} : kept;
}

bool holds_odd_uid(core::ByteView value) {
  bool is_odd = false;
  core::dicom::for_each_value(core::as_text(value), [&](std::string_view one) {
    const auto uid = core::Uid::parse(one);
    is_odd |= uid && !uid->is_standard();
  });
  return is_odd;
}

}  // namespace sekisho::anonymization
