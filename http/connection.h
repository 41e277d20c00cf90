// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "core/log.h"
#include "core/steady_clock.h"
#include "core/time.h"
#include "http/admission.h"
#include "http/answer_stream.h"
#include "http/attempt.h"
#include "http/block.h"
#include "http/channel.h"
#include "http/handler.h"
#include "http/limits.h"
#include "http/loop.h"
#include "http/proxy_complaints.h"
#include "http/proxy_header.h"
#include "http/request_body.h"
#include "http/request_head.h"
#include "http/spool.h"
#include "http/worker_pool.h"

namespace sekisho::http {

class Connection;

/// Gives whoever comes from an address a place inside, once a proxy has said which address that is.
/// False where there is none.
using Seat = std::function<bool(Admission::Ticket&, const core::IpAddress&)>;

/// What all connections of a server share; outlives them.
struct Surroundings {
  const Limits& limits;
  const Handler& answer;
  const AccountOf& account_of;
  const BodyGate& body_gate;
  const Finish& finish;
  const Seat& seat;
  ProxyComplaints& proxy_complaints;
  Spool& spool;
  WorkerPool& workers;
  BlockPool& blocks;
  const core::Clock& clock;
  const core::Log& report;
  std::atomic<bool> draining{false};
  std::atomic<bool> cutting{false};  ///< all connections: nothing is begun for anybody
};

/// One I/O thread and what belongs to it. Everything in here is used by that thread only, but for
/// posting to `io`.
struct Loop {
  asio::io_context io{1};
  std::array<core::Byte, 16 * 1024> scratch{};  ///< for reading: connections keep no buffer
  SteadyTimer watch{io.get_executor()};         ///< whether those who wait for an answer are there
  std::unordered_map<Admission::Number, std::shared_ptr<Connection>> connections;
};

/// How a client came.
enum class Way {
  straight,
  through_proxy,  ///< which says ahead of the handshake who it is
};

/// One connection of one client: handshake, then requests one after another, each answered before
/// the next is read. All methods run on its loop's thread, except the steps that workers take. A
/// worker makes the answer and writes it, block after block, until the socket takes no more; then
/// the loop waits until it does. Worker and loop hand answer and channel to each other by posting,
/// so that no lock is needed. What throws in here ends this connection and no other.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  /// Takes `descriptor` over (not when it throws): a connected, non-blocking socket. `tls` may be
  /// null. The ticket is given back when nothing of the connection runs any more.
  Connection(Loop& loop, Surroundings& surroundings, int descriptor, SSL_CTX* tls, Way way,
             Peer peer, Admission::Ticket ticket);
  Admission::Number number() const { return number_; }
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();
  /// Ends it at once if no answer is under way, else after that answer.
  void drain();
  /// Ends it at once, and so that the client can tell.
  void cut();
  /// Its place was given to somebody else: ends it, unless its handshake is done.
  void displace();
  /// Cuts it if its client has gone that waits for an answer: to be called a few times a second.
  void look_after_client();

 private:
  using Step = void (Connection::*)();
  using Deadline = core::SteadyClock::time_point;
  enum class State {
    awaiting_name,
    handshaking,
    receiving,
    receiving_body,
    answering,
    sending,
    concluding,
    lingering,
    closed
  };

  // Whatever happens on the loop, and on a worker.
  template <class Work>
  void on_loop(const Work& work);
  void take_step(Step step);
  template <class Then>
  void give_back(Then then);
  void lose_job();
  bool job_over();
  bool is_with_worker() const;

  // Waiting.
  void wait_for(Io io, Step then);
  void set_deadline(Deadline deadline);
  void arm_timer();
  void on_timer();

  // Receiving.
  void hear_proxy();
  void introduce(const ProxyHeader& header);
  void shake_hands();
  void await_request();
  void receive();
  bool take_request();
  void refuse(Refusal refusal);
  void dispatch(Request request);
  Step first_step() const;
  void invite_body();
  void send_invitation();
  void receive_body();
  void hand_over(Step step);

  // On a worker.
  void find_account();
  void ask_body_gate();
  bool is_wanted() const { return !cut_off_ && !surroundings_.cutting; }
  std::optional<Response> refuse_body(const BodyAdmission& admission);
  Response no_room();
  void spill_body();
  void answer_with_body();
  void answer();
  Response failure(Trouble trouble) const;
  void give(Response response, Persistence persistence);
  void push();
  void ask_whether_to_go_on();
  void on_asked(bool go_on);

  // Whoever has the answer.
  enum class Progress { over, turn_over, wants_read, wants_write, cut };
  void take_up(Response&& response, const Request& request, Persistence persistence);
  bool fetch_block();
  void fail_unseen(Trouble trouble);
  Progress write_blocks();
  Progress write_block();
  Io write_some();

  // Sending.
  void send_answer(Response response, const Request& request);
  void on_progress(Progress progress);
  void go_on_sending();
  void conclude();

  // Ending.
  void linger();
  void discard();
  void close();
  void abort();
  void release_socket();
  void leave();

  Loop& loop_;
  Surroundings& surroundings_;
  StreamDescriptor socket_;
  SteadyTimer timer_;
  std::optional<Channel> channel_;  // empty once the socket is closed
  SSL_CTX* const tls_;
  Peer peer_;  // does not change after the handshake; the proxy, until that has named the client
  const Admission::Number number_;
  Admission::Ticket ticket_;

  State state_;
  Deadline deadline_ = Deadline::max();
  Deadline timer_set_for_ = Deadline::max();
  Deadline asked_at_;  ///< when the request under way was whole
  int jobs_ = 0;       // steps that workers are taking for us
  bool asking_ = false;
  std::atomic<bool> cut_off_{false};  // for the worker who has the answer
  std::stop_source stop_;             // for the handler

  std::string inbox_;
  HeadScanner scanner_;
  std::size_t discarded_ = 0;
  std::optional<Request> request_;
  std::string account_;  // the request's; a worker's while `answering`
  std::unique_ptr<RequestBody> body_;

  // The answer: a worker's while `answering`, as is channel_.
  std::shared_ptr<AnswerStream> stream_;
  Block writing_;
  std::uint64_t body_bytes_sent_ = 0;
  Deadline last_progress_;
};

// ---- whatever happens ----

template <class Work>
void Connection::on_loop(const Work& work) {
  if (attempt(work) != Trouble::none) cut();
}

/// The end of a step: the job is the loop's again, which goes on with `then` if there is still
/// somebody to go on for.
template <class Then>
void Connection::give_back(Then then) {
  asio::post(loop_.io, [self = shared_from_this(), then] {
    if (!self->job_over()) self->on_loop([&] { then(*self); });
  });
}

}  // namespace sekisho::http
