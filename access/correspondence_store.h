// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "access/person.h"
#include "core/time.h"
#include "mail/letter.h"

namespace sekisho::access {

/// Somebody asks for a link to choose a password anew. Whether there is such a person nobody has
/// looked.
struct ResetRequest {
  std::int64_t number = 0;  ///< of the store
  std::string login;        ///< as it was typed
  std::string source;       ///< address
  std::string request_id;
  std::string user_agent;
  core::Time asked_at;
};

/// What people have asked for by mail, and what they are written. It waits in mail::Outbox to be
/// sent. On return what a method did is on disk, all of it or nothing. Any thread may call any
/// method. A failure throws core::DatabaseError.
class CorrespondenceStore {
 public:
  virtual ~CorrespondenceStore() = default;
  CorrespondenceStore(const CorrespondenceStore&) = delete;
  CorrespondenceStore& operator=(const CorrespondenceStore&) = delete;

  /// The same work whoever asks for whom. False, and it is not kept, where kMostAsked wait.
  virtual bool ask(const ResetRequest& request) = 0;
  /// Those that wait, oldest first.
  virtual std::vector<ResetRequest> asked(int most) const = 0;
  /// Nothing comes of it.
  virtual void drop(std::int64_t number) = 0;
  /// The letter is on its way, and its link takes the place of an earlier one. False, and nothing
  /// came of it, if the person is disabled or has never had a password.
  virtual bool answer(std::int64_t number, const Invitation& link, const mail::Letter& letter) = 0;

  /// The letter is on its way. False if one went to this person within kWarnedOncePer.
  virtual bool warn(const PersonId& person, const mail::Letter& letter) = 0;

  static constexpr int kMostAsked = 1000;
  static constexpr std::chrono::hours kWarnedOncePer{1};

 protected:
  CorrespondenceStore() = default;
};

}  // namespace sekisho::access
