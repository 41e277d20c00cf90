// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_log.h"
#include "audit/keeping/proven_age.h"
#include "audit/proof/witness_session.h"
#include "core/log.h"
#include "core/mutex.h"
#include "core/thread.h"
#include "core/time.h"
#include "plugin/witness_policy.h"

namespace sekisho::plugin {

/// Has the log's newest checkpoint cosigned, when it has grown and at an interval, on a thread of
/// its own. Any thread may call any method. A witness's failure is a state, never an exception.
class Witnesses {
 public:
  /// What it works on; all of it outlives this.
  struct Ports {
    audit::AuditLog& log;
    std::filesystem::path file;  ///< keeps the newest witnessed checkpoint
    audit::WitnessTimes times;   ///< and one of each day
    core::Clock clock;
    core::Log report;
    /// Sends a request to a member; `nullopt` where no answer came.
    std::function<std::optional<audit::WitnessReply>(const WitnessMember&, const std::string& body,
                                                     const std::stop_token& stop)>
        call;
  };

  /// Takes up what `file` holds. The first witnesses are asked soon after.
  Witnesses(WitnessPolicy policy, Ports ports);
  /// Ends a call that is under way.
  ~Witnesses();
  Witnesses(const Witnesses&) = delete;
  Witnesses& operator=(const Witnesses&) = delete;

  struct Member {
    std::string name;
    std::optional<std::chrono::sys_seconds> cosigned_at;  ///< last, by its clock
    std::optional<audit::WitnessProblem> problem;
  };
  struct State {
    std::optional<std::uint64_t> size;             ///< of the newest witnessed checkpoint
    std::optional<std::chrono::sys_seconds> time;  ///< of it, see witnessed_by()
    bool overdue = true;
    bool keeps = true;  ///< whether the last one could be written into the file
    std::vector<Member> members;
  };
  State state() const;
  /// Why files that the members' settings name cannot be read, in words for staff.
  std::vector<std::string> file_troubles() const;

  /// False while nothing may be shown to recipients: unwitnessed too long, where that counts.
  bool may_serve() const;

 private:
  void run(const std::stop_token& stop);
  void load();
  std::optional<audit::WitnessedCheckpoint> opened(std::string_view note) const;
  void ask_all(const std::stop_token& stop);
  void ask(std::size_t index, const audit::Checkpoint& head, std::string& note);
  void keep(audit::WitnessedCheckpoint witnessed, std::chrono::sys_seconds time);
  void tell_changes();
  void record(audit::EventCode code, std::string_view reason, const std::string& witness = {});
  bool is_overdue(core::Time now) const;  // with mutex_ held

  // Constant after construction.
  const WitnessPolicy policy_;
  Ports ports_;  // times: of thread_
  std::vector<audit::CosignatureVerifier> keys_;

  // Owned by thread_.
  std::stop_token stop_;
  std::vector<audit::WitnessSession> sessions_;
  bool told_overdue_ = false;
  bool told_other_log_ = false;

  mutable core::Mutex mutex_;
  // Guarded by mutex_.
  std::optional<std::uint64_t> newest_size_;
  std::optional<std::chrono::sys_seconds> newest_time_;
  bool keeps_ = true;
  std::vector<Member> members_;

  core::Thread thread_;  // last: it works on all of the above
};

}  // namespace sekisho::plugin
