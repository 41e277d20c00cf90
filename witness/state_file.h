// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string_view>

#include "witness/state.h"

namespace sekisho::witness {

/// The witness's file cannot be used as it is; the text is for its operator.
class StateError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Makes the file of a new witness, with a new key, and its directory where that is missing. Throws
/// StateError, also where it exists: what a key has cosigned is never forgotten.
void create_state(const std::filesystem::path& file, std::string_view name);

/// Reads it as it is at this moment, beside the process that writes it. Throws StateError.
State read_state(const std::filesystem::path& file);

/// A state that belongs to this process while this lives. One thread at a time.
class StateFile {
 public:
  /// Throws StateError, also while another process holds it.
  explicit StateFile(std::filesystem::path file);
  ~StateFile();
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  State read() const { return read_state(file_); }
  /// Durable on return, whole or not at all. Throws std::system_error.
  void replace(const State& state) const;

 private:
  const std::filesystem::path file_;
  int lock_;
};

}  // namespace sekisho::witness
