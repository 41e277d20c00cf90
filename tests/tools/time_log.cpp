// SPDX-License-Identifier: GPL-3.0-or-later
// Times what is asked of a log, in one process as the service does it.
//   time_log DATA_DIRECTORY PATIENT
// Prints the median milliseconds of a receipt, with its entry, of any entry; those of the patient's
// history, each entry read; and how many entries that has.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/entry/index_key.h"
#include "audit/keys/key_files.h"
#include "audit/place.h"
#include "audit/store/log_reader.h"
#include "audit/store/published_log.h"

namespace {

using namespace sekisho;

constexpr int kRounds = 101;

template <class Work>
double median_milliseconds(const Work& work) {
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
            .count());
  }
  std::ranges::nth_element(times, times.begin() + kRounds / 2);
  return times[kRounds / 2];
}

void time_log(const char* directory, const char* patient) {
  const auto place = audit::AuditPlace::in(directory);
  audit::LogReader reader(place.database);
  audit::PublishedLog published(place.database);
  std::mt19937_64 random(1);
  const std::uint64_t size = reader.head().size;
  const double receipt = median_milliseconds([&] {
    const std::uint64_t seq = random() % size;
    if (!published.proof(seq) || !published.entry(seq)) throw std::runtime_error("no receipt");
  });
  const audit::IndexKey index(audit::read_secret_key(place.index_key));
  const audit::Subject subject = index.subject(audit::SubjectKind::patient, patient);
  std::size_t found = 0;
  const double history = median_milliseconds([&] {
    const auto places = reader.history(subject, 0, 10'000);
    for (const std::uint64_t seq : places) reader.entry(seq);
    found = places.size();
  });
  std::printf("%.3f %.3f %zu\n", receipt, history, found);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) throw std::runtime_error("usage: time_log DATA_DIRECTORY PATIENT");
  time_log(argv[1], argv[2]);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
