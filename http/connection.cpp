// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <span>
#include <utility>
#include <variant>

#include "core/id.h"
#include "http/attempt.h"
#include "http/characters.h"

namespace sekisho::http {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAskInterval{250};
// Who closes his side at once after a short question gets his answer all the same.
constexpr std::chrono::milliseconds kShortestWait{500};
// What a worker writes for one client before it looks after others.
constexpr int kBlocksPerTurn = 8;
// After the last answer the client's remaining bytes are dropped for a moment: closing at once
// would reset the connection and could destroy the answer before it was read (RFC 9112 §9.6).
constexpr std::chrono::milliseconds kLinger{1000};
constexpr std::size_t kLingerBytes = 256 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// Tells the client at once, and leaves the descriptor to the worker who has it: dissolving a TCP
/// association sends RST. A unix socket has no RST: there the end comes before the promised one.
/// connect(2) goes by its number: the kernel serialises it with the worker's send(2), but
/// ThreadSanitizer takes the function for the making of a new descriptor, and reports a race.
void reset(int descriptor) {
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (::syscall(SYS_connect, descriptor, &nobody, sizeof nobody) != 0) {
    ::shutdown(descriptor, SHUT_RDWR);
  }
}

/// RFC 9110 §10.1.1: a list, in any case; expectations that we do not know are ignored.
bool expects_continue(std::string_view field) {
  while (!field.empty()) {
    const auto end = std::min(field.find(','), field.size());
    if (equal_ignoring_case(trimmed(field.substr(0, end)), "100-continue")) return true;
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return false;
}

Block no_bytes(Block::Kind kind) {
  Block block;
  block.kind = kind;
  return block;
}

/// Tells the body of an answer that was never taken up how it ended.
class BodyEnding {
 public:
  explicit BodyEnding(const Response& response) : response_(response) {}
  ~BodyEnding() {
    if (response_.body) response_.body->finished(false, 0);
  }
  BodyEnding(const BodyEnding&) = delete;
  BodyEnding& operator=(const BodyEnding&) = delete;

 private:
  const Response& response_;
};

struct RequestKind;
std::string new_request_id() { return core::Id<RequestKind>::random().text(); }

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
    set_deadline(steady_clock::now() + surroundings_.limits.handshake);
    if (state_ == State::awaiting_name) return hear_proxy();
    shake_hands();
  });
}

// ---- whatever happens ----

template <class Work>
void Connection::on_loop(const Work& work) {
  if (attempt(work) != Trouble::none) cut();
}

/// A step that throws has not handed its job on: that is the last thing that each does.
void Connection::take_step(Step step) {
  if (attempt([&] { (this->*step)(); }) != Trouble::none) lose_job();
}

/// The end of a step: the job is the loop's again, which goes on with `then` if there is still
/// somebody to go on for.
template <class Then>
void Connection::give_back(Then then) {
  asio::post(loop_.io, [self = shared_from_this(), then] {
    if (!self->job_over()) self->on_loop([&] { then(*self); });
  });
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
    next = std::min(next, steady_clock::now() + kAskInterval);
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
  if (steady_clock::now() >= deadline_) {
    return state_ == State::sending ? abort() : close();
  }
  if (state_ == State::sending && stream_->has_body()) ask_whether_to_go_on();
  arm_timer();
}

// ---- receiving ----

/// Its header is read to its end and no byte further: what stands behind it is the client's.
void Connection::hear_proxy() {
  while (true) {
    const ProxyReading reading = read_proxy_header(core::as_bytes(inbox_));
    if (const auto* header = std::get_if<ProxyHeader>(&reading)) return introduce(*header);
    if (const auto* refusal = std::get_if<ProxyHeaderRefusal>(&reading)) {
      surroundings_.proxy_complaints.report(peer_.source, refusal->reason);
      return close();
    }
    const std::size_t rest = std::get<ProxyHeaderRest>(reading).bytes;
    const IoResult result = channel_->read_below_tls(std::span(loop_.scratch).first(rest));
    if (result.io == Io::wants_read) return wait_for(result.io, &Connection::hear_proxy);
    if (result.io != Io::done) return close();
    inbox_.append(reinterpret_cast<const char*>(loop_.scratch.data()), result.bytes);
  }
}

/// From here on it is as if the client had come straight.
void Connection::introduce(const ProxyHeader& header) {
  inbox_ = {};
  if (header.client) peer_.source = *header.client;
  if (!surroundings_.seat(ticket_, peer_.source)) return abort();
  state_ = State::handshaking;
  shake_hands();
}

void Connection::shake_hands() {
  const Io io = channel_->handshake();
  if (io == Io::wants_read || io == Io::wants_write) return wait_for(io, &Connection::shake_hands);
  if (io != Io::done) return close();
  if (!ticket_.settle()) return abort();
  peer_.certificate = channel_->peer_certificate();
  set_deadline(steady_clock::now() + surroundings_.limits.header);
  state_ = State::receiving;
  receive();
}

void Connection::await_request() {
  state_ = State::receiving;
  const Limits& limits = surroundings_.limits;
  set_deadline(steady_clock::now() + (inbox_.empty() ? limits.idle : limits.header));
  receive();
}

void Connection::receive() {
  while (!take_request()) {
    const IoResult result = channel_->read(loop_.scratch);
    if (result.io == Io::wants_read || result.io == Io::wants_write) {
      return wait_for(result.io, &Connection::receive);
    }
    if (result.io != Io::done) return close();
    if (inbox_.empty()) {
      deadline_ = std::min(deadline_, steady_clock::now() + surroundings_.limits.header);
      arm_timer();
    }
    inbox_.append(reinterpret_cast<const char*>(loop_.scratch.data()), result.bytes);
  }
}

/// True when what arrived was enough to act on.
bool Connection::take_request() {
  const HeadScanner::State scan = scanner_.scan(inbox_);
  if (scan == HeadScanner::State::malformed) {
    refuse(400, "malformed head");
    return true;
  }
  if (scanner_.head_bytes() > surroundings_.limits.header_bytes) {
    const bool in_request_line =
        inbox_.find('\n', scanner_.head_begin()) >= surroundings_.limits.header_bytes;
    refuse(in_request_line ? 414 : 431, "head too long");
    return true;
  }
  if (scan == HeadScanner::State::incomplete) return false;

  auto parsed = parse_request(std::string_view(inbox_).substr(
      scanner_.head_begin(), scanner_.head_bytes() - scanner_.head_begin()));
  inbox_.erase(0, scanner_.head_bytes());
  if (inbox_.empty()) inbox_.shrink_to_fit();
  scanner_.restart();
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    refuse(refusal->status, refusal->reason);
  } else {
    dispatch(std::get<Request>(std::move(parsed)));
  }
  return true;
}

void Connection::refuse(int status, std::string_view reason) {
  Request request;
  request.id = new_request_id();
  surroundings_.report(core::Severity::info,
                       "gateway: request " + request.id + " refused: " + std::string(reason));
  send_answer(error_response(status), request);
}

void Connection::dispatch(Request request) {
  request.id = new_request_id();
  request.stop = stop_.get_token();
  request_ = std::move(request);
  state_ = State::answering;
  asked_at_ = steady_clock::now();
  set_deadline(Deadline::max());
  const bool brings_body =
      request_->method == Method::post && request_->framing != BodyFraming::none;
  const Step step = brings_body ? &Connection::ask_body_gate : &Connection::answer;
  if (surroundings_.workers.offer([self = shared_from_this(), step] { self->take_step(step); })) {
    ++jobs_;  // which only this thread counts
  } else {
    send_answer(error_response(503), *request_);
  }
}

// ---- receiving a body ----

/// Nobody sends a body before it is known that somebody wants it, but those who ask (RFC 9110
/// §10.1.1) are told, and what comes unasked is not read.
void Connection::invite_body() {
  state_ = State::receiving_body;
  set_deadline(steady_clock::now() + surroundings_.limits.stalled_read);
  const bool waits = request_->version == Version::http_1_1 && inbox_.empty() &&
                     expects_continue(request_->field("expect"));
  if (!waits) return receive_body();
  writing_ = Block::of_text(kContinue);
  send_invitation();
}

void Connection::send_invitation() {
  switch (write_block()) {
    case Progress::wants_read:
      return wait_for(Io::wants_read, &Connection::send_invitation);
    case Progress::wants_write:
      return wait_for(Io::wants_write, &Connection::send_invitation);
    case Progress::over:
      return receive_body();
    case Progress::turn_over:
    case Progress::cut:
      return close();
  }
}

void Connection::receive_body() {
  while (true) {
    switch (body_->take(inbox_)) {
      case RequestBody::State::complete:
        asked_at_ = steady_clock::now();
        return hand_over(&Connection::answer_with_body);
      case RequestBody::State::piece_full:
        return hand_over(&Connection::spill_body);
      case RequestBody::State::malformed:
        return refuse(400, "malformed body");
      case RequestBody::State::too_large:
        return send_answer(error_response(413), *request_);
      case RequestBody::State::incomplete:
        break;
    }
    const IoResult result = channel_->read(loop_.scratch);
    if (result.io == Io::wants_read || result.io == Io::wants_write) {
      return wait_for(result.io, &Connection::receive_body);
    }
    if (result.io != Io::done) return close();
    inbox_.append(reinterpret_cast<const char*>(loop_.scratch.data()), result.bytes);
    set_deadline(steady_clock::now() + surroundings_.limits.stalled_read);
  }
}

/// The connection is a worker's until it posts back.
void Connection::hand_over(Step step) {
  state_ = State::answering;
  set_deadline(Deadline::max());
  surroundings_.workers.post([self = shared_from_this(), step] { self->take_step(step); });
  ++jobs_;
}

// ---- on a worker ----

void Connection::ask_body_gate() {
  std::variant<BodyAdmission, Response> verdict = error_response(404);
  const Trouble trouble = attempt([&] {
    if (surroundings_.body_gate && is_wanted()) verdict = surroundings_.body_gate(*request_, peer_);
  });
  if (trouble != Trouble::none) verdict = failure(trouble);
  if (const auto* admission = std::get_if<BodyAdmission>(&verdict)) {
    auto refusal = refuse_body(*admission);
    if (!refusal) return give_back([](Connection& connection) { connection.invite_body(); });
    verdict = *std::move(refusal);
  }
  give(std::get<Response>(std::move(verdict)), Persistence::close);
}

/// `nullopt` where it may come: then there is a place for it.
std::optional<Response> Connection::refuse_body(const BodyAdmission& admission) {
  if (request_->framing == BodyFraming::length &&
      request_->content_length > admission.limit_bytes) {
    return error_response(413);
  }
  bool has_room = false;
  const Trouble trouble = attempt([&] {
    body_ = std::make_unique<RequestBody>(*request_, admission.limit_bytes,
                                          Spool::Place(surroundings_.spool, admission.sender));
    has_room = body_->make_room();
  });
  if (trouble != Trouble::none) return failure(trouble);
  if (!has_room) return no_room();
  return std::nullopt;
}

/// What there was of it is given back before the client is told.
Response Connection::no_room() {
  body_.reset();
  surroundings_.report(core::Severity::warning,
                       "gateway: no room for the body of request " + request_->id);
  return no_room_response();
}

void Connection::spill_body() {
  bool has_room = false;
  const Trouble trouble = attempt([&] { has_room = body_->spill(); });
  if (trouble != Trouble::none) return give(failure(trouble), Persistence::close);
  if (!has_room) return give(no_room(), Persistence::close);
  give_back([](Connection& connection) {
    connection.state_ = State::receiving_body;
    connection.set_deadline(steady_clock::now() + connection.surroundings_.limits.stalled_read);
    connection.receive_body();
  });
}

void Connection::answer_with_body() {
  const Trouble trouble = attempt([&] { request_->body = body_->finish(); });
  if (trouble != Trouble::none) return give(failure(trouble), Persistence::close);
  if (!request_->body) return give(no_room(), Persistence::close);
  answer();
}

void Connection::answer() {
  Response response = error_response(503);  // for nobody, where nobody waits any more
  const Trouble trouble = attempt([&] {
    if (is_wanted()) response = surroundings_.answer(*request_, peer_);
  });
  if (trouble != Trouble::none) response = failure(trouble);
  give(std::move(response), surroundings_.draining ? Persistence::close : request_->persistence);
}

Response Connection::failure(Trouble trouble) const {
  surroundings_.report(core::Severity::error, "gateway: request " + request_->id + " failed");
  return error_response(trouble == Trouble::unavailable ? 503 : 500);
}

void Connection::give(Response response, Persistence persistence) {
  const BodyEnding ending(response);
  take_up(std::make_shared<AnswerStream>(std::move(response), *request_, persistence,
                                         surroundings_.clock()));
  push();
}

void Connection::push() {
  Progress progress = write_blocks();
  while (progress == Progress::turn_over && surroundings_.workers.nobody_waits()) {
    progress = write_blocks();
  }
  if (progress == Progress::turn_over) {
    return surroundings_.workers.post(
        [self = shared_from_this()] { self->take_step(&Connection::push); });
  }
  if (progress == Progress::over) stream_->finish(AnswerStream::End::complete, body_bytes_sent_);
  give_back([progress](Connection& connection) { connection.on_progress(progress); });
}

void Connection::ask_whether_to_go_on() {
  if (asking_) return;
  surroundings_.workers.post([self = shared_from_this(), stream = stream_] {
    bool go_on = false;
    attempt([&] { go_on = stream->may_go_on(); });
    self->give_back([go_on](Connection& connection) { connection.on_asked(go_on); });
  });
  ++jobs_;
  asking_ = true;
}

void Connection::on_asked(bool go_on) {
  asking_ = false;
  if (state_ == State::concluding) return conclude();
  if (!go_on) cut();
}

// ---- whoever has the answer ----

void Connection::take_up(std::shared_ptr<AnswerStream> stream) {
  stream_ = std::move(stream);
  writing_ = no_bytes(Block::Kind::more);
  body_bytes_sent_ = 0;
}

/// False when the answer must be cut.
bool Connection::fetch_block() {
  surroundings_.blocks.give(std::exchange(writing_, no_bytes(Block::Kind::cut)));
  using Files = AnswerStream::Files;
  const Files files = channel_->sends_files() ? Files::named : Files::copied;
  const Trouble trouble = attempt([&] {
    if (!cut_off_) writing_ = stream_->next(surroundings_.blocks, files);
  });
  if (!cut_off_) {
    if (writing_.kind == Block::Kind::cut && stream_->has_body() && stream_->is_unseen()) {
      fail_unseen(trouble);
    } else if (trouble != Trouble::none) {
      surroundings_.report(core::Severity::error, "gateway: an answer failed and was cut");
    }
  }
  last_progress_ = steady_clock::now();
  return writing_.kind != Block::Kind::cut;
}

/// An answer that failed before anybody saw a byte of it: a status is still possible, and a client
/// that got none would ask again (RFC 9112 §9.3.1).
void Connection::fail_unseen(Trouble trouble) {
  stream_->finish(AnswerStream::End::cut, 0);
  surroundings_.blocks.give(std::exchange(writing_, no_bytes(Block::Kind::cut)));
  take_up(std::make_shared<AnswerStream>(failure(trouble), *request_, Persistence::close,
                                         surroundings_.clock()));
  writing_ = stream_->next(surroundings_.blocks);
}

/// A block is fetched when the one before it is with the kernel: nothing is masked ahead of a
/// client that does not read.
Connection::Progress Connection::write_blocks() {
  for (int i = 0; i < kBlocksPerTurn; ++i) {
    const Progress progress = write_block();
    if (progress != Progress::over || writing_.kind == Block::Kind::last) return progress;
    if (!fetch_block()) return Progress::cut;
  }
  return Progress::turn_over;
}

Connection::Progress Connection::write_block() {
  while (!writing_.is_sent()) {
    const Io io = write_some();
    if (io == Io::wants_read) return Progress::wants_read;
    if (io == Io::wants_write) return Progress::wants_write;
    if (io != Io::done) return Progress::cut;
    last_progress_ = steady_clock::now();
  }
  return Progress::over;
}

/// Of the block's bytes, then of the file behind them.
Io Connection::write_some() {
  const core::ByteView bytes = writing_.rest();
  if (!bytes.empty()) {
    using More = Channel::More;
    const IoResult result = channel_->write(bytes, writing_.file ? More::at_once : More::none);
    body_bytes_sent_ += writing_.advance(result.bytes);
    return result.io;
  }
  const FileRange& range = *writing_.file;
  const IoResult result =
      channel_->send_file(range.file.descriptor(), range.offset, range.size_bytes);
  body_bytes_sent_ += result.bytes;
  writing_.advance_file(result.bytes);
  return result.io;
}

// ---- sending ----

/// For the answers that need no worker.
void Connection::send_answer(Response response, const Request& request) {
  take_up(std::make_shared<AnswerStream>(std::move(response), request, Persistence::close,
                                         surroundings_.clock()));
  on_progress(write_blocks());
}

void Connection::on_progress(Progress progress) {
  if (progress == Progress::over) return conclude();
  if (progress == Progress::cut || cut_off_) return abort();
  state_ = State::sending;
  set_deadline(last_progress_ + surroundings_.limits.stalled_write);
  wait_for(progress == Progress::wants_read ? Io::wants_read : Io::wants_write,
           &Connection::go_on_sending);
}

void Connection::go_on_sending() {
  if (!stream_->has_body()) return on_progress(write_blocks());
  hand_over(&Connection::push);  // the masker is what we wait for now, not the client
}

/// The answer is with the kernel. The next request is not begun before workers have let go of it.
void Connection::conclude() {
  state_ = State::concluding;
  set_deadline(Deadline::max());
  if (jobs_ > 0) return;
  const Persistence persistence = stream_->persistence();
  stream_.reset();
  body_.reset();
  request_.reset();
  surroundings_.blocks.give(std::exchange(writing_, Block{}));
  if (persistence == Persistence::close || surroundings_.draining || cut_off_) return linger();
  await_request();
}

// ---- ending ----

void Connection::linger() {
  state_ = State::lingering;
  channel_->end_writing();
  set_deadline(steady_clock::now() + kLinger);
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
  const struct ::linger reset{1, 0};  // RST: no client takes this for the end of a body
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
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
      surroundings_.workers.post([stream = stream_, sent = body_bytes_sent_] {
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
  if (cut_off_ || steady_clock::now() - asked_at_ < kShortestWait) return;
  pollfd asked{socket_.native_handle(), POLLRDHUP, 0};
  if (::poll(&asked, 1, 0) > 0) on_loop([this] { cut(); });
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
