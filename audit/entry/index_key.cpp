// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/entry/index_key.h"

#include <algorithm>

#include "core/digest.h"

namespace sekisho::audit {
namespace {

constexpr core::Byte kSeparator[] = {0x00};

Bits128 first_half(const core::Sha256& hash) {
  Bits128 half{};
  std::copy_n(hash.begin(), half.size(), half.begin());
  return half;
}

}  // namespace

std::string_view subject_name(SubjectKind kind) {
  static constexpr std::string_view kNames[] = {"general", "patient",  "study",
                                                "series",  "instance", "recipient"};
  return kNames[static_cast<int>(kind)];
}

Subject IndexKey::subject(SubjectKind kind, std::string_view value) const {
  return {kind, first_half(core::hmac_sha256(key_.view(), {core::as_bytes(subject_name(kind)),
                                                           kSeparator, core::as_bytes(value)}))};
}

Bits128 IndexKey::id() const { return core::key_id("sekisho audit index key", key_.view()); }

}  // namespace sekisho::audit
