// SPDX-License-Identifier: GPL-3.0-or-later
/// Every route of the door × every credential in every state × every state of a share × its
/// permissions: answered exactly where door_specification.h says, refused with one answer
/// otherwise, and with the true reason in the log. What is stored is nothing, which is 400.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "access/secret_text.h"
#include "dicomweb/routes.h"
#include "http/target.h"
#include "unit/gateway/door_specification.h"
#include "unit/gateway/hospital.h"

namespace sekisho::gateway {
namespace {

using namespace tests;

/// What a client sends with its request, and over which certificate.
struct Shown {
  std::string headers;
  const Credential* certificate = nullptr;
};

/// A share of a row, and what its link is.
struct Made {
  sharing::Share share;
  std::string link;
};

Credential client_certificate(const std::string& name) {
  return make_credential({.common_name = name, .alternative_names = ""});
}

class DoorMatrix : public testing::Test {
 protected:
  DoorMatrix() {
    hospital.share(clinic);  // which puts the study into the archive
    hospital.recipients().disable(disabled.id, hospital.time());
    enrol(clinic, certificate, std::chrono::days(20));
    enrol(clinic, old_certificate, std::chrono::days(-1));
    enrol(other, certificate_of_others, std::chrono::days(20));
    show_tokens();
    show_sessions();
    shown_["nothing"] = {};
    shown_["a certificate"] = {"", &certificate};
    shown_["a certificate that nobody enrolled"] = {"", &unknown_certificate};
    shown_["a certificate that has expired"] = {"", &old_certificate};
  }

  void enrol(const sharing::Recipient& recipient, const Credential& credential,
             std::chrono::days valid) {
    sharing::Certificate made;
    made.id = sharing::CertificateId::random();
    made.recipient = recipient.id;
    made.sha256 = credential.fingerprint();
    made.subject = "CN=somebody";
    made.not_after = hospital.time() + valid;
    made.created_at = hospital.time();
    hospital.recipients().add_certificate(made);
  }
  static std::string bearer(const std::string& text) { return Hospital::with_bearer(text); }
  void show_tokens() {
    const auto token = [&](const sharing::Recipient& of, std::chrono::days valid) {
      return *hospital.recipients().add_token(of.id, "viewer", hospital.time() + valid,
                                              hospital.time());
    };
    constexpr std::chrono::days kLong(20);
    const auto revoked = token(clinic, kLong);
    hospital.recipients().revoke_token(revoked.token.id, hospital.time());
    const std::string good = bearer(token(clinic, kLong).text);
    shown_["a made-up token"] = {bearer("skt_" + std::string(43, 'A'))};
    shown_["a token"] = {good};
    shown_["a token that has expired"] = {bearer(token(clinic, std::chrono::days(-1)).text)};
    shown_["a token that was revoked"] = {bearer(revoked.text)};
    shown_["a token from another network"] = {bearer(token(far_away, kLong).text)};
    shown_["a token of a disabled recipient"] = {bearer(token(disabled, kLong).text)};
    shown_["a token of another recipient"] = {bearer(token(other, kLong).text)};
    for (const CredentialRow& row : kCredentials) {
      if (row.may != kAnything) shown_[row.name] = {bearer(hospital.token(clinic, {row.may}))};
    }
    const std::string for_another =
        bearer(hospital.token(clinic, {kAnything, std::vector{sharing::ShareId::random()}}));
    shown_["a token for another share"] = {for_another};
    shown_["a token for another share beside a certificate"] = {for_another, &certificate};
    shown_["a token beside a certificate"] = {good, &certificate};
    shown_["a token beside a certificate of others"] = {good, &certificate_of_others};
  }

  access::Session session_of(const sharing::Recipient& recipient, access::Level level) {
    access::Person person = a_person("person-" + std::to_string(++people_));
    person.recipient = recipient.id.text();
    hospital.access().people->insert(person);
    access::Session session = a_session(person, hospital.time());
    session.level = level;
    session.recipient = recipient.id.text();
    return session;
  }
  /// Begins it; what a page of ours sends with its cookie.
  std::string cookie_of(const access::Session& session) {
    const auto secret = access::new_secret(access::SecretKind::session);
    EXPECT_TRUE(hospital.access().sessions->begin(session, secret.hash));
    return cookie(secret.text);
  }
  static std::string cookie(const std::string& text, const std::string& site = "same-origin") {
    return "Sekisho-Page: 1\r\nSec-Fetch-Site: " + site + "\r\nCookie: __Host-sekisho=" + text +
           "\r\n";
  }
  void show_sessions() {
    const auto by_password = [&] { return session_of(clinic, access::Level::password); };
    auto ended = by_password();
    auto idle = by_password();
    auto old = by_password();
    auto of_ipv6 = by_password();
    idle.begun_at = idle.used_at = hospital.time() - access::kIdleLimit;
    old.begun_at = hospital.time() - access::kAbsoluteLimit;
    of_ipv6.family = access::AddressFamily::ipv6;
    const auto good_session = by_password();
    sato_ = good_session.person->text();
    const std::string good = cookie_of(good_session);
    shown_["a made-up cookie"] = {cookie("sks_" + std::string(43, 'A'))};
    shown_["a session by password"] = {good};
    shown_["a session by two factors"] = {
        cookie_of(session_of(clinic, access::Level::password_totp))};
    auto by_provider = by_password();
    by_provider.began_by = access::BeganBy::provider;
    shown_["a session by an identity provider"] = {cookie_of(by_provider)};
    access::Person careful = a_person("careful");
    careful.recipient = clinic.id.text();
    hospital.access().people->insert(careful);
    hospital.access().passkeys->insert(a_passkey(careful, 1));
    auto without_it = a_session(careful, hospital.time());
    shown_["a session by password of who has a passkey"] = {cookie_of(without_it)};
    shown_["a session that was ended"] = {cookie_of(ended)};
    hospital.access().sessions->end(ended.id);
    shown_["a session that was idle too long"] = {cookie_of(idle)};
    shown_["a session that is eight hours old"] = {cookie_of(old)};
    shown_["a session of the other address family"] = {cookie_of(of_ipv6)};
    shown_["a session from another network"] = {
        cookie_of(session_of(far_away, access::Level::password))};
    const auto secret = access::new_secret(access::SecretKind::session);
    EXPECT_TRUE(hospital.access().sessions->begin(by_password(), secret.hash));
    shown_["a session that another page sends"] = {cookie(secret.text, "cross-site")};
    shown_["a session beside a made-up token"] = {good + bearer("skt_" + std::string(43, 'A'))};
    shown_["a session beside a certificate of others"] = {good, &certificate_of_others};
    shown_["a session beside a certificate"] = {good, &certificate};
  }
  /// A link's credentials, and tokens for one share, open the share that it is of.
  void show_link_of(const Made& made) {
    access::Session session;
    session.id = access::SessionId::random();
    session.recipient = clinic.id.text();
    session.share = made.share.id.text();
    session.source = "127.0.0.1";
    session.begun_at = session.used_at = hospital.time();
    shown_["a session by link"] = {cookie_of(session)};
    shown_["a link as a token"] = {bearer(made.link)};
    for (const CredentialRow& row : kCredentials) {
      if (row.opens != Opens::linked) continue;
      shown_[row.name] = {bearer(hospital.token(clinic, {row.may, std::vector{made.share.id}}))};
    }
  }

  Made make(const ShareRow& row, const sharing::Permissions& permissions) {
    Made made{a_share(row.owner == Owner::clinic ? clinic.id : other.id), ""};
    sharing::Share& share = made.share;
    share.permissions = permissions;
    share.assurance = row.demanded;
    share.profile_json =
        std::get<anonymization::Profile>(anonymization::resolve_profile(R"("none")")).to_json();
    const auto link = sharing::new_bearer(sharing::BearerKind::link);
    share.link_hash = link.hash;
    made.link = link.text;
    if (row.denial == "not_yet_valid") share.not_before = hospital.time() + std::chrono::hours(1);
    if (row.denial == "expired_share") share.expires_at = hospital.time();
    if (row.denial == "used_up_share") share.max_sessions = 1;
    share.needs_approval = row.denial == "unapproved_share";
    if (!row.person.empty()) {
      share.person = row.person == "sato" ? sato_ : access::PersonId::random().text();
    }
    if (row.denial == "unknown_share") return made;
    hospital.shares().insert(share);
    if (row.denial == "revoked_share") hospital.revoke(share);
    if (row.denial == "used_up_share") {
      const auto first = session_of(clinic, access::Level::password);
      cookie_of(first);
      EXPECT_TRUE(hospital.access().sessions->enter(first.id, share.id.text(), 1));
    }
    return made;
  }

  Answer ask(http::Method method, const std::string& path, const Shown& shown) {
    hospital.ports().denials.record_all_repeated();  // so that each refusal is on record by itself
    Gateway& gateway = hospital.gateway();
    Client client(shown.certificate ? gateway.tls_port() : gateway.plain_port());
    if (shown.certificate) {
      EXPECT_TRUE(client.start_tls({.certificate = shown.certificate}));
    }
    const char* verb = method == http::Method::get    ? "GET "
                       : method == http::Method::post ? "POST "
                                                      : "DELETE ";
    client.request(verb + path + " HTTP/1.1", shown.headers + "Content-Length: 0\r\n");
    return client.answer();
  }
  static auto visible(Answer answer) {
    for (const char* differs : {"sekisho-request", "date"}) answer.headers.erase(differs);
    return std::tuple(answer.status, answer.headers, answer.body);
  }
  /// What the log says of refusals since this was asked last.
  std::vector<std::string> new_denials() {
    core::db::Statement select(log_,
                               "SELECT seq, json_patch(entry, coalesce(aside, '{}')) ->> 'detail',"
                               " entry ->> 'event' FROM audit_entry WHERE seq > ? ORDER BY seq");
    select.bind(1, seen_);
    std::vector<std::string> found;
    while (select.executeStep()) {
      seen_ = select.getColumn(0).getInt64();
      if (select.getColumn(2).getString() == "denial") found.push_back(select.getColumn(1));
    }
    return found;
  }
  /// Asks and compares with what should be; `why` is empty where the door answers. The answer.
  Answer expect(http::Method method, const std::string& path, std::string_view credential,
                std::string_view why) {
    SCOPED_TRACE(std::string(credential) + " " + path);
    new_denials();
    const Answer answer = ask(method, path, shown_.at(credential));
    const auto denials = new_denials();
    if (why.empty()) {
      EXPECT_TRUE(denials.empty()) << denials.front();
    } else {
      EXPECT_EQ(visible(answer), visible(refused_));
      EXPECT_EQ(denials, std::vector{std::string(why)});
    }
    return answer;
  }
  void expect(const ResourceRow& resource, const Made& made, const CredentialRow& credential,
              std::string_view why) {
    const auto answer =
        expect(resource.method,
               "/shares/" + made.share.id.text() + "/dicom-web" + std::string(resource.path),
               credential.name, why);
    if (!why.empty()) return;
    EXPECT_EQ(answer.status, resource.act == Act::give_back ? 400 : 200) << resource.path;
  }

  Hospital hospital;
  const sharing::Recipient clinic = hospital.clinic();
  const sharing::Recipient other = hospital.clinic();
  const sharing::Recipient disabled = hospital.clinic();
  const sharing::Recipient far_away = hospital.clinic("10.99.0.0/16");
  const Credential certificate = client_certificate("clinic");
  const Credential old_certificate = client_certificate("clinic");
  const Credential certificate_of_others = client_certificate("other");
  const Credential unknown_certificate = client_certificate("nobody");

 private:
  int people_ = 0;
  std::string sato_;
  std::map<std::string_view, Shown> shown_;
  const Answer refused_ = hospital.get("/no/such/place");
  std::int64_t seen_ = 0;
  core::db::Database log_ = core::db::open_read_only(hospital.directory().path() / "audit.db");
};

TEST_F(DoorMatrix, EachCredentialOpensWhatItIsWorthAndNoMore) {
  const Made linked = make(kForLinks, kRights[0].permissions);
  for (const ShareRow& row : kShares) {
    for (const RightsRow& rights : kRights) {
      SCOPED_TRACE(std::string(row.name) + ", " + std::string(rights.name));
      const Made made = make(row, rights.permissions);
      show_link_of(&row == &kForLinks ? made : linked);
      for (const CredentialRow& credential : kCredentials) {
        for (const ResourceRow& resource : kOfEachKind) {
          expect(resource, made, credential,
                 refusal(credential, row, rights.permissions, resource.act));
        }
      }
      if (!row.denial.empty()) break;  // what opens for nobody has no rights
    }
  }
}

TEST_F(DoorMatrix, EachResourceNeedsItsPermission) {
  show_link_of(make(kForLinks, kRights[0].permissions));
  for (const RightsRow& rights : kRights) {
    SCOPED_TRACE(rights.name);
    const Made made = make(kForPasswords, rights.permissions);
    for (const CredentialRow& credential : kCredentials) {
      if (&rights != kRights && credential.name != "a session by password") continue;
      for (const ResourceRow& resource : kResources) {
        expect(resource, made, credential,
               refusal(credential, kForPasswords, rights.permissions, resource.act));
      }
    }
  }
}

TEST_F(DoorMatrix, EachCallOfPagesIsForWhomItIs) {
  show_link_of(make(kForLinks, kRights[0].permissions));
  for (const CredentialRow& credential : kCredentials) {
    for (const CallRow& call : kCalls) {
      const auto why = refusal(credential, call.caller);
      const bool ends_something = call.method == http::Method::erase && why.empty();
      if (ends_something || call.caller == Caller::anybody) continue;
      std::string path(call.pattern);
      while (path.find('{') != std::string::npos) {
        path.replace(path.find('{'), path.find('}') - path.find('{') + 1, "x");
      }
      const Answer answer = expect(call.method, path, credential.name, why);
      if (!why.empty() || !path.starts_with("/api")) continue;
      EXPECT_EQ(answer.status, call.method == http::Method::get ? 200 : 400)
          << credential.name << ' ' << path;
    }
  }
}

TEST_F(DoorMatrix, KnowsEveryRouteOfTheDoor) {
  for (const auto& route : dicomweb::kRoutes) {
    const auto method = route.verb == dicomweb::Verb::post ? http::Method::post : http::Method::get;
    EXPECT_TRUE(std::ranges::any_of(kResources, [&](const ResourceRow& row) {
      const auto path = http::parse_target(std::string(row.path))->path;
      return row.method == method && http::match_path(route.pattern, path).has_value();
    })) << route.pattern;
  }
  for (const Route& route : kRoutes) {
    if (route.pattern.find("/dicom-web/") != std::string_view::npos) continue;
    const bool is_known = std::ranges::any_of(kCalls, [&](const CallRow& row) {
      return row.method == route.method && row.pattern == route.pattern;
    });
    EXPECT_TRUE(is_known) << route.pattern << ": say in door_specification.h for whom it is";
  }
}

}  // namespace
}  // namespace sekisho::gateway
