// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/connection.h"

#include <algorithm>
#include <utility>

#include "http/attempt.h"
#include "http/client_socket.h"

namespace sekisho::http {
namespace {

using core::SteadyClock;

constexpr std::chrono::milliseconds kAskInterval{250};
// Who closes his side at once after a short question gets his answer all the same.
constexpr std::chrono::milliseconds kShortestWait{500};
// After the last answer the client's remaining bytes are dropped for a moment: closing at once
// would reset the connection and could destroy the answer before it was read (RFC 9112 §9.6).
constexpr std::chrono::milliseconds kLinger{1000};
constexpr std::size_t kLingerBytes = 256 * 1024;

}  // namespace

Connection::Connection(Loop& loop, Surroundings& surroundings, int descriptor, SSL_CTX* tls,
                       Way way, Peer peer, Admission::Ticket ticket)
    : loop_(loop),
      surroundings_(surroundings),
      socket_(loop.io.get_executor(), descriptor),
      timer_(loop.io.get_executor()),
      tls_(tls),
      peer_(std::move(peer)),
      number_(ticket.number()),
      ticket_(std::move(ticket)),
      state_(way == Way::straight ? State::handshaking : State::awaiting_name) {}

Connection::~Connection() = default;

void Connection::start() {
  if (surroundings_.draining) return close();
  on_loop([this] {
    if (tls_ != nullptr) {
      channel_.emplace(socket_.native_handle(), *tls_);
    } else {
      channel_.emplace(socket_.native_handle());
    }
    set_deadline(SteadyClock::now() + surroundings_.limits.handshake);
    if (state_ == State::awaiting_name) return hear_proxy();
    shake_hands();
  });
}

// ---- whatever happens ----

/// A step that throws has not handed its job on: that is the last thing that each does.
void Connection::take_step(Step step) {
  if (attempt([&] { (this->*step)(); }) != Trouble::none) lose_job();
}

void Connection::lose_job() {
  attempt([this] { surroundings_.report(core::Severity::error, "gateway: a step failed"); });
  give_back([](Connection& connection) { connection.cut(); });
}

/// A worker's step has come back. True if there is no connection any more that could use it.
bool Connection::job_over() {
  --jobs_;
  if (state_ != State::closed) return false;
  if (jobs_ == 0) leave();
  return true;
}

/// Then answer and channel are not ours.
bool Connection::is_with_worker() const {
  return state_ == State::answering && jobs_ > (asking_ ? 1 : 0);
}

// ---- waiting ----

void Connection::wait_for(Io io, Step then) {
  const auto event =
      io == Io::wants_read ? StreamDescriptor::wait_read : StreamDescriptor::wait_write;
  socket_.async_wait(event, [self = shared_from_this(), then](boost::system::error_code error) {
    if (error || self->state_ == State::closed) return;
    self->on_loop([&] { ((*self).*then)(); });
  });
}

/// Deadlines mostly move away, so the timer is left to fire early and looked at again then: a
/// request on a kept connection costs no timer operation.
void Connection::set_deadline(Deadline deadline) {
  deadline_ = deadline;
  arm_timer();
}

void Connection::arm_timer() {
  Deadline next = deadline_;
  if (state_ == State::sending && stream_->has_body()) {
    next = std::min(next, SteadyClock::now() + kAskInterval);
  }
  if (next >= timer_set_for_) return;
  timer_set_for_ = next;
  timer_.expires_at(next);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (error || self->state_ == State::closed) return;
    self->on_loop([&] { self->on_timer(); });
  });
}

void Connection::on_timer() {
  timer_set_for_ = Deadline::max();
  if (SteadyClock::now() >= deadline_) {
    return state_ == State::sending ? abort() : close();
  }
  if (state_ == State::sending && stream_->has_body()) ask_whether_to_go_on();
  arm_timer();
}

// ---- ending ----

void Connection::linger() {
  state_ = State::lingering;
  channel_->end_writing();
  set_deadline(SteadyClock::now() + kLinger);
  discard();
}

void Connection::discard() {
  while (discarded_ < kLingerBytes) {
    const IoResult result = channel_->read_below_tls(loop_.scratch);
    if (result.io == Io::wants_read) return wait_for(result.io, &Connection::discard);
    if (result.io != Io::done) break;
    discarded_ += result.bytes;
  }
  close();
}

void Connection::close() {
  if (channel_ && state_ != State::lingering) channel_->end_writing();
  release_socket();
}

void Connection::abort() {
  reset_when_closed(socket_.native_handle());
  release_socket();
}

void Connection::release_socket() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  stop_.request_stop();
  channel_.reset();
  boost::system::error_code ignored;
  socket_.close(ignored);
  timer_.cancel();
  if (jobs_ == 0) leave();
}

void Connection::leave() {
  const auto self = shared_from_this();
  loop_.connections.erase(number_);
  if (stream_ && stream_->has_body()) {
    attempt([&] {
      surroundings_.workers.post(WorkerPool::kHouse, [stream = stream_, sent = body_bytes_sent_] {
        stream->finish(AnswerStream::End::cut, sent);
      });
    });
  }
  stream_.reset();
  body_.reset();
  request_.reset();
  writing_ = Block{};
  ticket_ = Admission::Ticket();
}

void Connection::drain() {
  switch (state_) {
    case State::awaiting_name:
    case State::handshaking:
    case State::receiving:
    case State::receiving_body:
      return close();
    default:
      return;  // answers that run see `draining` when they are over
  }
}

void Connection::displace() {
  if (state_ == State::awaiting_name || state_ == State::handshaking) abort();
}

/// RFC 9112 §9.5: a received closure is responded to promptly. While an answer is made nobody reads
/// from the socket; the kernel knows whether more can come. That a client may close its own side
/// and still read (RFC 9293 §3.6) is not granted to those who wait: it looks as if they had gone.
void Connection::look_after_client() {
  if (state_ != State::answering && state_ != State::sending) return;
  if (cut_off_ || SteadyClock::now() - asked_at_ < kShortestWait) return;
  if (has_other_side_closed(socket_.native_handle())) on_loop([this] { cut(); });
}

void Connection::cut() {
  cut_off_ = true;
  stop_.request_stop();
  if (is_with_worker()) {
    reset(socket_.native_handle());
  } else if (state_ != State::closed) {
    abort();
  }
}

}  // namespace sekisho::http
