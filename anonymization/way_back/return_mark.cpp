// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/way_back/return_mark.h"

#include <algorithm>
#include <optional>
#include <string>

#include "anonymization/masking/file_meta.h"
#include "core/dicom/element_header.h"
#include "core/digest.h"
#include "core/encoding.h"

namespace sekisho::anonymization {
namespace {

using core::ByteView;

constexpr std::string_view kKind = "ReturnedObject";
constexpr std::string_view kNoMarkYet = "AAAAAAAAAAAAAAAA";
static_assert(kNoMarkYet.size() == kReturnMarkBytes);
// Preamble, "DICM", and (0002,0000), which says how long what follows it is (PS3.10 §7.1).
constexpr std::size_t kGroupLengthEnd = 128 + 4 + 12;

/// Where the data set begins, right behind the mark. `nullopt` for a file that begins otherwise.
std::optional<std::size_t> dataset_offset(ByteView part10) {
  if (part10.size() < kGroupLengthEnd) return std::nullopt;
  const std::size_t length =
      core::dicom::read32(part10.data() + kGroupLengthEnd - 4, core::dicom::ByteOrder::little);
  if (length < kReturnMarkBytes || length > part10.size() - kGroupLengthEnd) return std::nullopt;
  return kGroupLengthEnd + length;
}

/// Of all but the mark itself.
std::string mark_of(ByteView part10, std::size_t dataset, const Pseudonyms& pseudonyms) {
  const auto hash =
      core::sha256({part10.first(dataset - kReturnMarkBytes), part10.subspan(dataset)});
  return pseudonyms.identifier(kKind, core::to_hex(hash));
}

}  // namespace

void append_markable_file_meta(core::ByteBuffer& out, std::string_view sop_class,
                               std::string_view sop_instance, std::string_view transfer_syntax) {
  append_file_meta(out, sop_class, sop_instance, transfer_syntax, kNoMarkYet);
}

void put_return_mark(core::ByteBuffer& part10, const Pseudonyms& pseudonyms) {
  const std::size_t begin = dataset_offset(part10.view()).value();
  const std::string mark = mark_of(part10.view(), begin, pseudonyms);
  const std::size_t at = begin - kReturnMarkBytes;
  std::ranges::copy(core::as_bytes(mark), part10.last(part10.size() - at).begin());
}

bool bears_return_mark(ByteView part10, const Pseudonyms& pseudonyms) {
  const auto begin = dataset_offset(part10);
  if (!begin) return false;
  const auto mark = core::as_text(part10.subspan(*begin - kReturnMarkBytes, kReturnMarkBytes));
  return mark == mark_of(part10, *begin, pseudonyms);
}

}  // namespace sekisho::anonymization
