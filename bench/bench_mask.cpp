// SPDX-License-Identifier: GPL-3.0-or-later
// The masker alone, over files in memory: against memcpy of the same files in the same run.
//   bench_mask PROFILE FILE …
// More files than the caches hold tell what a study costs; one file, again and again, what the
// instructions cost.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <vector>

#include "anonymization/mask.h"

namespace {

using namespace sekisho;
using anonymization::Masked;
using core::Bytes;
using core::dicom::CheckedFile;

constexpr std::size_t kLeastRuns = 2000;

/// Microseconds for one of `count` things, the median of many runs over all of them in turn.
template <class Work>
double median(std::size_t count, Work work) {
  std::vector<double> times;
  while (times.size() < kLeastRuns) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto start = std::chrono::steady_clock::now();
      work(i);
      const std::chrono::duration<double, std::micro> took =
          std::chrono::steady_clock::now() - start;
      times.push_back(took.count());
    }
  }
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  return *middle;
}

Bytes content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

CheckedFile check(const Bytes& file) {
  auto checked = CheckedFile::check(core::StoredFile::in_memory(Bytes(file)));
  if (auto* sound = std::get_if<CheckedFile>(&checked)) return std::move(*sound);
  throw std::runtime_error("a file is refused");
}

void run(std::string_view profile_name, std::span<char*> paths) {
  const auto profile = std::get<anonymization::Profile>(
      anonymization::resolve_profile("\"" + std::string(profile_name) + "\""));
  const anonymization::Pseudonyms pseudonyms(Bytes(32, 7));
  std::vector<Bytes> files;
  std::vector<CheckedFile> checked;
  std::size_t largest = 0;
  for (const char* path : paths) {
    files.push_back(content_of(path));
    checked.push_back(check(files.back()));
    largest = std::max(largest, files.back().size());
  }
  Bytes head(largest);
  Bytes out(largest);

  const double copy = median(files.size(), [&](std::size_t i) {
    std::memcpy(out.data(), files[i].data(), files[i].size());
  });
  const double masking = median(
      files.size(), [&](std::size_t i) { anonymization::mask(checked[i], profile, pseudonyms); });
  const double with_copy = median(files.size(), [&](std::size_t i) {
    const Masked masked = anonymization::mask(checked[i], profile, pseudonyms);
    std::memcpy(head.data(), masked.head().data(), masked.head().size());
    masked.pixels().read(masked.pixel_offset(), std::span(out).first(masked.pixel_size()));
  });
  std::printf("{\"Copy\": %.2f, \"Mask\": %.2f, \"MaskAndCopy\": %.2f}\n", copy, masking,
              with_copy);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) throw std::runtime_error("usage: bench_mask PROFILE FILE ...");
  run(argv[1], std::span(argv, static_cast<std::size_t>(argc)).subspan(2));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
