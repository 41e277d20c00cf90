// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stored_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/store_error.h"

namespace sekisho::core {
namespace {

/// Closes with its last owner.
struct Descriptor {
  explicit Descriptor(int value) : number(value) {}
  ~Descriptor() { ::close(number); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  const int number;
};

}  // namespace

StoredFile StoredFile::in_memory(Bytes content) {
  auto owner = std::make_shared<const Bytes>(std::move(content));
  const ByteView bytes = *owner;
  return borrowed(bytes, std::move(owner));
}

StoredFile StoredFile::borrowed(ByteView content, std::shared_ptr<const void> owner) {
  StoredFile file;
  file.owner_ = std::move(owner);
  file.memory_ = content;
  file.size_bytes_ = content.size();
  return file;
}

StoredFile StoredFile::on_disk(int descriptor) {
  StoredFile file;
  file.owner_ = std::make_shared<const Descriptor>(descriptor);
  file.descriptor_ = descriptor;
  struct stat status{};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    throw StoreError("an archive file cannot be examined");
  }
  file.size_bytes_ = static_cast<std::uint64_t>(status.st_size);
  file.origin_ = {static_cast<std::uint64_t>(status.st_dev), std::uint64_t{status.st_ino},
                  static_cast<std::uint64_t>(status.st_ctim.tv_sec),
                  static_cast<std::uint64_t>(status.st_ctim.tv_nsec)};
  return file;
}

StoredFile StoredFile::made(std::shared_ptr<const ByteMaker> maker, std::uint64_t size,
                            const Sha256& of) {
  StoredFile file;
  file.maker_ = std::move(maker);
  file.made_of_ = of;
  file.size_bytes_ = size;
  return file;
}

StoredFile StoredFile::range(std::uint64_t offset, std::uint64_t size) const {
  if (offset > size_bytes_ || size > size_bytes_ - offset) {
    throw StoreError("an archive file is shorter than asked for");
  }
  StoredFile part = *this;
  part.size_bytes_ = size;
  part.begin_ = begin_ + offset;
  part.is_whole_ = false;
  if (descriptor_ < 0 && !maker_) part.memory_ = memory_.subspan(offset, size);
  return part;
}

Sha256 StoredFile::identity() const {
  if (descriptor_ < 0 && !maker_) return sha256(memory_);
  const std::array<std::uint64_t, 2> range{begin_, size_bytes_};
  const auto bytes_of = [](const auto& numbers) {
    return ByteView(reinterpret_cast<const Byte*>(numbers.data()), sizeof numbers);
  };
  const ByteView whole = maker_ ? ByteView(made_of_) : bytes_of(origin_);
  return sha256({whole, bytes_of(range)});
}

void StoredFile::read(std::uint64_t offset, std::span<Byte> out) const {
  if (offset > size_bytes_ || out.size() > size_bytes_ - offset) {
    throw StoreError("an archive file is shorter than asked for");
  }
  if (maker_) return maker_->read(begin_ + offset, out);
  if (descriptor_ < 0) {
    if (!out.empty()) std::memcpy(out.data(), memory_.data() + offset, out.size());
    return;
  }
  offset += begin_;
  while (!out.empty()) {
    const ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw StoreError("an archive file cannot be read");
    if (got == 0) throw StoreError("an archive file was cut short while it was read");
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace sekisho::core
