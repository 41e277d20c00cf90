// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stored_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "core/store_error.h"

namespace sekisho::core {
namespace {

/// A descriptor of an unnamed file with this content.
int a_file(std::string_view content) {
  const int descriptor =
      ::open(std::filesystem::temp_directory_path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  EXPECT_GE(descriptor, 0);
  EXPECT_EQ(::write(descriptor, content.data(), content.size()),
            static_cast<ssize_t>(content.size()));
  return descriptor;
}

bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) >= 0; }

/// The alphabet, again and again.
class Alphabet final : public ByteMaker {
 public:
  void read(std::uint64_t offset, std::span<Byte> out) const override {
    for (Byte& byte : out) byte = static_cast<Byte>('a' + offset++ % 26);
  }
  std::uint64_t memory_bytes() const override { return 7; }
};

std::string read(const StoredFile& file, std::uint64_t offset, std::size_t size) {
  Bytes bytes(size);
  file.read(offset, bytes);
  return std::string(as_text(bytes));
}

TEST(StoredFile, ReadsARangeFromMemoryAndFromDisk) {
  const Bytes content{'s', 'e', 'k', 'i', 's', 'h', 'o'};
  for (const StoredFile& file :
       {StoredFile::in_memory(content), StoredFile::on_disk(a_file("sekisho"))}) {
    EXPECT_EQ(file.size_bytes(), 7U);
    EXPECT_EQ(read(file, 0, 7), "sekisho");
    EXPECT_EQ(read(file, 3, 2), "is");
    EXPECT_EQ(read(file, 7, 0), "");
  }
}

TEST(StoredFile, MayBeMadeWhileItIsRead) {
  const auto file = StoredFile::made(std::make_shared<Alphabet>(), std::uint64_t{1} << 40U, {});
  EXPECT_EQ(read(file, 25, 3), "zab");
  EXPECT_EQ(read(file.range(24, 10).range(1, 4), 1, 3), "abc");
  EXPECT_TRUE(file.view().empty());
  EXPECT_EQ(file.descriptor(), -1);
  EXPECT_EQ(file.memory_bytes(), 7U) << "not what it makes";
  EXPECT_THROW(read(file, (std::uint64_t{1} << 40U) - 1, 2), StoreError);
  EXPECT_THROW(read(file.range(24, 10), 9, 2), StoreError);
}

TEST(StoredFile, APartIsAFileOfItsOwn) {
  const Bytes content{'s', 'e', 'k', 'i', 's', 'h', 'o'};
  for (const StoredFile& file :
       {StoredFile::in_memory(content), StoredFile::on_disk(a_file("sekisho"))}) {
    const StoredFile part = file.range(2, 4);
    EXPECT_EQ(part.size_bytes(), 4U);
    EXPECT_EQ(read(part, 0, 4), "kish");
    EXPECT_EQ(read(part.range(1, 2), 0, 2), "is");
    EXPECT_THROW(read(part, 1, 4), StoreError);
    EXPECT_EQ(part.descriptor(), -1) << "whoever sends it from there would send the whole";
    EXPECT_THROW(file.range(2, 6), StoreError);
    EXPECT_THROW(file.range(8, 0), StoreError);
  }
}

TEST(StoredFile, ReadingPastTheEndThrows) {
  const Bytes content{'a', 'b'};
  for (const StoredFile& file :
       {StoredFile::in_memory(content), StoredFile::on_disk(a_file("ab"))}) {
    EXPECT_THROW(read(file, 1, 2), StoreError);
    EXPECT_THROW(read(file, 3, 0), StoreError);
    EXPECT_THROW(read(file, UINT64_MAX, 2), StoreError);
  }
}

TEST(StoredFile, AFileThatShrankMeanwhileThrowsInsteadOfLooping) {
  const int descriptor = a_file("sekisho");
  const StoredFile file = StoredFile::on_disk(descriptor);
  ASSERT_EQ(::ftruncate(descriptor, 3), 0);
  EXPECT_THROW(read(file, 0, 7), StoreError);
}

TEST(StoredFile, TheDescriptorIsClosedWithTheLastCopy) {
  const int descriptor = a_file("ab");
  std::optional<StoredFile> first = StoredFile::on_disk(descriptor);
  std::optional<StoredFile> second = first;
  first.reset();
  EXPECT_TRUE(is_open(descriptor));
  EXPECT_EQ(read(*second, 0, 2), "ab");
  second.reset();
  EXPECT_FALSE(is_open(descriptor));
}

TEST(StoredFile, WhatIsNoFileIsRefusedAndClosed) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_THROW(StoredFile::on_disk(ends[0]), StoreError);
  EXPECT_FALSE(is_open(ends[0]));
  ::close(ends[1]);
}

TEST(StoredFile, BorrowedBytesAreNotCopiedAndTheirOwnerIsHeld) {
  auto owner = std::make_shared<const Bytes>(Bytes{1, 2, 3});
  std::optional<StoredFile> file = StoredFile::borrowed(*owner, owner);
  EXPECT_EQ(file->view().data(), owner->data());
  EXPECT_EQ(owner.use_count(), 2);
  file.reset();
  EXPECT_EQ(owner.use_count(), 1);
}

TEST(StoredFile, ViewIsEmptyForAFileOnDisk) {
  EXPECT_TRUE(StoredFile::on_disk(a_file("ab")).view().empty());
}

TEST(StoredFile, HasAnIdentityOfItsOwn) {
  const StoredFile bytes = StoredFile::in_memory({1, 2, 3});
  EXPECT_EQ(bytes.identity(), StoredFile::in_memory({1, 2, 3}).identity());
  EXPECT_NE(bytes.identity(), StoredFile::in_memory({1, 2, 4}).identity());
  EXPECT_NE(bytes.identity(), bytes.range(0, 2).identity());

  const int descriptor = a_file("ab");
  const StoredFile file = StoredFile::on_disk(descriptor);
  EXPECT_EQ(file.identity(), StoredFile::on_disk(::dup(descriptor)).identity());
  EXPECT_NE(file.identity(), file.range(1, 1).identity());
  EXPECT_NE(file.identity(), StoredFile::on_disk(a_file("ab")).identity()) << "another one";
  ASSERT_EQ(::ftruncate(descriptor, 5), 0);
  EXPECT_NE(file.identity(), StoredFile::on_disk(::dup(descriptor)).identity()) << "written anew";
}

}  // namespace
}  // namespace sekisho::core
