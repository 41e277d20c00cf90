// SPDX-License-Identifier: GPL-3.0-or-later
// Grows the log in a directory to a size, with what a busy hospital puts on record.
//   grow_log DATA_DIRECTORY SIZE [CALLERS]
// With CALLERS, each of so many threads waits for each of its entries. Prints how many entries it
// wrote, in how many seconds, and the most memory it had, in bytes.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "audit/audit_log.h"

namespace {

using namespace sekisho;

constexpr std::uint64_t kPatients = 200'000;
constexpr std::uint64_t kClinics = 50;

/// What one clinic does about one patient, over and over: two searches, two retrieves with their
/// outcomes, a refusal, metadata.
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

audit::Event outcome(std::uint64_t intent) {
  audit::Event event;
  event.code = audit::EventCode::transfer_end;
  event.intent = intent;
  event.detail = "complete";
  event.instances = 2;
  event.bytes = 1'064'960;
  return event;
}

/// `last` is the entry before this one of the same visit.
audit::Event event(std::uint64_t number, std::uint64_t last) {
  const std::uint64_t visit = number / std::size(kVisit);
  const audit::EventCode code = kVisit[number % std::size(kVisit)];
  if (code == audit::EventCode::transfer_end) return outcome(last);
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

/// As busy clinics do: each waits until its entry is durable before it goes on.
void append_by_callers(audit::AuditLog& log, std::uint64_t size, std::uint64_t callers) {
  const std::uint64_t before = log.head().size;
  std::atomic<std::uint64_t> next_visit = before / std::size(kVisit);
  const auto call = [&] {
    for (;;) {
      const std::uint64_t begin = std::max(before, next_visit++ * std::size(kVisit));
      const std::uint64_t end = std::min(size, (begin / std::size(kVisit) + 1) * std::size(kVisit));
      if (begin >= size) return;
      std::uint64_t last = begin - 1;
      for (std::uint64_t number = begin; number < end; ++number)
        last = log.append(event(number, last)).seq();
    }
  };
  std::vector<std::jthread> threads;
  for (std::uint64_t caller = 0; caller < callers; ++caller) threads.emplace_back(call);
}

void append_at_once(audit::AuditLog& log, std::uint64_t size) {
  for (std::uint64_t number = log.head().size; number < size; ++number)
    log.append_later(event(number, number - 1));
  log.flush();
}

void grow(const char* directory, std::uint64_t size, std::uint64_t callers) {
  audit::AuditLog log(audit::AuditPlace::in(directory), core::system_clock(),
                      [](core::Severity, std::string_view text) {
                        std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
                      });
  const std::uint64_t before = log.head().size;
  const auto begin = std::chrono::steady_clock::now();
  if (callers == 0) {
    append_at_once(log, size);
  } else {
    append_by_callers(log, size, callers);
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::printf("%llu %.4f %llu\n", static_cast<unsigned long long>(log.head().size - before),
              seconds.count(), static_cast<unsigned long long>(peak_memory_bytes()));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3 && argc != 4) {
    throw std::runtime_error("usage: grow_log DATA_DIRECTORY SIZE [CALLERS]");
  }
  grow(argv[1], std::strtoull(argv[2], nullptr, 10),
       argc == 4 ? std::strtoull(argv[3], nullptr, 10) : 0);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
