// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/postman.h"

#include <utility>

#include "core/pause.h"
#include "core/whole_file.h"

namespace sekisho::mail {
namespace {

using outbound::MailTrouble;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kLongestPasswordFile = 1024;

}  // namespace

Postman::Postman(Options options, Ports ports)
    : options_(std::move(options)),
      ports_(std::move(ports)),
      trouble_(ports_.report, "Mail is sent again.") {}

/// With the password as it stands in its file now.
std::optional<MailTrouble> Postman::hand_in(const outbound::MailCall& call,
                                            const core::Demand& demand) const {
  if (password_trouble()) return MailTrouble{.text = "is not asked: its password cannot be read"};
  outbound::MailServer server;
  server.host = options_.host;
  server.port = options_.port;
  server.tls = options_.tls;
  server.ca_file = options_.ca_file.path;
  server.user = options_.user;
  if (!options_.user.empty()) {
    server.password = core::read_first_line(options_.password_file.path, kLongestPasswordFile);
  }
  return ports_.hand_in(server, call, demand);
}

std::optional<core::SetupTrouble> Postman::password_trouble() const {
  if (options_.user.empty()) return std::nullopt;
  return core::trouble_reading_key(options_.password_file, "The mail server's password");
}

void Postman::deliver(const core::Demand& demand) {
  // A clock that was set back holds up nothing.
  if (ports_.clock() < again_at_ && again_at_ < ports_.clock() + minutes(10)) return;
  while (!demand.is_over()) {
    const auto waiting = ports_.outbox.next(ports_.clock());
    if (!waiting) return;
    const Letter& letter = waiting->letter;
    const std::string message = message_of(letter, options_.sender);
    const auto trouble = hand_in({options_.sender.address, letter.to, message}, demand);
    if (trouble && demand.is_over()) return;
    note(trouble);
    const core::Time now = ports_.clock();
    if (!trouble) {
      ports_.outbox.sent(letter.id);
    } else if (trouble->of == MailTrouble::Of::message) {
      ports_.outbox.failed(letter.id,
                           now + core::pause_after(waiting->failures, seconds(15), minutes(60)));
    } else {
      again_at_ = now + core::pause_after(failures_++, seconds(1), minutes(5));
      return;
    }
    failures_ = 0;
  }
}

void Postman::note(const std::optional<MailTrouble>& trouble) {
  if (!trouble) {
    const core::MutexLock lock(mutex_);
    sent_at_ = ports_.clock();
  }
  trouble_.note(trouble ? "The mail server " + trouble->text + '.' : "");
}

State Postman::state() const {
  State state;
  state.count = ports_.outbox.count(ports_.clock());
  if (!options_.ca_file.path.empty()) {
    const auto trouble =
        core::trouble_reading(options_.ca_file, "The list of the mail server's authorities");
    if (trouble) state.file_troubles.emplace_back(trouble->what());
  }
  if (const auto trouble = password_trouble()) state.file_troubles.emplace_back(trouble->what());
  if (state.count.waiting > 0) state.trouble = trouble_.text();
  const core::MutexLock lock(mutex_);
  state.sent_at = sent_at_;
  return state;
}

}  // namespace sekisho::mail
