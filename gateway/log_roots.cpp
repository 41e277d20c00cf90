// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/log_roots.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "audit/receipt_id.h"
#include "audit/store/published_log.h"
#include "sharing/authorize.h"

namespace sekisho::gateway {
namespace {

using sharing::Authenticated;

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kBytes = "application/octet-stream";

std::optional<audit::LogFile> log_file(std::span<const std::string> segments) {
  std::string path;
  for (const std::string& segment : segments) path += (path.empty() ? "" : "/") + segment;
  const auto file = audit::LogFile::parse(path);
  if (!file || file->kind == audit::LogFile::Kind::entries) return std::nullopt;
  return file;
}

/// A link, and a token for some shares, show what concerns these only; what concerns a share of one
/// person is theirs.
bool knows(const Call& call, std::string_view share) {
  const Authenticated& who = *call.who;
  if (who.only_share()) return share == who.only_share()->text();
  const auto id = sharing::ShareId::parse(share);
  const auto found = id ? call.ports.shares.find(*id) : std::nullopt;
  if (!found) return !who.scope().shares;
  return found->recipient != who.recipient().id || opens(who, *found);
}

}  // namespace

http::Response show_receipt(Call& call) {
  // What a log is called has slashes, escaped or not.
  std::string path(call.path["log"]);
  for (const std::string& segment : call.path.rest) path += '/' + segment;
  const auto id = audit::ReceiptId::parse_path(path);
  if (!id) return http::error_response(404);
  const audit::ReceiptAsker asker{call.who->recipient().id.text(),
                                  [&](std::string_view share) { return knows(call, share); }};
  const auto proof = call.ports.log.receipt(*id, asker);
  if (!proof) return call.refuse(sharing::Denial::out_of_scope);
  return http::text_response(200, kText, proof->text());
}

http::Response show_log_file(Call& call) {
  const auto file = log_file(call.path.rest);
  if (!file) return http::error_response(404);
  const auto bytes = call.ports.published->file(*file, call.ports.log, call.now);
  if (!bytes) return http::error_response(404);
  const bool is_text = file->kind == audit::LogFile::Kind::checkpoint;
  return http::text_response(200, is_text ? kText : kBytes, std::string(core::as_text(*bytes)));
}

}  // namespace sekisho::gateway
