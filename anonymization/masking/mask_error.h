// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace sekisho::anonymization {

/// The file could not be masked. Its text names no value of the file. The instance is withheld.
class MaskError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace sekisho::anonymization
