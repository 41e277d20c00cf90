// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/person.h"
#include "core/digest.h"
#include "core/id.h"
#include "core/time.h"

namespace sekisho::access {

struct ApplicationPasswordKind;
using ApplicationPasswordId = core::Id<ApplicationPasswordKind>;

/// What a viewer that knows no more than HTTP Basic shows in the name of one person. Its text is
/// shown once, and only secret_hash() of it is kept.
struct ApplicationPassword {
  ApplicationPasswordId id;
  PersonId person;
  std::string name;  ///< the person's: which viewer has it
  core::Time created_at;
  core::Time expires_at;
};

/// From its creation, at most.
inline constexpr std::chrono::days kLongestApplicationPassword{366};
/// Of one person.
inline constexpr int kMostApplicationPasswords = 10;

/// The durable home of application passwords. On return what a method did is on disk; what is taken
/// away is deleted. An invitation that is taken up takes all of the person's away
/// (PersonStore::accept). Any thread may call any method. A failure throws core::DatabaseError.
class ApplicationPasswordStore {
 public:
  virtual ~ApplicationPasswordStore() = default;
  ApplicationPasswordStore(const ApplicationPasswordStore&) = delete;
  ApplicationPasswordStore& operator=(const ApplicationPasswordStore&) = delete;

  /// False, and nothing is done, if the person has kMostApplicationPasswords.
  virtual bool insert(const ApplicationPassword& password, const core::Sha256& hash) = 0;
  /// Expired ones too: the caller decides.
  virtual std::optional<ApplicationPassword> find(const core::Sha256& hash) const = 0;
  /// In the order of their creation.
  virtual std::vector<ApplicationPassword> of_person(const PersonId& person) const = 0;
  /// False if the person has no such one.
  virtual bool remove(const PersonId& person, const ApplicationPasswordId& id) = 0;

 protected:
  ApplicationPasswordStore() = default;
};

}  // namespace sekisho::access
