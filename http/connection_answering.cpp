// SPDX-License-Identifier: GPL-3.0-or-later
// Of a connection: from a request to the last byte of its answer.
#include <utility>
#include <variant>

#include "http/attempt.h"
#include "http/connection.h"

namespace sekisho::http {
namespace {

using core::SteadyClock;

// What a worker writes for one client before it looks after others.
constexpr int kBlocksPerTurn = 8;

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

}  // namespace

// ---- on a worker ----

/// On the site's account, where this takes a moment. Strangers stay on it, for all that they get is
/// a refusal. Trouble in here is the handler's as well, and it says so.
void Connection::find_account() {
  std::string known;
  attempt([&] {
    if (is_wanted()) known = surroundings_.account_of(*request_, peer_);
  });
  const Step step = first_step();
  if (known.empty()) return (this->*step)();
  account_ = std::move(known);
  const bool was_taken = surroundings_.workers.offer(
      account_, [self = shared_from_this(), step] { self->take_step(step); });
  if (!was_taken) give(no_room_response(), Persistence::close);
}

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
    connection.set_deadline(SteadyClock::now() + connection.surroundings_.limits.stalled_read);
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
  take_up(std::move(response), *request_, persistence);
  push();
}

void Connection::push() {
  Progress progress = write_blocks();
  while (progress == Progress::turn_over && surroundings_.workers.nobody_waits()) {
    progress = write_blocks();
  }
  if (progress == Progress::turn_over) {
    return surroundings_.workers.post(
        account_, [self = shared_from_this()] { self->take_step(&Connection::push); });
  }
  if (progress == Progress::over) stream_->finish(AnswerStream::End::complete, body_bytes_sent_);
  give_back([progress](Connection& connection) { connection.on_progress(progress); });
}

/// For the house: whoever keeps as many workers as they may get is asked about all the same.
void Connection::ask_whether_to_go_on() {
  if (asking_) return;
  surroundings_.workers.post(WorkerPool::kHouse, [self = shared_from_this(), stream = stream_] {
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

void Connection::take_up(Response&& response, const Request& request, Persistence persistence) {
  if (surroundings_.finish) surroundings_.finish(response, request);
  stream_ = std::make_shared<AnswerStream>(std::move(response), request, persistence,
                                           surroundings_.clock());
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
  last_progress_ = SteadyClock::now();
  return writing_.kind != Block::Kind::cut;
}

/// An answer that failed before anybody saw a byte of it: a status is still possible, and a client
/// that got none would ask again (RFC 9112 §9.3.1).
void Connection::fail_unseen(Trouble trouble) {
  stream_->finish(AnswerStream::End::cut, 0);
  surroundings_.blocks.give(std::exchange(writing_, no_bytes(Block::Kind::cut)));
  take_up(failure(trouble), *request_, Persistence::close);
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
    last_progress_ = SteadyClock::now();
  }
  return Progress::over;
}

/// Of the block's bytes, then of the file behind them.
Io Connection::write_some() {
  const core::ByteView bytes = writing_.rest();
  if (!bytes.empty()) {
    const IoResult result = channel_->write(bytes, writing_.file ? More::at_once : More::none);
    body_bytes_sent_ += writing_.advance(result.bytes);
    // Over TLS some may have left where the rest has to wait.
    if (result.bytes > 0) last_progress_ = SteadyClock::now();
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
  take_up(std::move(response), request, Persistence::close);
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

}  // namespace sekisho::http
