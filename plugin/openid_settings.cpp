// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/openid_settings.h"

#include <algorithm>
#include <string_view>

#include "core/utf8.h"

namespace sekisho::plugin {
namespace {

constexpr const char* kReturn = "/api/session/openid/return";
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestClientId = 255;

bool is_visible(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// OpenID Connect Discovery §3: no query and no fragment.
void read_issuer(Settings& settings, openid::Options& options) {
  settings.require("Issuer", "the provider's address, such as \"https://id.region.example\"");
  options.issuer = settings.text("Issuer").value_or("");
  const bool is_issuer =
      openid::is_https_address(options.issuer) && options.issuer.find('?') == std::string::npos;
  if (settings.has("Issuer") && !is_issuer) {
    settings.complain("Issuer",
                      "must be https://host[:port][/path], as the provider itself writes it");
  }
}

void read_client(Settings& settings, openid::Options& options) {
  settings.require("ClientId", "the name that the provider has given to this installation");
  options.client_id = settings.text("ClientId").value_or("");
  if (settings.has("ClientId") &&
      (!is_visible(options.client_id) || options.client_id.size() > kLongestClientId)) {
    settings.complain("ClientId", "must be 1 to 255 characters of ASCII without spaces");
  }
  options.client_secret_file = settings.file("ClientSecretFile");
}

void read_name(Settings& settings, openid::Options& options) {
  settings.require("Name", "what people know the provider by, such as \"Northern Medical ID\"");
  options.name = settings.text("Name").value_or("");
  const bool is_line =
      !options.name.empty() && options.name.size() <= kLongestName &&
      std::ranges::none_of(options.name, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (settings.has("Name") && !is_line) {
    settings.complain("Name", "must be one line of at most 100 bytes");
  }
}

/// RFC 6749 §3.3 and OpenID Connect Core §3.1.2.1 write such lists with spaces between them.
std::vector<std::string> read_words(Settings& settings, const char* key) {
  auto words = settings.texts(key).value_or(Problems());
  if (!std::ranges::all_of(words, is_visible)) {
    settings.complain(key, "must list words of ASCII without spaces");
  }
  return words;
}

}  // namespace

openid::Options read_openid(Settings settings, const std::string& public_url) {
  openid::Options options;
  read_issuer(settings, options);
  read_client(settings, options);
  read_name(settings, options);
  options.ca_file = settings.file("CaFile");
  options.redirect_uri = public_url + kReturn;
  if (settings.has("Scopes")) {
    options.scopes = read_words(settings, "Scopes");
    if (std::ranges::find(options.scopes, "openid") == options.scopes.end()) {
      settings.complain("Scopes", "must list \"openid\", by which the provider says who it is");
    }
  }
  options.two_factor_acrs = read_words(settings, "TwoFactorAcrs");
  options.two_factor_amrs = read_words(settings, "TwoFactorAmrs");
  settings.refuse_the_rest();
  return options;
}

}  // namespace sekisho::plugin
