// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/mask.h"

#include <array>

#include "anonymization/file_meta.h"
#include "anonymization/masked_dataset.h"
#include "core/dicom/element_header.h"

namespace sekisho::anonymization {
namespace {

using core::Bytes;
using core::ByteView;
using core::dicom::CheckedFile;
using core::dicom::Tag;

constexpr Tag kPixelGroupLength{0x7FE0, 0x0000};
constexpr std::uint32_t kGroupLengthValueBytes = 4;  // UL (PS3.5 §7.2)

void append(Bytes& head, ByteView more) { head.insert(head.end(), more.begin(), more.end()); }

/// A deflated data set was inflated into a file of its own: the meta information speaks of another.
bool is_inflated(const CheckedFile& file) {
  return file.pixel_offset() != file.meta().size() + file.header().size();
}

core::Uid uid_or_throw(const std::string& text, const char* what) {
  const auto uid = core::Uid::parse(text);
  if (!uid) throw MaskError(what);
  return *uid;
}

/// The range of source() that is passed on as it is.
struct Range {
  std::uint64_t offset;
  std::uint64_t size;
};

/// How many bytes the group length takes that the pixel elements begin with.
std::uint64_t group_length_size(const CheckedFile& file) {
  std::array<core::Byte, core::dicom::kLongHeaderBytes> bytes{};
  file.source().read(file.pixel_offset(), bytes);  // less than a group length has is no CheckedFile
  const auto header = core::dicom::read_element_header(bytes, file.transfer_syntax().vr,
                                                       file.transfer_syntax().order);
  const auto* known = std::get_if<core::dicom::ElementHeader>(&header);
  if (!known || known->length != kGroupLengthValueBytes) {
    throw MaskError("the pixel data begin with a wrong group length");
  }
  return known->size_bytes + kGroupLengthValueBytes;
}

/// A group length before the pixel data is left behind; anything else there must be what the
/// profile keeps, because it is not looked into.
Range released_pixels(const CheckedFile& file, const Profile& profile) {
  Range range{file.pixel_offset(), file.pixel_size()};
  for (const Tag tag : file.pixel_tags()) {
    if (tag == kPixelGroupLength) {
      const std::uint64_t size = group_length_size(file);
      range.offset += size;
      range.size -= size;
    } else if (profile.action_for(tag) != Action::keep) {
      throw MaskError("the profile does not release an element beside the pixel data");
    }
  }
  return range;
}

}  // namespace

struct MaskedMaker {
  /// Pixel elements by reference; head and tail are filled in by the caller.
  static Masked with_pixels(const CheckedFile& file, Range range) {
    Masked masked(file.source());
    masked.syntax_ = file.transfer_syntax();
    masked.pixel_offset_ = range.offset;
    masked.pixel_size_ = range.size;
    return masked;
  }

  static Masked unchanged(const CheckedFile& file) {
    Masked masked = with_pixels(file, {file.pixel_offset(), file.pixel_size()});
    masked.head_ = is_inflated(file) ? make_file_meta(file.sop_class_uid(), file.sop_instance_uid(),
                                                      file.transfer_syntax().uid)
                                     : Bytes(file.meta().begin(), file.meta().end());
    masked.dataset_offset_ = masked.head_.size();
    append(masked.head_, file.header());
    masked.tail_.assign(file.trailer().begin(), file.trailer().end());
    return masked;
  }

  static Masked masked(const CheckedFile& file, const Profile& profile,
                       const Pseudonyms& pseudonyms) {
    const core::Uid sop_class = uid_or_throw(file.sop_class_uid(), "the SOP class is no UID");
    const core::Uid instance = uid_or_throw(file.sop_instance_uid(), "the SOP instance is no UID");
    const Range pixels = released_pixels(file, profile);
    const MaskedDataset header =
        mask_dataset(file.header(), file.transfer_syntax(), Part::header, profile, pseudonyms);
    if (header.original_sop_instance != instance) {
      throw MaskError("the data set and the file meta information differ on the SOP instance");
    }
    Masked masked = with_pixels(file, pixels);
    masked.head_ = make_file_meta(sop_class.text(), header.masked_sop_instance->text(),
                                  file.transfer_syntax().uid);
    masked.dataset_offset_ = masked.head_.size();
    append(masked.head_, header.bytes);
    if (!file.trailer().empty()) {
      masked.tail_ =
          mask_dataset(file.trailer(), file.transfer_syntax(), Part::trailer, profile, pseudonyms)
              .bytes;
    }
    return masked;
  }
};

Masked mask(const CheckedFile& file, const Profile& profile, const Pseudonyms& pseudonyms) {
  return profile.is_identity() ? MaskedMaker::unchanged(file)
                               : MaskedMaker::masked(file, profile, pseudonyms);
}

}  // namespace sekisho::anonymization
