// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/handler.h"

namespace sekisho::http {

/// What an attempt came to.
enum class Trouble { none, unavailable, other };

/// The server's only catch: runs `work` and says what went wrong, so that no exception crosses a
/// thread of the host. Nothing of the exception is kept: its text may hold what no log may.
template <class Work>
Trouble attempt(const Work& work) noexcept {
  try {
    work();
    return Trouble::none;
  } catch (const Unavailable&) {
    return Trouble::unavailable;
  } catch (...) {
    return Trouble::other;
  }
}

}  // namespace sekisho::http
