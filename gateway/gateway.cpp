// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/gateway.h"

#include <stdexcept>
#include <utility>

#include "core/mutex.h"
#include "gateway/known_networks.h"
#include "gateway/recipient_door.h"
#include "http/listening_socket.h"
#include "http/server.h"
#include "http/tls.h"
#include "sharing/client_authorities.h"

namespace sekisho::gateway {
namespace {

std::string without_slash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

http::Descriptor listen_in_clear(const PlainListener& plain) {
  if (!plain.unix_socket.path.empty()) return http::listen_on(plain.unix_socket);
  if (!http::is_loopback(plain.address)) {
    throw std::runtime_error(
        "The door does not listen without TLS on " + plain.address +
        ": only a loopback address or a unix socket is allowed, with a TLS proxy in front.");
  }
  return http::listen_on(plain.address, plain.port, plain.setting);
}

/// The server knows no log: what it has to know is that the door cannot answer now.
template <class Work>
auto unavailable_without_the_log(Work work) {
  try {
    return work();
  } catch (const audit::AuditError&) {
    throw http::Unavailable();
  }
}

/// The file of a unix socket, gone when this is.
class SocketFile {
 public:
  explicit SocketFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~SocketFile() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
  }
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

 private:
  const std::filesystem::path path_;
};

}  // namespace

class Gateway::State {
 public:
  State(Options options, Ports ports)
      : options_(std::move(options)),
        report_(ports.report),
        clock_(ports.clock),
        denials_(ports.denials),
        authorities_(ports.authorities),
        known_networks_(ports.recipients),
        door_(std::move(ports), known_networks_, without_slash(options_.public_url), options_.plate,
              CrossOrigin(options_.allowed_origins)) {}

  void open();
  void close(std::chrono::milliseconds deadline);

  /// What there is while the door is open.
  struct Opened {
    http::SslContext tls;
    std::uint16_t tls_port = 0;
    std::uint16_t plain_port = 0;
    std::unique_ptr<SocketFile> socket_file;
    std::unique_ptr<http::Server> server;
  };
  std::shared_ptr<const Opened> opened() const {
    const core::MutexLock lock(mutex_);
    return opened_;
  }

 private:
  http::Listener listen_with_tls(const TlsListener& tls, Opened& opened);
  http::Server::Settings settings();
  void do_chores();

  const Options options_;
  const core::Log report_;
  const core::Clock clock_;
  disclosure::Denials& denials_;
  sharing::ClientAuthorities* const authorities_;  // null where there are none
  const http::AuthorityNames names_of_authorities_ = [this] { return authorities_->subjects(); };
  KnownNetworks known_networks_;
  RecipientDoor door_;
  mutable core::Mutex mutex_;
  std::shared_ptr<Opened> opened_;  // guarded by mutex_
};

http::Listener Gateway::State::listen_with_tls(const TlsListener& tls, Opened& opened) {
  http::TlsIdentity identity = http::load_tls_identity(tls.certificate_chain, tls.private_key,
                                                       options_.public_url, clock_());
  if (!identity.remark.empty()) report_(core::Severity::warning, identity.remark);
  opened.tls = std::move(identity.context);
  if (authorities_ != nullptr) {
    authorities_->open();
    http::name_authorities(*opened.tls, names_of_authorities_);
  }
  http::Listener listener{http::listen_on(tls.address, tls.port, tls.setting), opened.tls.get(),
                          tls.proxies};
  opened.tls_port = http::port_of(listener.socket);
  return listener;
}

http::Server::Settings Gateway::State::settings() {
  http::Server::Settings settings;
  settings.limits = options_.limits;
  settings.spool_directory = options_.spool_directory;
  settings.account_of = [this](const http::Request& request, const http::Peer& peer) {
    return door_.account_of(request, peer);
  };
  settings.body_gate = [this](const http::Request& request, const http::Peer& peer) {
    return unavailable_without_the_log(
        [&] { return door_.admit_body(request, peer, options_.limits.body_bytes); });
  };
  settings.finish = [this](http::Response& response, const http::Request& request) {
    door_.finish(response, request);
  };
  settings.is_known = [this](const core::IpAddress& address) {
    return known_networks_.contains(address);
  };
  return settings;
}

/// Once a minute.
void Gateway::State::do_chores() {
  denials_.record_repeated();
  known_networks_.refresh();
}

void Gateway::State::open() {
  if (opened()) throw std::logic_error("the gateway is open already");
  auto fresh = std::make_shared<Opened>();
  std::vector<http::Listener> listeners;
  if (options_.tls) listeners.push_back(listen_with_tls(*options_.tls, *fresh));
  if (options_.plain) {
    listeners.push_back(http::Listener{listen_in_clear(*options_.plain), nullptr});
    fresh->plain_port = http::port_of(listeners.back().socket);
    fresh->socket_file = std::make_unique<SocketFile>(options_.plain->unix_socket.path);
  }
  known_networks_.refresh();
  fresh->server = std::make_unique<http::Server>(
      std::move(listeners), settings(),
      [this](const http::Request& request, const http::Peer& peer) {
        return unavailable_without_the_log([&] { return door_.answer(request, peer); });
      },
      [this] { do_chores(); }, clock_, report_);
  const core::MutexLock lock(mutex_);
  opened_ = std::move(fresh);
}

void Gateway::State::close(std::chrono::milliseconds deadline) {
  std::shared_ptr<Opened> closing;
  {
    const core::MutexLock lock(mutex_);
    closing = opened_;
  }
  if (!closing) return;
  closing->server->close(deadline);
  denials_.record_all_repeated();
  const core::MutexLock lock(mutex_);
  opened_.reset();
}

Gateway::Gateway(Options options, Ports ports)
    : state_(std::make_unique<State>(std::move(options), std::move(ports))) {}

Gateway::~Gateway() { close(std::chrono::milliseconds(0)); }

void Gateway::open() { state_->open(); }

void Gateway::close(std::chrono::milliseconds deadline) { state_->close(deadline); }

bool Gateway::is_open() const { return state_->opened() != nullptr; }

std::uint16_t Gateway::tls_port() const {
  const auto opened = state_->opened();
  return opened ? opened->tls_port : 0;
}

std::uint16_t Gateway::plain_port() const {
  const auto opened = state_->opened();
  return opened ? opened->plain_port : 0;
}

int Gateway::connections() const {
  const auto opened = state_->opened();
  return opened ? opened->server->connections() : 0;
}

}  // namespace sekisho::gateway
