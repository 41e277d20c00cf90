// SPDX-License-Identifier: GPL-3.0-or-later
// How many awaited entries per second the access log takes, as a ratio to a raw loop that appends
// 512 bytes to a file and calls fdatasync, on the same file system in the same run; and how long a
// log takes to verify. Prints one JSON object:
//   {"Append": [{"Callers", "Rate", "Raw", "P50", "P99"}], "Verified", "Seconds"}
// with rates in 1/s and times in ms, but for Seconds.
//   bench_audit [DIRECTORY]
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "audit/audit_log.h"
#include "audit/initialise.h"
#include "audit/verify/verify.h"

namespace {

using sekisho::audit::AuditLog;
using sekisho::audit::AuditPlace;
using sekisho::audit::Event;
using sekisho::audit::EventCode;
using std::chrono::steady_clock;

constexpr std::chrono::seconds kDuration{3};

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

/// Appends per second.
double raw_rate(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0600);
  if (descriptor < 0) throw std::runtime_error("cannot open " + file.string());
  const std::array<char, 512> block{};
  const auto start = steady_clock::now();
  std::uint64_t count = 0;
  while (steady_clock::now() - start < kDuration) {
    if (::write(descriptor, block.data(), block.size()) != ::ssize_t{block.size()} ||
        ::fdatasync(descriptor) != 0) {
      throw std::runtime_error("cannot append to " + file.string());
    }
    ++count;
  }
  const double rate = static_cast<double>(count) / seconds_since(start);
  ::close(descriptor);
  return rate;
}

/// What a retrieve of one instance puts on record.
Event a_transfer(int caller, std::uint64_t number) {
  Event event;
  event.code = EventCode::transfer_begin;
  event.authentication = "token";
  event.source = "10.20.0.17";
  event.share_id = "5f0c64d3a1b29e7745d0c2b8e9f1a3c7";
  event.request_id = "0d9ad1c3b55e4f02a7c6e8f4123b9a60";
  event.intended_use = "TREAT";
  const std::string study = "1.2.392.200036.9116.2.6.1.48.1214834115." + std::to_string(caller);
  event.objects = {{"P" + std::to_string(100000 + caller), study, study + ".1",
                    study + ".1." + std::to_string(number)}};
  event.recipient_id = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
  event.recipient_name = "Yamada Clinic";
  event.user_agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36";
  return event;
}

struct Measured {
  double rate;
  double p50_ms;
  double p99_ms;
};

Measured measure(AuditLog& log, int callers) {
  std::vector<std::vector<double>> times(static_cast<std::size_t>(callers));
  std::vector<std::thread> threads;
  const auto start = steady_clock::now();
  for (int caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&, caller] {
      for (std::uint64_t number = 0; steady_clock::now() - start < kDuration; ++number) {
        const auto begin = steady_clock::now();
        log.append(a_transfer(caller, number));
        times[static_cast<std::size_t>(caller)].push_back(1000 * seconds_since(begin));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double elapsed = seconds_since(start);
  std::vector<double> all;
  for (const auto& some : times) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  const auto at = [&](double share) {
    return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
  };
  return {static_cast<double>(all.size()) / elapsed, at(0.5), at(0.99)};
}

void run(const std::filesystem::path& directory) {
  const AuditPlace place = AuditPlace::in(directory);
  sekisho::audit::initialise(place, "bench.example/audit");
  {
    AuditLog log(place, sekisho::core::system_clock(), [](auto, auto) {});
    const char* before = "{\"Append\": [";
    for (int callers : {1, 8, 50}) {
      const double raw = raw_rate(directory / "raw");
      const Measured ours = measure(log, callers);
      std::printf(
          "%s{\"Callers\": %d, \"Rate\": %.1f, \"Raw\": %.1f, \"P50\": %.3f, \"P99\": %.3f}",
          std::exchange(before, ", "), callers, ours.rate, raw, ours.p50_ms, ours.p99_ms);
    }
  }
  const auto start = steady_clock::now();
  const auto verdict = sekisho::audit::verify(place.database, [&] {
    std::array<char, 512> line{};
    std::FILE* file = std::fopen(place.verifier_key.c_str(), "r");
    const bool read = file != nullptr && std::fgets(line.data(), line.size(), file) != nullptr;
    if (file != nullptr) std::fclose(file);
    std::string text(read ? line.data() : "");
    if (!text.empty()) text.pop_back();
    return text;
  }());
  const double elapsed = seconds_since(start);
  if (!verdict.sound()) throw std::runtime_error("the log is not sound");
  std::printf("], \"Verified\": %llu, \"Seconds\": %.3f}\n",
              static_cast<unsigned long long>(verdict.entries), elapsed);
}

}  // namespace

int main(int argc, char** argv) {
  std::string directory =
      (std::filesystem::path(argc > 1 ? argv[1] : ".") / "bench-audit-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) {
    std::fprintf(stderr, "cannot make a directory in %s\n", argc > 1 ? argv[1] : ".");
    return 2;
  }
  int result = 0;
  try {
    run(directory);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_audit: %s\n", error.what());
    result = 1;
  }
  std::filesystem::remove_all(directory);
  return result;
}
