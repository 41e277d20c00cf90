// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "audit/proof/cosignature.h"
#include "audit/proof/note.h"
#include "audit/proof/proof.h"
#include "core/time.h"

namespace sekisho::audit {

/// What two clocks that are set may differ by.
inline constexpr std::chrono::minutes kWitnessClockError{5};

/// What came back for one add-checkpoint.
struct WitnessReply {
  int status = 0;
  std::string content_type;
  std::string body;
};

/// Why a witness did not cosign.
enum class WitnessProblem {
  unreachable,    ///< no answer in time
  ahead,          ///< it has cosigned a longer log of this name than this one
  other_history,  ///< what it has cosigned is not the beginning of this log
  refused,        ///< it does not know this log or its key
  wrong_answer,   ///< not what tlog-witness says, or no good cosignature
  wrong_time,     ///< its clock is ahead of ours
};
/// For staff.
std::string_view explain(WitnessProblem problem);
/// Whether it means that this log is not the one that the witness knows.
bool is_another_log(WitnessProblem problem);

/// The log's side of tlog-witness v1.0.0 towards one witness: remembers what size it has accepted.
/// One thread at a time.
class WitnessSession {
 public:
  /// Sends the body of an add-checkpoint; `nullopt` where no answer came.
  using Call = std::function<std::optional<WitnessReply>(const std::string& body)>;
  /// RFC 6962 consistency between two sizes of this log.
  using Prove = std::function<Proof(std::uint64_t old_size, std::uint64_t size)>;

  WitnessSession(CosignatureVerifier witness, Call call, Prove prove)
      : witness_(std::move(witness)), call_(std::move(call)), prove_(std::move(prove)) {}

  const CosignatureVerifier& witness() const { return witness_; }
  /// Asks for a cosignature of `note`, which holds `head`. Throws what `prove` throws.
  std::variant<CosignatureVerifier::Cosignature, WitnessProblem> ask(const Checkpoint& head,
                                                                     const std::string& note,
                                                                     core::Time now);

 private:
  std::variant<CosignatureVerifier::Cosignature, WitnessProblem> accept(const WitnessReply& reply,
                                                                        const Checkpoint& head,
                                                                        const std::string& note,
                                                                        core::Time now);

  const CosignatureVerifier witness_;
  const Call call_;
  const Prove prove_;
  std::uint64_t accepted_size_ = 0;
};

}  // namespace sekisho::audit
