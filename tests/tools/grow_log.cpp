// SPDX-License-Identifier: GPL-3.0-or-later
// Grows the log in a directory to a size, with what a busy hospital puts on record.
//   grow_log DATA_DIRECTORY SIZE
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "audit/audit_log.h"

namespace {

using namespace sekisho;

/// One of 1,000 patients; every seventh time somebody is refused.
audit::Event event(std::uint64_t number) {
  const std::string patient = std::to_string(number % 1000);
  audit::Event event;
  event.code = number % 7 == 6 ? audit::EventCode::denial : audit::EventCode::query;
  event.authentication = "token";
  event.source = "10.20.0.17";
  event.request_id = std::to_string(number);
  event.share_id = "5f0c64d3a1b29e7745d0c2b8e9f1a3c7";
  event.detail = event.code == audit::EventCode::query ? "search" : "expired_share";
  event.recipient_id = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
  event.recipient_name = "Clinic";
  if (event.code == audit::EventCode::query) {
    event.objects = {{"P" + patient, "1.2.392." + patient, "", ""}};
  }
  return event;
}

void grow(const char* directory, std::uint64_t size) {
  audit::AuditLog log(audit::AuditPlace::in(directory), core::system_clock(),
                      [](core::Severity, std::string_view text) {
                        std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
                      });
  for (std::uint64_t number = log.head().size; number < size; ++number) {
    log.append_later(event(number));
  }
  log.flush();
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: grow_log DATA_DIRECTORY SIZE");
  grow(argv[1], std::strtoull(argv[2], nullptr, 10));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
