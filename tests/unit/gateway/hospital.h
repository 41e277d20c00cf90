// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <json/json.h>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "anonymization/profiles/profile.h"
#include "audit/audit_log.h"
#include "audit/initialise.h"
#include "core/database.h"
#include "gateway/gateway.h"
#include "returns/open_quarantine.h"
#include "sharing/sqlite/sqlite_recipient_store.h"
#include "sharing/sqlite/sqlite_share_store.h"
#include "support/access_house.h"
#include "support/dicom_builder.h"
#include "support/fake_machine.h"
#include "support/identity_provider.h"
#include "support/memory_dicom_store.h"
#include "support/sharing_builders.h"
#include "support/temporary_directory.h"
#include "unit/http/client.h"

namespace sekisho::tests {

inline constexpr std::string_view kPublicUrl = "https://share.hospital.example";

/// An archive in memory, shares and access log on disk, and an open gateway in clear and over TLS.
/// Its clock runs from 10 February 2026.
class Hospital {
 public:
  Hospital() {
    provider_.refresh(core::Demand());
    open();
  }

  void open() { gateway_->open(); }
  gateway::Gateway& gateway() { return *gateway_; }
  sharing::RecipientStore& recipients() { return recipients_; }
  sharing::ShareStore& shares() { return shares_; }
  access::Stores& access() { return access_; }
  core::Time time() const { return clock_(); }
  /// The one that the door believes; it has said what it is.
  IdentityProvider& identity_provider() { return identity_provider_; }
  using Told = std::vector<std::pair<access::PersonId, access::Notice>>;
  /// Whom the door wants to be told what.
  const Told& told() const { return told_; }

  /// A clinic that may come from `networks`.
  sharing::Recipient clinic(std::string_view networks = "127.0.0.0/8") {
    sharing::Recipient clinic = a_recipient();
    clinic.networks = {network(networks)};
    recipients_.insert(clinic);
    return clinic;
  }
  std::string token(const sharing::Recipient& of, const sharing::TokenScope& scope = {}) {
    sharing::Token token{sharing::TokenId::random(), of.id, "viewer", now_,
                         now_ + std::chrono::days(20)};
    token.scope = scope;
    return recipients_.add_token(token, std::nullopt)->text;
  }
  /// Study 1.2.3 of P1, unmasked; its archive has one instance of `pixel_bytes`.
  struct Shared {
    sharing::Share share;
    std::string link;
  };
  Shared share(const sharing::Recipient& with, std::size_t pixel_bytes = 32) {
    const auto key = instance_key("P1", "1.2.3", "1.2.3.4", "1.2.3.4.5");
    archive_.put(key, an_image(key, pixel_bytes));
    sharing::Share share = a_share(with.id);
    share.assurance = sharing::Assurance::link;
    share.profile_json =
        std::get<anonymization::Profile>(anonymization::resolve_profile(R"("none")")).to_json();
    const auto link = sharing::new_bearer(sharing::BearerKind::link);
    share.link_hash = link.hash;
    shares_.insert(share);
    return {share, link.text};
  }
  /// One more instance in the archive.
  void put(const core::InstanceKey& key) { archive_.put(key, an_image(key, 32)); }
  void enrol(const sharing::Recipient& recipient, const Credential& credential) {
    sharing::Certificate certificate;
    certificate.id = sharing::CertificateId::random();
    certificate.recipient = recipient.id;
    certificate.sha256 = credential.fingerprint();
    certificate.subject = "CN=clinic";
    certificate.not_after = now_ + std::chrono::days(20);
    certificate.created_at = now_;
    recipients_.add_certificate(certificate);
  }
  /// As when they have been quiet for a while: their outcomes go on record.
  void end_viewings() { service_.close_viewings(); }
  void revoke(const sharing::Share& share) { shares_.revoke(share.id, "mistake", now_); }

  /// One request on a connection of its own.
  Answer get(const std::string& target, const std::string& bearer = "",
             const std::string& more = "") {
    Client client(gateway_->plain_port());
    client.request("GET " + target + " HTTP/1.1", with_bearer(bearer) + more);
    return client.answer();
  }
  /// One request as a page of ours sends it: JSON, and the cookie that the browser has.
  Answer from_page(const std::string& line, const std::string& cookie = "",
                   const std::string& form = "") {
    Client client(gateway_->plain_port());
    std::string headers = "Sekisho-Page: 1\r\nSec-Fetch-Site: same-origin\r\n";
    if (!cookie.empty()) headers += "Cookie: __Host-sekisho=" + cookie + "\r\n";
    if (!form.empty()) headers += "Content-Length: " + std::to_string(form.size()) + "\r\n";
    client.request(line + " HTTP/1.1", headers);
    if (!form.empty()) client.send(form);
    return client.answer();
  }
  static std::string with_bearer(const std::string& bearer) {
    return bearer.empty() ? "" : "Authorization: Bearer " + bearer + "\r\n";
  }

  /// Entries of the access log after the first.
  std::vector<Json::Value> entries(std::string_view event) {
    log_->flush();
    auto database = core::db::open_read_only(place_.database);
    core::db::Statement select(
        database, "SELECT json_patch(entry, aside) FROM audit_entry WHERE seq > 0 ORDER BY seq");
    std::vector<Json::Value> found;
    while (select.executeStep()) {
      Json::Value entry;
      std::istringstream(select.getColumn(0).getString()) >> entry;
      if (entry["event"].asString() == event) found.push_back(entry);
    }
    return found;
  }
  void break_log() {
    core::db::Database database(place_.database.string(), SQLite::OPEN_READWRITE);
    database.exec(
        "CREATE TRIGGER disk_full BEFORE INSERT ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  }
  const TemporaryDirectory& directory() const { return directory_; }
  gateway::Options options() const {
    gateway::Options options;
    options.public_url = kPublicUrl;
    options.tls = gateway::TlsListener{"127.0.0.1",
                                       0,
                                       "Gateway",
                                       {directory_.path() / "chain.pem", "Certificate"},
                                       {directory_.path() / "key.pem", "PrivateKey"}};
    options.plain = gateway::PlainListener{"127.0.0.1", 0, "PlainListener", {}};
    return options;
  }
  gateway::Ports ports() {
    gateway::Ports ports{service_,
                         recipients_,
                         shares_,
                         *log_,
                         denials_,
                         access_,
                         hasher_,
                         *quarantine_,
                         clock_,
                         [](core::Severity, std::string_view) {},
                         {},
                         [this](const access::PersonId& person, access::Notice notice) {
                           told_.emplace_back(person, notice);
                         }};
    ports.provider = &provider_;
    return ports;
  }

 private:
  Told told_;

  static Bytes an_image(const core::InstanceKey& key, std::size_t pixel_bytes) {
    constexpr std::string_view kCtImage = "1.2.840.10008.5.1.4.1.1.2";
    return DatasetBuilder()
        .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
        .text(Tag{0x0008, 0x0018}, Vr::UI, key.instance.text())
        .text(Tag{0x0010, 0x0010}, Vr::PN, "Yamada^Tarou")
        .text(Tag{0x0010, 0x0020}, Vr::LO, key.series.study.patient_id)
        .text(Tag{0x0020, 0x000D}, Vr::UI, key.series.study.study.text())
        .text(Tag{0x0020, 0x000E}, Vr::UI, key.series.series.text())
        .us(Tag{0x0028, 0x0002}, 1)
        .text(Tag{0x0028, 0x0004}, Vr::CS, "MONOCHROME2")
        .text(Tag{0x0028, 0x0008}, Vr::IS, std::to_string(pixel_bytes))
        .us(Tag{0x0028, 0x0010}, 1)
        .us(Tag{0x0028, 0x0011}, 1)
        .us(Tag{0x0028, 0x0100}, 8)
        .us(Tag{0x0028, 0x0101}, 8)
        .us(Tag{0x0028, 0x0102}, 7)
        .us(Tag{0x0028, 0x0103}, 0)
        .bytes(Tag{0x7FE0, 0x0010}, Vr::OW, Bytes(pixel_bytes, 0x2A))
        .part10(kCtImage, key.instance.text());
  }
  static openid::Options provider_options() {
    openid::Options options;
    options.issuer = "https://id.example";
    options.name = "Northern Medical ID";
    options.client_id = "sekisho";
    options.redirect_uri = "https://share.hospital.example/api/session/openid/return";
    options.two_factor_acrs = {"urn:two"};
    options.two_factor_amrs = {"mfa"};
    return options;
  }
  audit::AuditPlace make_log() const {
    const auto place = audit::AuditPlace::in(directory_.path());
    const auto stopped = [] { return at("2026-02-10T00:00:00Z"); };
    audit::initialise(place, "hospital.example/log", stopped, uptime_of(stopped));
    return place;
  }
  /// Good at the hospital's time and whenever the test runs.
  core::Time make_certificate() const {
    constexpr std::chrono::hours kTenYears(24 * 3652);
    const Credential server = make_credential({.not_before = -kTenYears, .not_after = kTenYears});
    write_file(directory_, "chain.pem", server.certificate_pem());
    write_file(directory_, "key.pem", server.key_pem());
    return at("2026-02-10T00:00:00Z");
  }

  TemporaryDirectory directory_;
  audit::AuditPlace place_ = make_log();
  const core::Time now_ = make_certificate();
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  const core::Clock clock_ = [this] {
    return now_ + std::chrono::duration_cast<std::chrono::microseconds>(
                      std::chrono::steady_clock::now() - began_);
  };
  sharing::SqliteRecipientStore recipients_{sharing::SharingPlace::in(directory_.path())};
  sharing::SqliteShareStore shares_{sharing::SharingPlace::in(directory_.path())};
  access::Stores access_ = access::open_stores(access::AccessPlace::in(directory_.path()));
  access::PasswordHasher hasher_{quick_hashing()};
  std::unique_ptr<returns::Quarantine> quarantine_ =
      returns::open_quarantine(returns::ReturnsPlace::in(directory_.path()), {});
  MemoryDicomStore archive_;
  core::MemoryBudget memory_{512U << 20U, std::chrono::seconds(5)};
  std::unique_ptr<audit::AuditLog> log_ = std::make_unique<audit::AuditLog>(
      place_, clock_, core::Log([](auto, auto) {}), uptime_of(clock_));
  disclosure::Denials denials_{*log_, clock_};
  disclosure::Looks looks_{clock_};
  dicomweb::Service service_{
      disclosure::Ports{archive_, recipients_, shares_, *log_, denials_, clock_,
                        [](core::Severity, std::string_view) {}, memory_, looks_},
      dicomweb::Limits{}};
  IdentityProvider identity_provider_{clock_};
  openid::Provider provider_{
      provider_options(),
      {clock_, [](core::Severity, std::string_view) {}, identity_provider_.asked()}};
  std::unique_ptr<gateway::Gateway> gateway_ =
      std::make_unique<gateway::Gateway>(options(), ports());
};

}  // namespace sekisho::tests
