// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/config.h"

#include <json/reader.h>

#include <algorithm>
#include <array>
#include <memory>

#include "core/network.h"
#include "plugin/mail_settings.h"
#include "plugin/openid_settings.h"
#include "plugin/settings.h"
#include "plugin/staff_settings.h"
#include "plugin/web_origin.h"
#include "plugin/witness_settings.h"

namespace sekisho::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t kMaximumDays = 3650;
constexpr std::int64_t kMaximumPort = 65535;
constexpr std::size_t kSocketPathBytes = 107;  // sun_path, unix(7)
constexpr std::int64_t kSyslogTlsPort = 6514;  // RFC 5425 §4.1
constexpr std::int64_t kMaximumCheckpointMinutes = 24 * 60;
constexpr std::int64_t kMaximumHeaderBytes = 1 << 20;
constexpr std::int64_t kMaximumReturnMegabytes = 16 * 1024;
constexpr std::int64_t kLeastMemoryMegabytes = 64;
constexpr std::int64_t kMaximumMemoryMegabytes = 1024 * 1024;
constexpr std::int64_t kMaximumSpoolMegabytes = std::int64_t{16} << 20;
constexpr std::int64_t kMaximumReserveMegabytes = 16 * 1024;
constexpr std::size_t kLongestName_bytes = 256;  // as a fact of the access log

std::optional<Json::Value> parse_json(std::string_view text) {
  Json::CharReaderBuilder builder;
  Json::CharReaderBuilder::strictMode(&builder.settings_);
  builder["stackLimit"] = 100;
  const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
  Json::Value root;
  if (!reader->parse(text.data(), text.data() + text.size(), &root, nullptr)) return std::nullopt;
  return root;
}

void read_public_url(Settings& settings, Config& config) {
  constexpr const char* kMeaning =
      "the address that recipients use, such as \"https://share.hospital.example\"";
  settings.require("PublicUrl", kMeaning);
  const auto url = settings.text("PublicUrl");
  if (!url) return;
  const auto origin = WebOrigin::parse(*url);
  if (!origin) {
    settings.complain("PublicUrl",
                      "must be a scheme, a host and perhaps a port, without a path: "
                      "\"https://share.hospital.example\"");
    return;
  }
  if (!origin->is_private()) {
    settings.complain("PublicUrl", "must begin with https:// (http:// is for loopback only)");
    return;
  }
  config.gateway.public_url = *url;
  config.new_log_origin = std::string(origin->host) + "/sekisho";
}

/// As a browser writes it (URL Standard, "serialization of origins"): else it would never match.
bool is_as_written_by_browsers(const std::string& url, std::string_view scheme) {
  const auto has_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return std::ranges::none_of(url, has_upper) && !url.ends_with(scheme == "https" ? ":443" : ":80");
}

void read_allowed_origins(Settings& settings, Config& config) {
  for (const std::string& text : settings.texts("AllowedOrigins").value_or(Problems())) {
    const auto origin = WebOrigin::parse(text);
    if (!origin) {
      settings.complain("AllowedOrigins",
                        "must list origins such as \"https://viewer.clinic.example\", without a "
                        "path and one by one: \"" +
                            text + "\" is none");
    } else if (!origin->is_private()) {
      settings.complain("AllowedOrigins", "must hold https:// alone (http:// is for loopback): \"" +
                                              text + "\" is not that");
    } else if (!is_as_written_by_browsers(text, origin->scheme)) {
      settings.complain("AllowedOrigins",
                        "must be written as browsers do, in lower case and without the usual port: "
                        "\"" +
                            text + "\" would match nobody");
    } else {
      config.gateway.allowed_origins.push_back(text);
    }
  }
}

std::uint16_t read_port(Settings& settings) {
  settings.require("Port", "the TCP port to listen on (0: any free one)");
  return static_cast<std::uint16_t>(settings.number("Port", 0, kMaximumPort).value_or(0));
}

std::optional<core::IpAddress> read_address(Settings& settings) {
  settings.require("Address", "the IP address to listen on");
  const auto text = settings.text("Address");
  if (!text) return std::nullopt;
  auto address = core::IpAddress::parse(*text);
  if (!address) settings.complain("Address", "must be an IPv4 or IPv6 address");
  return address;
}

void read_client_certificates(Settings settings, Config& config) {
  settings.require("CaFile", "the PEM file of the authorities whose certificates clients may show");
  settings.require("CrlPath",
                   "the file or directory of their revocation lists: none is taken without");
  config.client_authorities = {settings.file("CaFile"), settings.file("CrlPath")};
  settings.refuse_the_rest();
}

void read_tls_listener(Settings settings, Config& config) {
  gateway::TlsListener listener;
  listener.setting = settings.name();
  if (const auto address = read_address(settings)) listener.address = address->text();
  listener.port = read_port(settings);
  settings.require("Certificate", "the PEM file of the gateway's certificate chain");
  settings.require("PrivateKey", "the PEM file of the certificate's private key");
  listener.certificate_chain = settings.file("Certificate");
  listener.private_key = settings.file("PrivateKey");
  listener.proxies = read_believed_peers(settings, "ProxyPeers");
  if (auto certificates = settings.object("ClientCertificates")) {
    read_client_certificates(*certificates, config);
  }
  settings.refuse_the_rest();
  config.gateway.tls = std::move(listener);
}

void read_plain_listener(Settings settings, Config& config) {
  gateway::PlainListener listener;
  listener.setting = settings.name();
  listener.unix_socket = settings.file("UnixSocket");
  if (const auto& socket = listener.unix_socket.path.native(); !socket.empty()) {
    if (socket.size() > kSocketPathBytes) {
      settings.complain("UnixSocket", "is longer than the 107 bytes that a socket's path may have");
    }
    for (const char* other : {"Address", "Port"}) {
      if (settings.has(other)) settings.complain(other, "does not go with \"UnixSocket\"");
    }
  }
  if (!settings.has("UnixSocket")) {
    const auto address = read_address(settings);
    if (address && !is_loopback(*address)) {
      settings.complain("Address",
                        "must be a loopback address: without TLS nothing may leave the machine");
    }
    if (address) listener.address = address->text();
    listener.port = read_port(settings);
  } else {
    settings.text("Address");
    settings.number("Port", 0, kMaximumPort);
  }
  settings.refuse_the_rest();
  config.gateway.plain = std::move(listener);
}

void read_listeners(Settings& settings, Config& config) {
  if (auto tls = settings.object("Gateway")) read_tls_listener(*tls, config);
  if (auto plain = settings.object("PlainListener")) read_plain_listener(*plain, config);
  if (!settings.has("Gateway") && !settings.has("PlainListener")) {
    settings.complain("Gateway", "is missing: give it, or \"PlainListener\" behind a TLS proxy");
  }
}

struct DurationLimit {
  const char* key;
  std::int64_t most_seconds;
  milliseconds http::Limits::* member;
};
constexpr DurationLimit kDurations[] = {
    {"HandshakeSeconds", 60, &http::Limits::handshake},
    {"HeaderSeconds", 60, &http::Limits::header},
    {"IdleSeconds", 600, &http::Limits::idle},
    {"StalledReadSeconds", 600, &http::Limits::stalled_read},
    {"StalledWriteSeconds", 600, &http::Limits::stalled_write},
};

struct CountLimit {
  const char* key;
  std::int64_t most;
  int http::Limits::* member;
};
constexpr CountLimit kCounts[] = {
    {"Connections", 65536, &http::Limits::connections},
    {"ConnectionsPerAddress", 65536, &http::Limits::connections_per_address},
    {"Workers", 256, &http::Limits::workers},
};

std::optional<std::uint64_t> read_megabytes(Settings& settings, const char* key, std::int64_t least,
                                            std::int64_t most) {
  const auto megabytes = settings.number(key, least, most);
  if (!megabytes) return std::nullopt;
  return static_cast<std::uint64_t>(*megabytes) << 20;
}

/// Whatever one body may have must have its place: who allows large ones need not say so twice.
void read_spool_limits(Settings& settings, http::Limits& limits) {
  const auto own =
      read_megabytes(settings, "SpoolMegabytesPerRecipient", 1, kMaximumSpoolMegabytes);
  limits.spool_bytes_per_recipient =
      own.value_or(std::max(limits.spool_bytes_per_recipient, limits.body_bytes));
  if (limits.spool_bytes_per_recipient < limits.body_bytes) {
    settings.complain("SpoolMegabytesPerRecipient", "is less than \"ReturnMegabytes\"");
  }
  const auto all = read_megabytes(settings, "SpoolMegabytes", 1, kMaximumSpoolMegabytes);
  limits.spool_bytes = all.value_or(std::max(limits.spool_bytes, limits.spool_bytes_per_recipient));
  if (limits.spool_bytes < limits.spool_bytes_per_recipient) {
    settings.complain("SpoolMegabytes", "is less than \"SpoolMegabytesPerRecipient\"");
  }
  if (const auto free = read_megabytes(settings, "SpoolFreeMegabytes", 0, kMaximumSpoolMegabytes)) {
    limits.spool_bytes_left_free = *free;
  }
}

void read_limits(Settings settings, http::Limits& limits) {
  for (const DurationLimit& limit : kDurations) {
    if (const auto value = settings.number(limit.key, 1, limit.most_seconds)) {
      limits.*limit.member = seconds(*value);
    }
  }
  for (const CountLimit& limit : kCounts) {
    if (const auto value = settings.number(limit.key, 1, limit.most)) {
      limits.*limit.member = static_cast<int>(*value);
    }
  }
  // RFC 9110 §2.3 recommends room for 8000 octets of request line alone.
  if (const auto bytes = settings.number("HeaderBytes", 8192, kMaximumHeaderBytes)) {
    limits.header_bytes = static_cast<std::size_t>(*bytes);
  }
  limits.body_bytes = read_megabytes(settings, "ReturnMegabytes", 1, kMaximumReturnMegabytes)
                          .value_or(limits.body_bytes);
  read_spool_limits(settings, limits);
  settings.refuse_the_rest();
}

void read_expiry(Settings& settings, Config& config) {
  using std::chrono::days;
  if (const auto most = settings.number("MaximumExpiryDays", 1, kMaximumDays)) {
    config.staff.maximum_expiry = days(*most);
  }
  const auto usual = settings.number("DefaultExpiryDays", 1, kMaximumDays);
  config.staff.default_expiry =
      usual ? days(*usual) : std::min(days(90), config.staff.maximum_expiry);
  if (config.staff.default_expiry > config.staff.maximum_expiry) {
    settings.complain("DefaultExpiryDays", "is more than \"MaximumExpiryDays\"");
  }
}

void read_sharing(Settings settings, Config& config) {
  constexpr std::int64_t kMaximumUndoSeconds = 86'400;
  config.staff.requires_approval = settings.flag("RequireApproval").value_or(false);
  if (const auto window = settings.number("UndoWindowSeconds", 0, kMaximumUndoSeconds)) {
    config.staff.undo_window = std::chrono::seconds(*window);
  }
  if (settings.flag("RequireConsent").value_or(false)) {
    config.staff.consents = sharing::ConsentRule::required;
  }
  settings.refuse_the_rest();
}

void read_profiles(Settings& settings, Config& config) {
  const auto json = settings.json("Profiles");
  if (!json) return;
  auto catalogue = anonymization::ProfileCatalogue::read(*json);
  if (const auto* problems = std::get_if<std::vector<std::string>>(&catalogue)) {
    for (const std::string& problem : *problems) settings.complain_text(problem);
  } else {
    config.staff.profiles = std::get<anonymization::ProfileCatalogue>(std::move(catalogue));
  }
}

void read_default_profile(Settings& settings, Config& config) {
  const auto name = settings.text("DefaultProfile");
  if (!name) return;
  if (!config.staff.profiles.has(*name)) {
    settings.complain("DefaultProfile", "is not the name of a mask profile");
  } else if (*name == "none") {
    settings.complain("DefaultProfile",
                      "must not be \"none\": whoever shares unmasked data says so for each share");
  } else {
    config.staff.default_profile = *name;
  }
}

void read_audit_origin(Settings& settings, Config& config) {
  const auto origin = settings.text("AuditOrigin");
  if (!origin) return;
  // The name of a note's key: no plus sign, no space (C2SP signed-note v1.0.0).
  const bool good = !origin->empty() && origin->size() <= 255 &&
                    std::ranges::all_of(*origin, [](char c) { return c > ' ' && c <= '~'; }) &&
                    origin->find('+') == std::string::npos;
  if (!good) {
    settings.complain("AuditOrigin",
                      "must be a name without spaces and plus signs, such as "
                      "\"share.hospital.example/sekisho\"");
    return;
  }
  config.new_log_origin = *origin;
  config.pinned_log_origin = *origin;
}

/// Beside the log it would be put back with it.
void read_audit_anchor(Settings& settings, Config& config) {
  config.audit_anchor_directory = settings.path("AuditAnchorDirectory");
  if (!config.audit_anchor_directory) return;
  const std::filesystem::path inside =
      config.audit_anchor_directory->lexically_relative(config.data_directory);
  if (!inside.empty() && *inside.begin() != "..") {
    settings.complain("AuditAnchorDirectory",
                      "must be another directory than \"DataDirectory\", outside its backup");
  }
}

/// What strangers send and what must not fail are kept apart.
void read_spool_directory(Settings& settings, Config& config) {
  config.spool_directory = settings.path("SpoolDirectory");
  if (config.spool_directory && *config.spool_directory == config.data_directory) {
    settings.complain("SpoolDirectory", "must be another directory than \"DataDirectory\"");
  }
}

void read_identifiers(Settings& settings, audit::RepositoryOptions& repository) {
  settings.require("Identifiers",
                   "\"opened\" (patients, studies and recipients in clear) or "
                   "\"hashed\"");
  const auto text = settings.text("Identifiers");
  if (!text) return;
  if (*text == "opened") {
    repository.identifiers = audit::Identifiers::opened;
  } else if (*text != "hashed") {
    settings.complain("Identifiers", R"(must be "opened" or "hashed")");
  }
}

void read_audit_repository(Settings settings, Config& config) {
  audit::RepositoryOptions repository;
  settings.require("Host", "the name or address of a syslog server that its certificate bears");
  settings.require("CaFile", "the PEM file of the authorities that issue that certificate");
  settings.require("CertificateFile", "the PEM file of the client certificate's chain");
  settings.require("KeyFile", "the PEM file of the client certificate's private key");
  repository.address.host = settings.text("Host").value_or("");
  if (settings.has("Host") && !is_host(repository.address.host)) {
    settings.complain("Host", "must be a DNS name or an IP address");
  }
  repository.address.port =
      static_cast<std::uint16_t>(settings.number("Port", 1, kMaximumPort).value_or(kSyslogTlsPort));
  repository.address.authorities = settings.file("CaFile");
  repository.address.certificate = settings.file("CertificateFile");
  repository.address.private_key = settings.file("KeyFile");
  repository.enterprise_site = settings.text("EnterpriseSite").value_or("");
  if (const auto minutes = settings.number("CheckpointMinutes", 1, kMaximumCheckpointMinutes)) {
    repository.checkpoint_every = std::chrono::minutes(*minutes);
  }
  read_identifiers(settings, repository);
  settings.refuse_the_rest();
  config.audit_repository = std::move(repository);
}

void read_memory(Settings& settings, Config& config) {
  const auto megabytes =
      settings.number("MemoryMegabytes", kLeastMemoryMegabytes, kMaximumMemoryMegabytes);
  if (megabytes) config.memory = {static_cast<std::uint64_t>(*megabytes) << 20};
}

void read_storage(Settings& settings, Config& config) {
  const auto mode = settings.text("StorageFastPath");
  if (!mode || *mode == "auto") return;
  if (*mode == "off") {
    config.storage_fast_path = StorageFastPath::off;
  } else {
    settings.complain("StorageFastPath", R"(must be "auto" or "off")");
  }
}

void read_pixel_policy(Settings& settings, Config& config) {
  const auto json = settings.json("PixelPolicy");
  if (!json) return;
  auto policy = anonymization::parse_pixel_policy(*json);
  if (auto* problems = std::get_if<std::vector<std::string>>(&policy)) {
    for (const std::string& problem : *problems) settings.complain_text(problem);
  } else {
    config.pixel_policy = std::get<anonymization::PixelPolicy>(std::move(policy));
  }
}

std::string read_name(Settings& settings, const char* key) {
  const auto name = settings.text(key);
  if (name && (name->empty() || name->size() > kLongestName_bytes)) {
    settings.complain(key, "must be a name or a line of at most 256 bytes");
    return {};
  }
  return name.value_or("");
}

void read_institution(Settings& settings, Config& config) {
  config.institution = read_name(settings, "Institution");
  config.gateway.plate = {config.institution, read_name(settings, "Contact")};
  config.staff.institution = config.institution;
  config.staff.contact = config.gateway.plate.contact;
}

/// A provider that is slow must leave workers to those who have nothing to do with it.
void read_provider(Settings& settings, const Settings& openid, Config& config) {
  config.openid = read_openid(openid, config.gateway.public_url);
  if (config.gateway.limits.workers < 2 * openid::Provider::kMostAtOnce) {
    settings.complain("OpenId", "needs \"Limits.Workers\" of at least 4");
  }
}

void read_sekisho(Settings& settings, Config& config) {
  config.enabled = settings.flag("Enabled").value_or(true);
  settings.require("DataDirectory", "the directory for the plugin's own databases and keys");
  config.data_directory = settings.path("DataDirectory").value_or("");
  read_institution(settings, config);
  read_public_url(settings, config);
  read_allowed_origins(settings, config);
  read_listeners(settings, config);
  if (auto limits = settings.object("Limits")) read_limits(*limits, config.gateway.limits);
  read_expiry(settings, config);
  if (auto sharing = settings.object("Sharing")) read_sharing(*sharing, config);
  if (auto staff = settings.object("Staff")) config.staff.callers = read_staff(*staff);
  read_profiles(settings, config);
  read_default_profile(settings, config);
  read_audit_origin(settings, config);
  read_audit_anchor(settings, config);
  read_spool_directory(settings, config);
  config.audit_reserve_bytes =
      read_megabytes(settings, "AuditReserveMegabytes", 0, kMaximumReserveMegabytes)
          .value_or(config.audit_reserve_bytes);
  if (auto repository = settings.object("AuditRepository")) {
    read_audit_repository(*repository, config);
  }
  if (auto witnesses = settings.object("Witnesses")) config.witnesses = read_witnesses(*witnesses);
  if (auto mail = settings.object("Mail")) config.mail = read_mail(*mail);
  if (auto openid = settings.object("OpenId")) read_provider(settings, *openid, config);
  if (auto returns = settings.object("Returns")) config.returns = read_returns(*returns);
  read_memory(settings, config);
  read_storage(settings, config);
  read_pixel_policy(settings, config);
  settings.refuse_the_rest();
}

/// What the staff API needs to know besides its own settings.
void complete(staff::Options& staff, const Config& config) {
  staff.public_url = config.gateway.public_url;
  staff.pixel_policy = config.pixel_policy;
  if (config.openid) staff.identity_issuer = config.openid->issuer;
  if (!config.witnesses) return;
  staff::AgeWitnesses& witnesses = staff.witnesses.emplace();
  for (const WitnessMember& member : config.witnesses->members) {
    witnesses.keys.push_back(member.key);
  }
  witnesses.quorum = config.witnesses->quorum;
}

/// Orthanc checks its own settings: here a strange value only counts as its default.
OrthancSettings read_orthanc(const Json::Value& root) {
  const auto flag = [&](const char* key, bool otherwise) {
    return root[key].isBool() ? root[key].asBool() : otherwise;
  };
  OrthancSettings settings;
  if (root["StorageDirectory"].isString()) {
    settings.storage_directory = root["StorageDirectory"].asString();
  }
  settings.storage_compression = flag("StorageCompression", false);
  settings.authenticates_users = flag("AuthenticationEnabled", flag("RemoteAccessAllowed", false));
  return settings;
}

}  // namespace

std::variant<Config, std::vector<std::string>> parse_config(std::string_view orthanc_json) {
  const std::optional<Json::Value> root = parse_json(orthanc_json);
  if (!root || !root->isObject()) {
    return Problems{"Orthanc's configuration cannot be read as a JSON object."};
  }
  Config off;
  off.enabled = false;
  // The package puts the plugin where Orthanc looks: the next restart must not stop at what nobody
  // has had the time to write.
  if (!root->isMember("Sekisho")) return off;
  const Json::Value& section = (*root)["Sekisho"];
  if (!section.isObject()) return Problems{"\"Sekisho\" must be an object."};
  if (section["Enabled"].isBool() && !section["Enabled"].asBool()) return off;
  Problems problems;
  Config config;
  Settings settings(section, "Sekisho", problems);
  read_sekisho(settings, config);
  if (!problems.empty()) return problems;
  if (config.mail) config.mail->sender.name = config.institution;
  complete(config.staff, config);
  config.orthanc = read_orthanc(*root);
  return config;
}

}  // namespace sekisho::plugin
