// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "dicomweb/limits.h"
#include "dicomweb/reply.h"
#include "dicomweb/request.h"
#include "disclosure/ports.h"
#include "returns/inspector.h"
#include "sharing/share_store.h"

namespace sekisho::dicomweb {

class Desk;

/// QIDO-RS and WADO-RS (PS3.18 §10) over masked shares: functions from request to reply, no
/// sockets. Any thread may call; calls block. Every answer that carries patient data has its
/// intent on record before this returns; if the log cannot be written the answer is 503. Bodies of
/// replies are gone before the service is.
class Service {
 public:
  /// `returns`: where what comes back goes; null: into the archive at once. Outlives this.
  Service(const disclosure::Ports& ports, Limits limits, returns::Inspector* returns = nullptr);
  ~Service();

  /// `shares` are what the root stands for: one share, or everything live for the recipient,
  /// newest first. Authorisation of each share and object happens in here.
  Reply answer(const Request& request, const sharing::Authenticated& who,
               sharing::SharedShares shares);
  /// The answer to a request whose body nobody wants, before any of it is read; `nullopt` where it
  /// is to be received and given to answer().
  std::optional<Reply> refuse_body(const Request& request, const sharing::Authenticated& who,
                                   sharing::SharedShares shares);
  /// Puts on record what became of viewings that are over (disclosure/viewing.h): to be called
  /// every second or so. Throws core::DatabaseError.
  void close_finished_viewings();
  /// The same for all that have no answer under way: before the log's last entry.
  void close_viewings();
  /// Holds the share's key no longer than the answers that are under way do: called when the store
  /// has destroyed it.
  void forget_key(const sharing::ShareId& share);

 private:
  std::unique_ptr<Desk> desk_;
};

}  // namespace sekisho::dicomweb
