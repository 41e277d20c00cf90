// SPDX-License-Identifier: GPL-3.0-or-later
// Of a connection: from its first byte to a request with its body.
#include <algorithm>
#include <span>
#include <utility>
#include <variant>

#include "core/id.h"
#include "http/attempt.h"
#include "http/characters.h"
#include "http/connection.h"

namespace sekisho::http {
namespace {

using core::SteadyClock;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// RFC 9110 §10.1.1: a list, in any case; expectations that we do not know are ignored.
bool expects_continue(std::string_view field) {
  while (!field.empty()) {
    const auto end = std::min(field.find(','), field.size());
    if (equal_ignoring_case(trimmed(field.substr(0, end)), "100-continue")) return true;
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return false;
}

struct RequestKind;
std::string new_request_id() { return core::Id<RequestKind>::random().text(); }

}  // namespace

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
  peer_.chain = channel_->peer_certificate();
  if (peer_.chain) peer_.certificate = peer_.chain->fingerprint();
  set_deadline(SteadyClock::now() + surroundings_.limits.header);
  state_ = State::receiving;
  receive();
}

void Connection::await_request() {
  state_ = State::receiving;
  const Limits& limits = surroundings_.limits;
  set_deadline(SteadyClock::now() + (inbox_.empty() ? limits.idle : limits.header));
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
      deadline_ = std::min(deadline_, SteadyClock::now() + surroundings_.limits.header);
      arm_timer();
    }
    inbox_.append(reinterpret_cast<const char*>(loop_.scratch.data()), result.bytes);
  }
}

/// True when what arrived was enough to act on.
bool Connection::take_request() {
  const HeadScanner::State scan = scanner_.scan(inbox_);
  if (scan == HeadScanner::State::malformed) {
    refuse({400, "malformed head"});
    return true;
  }
  if (scanner_.head_bytes() > surroundings_.limits.header_bytes) {
    const bool in_request_line =
        inbox_.find('\n', scanner_.head_begin()) >= surroundings_.limits.header_bytes;
    refuse({in_request_line ? 414 : 431, "head too long"});
    return true;
  }
  if (scan == HeadScanner::State::incomplete) return false;

  auto parsed = parse_request(std::string_view(inbox_).substr(
      scanner_.head_begin(), scanner_.head_bytes() - scanner_.head_begin()));
  inbox_.erase(0, scanner_.head_bytes());
  if (inbox_.empty()) inbox_.shrink_to_fit();
  scanner_.restart();
  if (auto* refusal = std::get_if<Refusal>(&parsed)) {
    refuse(std::move(*refusal));
  } else {
    dispatch(std::get<Request>(std::move(parsed)));
  }
  return true;
}

void Connection::refuse(Refusal refusal) {
  Request request;
  request.id = new_request_id();
  request.fields = std::move(refusal.fields);
  surroundings_.report(core::Severity::info, "gateway: request " + request.id +
                                                 " refused: " + std::string(refusal.reason));
  send_answer(error_response(refusal.status), request);
}

void Connection::dispatch(Request request) {
  request.id = new_request_id();
  request.stop = stop_.get_token();
  request_ = std::move(request);
  state_ = State::answering;
  asked_at_ = SteadyClock::now();
  set_deadline(Deadline::max());
  account_ = core::Network::site_of(peer_.source).text();
  const Step step = surroundings_.account_of ? &Connection::find_account : first_step();
  const bool was_taken = surroundings_.workers.offer(
      account_, [self = shared_from_this(), step] { self->take_step(step); });
  if (was_taken) {
    ++jobs_;  // which only this thread counts
  } else {
    send_answer(no_room_response(), *request_);
  }
}

Connection::Step Connection::first_step() const {
  const bool brings_body =
      request_->method == Method::post && request_->framing != BodyFraming::none;
  return brings_body ? &Connection::ask_body_gate : &Connection::answer;
}

// ---- receiving a body ----

/// Nobody sends a body before it is known that somebody wants it, but those who ask (RFC 9110
/// §10.1.1) are told, and what comes unasked is not read.
void Connection::invite_body() {
  state_ = State::receiving_body;
  set_deadline(SteadyClock::now() + surroundings_.limits.stalled_read);
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
        asked_at_ = SteadyClock::now();
        return hand_over(&Connection::answer_with_body);
      case RequestBody::State::piece_full:
        return hand_over(&Connection::spill_body);
      case RequestBody::State::malformed:
        return refuse({400, "malformed body", std::move(request_->fields)});
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
    set_deadline(SteadyClock::now() + surroundings_.limits.stalled_read);
  }
}

/// The connection is a worker's until it posts back.
void Connection::hand_over(Step step) {
  state_ = State::answering;
  set_deadline(Deadline::max());
  surroundings_.workers.post(account_,
                             [self = shared_from_this(), step] { self->take_step(step); });
  ++jobs_;
}

}  // namespace sekisho::http
