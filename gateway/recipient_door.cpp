// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/recipient_door.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "audit/entry/entry.h"
#include "dicomweb/request.h"
#include "http/target.h"

namespace sekisho::gateway {
namespace {

using sharing::Authenticated;
using sharing::Denial;
using sharing::Share;

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr std::string_view kDicomWeb = "dicom-web";
constexpr std::string_view kShares = "shares";
constexpr std::string_view kReceipts = "receipts";
constexpr std::string_view kAudit = "audit";

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

std::string share_id_of(const Root& root) {
  const auto* share = std::get_if<ShareRoot>(&root);
  return share == nullptr ? std::string() : share->share.text();
}

dicomweb::Verb to_verb(http::Method method) {
  switch (method) {
    case http::Method::head:
      return dicomweb::Verb::head;
    case http::Method::post:
      return dicomweb::Verb::post;
    case http::Method::get:
    case http::Method::other:
      return dicomweb::Verb::get;
  }
  return dicomweb::Verb::get;
}

/// What does not depend on the root.
dicomweb::Request to_dicomweb(const http::Request& request, core::Time now) {
  dicomweb::Request inner;
  inner.verb = to_verb(request.method);
  inner.content_type = request.field("content-type");
  inner.content_encoding = request.field("content-encoding");
  inner.body = request.body;
  inner.accept = request.field("accept");
  inner.if_none_match = request.field("if-none-match");
  inner.user_agent = request.field("user-agent");
  inner.request_id = request.id;
  inner.received_at = now;
  return inner;
}

/// A link opens its own share only, and nobody opens somebody else's.
bool opens(const Authenticated& who, const Share& share) {
  return share.recipient == who.recipient().id &&
         (!who.only_share() || *who.only_share() == share.id);
}

Root find_receipt(std::string_view seq) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(seq.data(), seq.data() + seq.size(), number);
  if (error != std::errc{} || std::to_string(number) != seq) return NoRoot{};
  return ReceiptRoot{number};
}

/// Not the entries: they are about others too.
Root find_log_file(const std::vector<std::string>& segments) {
  std::string path;
  for (std::size_t i = 1; i < segments.size(); ++i) path += (i > 1 ? "/" : "") + segments[i];
  const auto file = audit::LogFile::parse(path);
  if (!file || file->kind == audit::LogFile::Kind::entries) return NoRoot{};
  return LogRoot{*file};
}

/// A link shows what concerns its own share only.
bool is_shown(const audit::LogProof& receipt, const Authenticated& who) {
  if (!who.only_share()) return true;
  const auto entry = audit::parse_entry(core::as_bytes(receipt.extra.value_or("")));
  return entry && entry->share == who.only_share()->text();
}

bool is_to_read(http::Method method) {
  return method == http::Method::get || method == http::Method::head;
}

}  // namespace

Root find_root(std::vector<std::string> segments) {
  if (!segments.empty() && segments[0] == kDicomWeb) {
    segments.erase(segments.begin());
    return RecipientRoot{std::move(segments)};
  }
  if (segments.size() >= 3 && segments[0] == kShares && segments[2] == kDicomWeb) {
    auto share = sharing::ShareId::parse(segments[1]);
    if (!share) return NoRoot{};
    segments.erase(segments.begin(), segments.begin() + 3);
    return ShareRoot{*std::move(share), std::move(segments)};
  }
  if (segments.size() == 2 && segments[0] == kReceipts) return find_receipt(segments[1]);
  if (!segments.empty() && segments[0] == kAudit) return find_log_file(segments);
  return NoRoot{};
}

std::optional<std::string> bearer_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer";
  if (authorization.size() <= kScheme.size() || authorization[kScheme.size()] != ' ' ||
      !equal_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
    return std::nullopt;
  }
  authorization.remove_prefix(kScheme.size());
  authorization.remove_prefix(std::min(authorization.find_first_not_of(' '), authorization.size()));
  return std::string(authorization);
}

RecipientDoor::RecipientDoor(Ports ports, std::string public_url)
    : ports_(std::move(ports)), public_url_(std::move(public_url)) {}

http::Response RecipientDoor::answer(const http::Request& request, const http::Peer& peer) {
  auto opened = open(request, peer);
  if (auto* refusal = std::get_if<http::Response>(&opened)) return std::move(*refusal);
  auto& call = std::get<Call>(opened);
  return ports_.dicomweb.answer(call.request, call.who, std::move(call.shares)).take_response();
}

std::variant<std::uint64_t, http::Response> RecipientDoor::admit_body(const http::Request& request,
                                                                      const http::Peer& peer,
                                                                      std::uint64_t limit) {
  auto opened = open(request, peer);
  if (auto* refusal = std::get_if<http::Response>(&opened)) return std::move(*refusal);
  auto& call = std::get<Call>(opened);
  auto refusal = ports_.dicomweb.refuse_body(call.request, call.who, std::move(call.shares));
  if (refusal) return (*std::move(refusal)).take_response();
  return limit;
}

std::variant<RecipientDoor::Call, http::Response> RecipientDoor::open(const http::Request& request,
                                                                      const http::Peer& peer) {
  if (ports_.may_serve && !ports_.may_serve()) return http::error_response(503);
  const core::Time now = ports_.clock();
  auto target = http::parse_target(request.target);
  const Root root = target ? find_root(std::move(target->path)) : Root(NoRoot{});

  const sharing::Presented presented{peer.source, peer.certificate,
                                     bearer_of(request.field("authorization"))};
  auto identified = sharing::authenticate(presented, ports_.recipients, ports_.shares, now);
  if (const auto* denial = std::get_if<Denial>(&identified)) {
    return refuse(*denial, request, peer, root, nullptr);
  }
  if (request.method == http::Method::other || std::holds_alternative<NoRoot>(root)) {
    return http::error_response(404);
  }
  auto& who = std::get<Authenticated>(identified);
  const auto* receipt = std::get_if<ReceiptRoot>(&root);
  const auto* log = std::get_if<LogRoot>(&root);
  if (receipt != nullptr || log != nullptr) {
    if (!is_to_read(request.method)) return http::error_response(404);
    return log != nullptr ? show_log_file(log->file)
                          : show_receipt(receipt->seq, request, peer, who);
  }
  Call call{to_dicomweb(request, now), std::move(who), {}};
  call.request.query = std::move(target->query);
  if (const auto* one = std::get_if<ShareRoot>(&root)) {
    auto share = ports_.shares.find(one->share);
    if (!share) return refuse(Denial::unknown_share, request, peer, root, &call.who);
    if (!opens(call.who, *share)) {
      return refuse(Denial::foreign_share, request, peer, root, &call.who);
    }
    call.shares.push_back(*std::move(share));
    call.request.path = one->path;
    call.request.root_url = public_url_ + "/shares/" + one->share.text() + "/dicom-web";
  } else {
    call.shares = ports_.shares.live_for(call.who.recipient().id, now);
    std::erase_if(call.shares, [&](const Share& share) { return !opens(call.who, share); });
    call.request.path = std::get<RecipientRoot>(root).path;
    call.request.root_url = public_url_ + "/dicom-web";
  }
  return call;
}

http::Response RecipientDoor::show_receipt(std::uint64_t seq, const http::Request& request,
                                           const http::Peer& peer, const Authenticated& who) {
  const auto proof = ports_.log.receipt(seq, who.recipient().id.text());
  if (!proof || !is_shown(*proof, who)) {
    return refuse(Denial::out_of_scope, request, peer, NoRoot{}, &who);
  }
  return http::text_response(200, kText, proof->text());
}

http::Response RecipientDoor::show_log_file(const audit::LogFile& file) {
  const auto bytes = ports_.log.file(file);
  if (!bytes) return http::error_response(404);
  const bool is_text = file.kind == audit::LogFile::Kind::checkpoint;
  return http::text_response(200, is_text ? kText : "application/octet-stream",
                             std::string(core::as_text(*bytes)));
}

/// The entry is durable before the 404 leaves, as a hit's is: the time it takes tells nothing.
http::Response RecipientDoor::refuse(Denial denial, const http::Request& request,
                                     const http::Peer& peer, const Root& root,
                                     const Authenticated* who) {
  record_repeated_denials();
  if (ledger_.note(peer.source.text(), ports_.clock()) == DenialLedger::Treatment::record) {
    audit::Event event;
    event.code = audit::EventCode::denial;
    event.outcome = audit::Outcome::minor_failure;
    event.authentication = who == nullptr ? "none" : sharing::name(who->method());
    event.source = peer.source.text();
    event.share_id = share_id_of(root);
    event.request_id = request.id;
    event.detail = sharing::name(denial);
    event.user_agent = request.field("user-agent");
    if (who != nullptr) {
      event.recipient_id = who->recipient().id.text();
      event.recipient_name = who->recipient().name;
      event.organisation = who->recipient().organisation;
    }
    ports_.log.append(event);
  }
  return http::error_response(404);
}

void RecipientDoor::record_repeated_denials() { record(ledger_.take_finished(ports_.clock())); }

void RecipientDoor::record_all_repeated_denials() { record(ledger_.take_all()); }

void RecipientDoor::record(const std::vector<DenialLedger::Repeated>& repeated) {
  for (const auto& [address, times] : repeated) {
    audit::Event event;
    event.code = audit::EventCode::denial;
    event.outcome = audit::Outcome::minor_failure;
    event.authentication = "none";
    event.source = address;
    event.detail = "repeated";
    event.instances = times;
    ports_.log.append_later(event);
  }
}

}  // namespace sekisho::gateway
