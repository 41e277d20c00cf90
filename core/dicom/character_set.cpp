// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/character_set.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/dicom/iconv_decoder.h"
#include "core/letter_case.h"

namespace sekisho::core::dicom {
namespace {

using Repertoire = CharacterSet::Repertoire;
using enum CharacterSet::Repertoire;

constexpr char kEscape = '\x1B';

/// A defined term of ISO 2022 (PS3.3 2026c Tables C.12-2 to C.12-4), by its registration number.
struct Term {
  std::string_view registration;
  Repertoire g0;
  Repertoire g1;
};
constexpr Term kTerms[] = {
    {"6", ascii, nothing},
    {"100", ascii, latin1},
    {"101", ascii, latin2},
    {"109", ascii, latin3},
    {"110", ascii, latin4},
    {"144", ascii, cyrillic},
    {"127", ascii, arabic},
    {"126", ascii, greek},
    {"138", ascii, hebrew},
    {"148", ascii, latin5},
    {"203", ascii, latin9},
    {"166", ascii, thai},
    {"13", romaji, katakana},
    {"149", ascii, ks_x_1001},
    {"58", ascii, gb_2312},
    // Designated to G0 by escape only.
    {"87", ascii, nothing},
    {"159", ascii, nothing},
};

enum class Element : std::uint8_t { g0, g1 };

/// What follows ESC (PS3.3 2026c Tables C.12-3 and C.12-4). The last two are not in the standard:
/// JIS C 6226-1978, which differs from JIS X 0208 in rare characters, and katakana in G0.
struct Designation {
  std::string_view sequence;
  Element element;
  Repertoire repertoire;
};
constexpr Designation kDesignations[] = {
    {"(B", Element::g0, ascii},      {"(J", Element::g0, romaji},
    {")I", Element::g1, katakana},   {"-A", Element::g1, latin1},
    {"-B", Element::g1, latin2},     {"-C", Element::g1, latin3},
    {"-D", Element::g1, latin4},     {"-L", Element::g1, cyrillic},
    {"-G", Element::g1, arabic},     {"-F", Element::g1, greek},
    {"-H", Element::g1, hebrew},     {"-M", Element::g1, latin5},
    {"-b", Element::g1, latin9},     {"-T", Element::g1, thai},
    {"$B", Element::g0, jis_x_0208}, {"$(D", Element::g0, jis_x_0212},
    {"$)C", Element::g1, ks_x_1001}, {"$)A", Element::g1, gb_2312},
    {"$@", Element::g0, jis_x_0208}, {"(I", Element::g0, katakana},
};

/// The encoding of glibc's iconv in which a repertoire's bytes have their high bits set.
const char* encoding_of(Repertoire repertoire) {
  constexpr std::pair<Repertoire, const char*> kEncodings[] = {
      {latin1, "ISO-8859-1"},  {latin2, "ISO-8859-2"},   {latin3, "ISO-8859-3"},
      {latin4, "ISO-8859-4"},  {cyrillic, "ISO-8859-5"}, {arabic, "ISO-8859-6"},
      {greek, "ISO-8859-7"},   {hebrew, "ISO-8859-8"},   {latin5, "ISO-8859-9"},
      {latin9, "ISO-8859-15"}, {thai, "TIS-620"},        {jis_x_0208, "EUC-JP"},
      {jis_x_0212, "EUC-JP"},  {ks_x_1001, "EUC-KR"},    {gb_2312, "GB2312"},
  };
  const auto* found =
      std::ranges::find(kEncodings, repertoire, &std::pair<Repertoire, const char*>::first);
  return found == std::end(kEncodings) ? "ASCII" : found->second;
}

/// What vendors wrote beyond the standard sets.
const char* superset_of(std::string_view encoding) {
  if (encoding == "EUC-KR") return "UHC";
  return encoding == "GB2312" ? "GBK" : nullptr;
}

bool is_two_byte(Repertoire repertoire) {
  return repertoire == jis_x_0208 || repertoire == jis_x_0212 || repertoire == ks_x_1001 ||
         repertoire == gb_2312;
}

bool is_high(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }
char high(char c) { return static_cast<char>(static_cast<unsigned char>(c) | 0x80); }

/// Values of these are separated by backslashes; in LT, ST and UT a backslash is text.
bool has_several_values(Vr vr) { return vr != Vr::LT && vr != Vr::ST && vr != Vr::UT; }

/// Rows that JIS X 0208 leaves empty and NEC filled: 13 with ①, 89 to 92 with IBM's kanji (髙).
bool is_vendor_row(char first_of_pair) {
  const auto row = (static_cast<unsigned char>(first_of_pair) & 0x7F) - 0x20;
  return row == 13 || (row >= 89 && row <= 92);
}

/// The same row and cell as Shift-JIS, for which iconv knows what NEC put there.
std::array<char, 2> to_shift_jis(char first_of_pair, char second_of_pair) {
  const unsigned row = (static_cast<unsigned char>(first_of_pair) & 0x7FU) - 0x21U;
  const unsigned cell = (static_cast<unsigned char>(second_of_pair) & 0x7FU) - 0x21U;
  const unsigned first = row / 2 + (row < 62 ? 0x81 : 0xC1);
  const unsigned second = row % 2 != 0 ? cell + 0x9F : cell + (cell < 63 ? 0x40 : 0x41);
  return {static_cast<char>(first), static_cast<char>(second)};
}

/// One value, read from its front.
class Iso2022Decoder {
 public:
  Iso2022Decoder(std::string_view value, Vr vr, Repertoire g0, Repertoire g1)
      : rest_(value), vr_(vr), first_g0_(g0), first_g1_(g1), g0_(g0), g1_(g1) {
    out_.reserve(value.size() * 2);
  }

  std::string decode() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == kEscape) {
        take_escape();
      } else if (is_delimiter(c) && !(is_two_byte(g0_) && is_pair())) {
        take_delimiter();
      } else if (c == ' ') {
        take_single(ascii);
      } else {
        take_graphic(is_high(c) ? g1_ : g0_);
      }
    }
    flush();
    return std::move(out_);
  }

 private:
  /// PS3.5 §6.1.2.5.3: where the first value's sets are active again.
  bool is_delimiter(char c) const {
    if (static_cast<unsigned char>(c) < 0x20) return true;
    return (c == '\\' && has_several_values(vr_)) || ((c == '^' || c == '=') && vr_ == Vr::PN);
  }

  /// Both bytes of a character are in the same half of the code table.
  bool is_pair() const {
    return rest_.size() > 1 && is_high(rest_[1]) == is_high(rest_[0]) &&
           (static_cast<unsigned char>(rest_[1]) & 0x7F) > 0x20;
  }

  void take_delimiter() {
    flush();
    out_ += rest_.front();
    rest_.remove_prefix(1);
    g0_ = first_g0_;
    g1_ = first_g1_;
  }

  void take_escape() {
    flush();
    rest_.remove_prefix(1);
    for (const Designation& designation : kDesignations) {
      if (!rest_.starts_with(designation.sequence)) continue;
      rest_.remove_prefix(designation.sequence.size());
      (designation.element == Element::g0 ? g0_ : g1_) = designation.repertoire;
      return;
    }
    out_ += kReplacementCharacter;
  }

  void take_graphic(Repertoire repertoire) {
    if (is_two_byte(repertoire)) {
      take_pair(repertoire);
    } else if (repertoire == katakana) {
      take_katakana();
    } else {
      take_single(repertoire);
    }
  }

  void take_single(Repertoire repertoire) {
    const char c = rest_.front();
    if (is_high(c) && repertoire == nothing) return replace_byte();
    rest_.remove_prefix(1);
    if (is_high(c)) {
      pend(encoding_of(repertoire), {&c, 1});
    } else if (repertoire == romaji && c == '\\') {
      pend("UTF-8", "\xC2\xA5");  // ISO-IR 14 has a yen sign here
    } else if (repertoire == romaji && c == '~') {
      pend("UTF-8", "\xE2\x80\xBE");  // and an overline here
    } else {
      pend("UTF-8", {&c, 1});
    }
  }

  void take_pair(Repertoire repertoire) {
    if (!is_pair()) return replace_byte();
    const char pair[] = {'\x8F', high(rest_[0]), high(rest_[1])};
    rest_.remove_prefix(2);
    if (repertoire == jis_x_0208 && is_vendor_row(pair[1])) {
      const std::array<char, 2> shift_jis = to_shift_jis(pair[1], pair[2]);
      return pend("CP932", {shift_jis.data(), shift_jis.size()});
    }
    // EUC-JP tells JIS X 0212 from JIS X 0208 by a byte before.
    const std::string_view bytes(pair, sizeof pair);
    pend(encoding_of(repertoire), repertoire == jis_x_0212 ? bytes : bytes.substr(1));
  }

  void take_katakana() {
    const auto byte = static_cast<unsigned char>(rest_.front());
    const char as_high = high(rest_.front());
    if ((byte | 0x80) >= 0xA1 && (byte | 0x80) <= 0xDF) {
      pend("SHIFT_JIS", {&as_high, 1});
      rest_.remove_prefix(1);
    } else if (rest_.size() > 1 &&
               ((byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC))) {
      // Not in ISO-IR 13 and thus free for what many call ISO_IR 13: Shift-JIS.
      pend("CP932", rest_.substr(0, 2));
      rest_.remove_prefix(2);
    } else {
      replace_byte();
    }
  }

  void replace_byte() {
    pend("UTF-8", kReplacementCharacter);
    rest_.remove_prefix(1);
  }

  /// Collects text of one encoding, to convert it at once.
  void pend(const char* encoding, std::string_view bytes) {
    if (pending_encoding_ != encoding) flush();
    pending_encoding_ = encoding;
    pending_ += bytes;
  }

  void flush() {
    if (pending_encoding_ == "UTF-8") {
      out_ += pending_;
    } else if (const auto strict = dicom::decode(pending_encoding_.data(), pending_)) {
      out_ += *strict;
    } else if (const char* superset = superset_of(pending_encoding_)) {
      out_ += decode_what_is_valid(superset, pending_);
    } else {
      out_ += decode_what_is_valid(pending_encoding_.data(), pending_);
    }
    pending_.clear();
  }

  std::string_view rest_;
  const Vr vr_;
  const Repertoire first_g0_;
  const Repertoire first_g1_;
  Repertoire g0_;
  Repertoire g1_;
  std::string_view pending_encoding_ = "UTF-8";
  std::string pending_;
  std::string out_;
};

/// "ISO 2022 IR 87", "ISO-2022 IR_87" and "iso 2022 ir 87" are one: letters and digits alone.
std::string canonical(std::string_view term) {
  std::string text;
  for (const char c : in_capitals(term)) {
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) text += c;
  }
  return text;
}

/// The registration number of "ISO_IR n" and "ISO 2022 IR n".
std::string_view registration(std::string_view canonical_term) {
  for (const std::string_view prefix : {"ISOIR", "ISO2022IR"}) {
    if (canonical_term.starts_with(prefix)) return canonical_term.substr(prefix.size());
  }
  return {};
}

bool is_plain_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return is_high(c) || c == kEscape; });
}

}  // namespace

CharacterSet::CharacterSet(std::string_view specific_character_set) {
  bool is_first = true;
  for (std::string_view rest = specific_character_set; !rest.empty() || is_first;) {
    const std::size_t size = std::min(rest.find('\\'), rest.size());
    const std::string term = canonical(rest.substr(0, size));
    rest.remove_prefix(std::min(size + 1, rest.size()));
    const std::string_view number = registration(term);
    if (number == "192") scheme_ = Scheme::utf_8;
    if (term == "GB18030") scheme_ = Scheme::gb18030;
    if (term == "GBK") scheme_ = Scheme::gbk;
    if (scheme_ != Scheme::unknown && scheme_ != Scheme::iso_2022) return;
    const auto* known = std::ranges::find(kTerms, number, &Term::registration);
    if (known != std::end(kTerms)) {
      scheme_ = Scheme::iso_2022;
      if (is_first) g0_ = known->g0;
      // Korean and Chinese text is met without the escape that it should have on each line.
      if (g1_ == Repertoire::nothing && (is_first || is_two_byte(known->g1))) g1_ = known->g1;
    }
    is_first = false;
  }
}

std::string CharacterSet::to_utf8(ByteView value, Vr vr) const {
  const std::string_view text = as_text(value);
  const bool is_default = !depends_on_character_set(vr);
  const Repertoire g0 = is_default ? Repertoire::ascii : g0_;
  if (g0 == Repertoire::ascii && is_plain_ascii(text)) return std::string(text);

  switch (is_default ? Scheme::unknown : scheme_) {
    case Scheme::utf_8:
      return decode_what_is_valid("UTF-8", text);
    case Scheme::gb18030:
      return decode_what_is_valid("GB18030", text);
    case Scheme::gbk:
      return decode_what_is_valid("GBK", text);
    case Scheme::iso_2022:
      return Iso2022Decoder(text, vr, g0, g1_).decode();
    case Scheme::unknown:
      break;
  }
  if (text.find(kEscape) != text.npos) return Iso2022Decoder(text, vr, g0, latin1).decode();
  if (auto utf_8 = decode("UTF-8", text)) return *std::move(utf_8);
  return decode_what_is_valid("ISO-8859-1", text);
}

}  // namespace sekisho::core::dicom
