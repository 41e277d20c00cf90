// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/system_state.h"

#include "core/encoding.h"
#include "core/time.h"

namespace sekisho::staff {
namespace {

std::string written(std::chrono::sys_seconds time) { return core::to_rfc3339(core::Time(time)); }

Json::Value to_json(const DoorState& door) {
  Json::Value json;
  json["Open"] = door.open;
  json["TlsPort"] = door.tls_port;
  json["PlainPort"] = door.plain_port;
  json["Connections"] = door.connections;
  return json;
}

constexpr std::string_view name(audit::Condition condition) {
  switch (condition) {
    case audit::Condition::sound:
      return "sound";
    case audit::Condition::saving:
      return "saving";
    case audit::Condition::full:
      return "full";
    case audit::Condition::broken:
      return "broken";
  }
  return "";
}

Json::Value to_json(const LogState& log) {
  Json::Value json;
  json["Open"] = log.broken.empty();
  json["Condition"] = std::string(name(log.condition));
  json["Origin"] = log.origin;
  json["Size"] = Json::UInt64{log.size};
  json["Root"] = core::to_base64(log.root);
  json["Anchored"] = log.anchored;
  return json;
}

Json::Value to_json(const audit::RepositoryState& repository) {
  Json::Value json;
  json["Delivered"] = Json::UInt64{repository.delivered};
  json["Behind"] = Json::UInt64{repository.behind};
  if (repository.last_delivery) json["LastDelivery"] = core::to_rfc3339(*repository.last_delivery);
  json["Trouble"] = repository.trouble;
  return json;
}

Json::Value to_json(const WitnessState& witness) {
  Json::Value json;
  json["Name"] = witness.name;
  if (witness.cosigned_at) json["CosignedAt"] = written(*witness.cosigned_at);
  if (witness.problem) json["Problem"] = std::string(explain(*witness.problem));
  return json;
}

Json::Value to_json(const WitnessesState& witnesses) {
  Json::Value json;
  json["Overdue"] = witnesses.overdue;
  if (witnesses.size) json["Size"] = Json::UInt64{*witnesses.size};
  if (witnesses.time) json["WitnessedAt"] = written(*witnesses.time);
  for (const WitnessState& member : witnesses.members) json["Members"].append(to_json(member));
  return json;
}

Json::Value to_json(const mail::State& mail) {
  Json::Value json;
  json["Waiting"] = mail.count.waiting;
  if (mail.count.oldest) json["OldestWrittenAt"] = core::to_rfc3339(*mail.count.oldest);
  json["GivenUp"] = mail.count.given_up;
  if (mail.sent_at) json["LastSentAt"] = core::to_rfc3339(*mail.sent_at);
  json["Trouble"] = mail.trouble;
  return json;
}

Json::Value to_json(const ClientAuthoritiesState& authorities) {
  Json::Value list(Json::arrayValue);
  for (const ClientAuthorityState& member : authorities.members) {
    Json::Value json;
    json["Name"] = member.name;
    json["Key"] = core::to_hex(member.key);
    json["NotAfter"] = core::to_rfc3339(member.not_after);
    if (member.lists_until) {
      json["RevocationListUntil"] = core::to_rfc3339(*member.lists_until);
    }
    list.append(std::move(json));
  }
  return list;
}

Json::Value to_json(const returns::ReturnsState& returns) {
  Json::Value json;
  json["Waiting"] = returns.count.waiting;
  if (returns.count.oldest_waiting) {
    json["OldestReceivedAt"] = core::to_rfc3339(*returns.count.oldest_waiting);
  }
  json["Held"] = returns.count.held;
  json["Apart"] = returns.count.apart;
  json["Bytes"] = Json::UInt64{returns.count.bytes};
  json["Full"] = returns.is_full;
  json["Trouble"] = returns.trouble;
  return json;
}

Json::Value to_json(const openid::State& provider) {
  Json::Value json;
  json["Issuer"] = provider.issuer;
  if (provider.known_since) json["KnownSince"] = core::to_rfc3339(*provider.known_since);
  json["Trouble"] = provider.trouble;
  return json;
}

void add_problems(const LogState& log, std::vector<std::string>& problems) {
  switch (log.condition) {
    case audit::Condition::sound:
      if (log.lacks_reserve) {
        problems.emplace_back(
            "The access log has no reserve: \"Sekisho.AuditReserveMegabytes\" is more than half of "
            "what is free under the data directory. Free disk space.");
      }
      return;
    case audit::Condition::saving:
    case audit::Condition::full:
      problems.push_back("The access log goes on by itself once there is room: " + log.broken +
                         ". Free disk space.");
      return;
    case audit::Condition::broken:
      problems.push_back(
          "The access log is broken, nothing is served until it is mended and Orthanc restarted: " +
          log.broken);
      return;
  }
}

void add_problems(const WitnessesState& witnesses, std::vector<std::string>& problems) {
  for (const WitnessState& member : witnesses.members) {
    if (!member.problem) continue;
    problems.push_back("The witness " + member.name + ' ' + std::string(explain(*member.problem)) +
                       '.');
  }
  if (witnesses.overdue) problems.emplace_back("The access log is unwitnessed for too long.");
  if (!witnesses.keeps) {
    problems.emplace_back(
        "The newest witnessed checkpoint cannot be written to the data directory.");
  }
  problems.insert(problems.end(), witnesses.file_troubles.begin(), witnesses.file_troubles.end());
}

void add_problems(const mail::State& mail, std::vector<std::string>& problems) {
  if (!mail.trouble.empty()) problems.push_back("Mail: " + mail.trouble);
  if (mail.count.given_up > 0) {
    problems.push_back(
        "Mail: letters that could not be sent while anybody needed them, in the last"
        " 7 days: " +
        std::to_string(mail.count.given_up) + '.');
  }
  problems.insert(problems.end(), mail.file_troubles.begin(), mail.file_troubles.end());
}

void add_problems(const returns::ReturnsState& returns, std::vector<std::string>& problems) {
  if (!returns.trouble.empty()) {
    problems.push_back("Returns: " + returns.trouble + " What comes back waits in quarantine.");
  }
  if (returns.is_full) {
    problems.emplace_back(
        "Returns: the quarantine had no room for an object. Release or reject what is held, or "
        "raise \"Sekisho.Returns.Megabytes\" and \"Objects\".");
  }
  if (returns.count.apart > 0) {
    problems.push_back(
        "Returns: objects that are infected or cannot be scanned, kept apart until they are "
        "deleted: " +
        std::to_string(returns.count.apart) + '.');
  }
}

void add_problems(const openid::State& provider, std::vector<std::string>& problems) {
  if (!provider.trouble.empty()) problems.push_back(provider.trouble);
  problems.insert(problems.end(), provider.file_troubles.begin(), provider.file_troubles.end());
}

}  // namespace

std::vector<std::string> problems_of(const SystemState& state) {
  std::vector<std::string> problems;
  if (!state.trouble.empty()) problems.push_back(state.trouble);
  if (state.door && !state.door->open) {
    problems.push_back("The recipient door is shut: " + state.door->trouble);
  }
  if (state.log) add_problems(*state.log, problems);
  if (!state.spool_trouble.empty()) problems.push_back(state.spool_trouble);
  if (state.repository && !state.repository->trouble.empty()) {
    problems.push_back("Audit repository: " + state.repository->trouble);
  }
  if (state.witnesses) add_problems(*state.witnesses, problems);
  if (state.mail) add_problems(*state.mail, problems);
  if (state.authorities) {
    const auto& troubles = state.authorities->troubles;
    problems.insert(problems.end(), troubles.begin(), troubles.end());
  }
  if (state.returns) add_problems(*state.returns, problems);
  if (state.provider) add_problems(*state.provider, problems);
  return problems;
}

Json::Value to_json(const SystemState& state) {
  Json::Value json;
  json["Version"] = SEKISHO_VERSION;
  json["Doors"]["Gateway"]["Open"] = false;
  json["Database"]["Open"] = state.log.has_value();  // the two are opened together
  json["Log"]["Open"] = false;
  if (state.door) json["Doors"]["Gateway"] = to_json(*state.door);
  if (state.log) json["Log"] = to_json(*state.log);
  if (state.repository) json["AuditRepository"] = to_json(*state.repository);
  if (state.witnesses) json["Witnesses"] = to_json(*state.witnesses);
  if (state.mail) json["Mail"] = to_json(*state.mail);
  if (state.authorities) json["ClientAuthorities"] = to_json(*state.authorities);
  if (state.returns) json["Returns"] = to_json(*state.returns);
  if (state.provider) json["IdentityProvider"] = to_json(*state.provider);
  json["Problems"] = Json::arrayValue;
  for (const std::string& problem : problems_of(state)) json["Problems"].append(problem);
  return json;
}

}  // namespace sekisho::staff
