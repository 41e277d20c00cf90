// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/dicom/vr.h"

namespace sekisho::core::dicom {

/// Turns text of a data set into UTF-8 (PS3.3 §C.12.1.1.2, PS3.5 §6.1 and Annex H, I, J, K): the
/// single-byte sets, ISO 2022 with code extensions (IR 13, 58, 87, 149, 159 …), GB18030, GBK,
/// UTF-8. Any thread may use one object. Bytes that mean nothing become U+FFFD; never throws.
class CharacterSet {
 public:
  /// `specific_character_set` is the value of (0008,0005): backslash-separated terms; empty is the
  /// default repertoire. Unknown terms are read as UTF-8 where valid, else as Latin-1.
  explicit CharacterSet(std::string_view specific_character_set = {});

  /// The whole value, backslashes between values included. In PN, LO, SH, UC the code extensions
  /// are reset at the delimiters that PS3.5 §6.1.2.5.3 names.
  std::string to_utf8(ByteView value, Vr vr) const;

 private:
  std::string first_;
  bool code_extensions_ = false;
};

}  // namespace sekisho::core::dicom
