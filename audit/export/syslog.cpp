// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/export/syslog.h"

#include <algorithm>

#include "audit/export/dicom_audit_message.h"
#include "audit/moment.h"

namespace sekisho::audit {
namespace {

constexpr int kFacility = 10;  // RFC 5424 table 1: security/authorization messages
constexpr std::size_t kMaxHostName = 255;
constexpr std::string_view kApplication = "sekisho";
constexpr std::string_view kMessageId = "DICOM+RFC3881";  // PS3.15 §A.6
constexpr std::string_view kBom = "\xEF\xBB\xBF";         // RFC 5424 §6.4: what follows is UTF-8

/// RFC 5424 table 2.
int severity(Outcome outcome) {
  switch (outcome) {
    case Outcome::success:
      return 5;
    case Outcome::minor_failure:
      return 4;
    case Outcome::serious_failure:
      return 3;
    case Outcome::major_failure:
      break;
  }
  return 2;
}

/// HOSTNAME has printable ASCII alone (RFC 5424 §6); the host in the log's origin, or "-".
std::string host_name(const std::string& origin) {
  const std::string name = origin.substr(0, origin.find('/'));
  const bool printable = std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~'; });
  return name.empty() || name.size() > kMaxHostName || !printable ? "-" : name;
}

}  // namespace

std::string to_syslog_frame(const Message& message) {
  std::string syslog = '<' + std::to_string(kFacility * 8 + severity(message.outcome)) + ">1 ";
  syslog += to_entry_time(message.time) + ' ' + host_name(message.source) + ' ';
  syslog += kApplication;
  syslog += " - ";
  syslog += kMessageId;
  syslog += " - ";
  syslog += kBom;
  syslog += to_dicom_xml(message);
  return std::to_string(syslog.size()) + ' ' + syslog;
}

}  // namespace sekisho::audit
