// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/text_reader.h"

#include <algorithm>

#include "core/dicom/padding.h"

namespace sekisho::core::dicom {
namespace {

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};

/// Printable ASCII reads the same in every character set of DICOM but for two code points of
/// JIS X 0201: the yen sign (our value separator) and the overline.
bool is_plain(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](Byte b) { return b < 0x7E && b != 0x1B; });
}

}  // namespace

void TextReader::see(const Token& token) {
  switch (token.kind) {
    case Token::Kind::sequence_begin:
      ++depth_;
      break;
    case Token::Kind::sequence_end:
      --depth_;
      break;
    case Token::Kind::item_begin:
      terms_[depth_] = terms_[depth_ - 1];
      break;
    case Token::Kind::element:
      if (token.tag == kSpecificCharacterSet) {
        terms_[depth_] = without_trailing_padding(as_text(token.value));
      }
      break;
    default:
      break;
  }
}

std::string_view TextReader::text(const Token& token, std::string& scratch) {
  if (is_plain(token.value)) return without_trailing_padding(as_text(token.value));
  // Bytes beyond the default repertoire mean nothing in a VR that the character set does not rule.
  const bool ruled = depends_on_character_set(token.vr);
  const std::string_view terms = ruled ? terms_[depth_] : std::string_view{};
  if (terms != terms_of_set_) {
    set_ = CharacterSet(terms);
    terms_of_set_ = terms;
  }
  scratch = set_.to_utf8(token.value, token.vr);
  return without_trailing_padding(scratch);
}

bool is_multi_valued_text(Vr vr) {
  return is_text(vr) && vr != Vr::ST && vr != Vr::LT && vr != Vr::UT && vr != Vr::UR;
}

}  // namespace sekisho::core::dicom
