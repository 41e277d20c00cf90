// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/witness_settings.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "plugin/web_origin.h"

namespace sekisho::plugin {
namespace {

constexpr std::int64_t kMostMembers = 16;
constexpr std::int64_t kMostMinutes = 7 * 24 * 60;
constexpr std::int64_t kMostSeconds = 3600;

/// An origin with or without a path: the prefix of tlog-witness.
bool is_prefix(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto path = std::min(url.find('/', scheme + 3), url.size());
  const auto origin = WebOrigin::parse(url.substr(0, path));
  const bool plain = std::ranges::all_of(url, [](char c) { return c > ' ' && c <= '~'; }) &&
                     url.find_first_of("?#@\\") == std::string_view::npos;
  return plain && origin && origin->is_private();
}

std::optional<audit::CosignatureVerifier> read_key(Settings& settings) {
  settings.require("Key", "the verifier key that `sekisho-witness init` printed");
  const auto line = settings.text("Key");
  if (!line) return std::nullopt;
  auto key = audit::CosignatureVerifier::parse(*line);
  if (!key) settings.complain("Key", "is not the verifier key of a witness");
  return key;
}

void read_member(Settings settings, WitnessPolicy& policy) {
  auto key = read_key(settings);
  settings.require("Url", "where the witness answers, such as \"https://witness.example\"");
  const auto url = settings.text("Url");
  if (url && !is_prefix(*url)) {
    settings.complain("Url", "must be https://host[:port][/path] (http:// is for loopback only)");
  }
  auto ca_file = settings.file("CaFile");
  settings.refuse_the_rest();
  if (!key || !url) return;
  // One witness is one vote.
  const bool is_new = std::ranges::none_of(policy.members, [&](const WitnessMember& member) {
    return member.key.name() == key->name();
  });
  if (!is_new) settings.complain("Key", "names a witness that stands in the list already");
  policy.members.push_back({*std::move(key), *url, std::move(ca_file)});
}

}  // namespace

WitnessPolicy read_witnesses(Settings settings) {
  WitnessPolicy policy;
  settings.require("Members", "a list of {\"Key\", \"Url\", \"CaFile\"}");
  auto members = settings.objects("Members");
  const auto count = members ? static_cast<std::int64_t>(members->size()) : kMostMembers;
  if (count == 0 || count > kMostMembers) {
    settings.complain("Members", "must name between 1 and 16 witnesses");
  }
  if (members) {
    for (Settings& member : *members) read_member(member, policy);
  }
  settings.require("Quorum", "how many of the witnesses must have cosigned a checkpoint");
  const auto quorum = settings.number("Quorum", 1, std::max<std::int64_t>(count, 1));
  policy.quorum = static_cast<std::size_t>(quorum.value_or(1));
  if (const auto minutes = settings.number("MaxUnwitnessedMinutes", 1, kMostMinutes)) {
    policy.longest = std::chrono::minutes(*minutes);
  }
  if (const auto seconds = settings.number("IntervalSeconds", 5, kMostSeconds)) {
    policy.interval = std::chrono::seconds(*seconds);
  }
  if (policy.interval > policy.longest) {
    settings.complain("IntervalSeconds", "is longer than \"MaxUnwitnessedMinutes\"");
  }
  if (settings.flag("FailClosed").value_or(false)) policy.when_unwitnessed = WhenUnwitnessed::shut;
  settings.refuse_the_rest();
  return policy;
}

}  // namespace sekisho::plugin
