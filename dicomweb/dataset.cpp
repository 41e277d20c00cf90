// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/dataset.h"

#include <algorithm>

#include "core/dicom/dictionary.h"
#include "dicomweb/attributes.h"

namespace sekisho::dicomweb {

using core::dicom::ByteOrder;
using core::dicom::Token;
using core::dicom::Vr;

namespace {

/// Printable ASCII reads the same in every character set of DICOM but for two code points of
/// JIS X 0201: the yen sign (our value separator) and the overline.
bool is_plain(core::ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](core::Byte b) { return b < 0x7E && b != 0x1B; });
}

// PS3.6 2026c: attributes of VR "US or SS", those of which the value is a pixel value or describes
// one. (0028,1101–1103, 3002 and the like are signed in their second value only: US serves.)
constexpr core::dicom::Tag kPixelValues[] = {
    {0x0018, 0x9810}, {0x0022, 0x1452}, {0x0028, 0x0071}, {0x0028, 0x0104}, {0x0028, 0x0105},
    {0x0028, 0x0106}, {0x0028, 0x0107}, {0x0028, 0x0108}, {0x0028, 0x0109}, {0x0028, 0x0110},
    {0x0028, 0x0111}, {0x0028, 0x0120}, {0x0028, 0x0121}, {0x0040, 0x9211}, {0x0040, 0x9216},
    {0x0060, 0x3004}, {0x0060, 0x3006},
};

}  // namespace

Vr OpenVrs::of(const Token& element) {
  constexpr core::dicom::Tag kPixelRepresentation{0x0028, 0x0103};
  const core::dicom::Tag tag = element.tag;
  if (element.vr == Vr::UN && !tag.is_private() && dataset_.order == ByteOrder::little) {
    const Vr known = core::dicom::implicit_vr(tag);
    if (known != Vr::SQ) return known;
  } else if (dataset_.vr == core::dicom::VrCoding::implicit_vr && element.vr == Vr::US) {
    if (tag == kPixelRepresentation && element.value.size() == 2) {
      pixels_are_signed_ = read_u16(element.value, dataset_.order) == 1;
    }
    const bool open = std::binary_search(std::begin(kPixelValues), std::end(kPixelValues), tag);
    if (open && pixels_are_signed_) return Vr::SS;
  }
  return element.vr;
}

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
      if (token.tag == tags::kSpecificCharacterSet) {
        terms_[depth_] = trim_end(core::as_text(token.value));
      }
      break;
    default:
      break;
  }
}

std::string_view TextReader::text(const Token& token, std::string& scratch) {
  if (is_plain(token.value)) return trim_end(core::as_text(token.value));
  // Bytes beyond the default repertoire mean nothing in a VR that the character set does not rule.
  const bool ruled = core::dicom::depends_on_character_set(token.vr);
  const std::string_view terms = ruled ? terms_[depth_] : std::string_view{};
  if (terms != terms_of_set_) {
    set_ = core::dicom::CharacterSet(terms);
    terms_of_set_ = terms;
  }
  scratch = set_.to_utf8(token.value, token.vr);
  return trim_end(scratch);
}

std::uint16_t read_u16(core::ByteView bytes, ByteOrder order) {
  const auto first = static_cast<std::uint16_t>(bytes[0]);
  const auto second = static_cast<std::uint16_t>(bytes[1]);
  return static_cast<std::uint16_t>(order == ByteOrder::little ? first | (second << 8)
                                                               : second | (first << 8));
}

std::uint32_t read_u32(core::ByteView bytes, ByteOrder order) {
  const std::uint32_t first = read_u16(bytes.first(2), order);
  const std::uint32_t second = read_u16(bytes.subspan(2, 2), order);
  return order == ByteOrder::little ? first | (second << 16) : second | (first << 16);
}

std::uint64_t read_u64(core::ByteView bytes, ByteOrder order) {
  const std::uint64_t first = read_u32(bytes.first(4), order);
  const std::uint64_t second = read_u32(bytes.subspan(4, 4), order);
  return order == ByteOrder::little ? first | (second << 32) : second | (first << 32);
}

std::size_t number_size(Vr vr) {
  switch (vr) {
    case Vr::SS:
    case Vr::US:
      return 2;
    case Vr::AT:
    case Vr::FL:
    case Vr::SL:
    case Vr::UL:
      return 4;
    case Vr::FD:
    case Vr::SV:
    case Vr::UV:
      return 8;
    default:
      return 0;
  }
}

bool is_multi_valued_text(Vr vr) {
  return core::dicom::is_text(vr) && vr != Vr::ST && vr != Vr::LT && vr != Vr::UT && vr != Vr::UR;
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return text;
}

}  // namespace sekisho::dicomweb
