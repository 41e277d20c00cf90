// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/err.h>

namespace sekisho::core {

/// OpenSSL's error queue belongs to the thread and so to the host: what is added while this lives
/// is taken away again.
class OpensslErrorMark {
 public:
  OpensslErrorMark() { ERR_set_mark(); }
  ~OpensslErrorMark() { ERR_pop_to_mark(); }
  OpensslErrorMark(const OpensslErrorMark&) = delete;
  OpensslErrorMark& operator=(const OpensslErrorMark&) = delete;
};

}  // namespace sekisho::core
