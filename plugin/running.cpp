// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/running.h"

#include "audit/initialise.h"
#include "outbound/web_call.h"
#include "plugin/study_search.h"
#include "plugin/witness_client.h"

namespace sekisho::plugin {
namespace {

constexpr std::chrono::seconds kDrainTime{10};
/// How long a request waits for memory before it is told to come again.
constexpr std::chrono::seconds kMemoryPatience{5};
constexpr std::uint64_t kLargestCacheBytes = 64 << 20;  // half a million instances

/// Where the log is; a new installation's is made first.
const audit::AuditPlace& log_place(const DataDirectory& directory, const Config& config,
                                   const core::Clock& clock) {
  if (prepare(directory) == Holdings::nothing) {
    audit::initialise(directory.log, config.new_log_origin, clock);
  }
  return directory.log;
}

/// Where the shares are, for the log has been opened before: it must be this installation's, and if
/// it tells of a past, there must be a database. One made anew would drop every share silently.
const sharing::SharingPlace& sharing_place(const DataDirectory& directory,
                                           const audit::AuditLog& log, const Config& config) {
  if (config.pinned_log_origin.value_or(log.origin()) != log.origin()) {
    throw data_trouble(directory, "The access log belongs to another installation",
                       "it calls itself \"" + log.origin() + "\", \"Sekisho.AuditOrigin\" says \"" +
                           *config.pinned_log_origin + '"',
                       "Correct one of the two settings.");
  }
  const bool new_log = log.head().size <= 1;  // its own first entry
  if (!new_log && !std::filesystem::exists(directory.sharing.database)) {
    throw data_trouble(directory, "The data directory is not whole",
                       "it lacks sharing.db, and its access log has entries",
                       "Restore all of it from one backup.");
  }
  return directory.sharing;
}

std::optional<audit::WitnessReply> ask(const WitnessMember& member, const std::string& body,
                                       const std::stop_token& stop) {
  return WitnessClient(member.url, member.ca_file.path).post(body, stop);
}

staff::WitnessesState state_of(const Witnesses& witnesses) {
  const Witnesses::State now = witnesses.state();
  staff::WitnessesState state{now.size, now.time, now.overdue, now.keeps, {}, {}};
  for (const Witnesses::Member& member : now.members) {
    state.members.push_back({member.name, member.cosigned_at, member.problem});
  }
  state.file_troubles = witnesses.file_troubles();
  return state;
}

std::unique_ptr<sharing::ClientAuthorities> authorities_of(const Config& config,
                                                           const core::Clock& clock,
                                                           const core::Log& report) {
  if (!config.client_authorities) return nullptr;
  return std::make_unique<sharing::ClientAuthorities>(*config.client_authorities, clock, report);
}

staff::ClientAuthoritiesState state_of(const sharing::ClientAuthorities& authorities) {
  staff::ClientAuthoritiesState state{{}, authorities.problems()};
  for (sharing::ClientAuthority& each : authorities.list()) {
    state.members.push_back({std::move(each.subject), each.key, each.not_after, each.lists_until});
  }
  return state;
}

/// `store` must outlive them.
core::ResourceNames names_in(const OrthancStore& store) {
  return {[&store](const std::string& id) { return store.patient_id(id); },
          [&store](const std::string& id) { return store.study_key(id); },
          [&store](const std::string& id) { return store.series_key(id); },
          [&store](const std::string& id) { return store.instance_key(id); }};
}

gateway::Options door_options(gateway::Options options, const SpoolDirectory& spool) {
  options.spool_directory = spool.path;
  return options;
}

/// What is in the quarantine is worked at also where nothing goes there any more.
ReturnsOptions returns_of(const Config& config) {
  return config.returns.value_or(ReturnsOptions{});
}

returns::Scanner scanner_of(const Config& config) {
  const auto scanner = returns_of(config).scanner;
  if (!scanner) return {};
  return [options = *scanner](core::ByteView stream, const core::Demand& demand) {
    return returns::ask_clamd(options, stream, demand);
  };
}

audit::Event service_event(audit::EventCode code) {
  audit::Event event;
  event.code = code;
  event.authentication = "none";
  return event;
}

audit::Event start_event(const Config& config) {
  audit::Event event = service_event(audit::EventCode::service_start);
  if (!config.institution.empty()) event.facts["institution"] = config.institution;
  if (config.gateway.tls && !config.gateway.tls->proxies.empty()) {
    std::string& proxies = event.facts["proxies"];
    for (const core::Network& network : config.gateway.tls->proxies) {
      proxies += (proxies.empty() ? "" : " ") + network.text();
    }
  }
  return event;
}

}  // namespace

Running::Running(const Config& config, const Sdk& sdk)
    : directory_(config.data_directory, config.audit_anchor_directory),
      clock_(core::system_clock()),
      report_([sdk](core::Severity severity, std::string_view text) { sdk.log(severity, text); }),
      log_(log_place(directory_, config, clock_), clock_, report_, audit::boot_time(),
           config.audit_reserve_bytes),
      keeping_(log_, directory_.log.database),
      sharing_(sharing::open_stores(sharing_place(directory_, log_, config))),
      access_(access::open_stores(directory_.access)),
      authorities_(authorities_of(config, clock_, report_)),
      cache_(directory_.cache, kLargestCacheBytes),
      verdicts_(cache_, config.pixel_policy, "sekisho " SEKISHO_VERSION),
      store_(sdk, find_storage_area(config, sdk), clock_,
             {.limit_bytes = config.memory.listings()}),
      memory_(config.memory.requests(), kMemoryPatience),
      denials_(log_, clock_),
      looks_(clock_),
      quarantine_(returns::open_quarantine(directory_.returns, returns_of(config).room)),
      inspector_(ports(config), *quarantine_, scanner_of(config), returns_of(config).inspector),
      dicomweb_(ports(config),
                {.row_bytes = config.memory.rows(),
                 .text_bytes = config.memory.texts(),
                 .head_bytes = config.memory.heads(),
                 .view_bytes = config.memory.views()},
                config.returns ? &inspector_ : nullptr),
      staff_({config.staff, store_, names_in(store_), *sharing_.recipients, *sharing_.shares,
              *sharing_.consents, access_, log_, denials_, keeping_, looks_, *quarantine_,
              directory_.log, clock_, [this] { return state(); },
              [this](const sharing::ShareId& share) { dicomweb_.forget_key(share); }, &verdicts_,
              authorities_.get(),
              [sdk](const core::StudySearch& search) { return search_studies(sdk, search); }}),
      correspondence_({access_, *sharing_.recipients, log_, denials_, clock_},
                      config.gateway.public_url, config.mail ? Writes::mail : Writes::nothing),
      expiries_({*sharing_.shares, *sharing_.recipients, log_, clock_}, directory_.log) {
  spool_ = prepare_spool(directory_, config.spool_directory);
  if (!spool_.trouble.empty()) report_(core::Severity::warning, spool_.trouble);
  log_.append(start_event(config));
  if (config.audit_repository) {
    repository_ = std::make_unique<audit::RepositoryFeed>(
        directory_.log, log_.origin(), *config.audit_repository,
        [this](const std::string& checkpoint) { log_.anchor(checkpoint); }, clock_, report_);
  }
  if (config.witnesses) {
    witnesses_ = std::make_unique<Witnesses>(
        *config.witnesses,
        Witnesses::Ports{log_, directory_.witnessed,
                         audit::WitnessTimes(directory_.log.witness_times), clock_, report_, ask});
  }
  if (config.openid) {
    provider_ = std::make_unique<openid::Provider>(
        *config.openid, openid::Provider::Ports{clock_, report_, outbound::ask});
    provider_rounds_ =
        std::make_unique<Rounds>(std::vector<Rounds::Duty>{[this](const core::Demand& demand) {
                                   provider_->refresh(demand);
                                 }},
                                 report_);
  }
  door_ = std::make_unique<Door>(door_options(config.gateway, spool_), door_ports());
  rounds_ = std::make_unique<Rounds>(
      std::vector<Rounds::Duty>{
          [this](const core::Demand&) { dicomweb_.close_finished_viewings(); },
          [this](const core::Demand& demand) { expiries_.record(demand); },
          [this](const core::Demand&) {
            access_.sessions->forget(clock_());
            access_.attempts->forget(clock_());
            access_.outbox->forget(clock_());
          },
          [this](const core::Demand& demand) { correspondence_.work(demand); },
          [this](const core::Demand&) {
            if (authorities_) authorities_->look();
          }},
      report_);
  return_rounds_ = std::make_unique<Rounds>(
      std::vector<Rounds::Duty>{[this](const core::Demand& demand) { inspector_.work(demand); }},
      report_);
  if (!config.mail) return;
  postman_ = std::make_unique<mail::Postman>(
      *config.mail, mail::Postman::Ports{*access_.outbox, clock_, report_, outbound::hand_in});
  mail_rounds_ = std::make_unique<Rounds>(
      std::vector<Rounds::Duty>{[this](const core::Demand& demand) { postman_->deliver(demand); }},
      report_);
}

gateway::Ports Running::door_ports() {
  gateway::Ports ports{dicomweb_, *sharing_.recipients, *sharing_.shares, log_,   denials_, access_,
                       hasher_,   *quarantine_,         clock_,           report_};
  ports.may_serve = [this] { return !witnesses_ || witnesses_->may_serve(); };
  ports.tell = [this](const access::PersonId& person, access::Notice notice) {
    correspondence_.note(person, notice);
  };
  ports.provider = provider_.get();
  ports.authorities = authorities_.get();
  return ports;
}

disclosure::Ports Running::ports(const Config& config) {
  return {store_, *sharing_.recipients, *sharing_.shares, log_, denials_, clock_, report_, memory_,
          looks_, config.pixel_policy,  &verdicts_};
}

void Running::close() {
  door_->close(kDrainTime);
  mail_rounds_.reset();
  return_rounds_.reset();
  provider_rounds_.reset();
  rounds_.reset();
  dicomweb_.close_viewings();
  log_.append(service_event(audit::EventCode::service_stop));
}

std::string Running::summary() const {
  const Door::State door = door_->state();
  std::string text = "Sekisho " SEKISHO_VERSION ": staff API at /sekisho/api, recipient door ";
  if (!door.open) {
    text += "shut";
  } else {
    text += "open";
    if (door.tls_port != 0) text += ", TLS port " + std::to_string(door.tls_port);
    if (door.plain_port != 0) text += ", plain port " + std::to_string(door.plain_port);
  }
  return text + "; access log " + log_.origin() + " with " + std::to_string(log_.head().size) +
         " entries.";
}

staff::SystemState Running::state() const {
  const Door::State door = door_->state();
  const audit::Head head = log_.head();
  staff::SystemState state;
  state.door = {door.open, door.tls_port, door.plain_port, door.connections, door.trouble};
  state.log = {
      log_.origin(), head.size,        head.root,           directory_.log.anchor.has_value(),
      log_.broken(), log_.condition(), log_.lacks_reserve()};
  state.spool_trouble = spool_.trouble;
  if (repository_) state.repository = repository_->state();
  if (witnesses_) state.witnesses = state_of(*witnesses_);
  if (postman_) state.mail = postman_->state();
  if (authorities_) state.authorities = state_of(*authorities_);
  state.returns = inspector_.state();
  if (provider_) state.provider = provider_->state();
  return state;
}

}  // namespace sekisho::plugin
