// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/demand.h"
#include "core/log.h"
#include "core/mutex.h"
#include "core/setup_trouble.h"
#include "core/thread_annotations.h"
#include "core/time.h"
#include "core/told_trouble.h"
#include "mail/message.h"
#include "mail/outbox.h"
#include "outbound/mail_call.h"

namespace sekisho::mail {

/// How letters leave.
struct Options {
  std::string host;
  std::uint16_t port = 587;  // RFC 6409 §3.1
  outbound::MailTls tls = outbound::MailTls::starttls;
  core::ConfiguredPath ca_file;  ///< of an empty path: the system's authorities
  std::string user;              ///< empty: no login
  core::ConfiguredPath password_file;
  Sender sender;
};

/// How it stands with mail.
struct State {
  Count count;
  std::optional<core::Time> sent_at;  ///< when the last letter left, since the start
  std::string trouble;                ///< why none leaves, in words for staff; empty while they do
  std::vector<std::string> file_troubles{};  ///< of files that the settings name
};

/// Sends what is in the outbox, each letter once where the server and this process live on: whose
/// end comes between the server's word and the note of it sends it again, under the same
/// Message-ID. deliver() belongs to one thread, any may call the rest.
class Postman {
 public:
  using HandIn = std::function<std::optional<outbound::MailTrouble>(
      const outbound::MailServer&, const outbound::MailCall&, const core::Demand&)>;
  /// What it works on; all of it outlives this.
  struct Ports {
    Outbox& outbox;
    core::Clock clock;
    core::Log report;
    HandIn hand_in;
  };

  Postman(Options options, Ports ports);

  /// Sends what has its turn, one after another, until there is none, `demand` is over, or the
  /// server fails, which is then left alone for a while. To be called once a second. Throws
  /// core::DatabaseError.
  void deliver(const core::Demand& demand);
  State state() const;

 private:
  std::optional<outbound::MailTrouble> hand_in(const outbound::MailCall& call,
                                               const core::Demand& demand) const;
  std::optional<core::SetupTrouble> password_trouble() const;
  void note(const std::optional<outbound::MailTrouble>& trouble);

  // Constant after construction.
  const Options options_;
  const Ports ports_;

  // Of the thread that delivers.
  int failures_ = 0;  ///< of the server, in a row
  core::Time again_at_{};

  mutable core::Mutex mutex_;
  std::optional<core::Time> sent_at_ SEKISHO_GUARDED_BY(mutex_);
  core::ToldTrouble trouble_;
};

}  // namespace sekisho::mail
