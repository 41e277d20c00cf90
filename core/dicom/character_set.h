// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/dicom/vr.h"

namespace sekisho::core::dicom {

/// Turns text of a data set into UTF-8 (PS3.3 §C.12.1.1.2, PS3.5 §6.1 and Annex H, I, J, K): the
/// single-byte sets, ISO 2022 with code extensions (IR 13, 58, 87, 149, 159 …), GB18030, GBK,
/// UTF-8. Any thread may use one object. Bytes that mean nothing become U+FFFD; throws nothing but
/// std::bad_alloc.
///
/// More is read than the standard asks for, because archives hold it: escape sequences of sets that
/// were not announced, Shift-JIS where ISO_IR 13 is said, terms spelt with other separators.
class CharacterSet {
 public:
  /// `specific_character_set` is the value of (0008,0005): backslash-separated terms; empty is the
  /// default repertoire. Where no term is known, text is read as UTF-8 where valid, else as
  /// Latin-1.
  explicit CharacterSet(std::string_view specific_character_set = {});

  /// The whole value, padding and the backslashes between values included: a byte 5C that is part
  /// of a character is none of these, so split the result, never the value. Values of a VR without
  /// Specific Character Set are the default repertoire. Code extensions are reset at the delimiters
  /// that PS3.5 §6.1.2.5.3 names.
  std::string to_utf8(ByteView value, Vr vr) const;

  /// What bytes can stand for (ISO/IEC 2022 designates such sets to G0 and G1).
  enum class Repertoire : std::uint8_t {
    nothing,
    ascii,       ///< ISO-IR 6
    romaji,      ///< ISO-IR 14
    katakana,    ///< ISO-IR 13
    latin1,      ///< ISO-IR 100
    latin2,      ///< ISO-IR 101
    latin3,      ///< ISO-IR 109
    latin4,      ///< ISO-IR 110
    cyrillic,    ///< ISO-IR 144
    arabic,      ///< ISO-IR 127
    greek,       ///< ISO-IR 126
    hebrew,      ///< ISO-IR 138
    latin5,      ///< ISO-IR 148
    latin9,      ///< ISO-IR 203
    thai,        ///< ISO-IR 166
    jis_x_0208,  ///< ISO-IR 87, two bytes
    jis_x_0212,  ///< ISO-IR 159, two bytes
    ks_x_1001,   ///< ISO-IR 149, two bytes
    gb_2312,     ///< ISO-IR 58, two bytes
  };

 private:
  enum class Scheme : std::uint8_t { unknown, iso_2022, utf_8, gb18030, gbk };
  Scheme scheme_ = Scheme::unknown;
  // What is designated where a value begins.
  Repertoire g0_ = Repertoire::ascii;
  Repertoire g1_ = Repertoire::nothing;
};

}  // namespace sekisho::core::dicom
