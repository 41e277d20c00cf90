// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/pixel_elements.h"

#include <algorithm>

#include "core/dicom/element_header.h"

namespace sekisho::core::dicom {
namespace {

constexpr std::uint16_t kPixelGroup = 0x7FE0;
constexpr std::string_view kCutShort = "the pixel data are cut short";
/// Of one read: small fragments share it, large ones do not pay much for it.
constexpr std::size_t kReadBytes = 16 * 1024;

/// Small pieces of a file at rising offsets.
class Peeker {
 public:
  Peeker(const StoredFile& file, ByteView beginning) : file_(file), bytes_(beginning) {
    if (!file.view().empty()) bytes_ = file.view();
  }

  /// `size` bytes, fewer at the end of the file. Valid until the next call.
  ByteView peek(std::uint64_t offset, std::size_t size) {
    size = std::min<std::uint64_t>(size, file_.size_bytes() - offset);
    if (offset < bytes_offset_ || offset + size > bytes_offset_ + bytes_.size()) load(offset);
    return bytes_.subspan(offset - bytes_offset_, size);
  }

 private:
  void load(std::uint64_t offset) {
    buffer_.resize(std::min<std::uint64_t>(kReadBytes, file_.size_bytes() - offset));
    file_.read(offset, buffer_);
    bytes_ = buffer_;
    bytes_offset_ = offset;
  }

  const StoredFile& file_;
  Bytes buffer_;
  ByteView bytes_;
  std::uint64_t bytes_offset_ = 0;
};

/// PS3.5 §A.4: items of defined length, then a sequence delimiter.
std::variant<std::uint64_t, Defect> find_end_of_fragments(Peeker& peeker, std::uint64_t begin,
                                                          std::uint64_t file_size,
                                                          const Demand& demand) {
  std::uint64_t at = begin;
  DemandSteps asking(demand);
  while (true) {
    asking.step();
    const ByteView head = peeker.peek(at, kShortHeaderBytes);
    if (head.size() < kShortHeaderBytes) return Defect{at, kCutShort};
    const Tag tag = read_tag(head.data(), ByteOrder::little);
    const std::uint32_t length = read32(head.data() + 4, ByteOrder::little);
    at += kShortHeaderBytes;
    if (tag == kSequenceDelimitation && length == 0) return at;
    if (tag != kItem || length == kUndefinedLength) {
      return Defect{at - kShortHeaderBytes, "the pixel data are not a row of fragments"};
    }
    if (length > file_size - at) return Defect{at, kCutShort};
    at += length;
  }
}

bool may_be_encapsulated(const ElementHeader& header, const TransferSyntax& syntax) {
  return syntax.pixels == PixelCoding::encapsulated && header.tag == kPixelData &&
         (header.vr == Vr::OB || header.vr == Vr::OW);
}

}  // namespace

std::variant<PixelElements, Defect> find_pixel_elements(const StoredFile& file, ByteView beginning,
                                                        std::uint64_t begin,
                                                        const TransferSyntax& syntax,
                                                        const Demand& demand) {
  Peeker peeker(file, beginning);
  const std::uint64_t file_size = file.size_bytes();
  std::vector<Tag> tags;
  std::uint64_t at = begin;
  while (at < file_size) {
    const ByteView head = peeker.peek(at, kLongHeaderBytes);
    if (head.size() < kShortHeaderBytes) break;  // no element of any group
    const Tag tag = read_tag(head.data(), syntax.order);
    if (tag.group() != kPixelGroup) break;
    if (!tags.empty() && tag <= tags.back()) {
      return Defect{at, "elements are not in ascending order"};
    }
    tags.push_back(tag);
    ElementHeader header;
    const auto reading = read_element_header(head, syntax.vr, syntax.order, header);
    if (reading != HeaderReading::sound || header.vr == Vr::SQ) {
      return Defect{at, "the pixel data have a wrong header"};
    }
    const std::uint64_t value = at + header.size_bytes;
    if (header.is_undefined()) {
      if (!may_be_encapsulated(header, syntax)) {
        return Defect{at, "pixel data of undefined length where none are allowed"};
      }
      const auto end = find_end_of_fragments(peeker, value, file_size, demand);
      if (const auto* defect = std::get_if<Defect>(&end)) return *defect;
      at = std::get<std::uint64_t>(end);
    } else {
      if (header.length > file_size - value) return Defect{at, kCutShort};
      at = value + header.length;
    }
  }
  return PixelElements{at, std::move(tags)};
}

}  // namespace sekisho::core::dicom
