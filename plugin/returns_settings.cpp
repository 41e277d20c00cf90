// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/returns_settings.h"

namespace sekisho::plugin {
namespace {

using returns::Fate;

constexpr std::int64_t kMaximumDays = 3650;
constexpr std::int64_t kMaximumMegabytes = std::int64_t{16} << 20;
constexpr std::int64_t kMaximumObjects = 1'000'000;
constexpr std::int64_t kMaximumScanSeconds = 3600;
constexpr std::size_t kSocketPathBytes = 107;  // sun_path, unix(7)

std::optional<Fate> read_fate(Settings& settings, const char* key) {
  const auto text = settings.text(key);
  if (!text) return std::nullopt;
  if (*text == "release") return Fate::release;
  if (*text == "hold") return Fate::hold;
  settings.complain(key, R"(must be "release" or "hold")");
  return std::nullopt;
}

/// An id of sharing's, of the kind that `id` has.
template <class Id>
void read_id(Settings& settings, const char* key, std::optional<Id>& id) {
  const auto text = settings.text(key);
  if (!text) return;
  id = Id::parse(*text);
  if (!id) settings.complain(key, "must be an ID, as the staff API gives it");
}

returns::Rule read_rule(Settings settings) {
  returns::Rule rule;
  read_id(settings, "Recipient", rule.recipient);
  read_id(settings, "Share", rule.share);
  if (const auto text = settings.text("SopClass")) {
    const auto uid = core::Uid::parse(*text);
    if (uid && uid->is_standard()) rule.sop_class = uid->str();
    if (rule.sop_class.empty()) settings.complain("SopClass", "must be a UID");
  }
  settings.require("Then", R"("release" or "hold")");
  rule.fate = read_fate(settings, "Then").value_or(Fate::hold);
  settings.refuse_the_rest();
  return rule;
}

returns::ClamdOptions read_scanner(Settings settings) {
  returns::ClamdOptions options;
  settings.require("Socket", "the path of clamd's socket, LocalSocket of clamd.conf");
  options.socket = settings.path("Socket").value_or("");
  if (options.socket.native().size() > kSocketPathBytes) {
    settings.complain("Socket", "is longer than the 107 bytes that a socket's path may have");
  }
  if (const auto seconds = settings.number("Seconds", 1, kMaximumScanSeconds)) {
    options.longest = std::chrono::seconds(*seconds);
  }
  if (const auto megabytes = settings.number("StreamMegabytes", 1, 4095)) {
    options.stream_bytes = static_cast<std::uint64_t>(*megabytes) << 20U;
  }
  settings.refuse_the_rest();
  return options;
}

}  // namespace

ReturnsOptions read_returns(Settings settings) {
  ReturnsOptions options;
  if (auto scanner = settings.object("Scanner")) options.scanner = read_scanner(*scanner);
  options.inspector.rules.otherwise = read_fate(settings, "Otherwise").value_or(Fate::release);
  for (const Settings& rule : settings.objects("Rules").value_or(std::vector<Settings>())) {
    options.inspector.rules.rules.push_back(read_rule(rule));
  }
  if (const auto days = settings.number("KeepDays", 1, kMaximumDays)) {
    options.inspector.keep = std::chrono::days(*days);
  }
  if (const auto megabytes = settings.number("Megabytes", 1, kMaximumMegabytes)) {
    options.room.bytes = static_cast<std::uint64_t>(*megabytes) << 20U;
  }
  if (const auto objects = settings.number("Objects", 2, kMaximumObjects)) {
    options.room.objects = static_cast<std::uint64_t>(*objects);
  }
  settings.refuse_the_rest();
  return options;
}

}  // namespace sekisho::plugin
