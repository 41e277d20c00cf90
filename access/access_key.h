// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "access/back_off.h"
#include "access/person.h"
#include "core/bytes.h"
#include "core/digest.h"
#include "core/sealed_box.h"
#include "core/secret.h"

namespace sekisho::access {

/// access.key cannot be used, or is not the one of access.db; the text tells staff what to do.
class AccessKeyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Keeps texts from whoever reads the database alone, each for its use and its place. Any thread.
class TextKey {
 public:
  explicit TextKey(core::Secret key) : key_(std::move(key)) {}
  /// `use` is a constant of the program, `place` tells the texts of one use apart.
  core::Bytes seal(std::string_view use, std::string_view place, std::string_view text) const;
  /// Throws core::DatabaseError for what was sealed otherwise.
  std::string open(std::string_view use, std::string_view place, core::ByteView box) const;

 private:
  core::Secret key_;
};

/// What keeps second factors from whoever reads the database alone (docs/formats/access.md). Any
/// thread.
class AccessKey {
 public:
  explicit AccessKey(const core::Secret& key);
  /// That of the file, which is made where it is missing. Throws AccessKeyError.
  static AccessKey of_file(const std::filesystem::path& file);

  /// The secret of an authenticator, bound to its person.
  core::Bytes seal(const PersonId& person, const core::Secret& totp_secret) const;
  /// `nullopt` if it was sealed otherwise or for somebody else.
  std::optional<core::Secret> open(const PersonId& person, core::ByteView box) const;
  /// What failures of this login, or of this site, are counted under: nobody who reads the
  /// database learns what was typed, which may be a password in the wrong field.
  core::Sha256 name_of(Counted counted, std::string_view what) const;
  /// A key for texts that wait to be sent or worked at.
  TextKey for_texts() const;
  /// Tells keys apart without showing one.
  const core::Bits128& id() const { return id_; }

 private:
  core::Secret sealing_;   ///< derived: one key, one use
  core::Secret counting_;  ///< likewise
  core::Secret texts_;     ///< likewise
  core::Bits128 id_;
};

}  // namespace sekisho::access
