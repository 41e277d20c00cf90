// SPDX-License-Identifier: GPL-3.0-or-later
// The masker alone, on one file in memory: against memcpy of the same file in the same run.
//   bench_mask FILE [PROFILE]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "anonymization/mask.h"

namespace {

using namespace sekisho;
using anonymization::Masked;
using core::Bytes;
using core::dicom::CheckedFile;

constexpr int kRuns = 2000;

/// Microseconds, the median of many runs.
template <class Work>
double median(Work work) {
  std::vector<double> times;
  times.reserve(kRuns);
  for (int run = 0; run < kRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    work(run);
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count());
  }
  std::ranges::nth_element(times, times.begin() + kRuns / 2);
  return times[kRuns / 2];
}

Bytes content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

CheckedFile check(const Bytes& file) {
  auto checked = CheckedFile::check(core::StoredFile::in_memory(Bytes(file)));
  if (auto* sound = std::get_if<CheckedFile>(&checked)) return std::move(*sound);
  throw std::runtime_error("the file is refused");
}

void run(const std::filesystem::path& path, std::string_view profile_name) {
  const Bytes file = content_of(path);
  const auto profile = std::get<anonymization::Profile>(
      anonymization::resolve_profile("\"" + std::string(profile_name) + "\""));
  const anonymization::Pseudonyms pseudonyms(Bytes(32, 7));
  const CheckedFile checked = check(file);
  Bytes out(file.size() * 2);

  const double copy = median([&](int) { std::memcpy(out.data(), file.data(), file.size()); });
  const double checking = median([&](int) { check(file); });
  const double masking = median([&](int) { anonymization::mask(checked, profile, pseudonyms); });
  const double with_copy = median([&](int) {
    const Masked masked = anonymization::mask(checked, profile, pseudonyms);
    std::memcpy(out.data(), masked.head().data(), masked.head().size());
    masked.pixels().read(masked.pixel_offset(),
                         std::span(out).subspan(masked.head().size(), masked.pixel_size()));
  });
  std::printf(
      "{\"CopyMicroseconds\": %.2f, \"CheckMicroseconds\": %.2f, "
      "\"MaskMicroseconds\": %.2f, \"MaskAndCopyMicroseconds\": %.2f}\n",
      copy, checking - copy, masking, with_copy);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) throw std::runtime_error("usage: bench_mask FILE [PROFILE]");
  run(argv[1], argc > 2 ? argv[2] : "ps3.15-basic");
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
