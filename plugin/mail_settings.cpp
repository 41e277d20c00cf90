// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/mail_settings.h"

#include "mail/address.h"
#include "plugin/web_origin.h"

namespace sekisho::plugin {
namespace {

using outbound::MailTls;

constexpr std::int64_t kMaximumPort = 65535;
constexpr std::int64_t kSubmissionPort = 587;   // RFC 6409 §3.1
constexpr std::int64_t kSubmissionsPort = 465;  // RFC 8314 §7.3

void read_tls(Settings& settings, mail::Options& options) {
  const auto mode = settings.text("Tls");
  if (mode && *mode == "implicit") {
    options.tls = MailTls::implicit;
  } else if (mode && *mode != "starttls") {
    settings.complain("Tls", R"(must be "starttls" or "implicit": in clear nothing is sent)");
  }
  const auto usual = options.tls == MailTls::implicit ? kSubmissionsPort : kSubmissionPort;
  options.port =
      static_cast<std::uint16_t>(settings.number("Port", 1, kMaximumPort).value_or(usual));
}

void read_login(Settings& settings, mail::Options& options) {
  options.user = settings.text("User").value_or("");
  options.password_file = settings.file("PasswordFile");
  if (settings.has("User") != settings.has("PasswordFile")) {
    settings.complain("User", "and \"PasswordFile\" go together");
  }
}

}  // namespace

mail::Options read_mail(Settings settings) {
  mail::Options options;
  settings.require("Host", "the name or address of a mail server that its certificate bears");
  options.host = settings.text("Host").value_or("");
  if (settings.has("Host") && !is_host(options.host)) {
    settings.complain("Host", "must be a DNS name or an IP address");
  }
  settings.require("From", "the address that letters come from");
  if (const auto from = settings.text("From")) {
    options.sender.address = mail::parse_address(*from).value_or("");
    if (options.sender.address.empty()) settings.complain("From", "must be a mail address");
  }
  read_tls(settings, options);
  options.ca_file = settings.file("CaFile");
  read_login(settings, options);
  settings.refuse_the_rest();
  return options;
}

}  // namespace sekisho::plugin
