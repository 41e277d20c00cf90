// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/server.h"

#include <algorithm>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <stop_token>

#include "core/mutex.h"
#include "core/thread.h"
#include "http/admission.h"
#include "http/attempt.h"
#include "http/client_socket.h"
#include "http/connection.h"
#include "http/loop.h"
#include "http/proxy_complaints.h"
#include "http/spool.h"

namespace sekisho::http {
namespace {

constexpr int kLoops = 2;
constexpr std::size_t kBlocksKept = 32;
constexpr int kReservedShare = 4;  // of all places, for who is known
constexpr int kWaitingShare = 4;   // of as many besides, for whom proxies have yet to name
constexpr int kAcceptBatch = 64;   // then others get their turn
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::milliseconds kWatchInterval{250};
constexpr std::chrono::milliseconds kLastSteps{2000};  // for work that was asked to stop

Admission::Places places(const Server::Settings& settings) {
  const int all = settings.limits.connections;
  return {.all = all,
          .reserved = settings.is_known ? all / kReservedShare : 0,
          .per_site = settings.limits.connections_per_address,
          .waiting = std::max(kAcceptBatch, all / kWaitingShare)};
}

bool is_in(const std::vector<core::Network>& networks, const core::IpAddress& address) {
  return std::ranges::any_of(
      networks, [&](const core::Network& network) { return network.contains(address); });
}

/// Runs a loop until destroyed.
class LoopThread {
 public:
  explicit LoopThread(Loop& loop)
      : loop_(loop),
        guard_(loop.io.get_executor()),
        thread_("sekisho-io", [&loop](const std::stop_token&) { run(loop); }) {}
  ~LoopThread() {
    loop_.io.stop();
    thread_.end();
  }
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

 private:
  static void run(Loop& loop) {
    // What a handler threw (memory ran out) ended that handler and no other.
    while (attempt([&] { run_loop(loop.io); }) != Trouble::none) {
    }
  }

  Loop& loop_;
  asio::executor_work_guard<Executor> guard_;
  core::Thread thread_;
};

}  // namespace

class Server::State {
 public:
  State(std::vector<Listener> listeners, const Settings& settings, Handler handler,
        std::function<void()> chore, core::Clock clock, core::Log report);
  void close(std::chrono::milliseconds patience);
  int connections() const { return admission_.inside(); }

 private:
  struct Entrance {
    Entrance(const Executor& executor, const Listener& listener)
        : socket(executor), pause(executor), tls(listener.tls), proxies(listener.proxies) {}
    StreamDescriptor socket;
    SteadyTimer pause;
    SSL_CTX* tls;
    std::vector<core::Network> proxies;
  };

  void await_client(Entrance& entrance);
  void accept_from(Entrance& entrance);
  void admit(Descriptor socket, const sockaddr_storage& address, const Entrance& entrance);
  Admission::Standing standing_of(const core::IpAddress& source) const;
  bool seat(Admission::Ticket& ticket, const core::IpAddress& client);
  void displace(Admission::Number number);
  Loop& loop_of(Admission::Number number) { return loops_[number % loops_.size()]; }
  void await_chore();
  void await_watch(Loop& loop);
  static void for_each_in(const Loop& loop, void (Connection::*action)());
  void for_each_connection(void (Connection::*action)());

  const Settings settings_;
  const Handler handler_;
  const std::function<void()> chore_;
  const core::Clock clock_;
  const core::Log report_;
  const Seat seat_;
  Admission admission_;
  ProxyComplaints proxy_complaints_;
  BlockPool blocks_;
  Spool spool_;
  WorkerPool workers_;
  Surroundings surroundings_;
  std::array<Loop, kLoops> loops_;
  // Used by the thread of the first loop.
  std::vector<std::unique_ptr<Entrance>> entrances_;
  SteadyTimer chore_timer_;
  // Owned by the thread that constructs and closes.
  std::vector<std::unique_ptr<LoopThread>> threads_;
};

Server::State::State(std::vector<Listener> listeners, const Settings& settings, Handler handler,
                     std::function<void()> chore, core::Clock clock, core::Log report)
    : settings_(settings),
      handler_(std::move(handler)),
      chore_(std::move(chore)),
      clock_(std::move(clock)),
      report_(std::move(report)),
      seat_([this](Admission::Ticket& ticket, const core::IpAddress& client) {
        return seat(ticket, client);
      }),
      admission_(places(settings)),
      proxy_complaints_(report_),
      blocks_(settings.block_bytes, kBlocksKept),
      spool_(settings.spool_directory, settings.limits),
      workers_(settings.limits.workers, settings.limits.waiting_requests, report_),
      surroundings_{settings_.limits,
                    handler_,
                    settings_.account_of,
                    settings_.body_gate,
                    settings_.finish,
                    seat_,
                    proxy_complaints_,
                    spool_,
                    workers_,
                    blocks_,
                    clock_,
                    report_},
      chore_timer_(loops_.front().io.get_executor()) {
  const auto executor = loops_.front().io.get_executor();
  for (Listener& listener : listeners) {
    entrances_.push_back(std::make_unique<Entrance>(executor, listener));
    entrances_.back()->socket.assign(listener.socket.get());
    listener.socket.release();
  }
  for (Loop& loop : loops_) threads_.push_back(std::make_unique<LoopThread>(loop));
  // Only when every thread is there: from now on nothing can fail half-way.
  asio::post(executor, [this] {
    for (auto& entrance : entrances_) await_client(*entrance);
    await_chore();
  });
  for (Loop& loop : loops_) asio::post(loop.io, [this, &loop] { await_watch(loop); });
}

// ---- accepting ----

void Server::State::await_client(Entrance& entrance) {
  entrance.socket.async_wait(StreamDescriptor::wait_read,
                             [this, &entrance](boost::system::error_code e) {
                               if (!e) accept_from(entrance);
                             });
}

void Server::State::accept_from(Entrance& entrance) {
  for (int i = 0; i < kAcceptBatch; ++i) {
    sockaddr_storage address{};
    Descriptor socket = accept_client(entrance.socket.native_handle(), address);
    if (socket.get() >= 0) {
      // Whatever fails ends this client and not the door.
      attempt([&] { admit(std::move(socket), address, entrance); });
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // The client waits in the queue and keeps the socket readable: do not spin.
      entrance.pause.expires_after(kAcceptPause);
      entrance.pause.async_wait([this, &entrance](boost::system::error_code e) {
        if (!e) await_client(entrance);
      });
      return;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    }
  }
  await_client(entrance);
}

void Server::State::admit(Descriptor socket, const sockaddr_storage& address,
                          const Entrance& entrance) {
  const auto source = source_of(address);
  if (!source) return;
  const Way way = is_in(entrance.proxies, *source) ? Way::through_proxy : Way::straight;
  std::optional<Admission::Entered> entered;
  if (way == Way::through_proxy) {
    entered = admission_.wait_in_front();
  } else if (entrance.tls != nullptr) {
    entered = admission_.enter(core::Network::site_of(*source).text(), standing_of(*source));
  } else {
    // Behind the plain listener stands one proxy for everybody, and it is the hospital's.
    entered = admission_.enter({}, Admission::Standing::known);
  }
  if (!entered) return;
  if (entered->displaced) displace(*entered->displaced);
  send_at_once(socket.get());

  Loop& loop = loop_of(entered->ticket.number());
  asio::post(loop.io, [this, &loop, socket = std::move(socket), tls = entrance.tls, way,
                       peer = Peer{*source, {}}, ticket = std::move(entered->ticket)]() mutable {
    auto connection = std::make_shared<Connection>(loop, surroundings_, socket.get(), tls, way,
                                                   std::move(peer), std::move(ticket));
    socket.release();
    loop.connections.emplace(connection->number(), connection);
    connection->start();
  });
}

Admission::Standing Server::State::standing_of(const core::IpAddress& source) const {
  return settings_.is_known && settings_.is_known(source) ? Admission::Standing::known
                                                          : Admission::Standing::stranger;
}

/// Runs on the client's loop.
bool Server::State::seat(Admission::Ticket& ticket, const core::IpAddress& client) {
  const auto place = ticket.take_place(core::Network::site_of(client).text(), standing_of(client));
  if (place && place->displaced) {
    // By way of the loop that accepts, so that whose place it was is there already.
    asio::post(loops_.front().io, [this, number = *place->displaced] { displace(number); });
  }
  return place.has_value();
}

void Server::State::displace(Admission::Number number) {
  Loop& loop = loop_of(number);
  asio::post(loop.io, [&loop, number] {
    const auto found = loop.connections.find(number);
    if (found == loop.connections.end()) return;
    const auto connection = found->second;  // which may erase itself
    connection->displace();
  });
}

void Server::State::await_chore() {
  chore_timer_.expires_after(settings_.chore_interval);
  chore_timer_.async_wait([this](boost::system::error_code e) {
    if (e) return;
    workers_.post(WorkerPool::kHouse, chore_);
    await_chore();
  });
}

/// Until the loop ends.
void Server::State::await_watch(Loop& loop) {
  loop.watch.expires_after(kWatchInterval);
  loop.watch.async_wait([this, &loop](boost::system::error_code e) {
    if (e) return;
    attempt([&] { for_each_in(loop, &Connection::look_after_client); });
    await_watch(loop);
  });
}

void Server::State::for_each_in(const Loop& loop, void (Connection::*action)()) {
  // An action may erase its connection.
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [key, connection] : loop.connections) all.push_back(connection);
  for (const auto& connection : all) ((*connection).*action)();
}

// ---- closing ----

void Server::State::for_each_connection(void (Connection::*action)()) {
  for (Loop& loop : loops_) asio::post(loop.io, [&loop, action] { for_each_in(loop, action); });
}

void Server::State::close(std::chrono::milliseconds patience) {
  if (threads_.empty()) return;
  surroundings_.draining = true;
  core::Latch entrances_closed;
  asio::post(loops_.front().io, [&] {
    chore_timer_.cancel();
    for (auto& entrance : entrances_) {
      boost::system::error_code ignored;
      entrance->socket.close(ignored);
      entrance->pause.cancel();
    }
    entrances_closed.open();
  });
  entrances_closed.wait();

  for_each_connection(&Connection::drain);
  if (!admission_.wait_until_empty(patience)) {
    surroundings_.cutting = true;  // before a handler that is asked to stop leaves its worker
    for_each_connection(&Connection::cut);
    if (!admission_.wait_until_empty(kLastSteps)) {
      report_(core::Severity::error, "gateway: all connections are cut, but " +
                                         std::to_string(admission_.inside()) +
                                         " requests still run; waiting for them");
      admission_.wait_until_empty();
    }
  }
  workers_.stop();
  threads_.clear();
}

// ---- the face ----

Server::Server(std::vector<Listener> listeners, const Settings& settings, Handler handler,
               std::function<void()> chore, core::Clock clock, core::Log report)
    : state_(std::make_unique<State>(std::move(listeners), settings, std::move(handler),
                                     std::move(chore), std::move(clock), std::move(report))) {}

Server::~Server() { close(std::chrono::milliseconds(0)); }

void Server::close(std::chrono::milliseconds patience) { state_->close(patience); }

int Server::connections() const { return state_->connections(); }

}  // namespace sekisho::http
