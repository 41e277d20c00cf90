// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/loose_meta.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/dicom/element_header.h"
#include "core/dicom/padding.h"

namespace sekisho::core::dicom {
namespace {

constexpr std::uint64_t kMost = 64 * 1024;
constexpr std::size_t kPreambleBytes = 128;
constexpr std::string_view kPrefix = "DICM";
constexpr std::uint16_t kMetaGroup = 0x0002;

std::size_t begin_of_meta(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  if (text.substr(std::min(kPreambleBytes, text.size())).starts_with(kPrefix)) {
    return kPreambleBytes + kPrefix.size();
  }
  return text.starts_with(kPrefix) ? kPrefix.size() : 0;
}

void take(Tag tag, std::string_view value, LooseMeta& meta) {
  value = without_padding(value);
  const auto fill = [&](std::string& text) {
    if (text.empty()) text = value;
  };
  if (tag == Tag{kMetaGroup, 0x0002}) fill(meta.sop_class);
  if (tag == Tag{kMetaGroup, 0x0003}) fill(meta.sop_instance);
  if (tag != Tag{kMetaGroup, 0x0010} || meta.names_syntax || value.empty()) return;
  meta.names_syntax = true;
  meta.syntax = TransferSyntax::from_uid(value);
}

}  // namespace

LooseMeta read_loose_meta(const StoredFile& file) {
  Bytes bytes(std::min(file.size_bytes(), kMost));
  file.read(0, bytes);
  std::size_t at = begin_of_meta(bytes);
  LooseMeta meta;
  while (true) {
    const ByteView rest = ByteView(bytes).subspan(at);
    ElementHeader header;
    const auto reading =
        read_element_header(rest, VrCoding::explicit_vr, ByteOrder::little, header);
    const bool is_meta = reading == HeaderReading::sound && header.tag.group() == kMetaGroup;
    if (!is_meta || header.length > rest.size() - header.size_bytes) break;
    take(header.tag, as_text(rest.subspan(header.size_bytes, header.length)), meta);
    at += header.size_bytes + header.length;
  }
  meta.end = at;
  return meta;
}

}  // namespace sekisho::core::dicom
