// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "core/bytes.h"
#include "core/digest.h"
#include "core/sealed_box.h"
#include "core/secret.h"

namespace sekisho::returns {

/// returns.key cannot be used, or is not the one of returns.db; the text tells staff what to do.
class ReturnsKeyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What keeps returned objects from whoever reads the database alone (docs/formats/returns.md). Any
/// thread.
class ReturnsKey {
 public:
  explicit ReturnsKey(const core::Secret& key);
  /// That of the file, which is made where it is missing. Throws ReturnsKeyError.
  static ReturnsKey of_file(const std::filesystem::path& file);

  /// What is known of an object, and its key, each bound to its upload.
  core::Bytes seal(std::string_view use, std::string_view upload, core::ByteView plain) const;
  /// Throws core::DatabaseError for what was sealed otherwise.
  core::Bytes open(std::string_view use, std::string_view upload, core::ByteView box) const;
  /// A name for something that is not to be read: nobody without the key can test a guess.
  core::Sha256 name_of(std::string_view use, core::ByteView what) const;
  /// Tells keys apart without showing one.
  const core::Bits128& id() const { return id_; }

 private:
  core::Secret sealing_;  ///< derived: one key, one use
  core::Secret naming_;   ///< likewise
  core::Bits128 id_;
};

/// The key of one object, under which its pieces are sealed: without it they are noise.
class ObjectKey {
 public:
  explicit ObjectKey(core::Secret key) : key_(std::move(key)) {}
  static ObjectKey random() { return ObjectKey(core::Secret::random(core::kBoxKeyBytes)); }
  core::Bytes seal(std::uint64_t number, core::ByteView piece) const;
  /// Throws core::DatabaseError for what was sealed otherwise, or is another piece.
  core::Bytes open(std::uint64_t number, core::ByteView box) const;
  core::ByteView view() const { return key_.view(); }

 private:
  core::Secret key_;
};

}  // namespace sekisho::returns
