// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"
#include "core/dicom/walker.h"

namespace sekisho::core::dicom {

/// Bytes of a data set and how they are coded. The bytes belong to somebody else.
struct Dataset {
  ByteView bytes;
  VrCoding vr = VrCoding::explicit_vr;
  ByteOrder order = ByteOrder::little;
};

/// The VR of elements whose data set leaves it open. One walk's.
class OpenVrs {
 public:
  explicit OpenVrs(const Dataset& dataset) : dataset_(dataset) {}
  /// To be asked for every element in turn. A public attribute that was written as UN has the
  /// dictionary's VR (PS3.5 §6.2.2 note 2), sequences apart; one that is US or SS in implicit VR
  /// has what Pixel Representation says (PS3.5 §A.1).
  Vr of(const Token& element);

 private:
  const Dataset& dataset_;
  bool pixels_are_signed_ = false;
};

/// Calls `take` with each token of `dataset`, which is sound: one that is not throws
/// std::logic_error.
template <class Take>
void for_each_token(const Dataset& dataset, Take take) {
  Walker walker(dataset.bytes, dataset.vr, dataset.order);
  OpenVrs open_vrs(dataset);
  using Kind = Token::Kind;
  for (auto token = walker.next(); token.kind != Kind::end; token = walker.next()) {
    if (token.kind == Kind::defect) throw std::logic_error("a sound data set is malformed");
    if (token.kind == Kind::element) token.vr = open_vrs.of(token);
    take(token);
  }
}

}  // namespace sekisho::core::dicom
