// SPDX-License-Identifier: GPL-3.0-or-later
// Grows the log in a directory to a size, with what a busy hospital puts on record.
//   grow_log DATA_DIRECTORY SIZE
// Prints how many entries it wrote, in how many seconds, and the most memory it had, in bytes.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/audit_log.h"

namespace {

using namespace sekisho;

constexpr std::uint64_t kPatients = 200'000;
constexpr std::uint64_t kClinics = 50;

/// What one clinic does about one patient, over and over: two searches, two retrieves with their
/// outcomes, a refusal, metadata. Entry n is event n: an outcome follows its intent.
constexpr audit::EventCode kVisit[] = {
    audit::EventCode::query,  audit::EventCode::transfer_begin, audit::EventCode::transfer_end,
    audit::EventCode::query,  audit::EventCode::transfer_begin, audit::EventCode::transfer_end,
    audit::EventCode::denial, audit::EventCode::query,
};

std::vector<audit::ObjectRef> objects(std::uint64_t patient, audit::EventCode code) {
  const std::string study = "1.2.392." + std::to_string(patient);
  const std::string id = "P" + std::to_string(patient);
  if (code == audit::EventCode::query) return {{id, study, "", ""}};
  return {{id, study, study + ".1", study + ".1.1"}, {id, study, study + ".1", study + ".1.2"}};
}

audit::Event outcome(std::uint64_t number) {
  audit::Event event;
  event.code = audit::EventCode::transfer_end;
  event.intent = number - 1;
  event.detail = "complete";
  event.instances = 2;
  event.bytes = 1'064'960;
  return event;
}

audit::Event event(std::uint64_t number) {
  const std::uint64_t visit = number / std::size(kVisit);
  const audit::EventCode code = kVisit[number % std::size(kVisit)];
  if (code == audit::EventCode::transfer_end) return outcome(number);
  audit::Event event;
  event.code = code;
  event.authentication = "token";
  event.source = "10.20.0.17";
  event.request_id = std::to_string(number);
  event.share_id = "5f0c64d3a1b29e7745d0c2b8e9f1a3c7";
  event.recipient_id = "a1b2c3d4e5f60718293a4b5c6d7e" + std::to_string(1000 + visit % kClinics);
  event.recipient_name = "Clinic";
  if (code == audit::EventCode::denial) {
    event.detail = "expired_share";
  } else {
    if (code == audit::EventCode::query) event.detail = "search";
    event.objects = objects(visit % kPatients, code);
  }
  return event;
}

/// VmHWM: the most that was resident since the program began.
std::uint64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != "VmHWM:") {
  }
  std::uint64_t kilobytes = 0;
  status >> kilobytes;
  return kilobytes * 1024;
}

void grow(const char* directory, std::uint64_t size) {
  audit::AuditLog log(audit::AuditPlace::in(directory), core::system_clock(),
                      [](core::Severity, std::string_view text) {
                        std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
                      });
  const std::uint64_t before = log.head().size;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t number = before; number < size; ++number) log.append_later(event(number));
  log.flush();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::printf("%llu %.4f %llu\n", static_cast<unsigned long long>(log.head().size - before),
              seconds.count(), static_cast<unsigned long long>(peak_memory_bytes()));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: grow_log DATA_DIRECTORY SIZE");
  grow(argv[1], std::strtoull(argv[2], nullptr, 10));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
