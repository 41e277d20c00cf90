// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

#include "recipient_desk.h"

namespace sekisho::dicomweb {
namespace {

using namespace tests;

constexpr std::uint64_t kFrames = 8191;
constexpr std::uint64_t kFrameBytes = std::uint64_t{512} * 512 * 2;
constexpr std::uint64_t kPixelBytes = kFrames * kFrameBytes;  // 4 GiB less a frame

/// An archive of one image whose pixels are holes but for the first cell of each frame, which has
/// its number.
class SparseArchive final : public PassingDicomStore {
 public:
  SparseArchive(core::DicomStore& archive, const Bytes& head)
      : PassingDicomStore(archive),
        descriptor_(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {
    const auto size = static_cast<off_t>(head.size());
    if (descriptor_ < 0 || ::pwrite(descriptor_, head.data(), head.size(), 0) != size ||
        ::ftruncate(descriptor_, size + static_cast<off_t>(kPixelBytes)) != 0) {
      throw std::runtime_error("a sparse file cannot be made");
    }
    for (std::uint64_t i = 0; i < kFrames; i += 1000) {
      const Byte cell[] = {static_cast<Byte>(i), static_cast<Byte>(i >> 8)};
      if (::pwrite(descriptor_, cell, 2, size + static_cast<off_t>(i * kFrameBytes)) != 2) {
        throw std::runtime_error("a sparse file cannot be written");
      }
    }
  }
  ~SparseArchive() override { ::close(descriptor_); }
  std::optional<core::StoredFile> open(const core::InstanceKey& /*instance*/) override {
    return core::StoredFile::on_disk(::fcntl(descriptor_, F_DUPFD_CLOEXEC, 0));
  }

 private:
  int descriptor_;
};

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

class LargeFrames : public ::testing::TestWithParam<std::uint16_t>, public RecipientDesk {};

/// As many bits of a cell as it says: what is over goes through a mask.
TEST_P(LargeFrames, OneIsReadWithoutTheOthers) {
  const auto key = instance_key("P1", "1.2.3", "1.2.3.1", "1.2.3.1.1");
  DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0008}, Vr::CS, "ORIGINAL\\PRIMARY")
      .text(Tag{0x0008, 0x0016}, Vr::UI, kCtImage)
      .text(Tag{0x0008, 0x0018}, Vr::UI, key.instance.text())
      .text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
      .text(Tag{0x0020, 0x000D}, Vr::UI, "1.2.3")
      .text(Tag{0x0020, 0x000E}, Vr::UI, "1.2.3.1")
      .text(Tag{0x0028, 0x0008}, Vr::IS, std::to_string(kFrames))
      .us(Tag{0x0028, 0x0010}, 512)
      .us(Tag{0x0028, 0x0011}, 512)
      .us(Tag{0x0028, 0x0100}, 16)
      .us(Tag{0x0028, 0x0101}, GetParam())
      .us(Tag{0x0028, 0x0102}, static_cast<std::uint16_t>(GetParam() - 1))
      .us(Tag{0x0028, 0x0103}, 0)
      .header(Tag{0x7FE0, 0x0010}, Vr::OW, static_cast<std::uint32_t>(kPixelBytes));
  const Bytes head = builder.part10(kCtImage, key.instance.text());
  put(key);
  SparseArchive sparse(archive(), head);
  use(sparse);
  const auto of = share(profile(R"({"Name": "ps3.15-basic", "Options": ["RetainUids"]})"));
  const auto before = resident_bytes();
  auto best = std::chrono::steady_clock::duration::max();
  for (std::uint64_t i = 0; i < kFrames; i += 1000) {
    const auto begun = std::chrono::steady_clock::now();
    auto reply =
        get(of, "/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.1/frames/" + std::to_string(i + 1),
            "application/octet-stream");
    ASSERT_EQ(reply.status(), 200);
    const std::string body = text_of(reply, 1U << 18U);
    best = std::min(best, std::chrono::steady_clock::now() - begun);
    ASSERT_EQ(body.size(), kFrameBytes);
    const auto low = static_cast<unsigned char>(body[0]);
    const auto high = static_cast<unsigned char>(body[1]);
    EXPECT_EQ(low + (high << 8), i & ((1U << GetParam()) - 1));
  }
  EXPECT_LE(resident_bytes() - std::min(before, resident_bytes()), 64U << 20U);
  const auto best_us = std::chrono::duration_cast<std::chrono::microseconds>(best).count();
  RecordProperty("BestMicroseconds", std::to_string(best_us));
  // The best of nine, since others use the machine too.
  EXPECT_LE(best_us, 20'000);
  service().close_viewings();
  // The desk has its own archive again before this one goes.
  limit({});
}

INSTANTIATE_TEST_SUITE_P(BitsStored, LargeFrames, ::testing::Values(16, 12));

}  // namespace
}  // namespace sekisho::dicomweb
