// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audit/proof/add_checkpoint.h"
#include "audit/proof/merkle.h"
#include "audit/proof/note.h"
#include "audit/proof/proof.h"

namespace sekisho::tests {

/// A log in memory that signs its heads and proves what it says.
class AGrowingLog {
 public:
  explicit AGrowingLog(std::string origin = "audit.example/log", core::Byte seed = 7)
      : signer_(std::move(origin), core::Bytes(32, seed)) {}

  void grow(std::uint64_t to, const std::string& kind = "entry") {
    while (leaves_.size() < to) {
      leaves_.push_back(audit::leaf_hash(core::as_bytes(kind + std::to_string(leaves_.size()))));
    }
  }
  std::uint64_t size() const { return leaves_.size(); }
  const audit::NoteVerifier& verifier() const { return signer_.verifier(); }
  std::string sign(const std::string& text) const { return signer_.sign(text); }

  core::Sha256 root(std::uint64_t size) const {
    audit::Tree tree;
    for (std::uint64_t i = 0; i < size; ++i) tree.append(leaves_[i]);
    return tree.root();
  }
  std::string text(std::uint64_t size) const {
    return audit::Checkpoint{signer_.verifier().name(), size, root(size)}.text();
  }
  std::string note(std::uint64_t size) const { return signer_.sign(text(size)); }
  audit::Proof proof(std::uint64_t from, std::uint64_t to) const {
    return audit::consistency_proof(from, to, [this](unsigned level, std::uint64_t index) {
      audit::Tree tree;
      for (std::uint64_t i = index << level; i < (index + 1) << level; ++i) {
        tree.append(leaves_[i]);
      }
      return tree.root();
    });
  }
  /// What an honest log sends.
  std::string request(std::uint64_t from, std::uint64_t to) const {
    return audit::AddCheckpoint{from, proof(from, to), note(to)}.text();
  }

 private:
  audit::NoteSigner signer_;
  std::vector<core::Sha256> leaves_;
};

}  // namespace sekisho::tests
