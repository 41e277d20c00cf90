// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "access/back_off.h"
#include "core/digest.h"
#include "core/time.h"

namespace sekisho::access {

/// The durable count of failures, which no restart forgets. An attempt is a failure until it has
/// succeeded: who tries many things at once gains nothing. Any thread may call any method. A
/// failure of the database throws core::DatabaseError.
class AttemptStore {
 public:
  virtual ~AttemptStore() = default;
  AttemptStore(const AttemptStore&) = delete;
  AttemptStore& operator=(const AttemptStore&) = delete;

  /// Counts an attempt under `name` and says whether it is listened to. What is not listened to is
  /// not counted: nobody is kept out for longer by those who go on trying. It is written to disk as
  /// often for an account, blocked or not.
  virtual bool begin(Counted counted, const core::Sha256& name, core::Time now) = 0;
  /// Of an account that it forgets all, of a site that it was none.
  virtual void succeed(Counted counted, const core::Sha256& name) = 0;

  /// Removes what kForgottenAfter has passed. To be called now and then.
  virtual void forget(core::Time now) = 0;

 protected:
  AttemptStore() = default;
};

}  // namespace sekisho::access
