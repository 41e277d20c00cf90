// SPDX-License-Identifier: GPL-3.0-or-later
// The masker alone, over files in memory: against memcpy of the same files in the same run.
//   bench_mask PROFILE FILE …
// More files than the caches hold tell what a study costs; one file, again and again, what the
// instructions cost. Prints microseconds: {"Copy", "Mask", "MaskAndCopy"}, each the median of one
// round over all files.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "anonymization/masking/mask.h"

namespace {

using namespace sekisho;
using anonymization::Masked;
using core::Bytes;
using core::dicom::CheckedFile;

/// Over all files. The machine has neighbours: the round that they disturbed least is told.
constexpr int kRounds = 60;

/// Microseconds of each run of one kind of work in one round.
class Times {
 public:
  template <class Work>
  void measure(Work work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    times_.push_back(took.count());
  }
  double median() {
    const auto middle = times_.begin() + static_cast<std::ptrdiff_t>(times_.size() / 2);
    std::ranges::nth_element(times_, middle);
    return *middle;
  }

 private:
  std::vector<double> times_;
};

struct Medians {
  double copy = 0;
  double mask = 0;
  double mask_and_copy = 0;
  double sum() const { return copy + mask + mask_and_copy; }
};

Bytes content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

/// What comes before masking wherever an instance is served, and reads what masking will read.
CheckedFile check(const Bytes& file) {
  auto checked = CheckedFile::check(core::StoredFile::borrowed(file, nullptr));
  if (auto* sound = std::get_if<CheckedFile>(&checked)) return std::move(*sound);
  throw std::runtime_error("a file is refused");
}

void run(std::string_view profile_name, std::span<char*> paths) {
  const anonymization::KnownPixels known(std::uint64_t{1} << 24U);
  const auto profile = std::get<anonymization::Profile>(
      anonymization::resolve_profile("\"" + std::string(profile_name) + "\""));
  const anonymization::Pseudonyms pseudonyms(Bytes(32, 7));
  std::vector<Bytes> files;
  std::size_t largest = 0;
  for (const char* path : paths) {
    files.push_back(content_of(path));
    largest = std::max(largest, files.back().size());
  }
  Bytes head(largest);
  Bytes out(largest);

  // As whoever serves has it: what the pixels hold was found out when the share was looked at.
  const auto mask = [&](const CheckedFile& file, std::size_t index) {
    const std::string revision = std::to_string(index);
    return anonymization::mask(file, profile, pseudonyms, anonymization::Author::hospital, {},
                               anonymization::PixelClaim::none, nullptr, {&known, revision});
  };
  for (std::size_t i = 0; i < files.size(); ++i) mask(check(files[i]), i);
  const auto round = [&] {
    Times copying;
    Times masking;
    Times both;
    for (std::size_t i = 0; i < files.size(); ++i) {
      copying.measure([&] { std::memcpy(out.data(), files[i].data(), files[i].size()); });
      // Of another file: what was copied just now is in the caches.
      const std::size_t next = (i + files.size() / 3) % files.size();
      const CheckedFile one = check(files[next]);
      masking.measure([&] { mask(one, next); });
      const std::size_t last = (i + 2 * files.size() / 3) % files.size();
      const CheckedFile other = check(files[last]);
      both.measure([&] {
        const Masked masked = mask(other, last);
        std::memcpy(head.data(), masked.head().data(), masked.head().size());
        masked.pixels().read(0, std::span(out).first(masked.pixel_size()));
      });
    }
    return Medians{copying.median(), masking.median(), both.median()};
  };
  Medians best = round();
  for (int i = 1; i < kRounds; ++i) best = std::ranges::min(best, round(), {}, &Medians::sum);
  std::printf("{\"Copy\": %.2f, \"Mask\": %.2f, \"MaskAndCopy\": %.2f}\n", best.copy, best.mask,
              best.mask_and_copy);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) throw std::runtime_error("usage: bench_mask PROFILE FILE ...");
  run(argv[1], std::span(argv, static_cast<std::size_t>(argc)).subspan(2));
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
