// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "audit/advance.h"
#include "audit/entry/index_key.h"
#include "audit/store/stored_log.h"
#include "audit/verify/multiset_sum.h"

namespace sekisho::audit {

/// Whether the index has exactly the rows that the entries give. Takes no memory for them. Inside
/// one snapshot of its user's.
class IndexCheck {
 public:
  explicit IndexCheck(StoredLog& log);

  /// Of an entry at `seq` that names `subject`.
  void expect(std::uint64_t seq, const Subject& subject);
  std::uint64_t rows() const { return expected_.rows(); }

  using Report = std::function<void(std::string problem)>;
  /// After all of them. Names what is missing and what is foreign. Throws core::DatabaseError.
  void compare(const Report& report, const Advance& advance = no_advance);

 private:
  void name_missing(const Report& report);
  void name_foreign(const Report& report);

  StoredLog& log_;
  MultisetSum expected_;
  MultisetSum found_;
};

}  // namespace sekisho::audit
