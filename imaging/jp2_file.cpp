// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/jp2_file.h"

#include <algorithm>
#include <string_view>

#include "imaging/big_endian.h"

namespace sekisho::imaging::jpeg_2000 {
namespace {

using core::Byte;
using core::ByteView;

constexpr Byte kSignature[] = {0, 0, 0, 12, 'j', 'P', ' ', ' ', 0x0D, 0x0A, 0x87, 0x0A};

struct Box {
  std::string_view type;
  ByteView content;
  std::size_t content_begin = 0;
  std::size_t end = 0;
};

/// T.800 §I.4: a length of 0 goes to the end, of 1 is written behind the type.
std::optional<Box> read_box(ByteView bytes, std::size_t at) {
  constexpr std::size_t kHead = 8;
  if (bytes.size() - at < kHead) return std::nullopt;
  std::uint64_t length = big32(bytes, at);
  std::size_t head = kHead;
  if (length == 1) {
    head = 2 * kHead;
    if (bytes.size() - at < head) return std::nullopt;
    length = std::uint64_t{big32(bytes, at + 8)} << 32U | big32(bytes, at + 12);
  } else if (length == 0) {
    length = bytes.size() - at;
  }
  if (length < head || length > bytes.size() - at) return std::nullopt;
  return Box{core::as_text(bytes.subspan(at + 4, 4)), bytes.subspan(at + head, length - head),
             at + head, at + length};
}

bool changes_samples(ByteView header) {
  for (std::size_t at = 0; at < header.size();) {
    const auto box = read_box(header, at);
    if (!box || box->type == "pclr" || box->type == "cmap" || box->type == "cdef") return true;
    at = box->end;
  }
  return false;
}

}  // namespace

bool is_jp2_file(ByteView stream) {
  return stream.size() >= sizeof(kSignature) &&
         std::ranges::equal(stream.first(sizeof(kSignature)), kSignature);
}

std::optional<CodeStreamPlace> find_code_stream(ByteView file) {
  std::optional<CodeStreamPlace> found;
  for (std::size_t at = sizeof(kSignature); at < file.size();) {
    const auto box = read_box(file, at);
    if (!box) break;  // padding, or what belongs to nothing
    if (box->type == "jp2h" && changes_samples(box->content)) return std::nullopt;
    if (box->type == "jp2c") {
      if (found) return std::nullopt;
      found = CodeStreamPlace{box->content_begin, box->content.size()};
    }
    at = box->end;
  }
  return found;
}

}  // namespace sekisho::imaging::jpeg_2000
