// SPDX-License-Identifier: GPL-3.0-or-later
#include "openid/provider.h"

#include <algorithm>

#include "core/digest.h"
#include "core/encoding.h"
#include "core/json_body.h"
#include "core/pause.h"
#include "core/whole_file.h"
#include "openid/form_text.h"

namespace sekisho::openid {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr seconds kPatience{5};
constexpr hours kRefreshedEvery{1};
constexpr hours kKnownFor{24};
constexpr minutes kNewKeysEvery{1};
constexpr minutes kLongestPause{5};
constexpr std::size_t kLongestSecretFile = 1024;
constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kUnauthorized = 401;

constexpr Failure kUnavailable{Failure::Of::provider, "provider_unavailable"};
constexpr Failure kUnknownClient{Failure::Of::provider, "provider_refuses_us"};
constexpr Failure kRefusedCode{Failure::Of::answer, "refused_code"};

bool is_json(const outbound::WebAnswer& answer) {
  return answer.content_type.starts_with("application/json");
}

std::string joined(const std::vector<std::string>& texts) {
  std::string text;
  for (const std::string& each : texts) text.append(text.empty() ? "" : " ").append(each);
  return text;
}

/// RFC 7636 §4.2, S256.
std::string challenge_of(std::string_view verifier) {
  return core::to_base64url(core::sha256(core::as_bytes(verifier)));
}

/// RFC 6749 §5.2: "invalid_grant" is about the code, all else about us.
Failure failure_in(const outbound::WebAnswer& answer) {
  const bool is_told = answer.status == kBadRequest || answer.status == kUnauthorized;
  if (!is_told || !is_json(answer)) return kUnavailable;
  const auto parsed = core::parse_json_object(answer.body);
  const auto* said = std::get_if<Json::Value>(&parsed);
  if (said == nullptr) return kUnavailable;
  return (*said)["error"] == "invalid_grant" ? kRefusedCode : kUnknownClient;
}

}  // namespace

bool is_by_two_factors(const IdToken& token, const Options& options) {
  const auto lists = [](const std::vector<std::string>& list, const std::string& text) {
    return std::ranges::find(list, text) != list.end();
  };
  return lists(options.two_factor_acrs, token.acr) ||
         std::ranges::any_of(token.amr, [&](const std::string& method) {
           return lists(options.two_factor_amrs, method);
         });
}

std::shared_ptr<const Provider::Known> Provider::known() const {
  const core::MutexLock lock(mutex_);
  const core::Time now = ports_.clock();
  // What is from the future is of a clock that was set back: nobody knows how old it is.
  const bool counts = known_ && now - known_->at < kKnownFor && known_->at - now < kKnownFor;
  return counts ? known_ : nullptr;
}

std::optional<std::string> Provider::get(const std::string& url, const core::Demand& demand) const {
  outbound::WebCall call;
  call.url = url;
  call.ca_file = options_.ca_file.path;
  call.fields = {"Accept: application/json"};
  call.patience = kPatience;
  auto answer = ports_.ask(call, demand);
  if (!answer || answer->status != kOk) return std::nullopt;
  return std::move(answer->body);
}

std::shared_ptr<const KeySet> Provider::fetch_keys(const std::string& url,
                                                   const core::Demand& demand) {
  {
    const core::MutexLock lock(mutex_);
    keys_asked_at_ = ports_.clock();
  }
  const auto text = get(url, demand);
  auto keys = text ? read_key_set(*text) : std::nullopt;
  if (!keys || keys->empty()) return nullptr;
  return std::make_shared<const KeySet>(*std::move(keys));
}

std::string Provider::try_to_refresh(const core::Demand& demand) {
  const auto text = get(metadata_address(options_.issuer), demand);
  if (!text) return "does not say what it is";
  auto metadata = read_metadata(*text, options_.issuer);
  if (!metadata) return "says that it is another, or what nobody can read";
  auto keys = fetch_keys(metadata->jwks_uri, demand);
  if (!keys) return "shows no keys that are of use here";
  const core::MutexLock lock(mutex_);
  known_ =
      std::make_shared<const Known>(Known{*std::move(metadata), std::move(keys), ports_.clock()});
  return {};
}

void Provider::refresh(const core::Demand& demand) {
  const core::Time now = ports_.clock();
  // A clock that was set back holds up nothing.
  if (now < again_at_ && again_at_ <= now + kRefreshedEvery) return;
  const std::string trouble = try_to_refresh(demand);
  if (!trouble.empty() && demand.is_over()) return;
  note(trouble);
  const seconds pause = core::pause_after(failures_, seconds(1), kLongestPause);
  failures_ = trouble.empty() ? 0 : failures_ + 1;
  again_at_ = ports_.clock() + (trouble.empty() ? seconds(kRefreshedEvery) : pause);
}

void Provider::note(const std::string& trouble) {
  trouble_.note(trouble.empty() ? "" : "The identity provider " + trouble + '.');
}

std::optional<std::string> Provider::address_for(const Binding& binding) const {
  const auto now_known = known();
  if (!now_known) return std::nullopt;
  const std::string challenge = challenge_of(binding.verifier);
  const std::string scopes = joined(options_.scopes);
  const std::string acrs = joined(options_.two_factor_acrs);
  std::vector<std::pair<std::string_view, std::string_view>> query = {
      {"response_type", "code"},
      {"client_id", options_.client_id},
      {"redirect_uri", options_.redirect_uri},
      {"scope", scopes},
      {"state", binding.state},
      {"nonce", binding.nonce},
      {"code_challenge", challenge},
      {"code_challenge_method", "S256"}};
  if (!acrs.empty()) query.emplace_back("acr_values", acrs);
  const std::string& endpoint = now_known->metadata.authorization_endpoint;
  return endpoint + (endpoint.find('?') == std::string::npos ? '?' : '&') + form_text(query);
}

bool Provider::is_own_answer(const std::optional<std::string>& issuer) const {
  if (issuer) return *issuer == options_.issuer;
  const auto now_known = known();
  return now_known && !now_known->metadata.names_issuer;
}

std::optional<Provider::Turn> Provider::enter() {
  const core::MutexLock lock(mutex_);
  if (turns_ >= kMostAtOnce) return std::nullopt;
  ++turns_;
  return std::optional<Turn>(std::in_place, *this);
}

void Provider::leave() {
  const core::MutexLock lock(mutex_);
  --turns_;
}

/// `nullopt` where the secret cannot be read.
std::optional<outbound::WebCall> Provider::token_call(const Metadata& metadata,
                                                      std::string_view code,
                                                      const Binding& binding) const {
  std::vector<std::pair<std::string_view, std::string_view>> form = {
      {"grant_type", "authorization_code"},
      {"code", code},
      {"redirect_uri", options_.redirect_uri},
      {"code_verifier", binding.verifier}};
  outbound::WebCall call;
  call.url = metadata.token_endpoint;
  call.ca_file = options_.ca_file.path;
  call.patience = kPatience;
  call.fields = {"Accept: application/json", "Content-Type: application/x-www-form-urlencoded"};
  std::string secret;
  if (!options_.client_secret_file.path.empty()) {
    if (core::trouble_reading_key(options_.client_secret_file, "The client's secret")) {
      return std::nullopt;
    }
    secret = core::as_text(
        core::read_first_line(options_.client_secret_file.path, kLongestSecretFile).view());
    if (secret.empty()) return std::nullopt;
  }
  if (!secret.empty() && metadata.authentication == ClientAuthentication::basic) {
    // RFC 6749 §2.3.1: each of the two as in a form.
    const std::string both =
        core::percent_encoded(options_.client_id) + ':' + core::percent_encoded(secret);
    call.fields.push_back("Authorization: Basic " + core::to_base64(core::as_bytes(both)));
  } else {
    form.emplace_back("client_id", options_.client_id);
    if (!secret.empty()) form.emplace_back("client_secret", secret);
  }
  call.body = form_text(form);
  return call;
}

std::variant<IdToken, Failure> Provider::redeem(const Turn& /*turn*/, std::string_view code,
                                                const Binding& binding,
                                                const core::Demand& demand) {
  const auto now_known = known();
  const auto call = now_known ? token_call(now_known->metadata, code, binding) : std::nullopt;
  if (!call) return kUnavailable;
  const auto answer = ports_.ask(*call, demand);
  if (!answer) return kUnavailable;
  if (answer->status == kOk && is_json(*answer)) {
    return read(answer->body, *now_known, binding, demand);
  }
  const Failure failure = failure_in(*answer);
  if (failure.reason == kUnknownClient.reason) note("does not take us for its client");
  return failure;
}

/// The answer of the token endpoint (OpenID Connect Core §3.1.3.3).
std::variant<IdToken, Failure> Provider::read(const std::string& body, const Known& known,
                                              const Binding& binding, const core::Demand& demand) {
  const auto parsed = core::parse_json_object(body);
  const auto* said = std::get_if<Json::Value>(&parsed);
  if (said == nullptr || !(*said)["id_token"].isString()) return kUnavailable;
  const std::string token = (*said)["id_token"].asString();
  const Json::Value& access_token = (*said)["access_token"];
  const Expected expected{options_.issuer, options_.client_id, binding.nonce,
                          access_token.isString() ? access_token.asString() : "", ports_.clock()};
  auto answer = read_id_token(token, *known.keys, expected);
  const auto* flaw = std::get_if<TokenFlaw>(&answer);
  if (flaw != nullptr && *flaw == TokenFlaw::key) {
    if (const auto keys = newer_keys(known, demand)) answer = read_id_token(token, *keys, expected);
    flaw = std::get_if<TokenFlaw>(&answer);
  }
  if (flaw != nullptr) return Failure{Failure::Of::answer, name(*flaw)};
  return std::get<IdToken>(std::move(answer));
}

/// The provider may have begun to sign with a new key (OpenID Connect Core §10.1.1). Null where it
/// was asked a moment ago, or has none.
std::shared_ptr<const KeySet> Provider::newer_keys(const Known& known, const core::Demand& demand) {
  {
    const core::MutexLock lock(mutex_);
    const core::Time now = ports_.clock();
    if (known_ && known_->keys != known.keys) return known_->keys;
    if (now >= keys_asked_at_ && now - keys_asked_at_ < kNewKeysEvery) return nullptr;
  }
  auto keys = fetch_keys(known.metadata.jwks_uri, demand);
  if (!keys) return nullptr;
  const core::MutexLock lock(mutex_);
  known_ = std::make_shared<const Known>(Known{known.metadata, keys, known.at});
  return keys;
}

State Provider::state() const {
  State state{options_.issuer, std::nullopt, "", {}};
  const auto now_known = known();
  if (now_known) state.known_since = now_known->at;
  if (!options_.ca_file.path.empty()) {
    const auto trouble =
        core::trouble_reading(options_.ca_file, "The list of the identity provider's authorities");
    if (trouble) state.file_troubles.emplace_back(trouble->what());
  }
  if (!options_.client_secret_file.path.empty()) {
    const auto trouble = core::trouble_reading_key(options_.client_secret_file,
                                                   "The secret for the identity provider");
    if (trouble) state.file_troubles.emplace_back(trouble->what());
  }
  state.trouble = trouble_.text();
  return state;
}

}  // namespace sekisho::openid
