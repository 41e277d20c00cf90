// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/dicom/character_set.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/walker.h"

namespace sekisho::dicomweb {

/// Bytes of a masked data set and how they are coded. The bytes belong to somebody else.
struct Dataset {
  core::ByteView bytes;
  core::dicom::VrCoding vr = core::dicom::VrCoding::explicit_vr;
  core::dicom::ByteOrder order = core::dicom::ByteOrder::little;
};

/// The VR of elements whose data set leaves it open. One walk's.
class OpenVrs {
 public:
  explicit OpenVrs(const Dataset& dataset) : dataset_(dataset) {}
  /// To be asked for every element in turn. A public attribute that was written as UN has the
  /// dictionary's VR (PS3.5 §6.2.2 note 2), sequences apart; one that is US or SS in implicit VR
  /// has what Pixel Representation says (PS3.5 §A.1).
  core::dicom::Vr of(const core::dicom::Token& element);

 private:
  const Dataset& dataset_;
  bool pixels_are_signed_ = false;
};

/// Calls `take` with each token of `dataset`. Masked data sets are sound; one that is not throws
/// std::logic_error.
template <class Take>
void for_each_token(const Dataset& dataset, Take take) {
  core::dicom::Walker walker(dataset.bytes, dataset.vr, dataset.order);
  OpenVrs open_vrs(dataset);
  using Kind = core::dicom::Token::Kind;
  for (auto token = walker.next(); token.kind != Kind::end; token = walker.next()) {
    if (token.kind == Kind::defect) throw std::logic_error("a masked data set is malformed");
    if (token.kind == Kind::element) token.vr = open_vrs.of(token);
    take(token);
  }
}

/// The character set in force while a data set is walked: each item may name its own and else has
/// that of the item around it (PS3.3 §C.12.1.1.2). Knows how deep the walk is. The data set must
/// outlive it.
class TextReader {
 public:
  /// To be called with every token, before its text is read.
  void see(const core::dicom::Token& token);
  /// Sequences around the present place.
  int depth() const { return depth_; }
  /// The element's value in UTF-8, trailing padding dropped, backslashes between values included.
  /// A view of the token's bytes or of `scratch`.
  std::string_view text(const core::dicom::Token& token, std::string& scratch);

 private:
  int depth_ = 0;
  std::array<std::string_view, core::dicom::kMaxDepth + 2> terms_;  ///< (0008,0005) at each depth
  std::string_view terms_of_set_;                                   ///< what set_ was made of
  core::dicom::CharacterSet set_;
};

/// Numbers of a value, in the byte order of the data set.
std::uint16_t read_u16(core::ByteView bytes, core::dicom::ByteOrder order);
std::uint32_t read_u32(core::ByteView bytes, core::dicom::ByteOrder order);
std::uint64_t read_u64(core::ByteView bytes, core::dicom::ByteOrder order);

/// Bytes of one number in a binary VR; 0 for VRs that hold no numbers.
std::size_t number_size(core::dicom::Vr vr);

/// Text VRs in which a backslash separates values (PS3.5 §6.2: not ST, LT, UT, UR).
bool is_multi_valued_text(core::dicom::Vr vr);

/// Calls `take` with each value between backslashes.
template <class Take>
void for_each_value(std::string_view text, Take take) {
  while (true) {
    const std::size_t end = text.find('\\');
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

/// Without the spaces and NULs that pad a value.
std::string_view trim_end(std::string_view text);

}  // namespace sekisho::dicomweb
