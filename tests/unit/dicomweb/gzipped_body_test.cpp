// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/gzipped_body.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace sekisho::dicomweb {
namespace {

using core::Bytes;

Bytes gzipped(std::string_view text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, text.size()) + 32);
  std::string copy(text);
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

class GzippedBody : public ::testing::Test {
 protected:
  /// What comes out; "malformed" or "too large" where nothing does.
  std::string unpacked(Bytes body, std::uint64_t most = 1 << 20) {
    const auto found =
        gunzip(core::StoredFile::in_memory(std::move(body)), most, budget_, memory_, {});
    if (const auto* problem = std::get_if<GzipProblem>(&found)) {
      return *problem == GzipProblem::malformed ? "malformed" : "too large";
    }
    return std::string(core::as_text(std::get<core::StoredFile>(found).view()));
  }
  core::MemoryBudget budget_{64U << 20U, std::chrono::milliseconds(0)};
  core::MemoryBudget::Taken memory_;
};

TEST_F(GzippedBody, ComesOutAsItWent) {
  for (const std::size_t size : {1U, 1000U, 262'144U, 262'145U, 1U << 20U}) {
    std::string text(size, 'x');
    for (std::size_t at = 0; at < size; at += 7) text[at] = static_cast<char>(at * 31 >> 3U);
    EXPECT_EQ(unpacked(gzipped(text)), text) << size;
  }
}

TEST_F(GzippedBody, HasAnyNumberOfMembers) {
  Bytes two = gzipped("one ");
  const Bytes second = gzipped("two");
  two.insert(two.end(), second.begin(), second.end());
  EXPECT_EQ(unpacked(two), "one two");
}

TEST_F(GzippedBody, ThatIsNotWholeIsNone) {
  const Bytes whole = gzipped("an object");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(unpacked({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}),
              "malformed")
        << size;
  }
  Bytes more = whole;
  more.push_back('x');
  EXPECT_EQ(unpacked(more), "malformed");
  Bytes other = whole;
  other[other.size() - 6] ^= 1U;  // of its checksum
  EXPECT_EQ(unpacked(other), "malformed");
  EXPECT_EQ(unpacked({'-', '-', 'e', 'd', 'g', 'e'}), "malformed");
}

TEST_F(GzippedBody, TakesNoMoreThanItMay) {
  const Bytes bomb = gzipped(std::string(std::size_t{8} << 20, '\0'));
  EXPECT_EQ(unpacked(bomb, (8U << 20U) - 1), "too large");
  EXPECT_EQ(unpacked(bomb, 1000), "too large");
  EXPECT_EQ(unpacked(bomb, 8U << 20U).size(), 8U << 20U);
  EXPECT_LE(budget_.taken_bytes(), 17U << 20U);
}

TEST_F(GzippedBody, IsNamedByItsCodingAlone) {
  for (const char* name : {"gzip", "GZip", "x-gzip"}) EXPECT_TRUE(is_gzip(name));
  for (const char* name : {"", "deflate", "gzip, gzip", "br", "identity"}) {
    EXPECT_FALSE(is_gzip(name));
  }
}

}  // namespace
}  // namespace sekisho::dicomweb
