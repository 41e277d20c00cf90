// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever becomes of the disk under the access log, what was acknowledged is in it, and it
// verifies.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "support/log_on_fragile_disk.h"

namespace {

/// Each byte decides once; behind the last, nothing more goes wrong.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  std::uint32_t below(std::uint32_t limit) {
    if (size_ == 0) return limit - 1;
    --size_;
    return *data_++ % limit;
  }
  bool is_empty() const { return size_ == 0; }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

constexpr std::size_t kLongest = 512;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kLongest) return -1;
  try {
    Bytes bytes(data, size);
    sekisho::test::LogOnFragileDisk log([&](std::uint32_t limit) { return bytes.below(limit); });
    while (!bytes.is_empty()) log.act();
    log.end();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    std::abort();
  }
  return 0;
}
