// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "audit/entry/entry.h"
#include "audit/entry/entry_text.h"
#include "audit/keys/key_rotation.h"
#include "audit/proof/log_proof.h"
#include "audit/report/question.h"

namespace sekisho::audit::report {

/// One entry of the log with the proof that it is in it, and what the hospital says that its
/// encrypted text is, as far as it concerns the patient of the report.
struct ProvenEntry {
  LogProof proof;     ///< with the entry in it: `extra` is there
  std::string aside;  ///< which the entry commits to; empty in version 1
  Entry entry;        ///< what both say
  OpenedBox opened;
};

/// All that a report is made of, and nothing else is in it: whoever has this can make the report
/// anew. docs/formats/audit.md, "Reports". A value.
struct Evidence {
  /// Of evidence and page: 1 is that of 0.1.0 before studies had names, 2 that of entries without
  /// asides. Only evidence is read of them.
  static constexpr int kForm = 3;
  int form = kForm;
  std::string software;
  Question question;
  Subject patient;           ///< what the log knows the patient by
  std::uint64_t pruned = 0;  ///< entries about the patient that are no longer there
  std::string checkpoint;    ///< under which every entry is proven
  std::vector<ProvenEntry> entries;

  std::string text() const;
  /// Strict: what text() writes and nothing else. Nothing is proven by that.
  static std::optional<Evidence> parse(std::string_view text);
};

/// What was done at one time by one person, of one or more entries.
struct Act {
  std::vector<const ProvenEntry*> parts;  ///< the first says who, when, from where and why
  const ProvenEntry* outcome = nullptr;
  const ProvenEntry& first() const { return *parts.front(); }
};
/// Points into `evidence`. `nullopt` where entries belong to no act, or acts not into the report.
std::optional<std::vector<Act>> acts_of(const Evidence& evidence);

/// The tree that all entries are proven to be in, or why they are not, in words for whoever asked.
std::variant<Checkpoint, std::string> check(const Evidence& evidence, const KeyChain& log);

}  // namespace sekisho::audit::report
