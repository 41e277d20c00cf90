// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>

namespace sekisho::core {

/// The archive could not be asked, or answered nonsense. "It is not there" is never a StoreError.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace sekisho::core
