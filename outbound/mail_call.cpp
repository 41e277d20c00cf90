// SPDX-License-Identifier: GPL-3.0-or-later
#include "outbound/mail_call.h"

#include <algorithm>
#include <cstring>

#include "outbound/transfer.h"

namespace sekisho::outbound {
namespace {

using std::chrono::seconds;

/// RFC 5321 §4.5.3.2 would wait for minutes: a server of the hospital answers sooner.
constexpr Transfer::Limits kLimits{seconds(10), seconds(60), std::size_t{16} * 1024};
constexpr int kFirstRefusal = 400;  // RFC 5321 §4.2.1: 4yz for now, 5yz for ever

/// IPv6 addresses stand in brackets (RFC 3986 §3.2.2). Behind the slash is the name that EHLO says.
std::string url_of(const MailServer& server, const MailCall& call) {
  const bool is_ipv6 = server.host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? '[' + server.host + ']' : server.host;
  const char* scheme = server.tls == MailTls::implicit ? "smtps://" : "smtp://";
  return scheme + host + ':' + std::to_string(server.port) + '/' +
         call.from.substr(call.from.find('@') + 1);
}

/// Called by libcurl for the next bytes of the message; 0 at its end.
std::size_t give_bytes(char* into, std::size_t, std::size_t most, void* rest) {
  auto& left = *static_cast<std::string_view*>(rest);
  const std::size_t size = std::min(most, left.size());
  std::memcpy(into, left.data(), size);
  left.remove_prefix(size);
  return size;
}

/// Constant words and the reply's number: what a server says may repeat an address.
MailTrouble trouble_of(CURLcode code, int reply) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {.text = "has a name that cannot be resolved"};
    case CURLE_COULDNT_CONNECT:
      return {.text = "does not take connections"};
    case CURLE_OPERATION_TIMEDOUT:
      return {.text = "does not answer in time"};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {.text = "has no certificate for its name by the authorities in \"CaFile\""};
    case CURLE_SSL_CACERT_BADFILE:
      return {.text = "cannot be checked: \"CaFile\" holds no authorities"};
    case CURLE_USE_SSL_FAILED:
      return {.text = "does not offer STARTTLS"};
    case CURLE_SSL_CONNECT_ERROR:
      return {.text = "does not come to terms about TLS"};
    case CURLE_LOGIN_DENIED:
      return {.text = "refuses the login"};
    case CURLE_SEND_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
      if (reply >= kFirstRefusal) {
        return {MailTrouble::Of::message, "refuses messages (SMTP " + std::to_string(reply) + ')'};
      }
      [[fallthrough]];
    default:
      return {.text = std::string("fails: ") + curl_easy_strerror(code)};
  }
}

}  // namespace

std::optional<MailTrouble> hand_in(const MailServer& server, const MailCall& call,
                                   const core::Demand& demand) {
  Transfer transfer("smtp,smtps", url_of(server, call), server.ca_file, kLimits, demand);
  transfer.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  const std::string password(core::as_text(server.password.view()));
  if (!server.user.empty()) {
    transfer.set(CURLOPT_USERNAME, server.user.c_str());
    transfer.set(CURLOPT_PASSWORD, password.c_str());
  }
  const std::string from = '<' + call.from + '>';
  transfer.set(CURLOPT_MAIL_FROM, from.c_str());
  transfer.add('<' + call.to + '>');
  transfer.set_list(CURLOPT_MAIL_RCPT);
  std::string_view rest = call.message;
  transfer.set(CURLOPT_UPLOAD, 1L);
  transfer.set(CURLOPT_READFUNCTION, give_bytes);
  transfer.set(CURLOPT_READDATA, &rest);
  const CURLcode code = transfer.run();
  if (code == CURLE_OK) return std::nullopt;
  return trouble_of(code, transfer.code());
}

}  // namespace sekisho::outbound
