// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

#include "anonymization/pixels/withhold_reason.h"

namespace sekisho::anonymization {

/// The file could not be masked. Its text names no value of the file. The instance is withheld.
class MaskError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// It could have been, but for its pixels.
class PixelsWithheld : public MaskError {
 public:
  explicit PixelsWithheld(WithholdReason why)
      : MaskError("the pixels of the file are not let through"), reason(why) {}
  const WithholdReason reason;
};

}  // namespace sekisho::anonymization
