// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/mask.h"

#include <array>

#include "anonymization/masking/file_meta.h"
#include "anonymization/masking/masked_dataset.h"
#include "core/dicom/element_header.h"

namespace sekisho::anonymization {
namespace {

using core::Bytes;
using core::ByteView;
using core::dicom::CheckedFile;
using core::dicom::Tag;
using core::dicom::TransferSyntax;

constexpr Tag kSopInstanceUid{0x0008, 0x0018};
constexpr Tag kPixelGroupLength{0x7FE0, 0x0000};
constexpr std::uint32_t kGroupLengthValueBytes = 4;  // UL (PS3.5 §7.2)

/// A deflated data set was inflated into a file of its own: the meta information speaks of another.
bool is_inflated(const CheckedFile& file) {
  return file.pixel_offset() != file.meta().size() + file.header().size();
}

core::Uid uid_or_throw(const std::string& text, const char* what) {
  const auto uid = core::Uid::parse(text);
  if (!uid) throw MaskError(what);
  return *uid;
}

core::Uid shown_instance(const core::Uid& instance, const Profile& profile,
                         const Pseudonyms& pseudonyms) {
  const bool is_remapped = profile.action_for(kSopInstanceUid) == Action::remap_uid;
  return is_remapped || !instance.is_standard() ? pseudonyms.uid(instance) : instance;
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
  const TransferSyntax& syntax = file.transfer_syntax();
  core::dicom::ElementHeader header;
  const auto reading = core::dicom::read_element_header(bytes, syntax.vr, syntax.order, header);
  if (reading != core::dicom::HeaderReading::sound || header.length != kGroupLengthValueBytes) {
    throw MaskError("the pixel data begin with a wrong group length");
  }
  return header.size_bytes + kGroupLengthValueBytes;
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
  /// What file meta information, pseudonyms and delimiters add.
  static constexpr std::size_t kRoomBytes = 4096;

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
    core::ByteBuffer head(file.meta().size() + file.header().size() + kRoomBytes);
    if (is_inflated(file) || file.meta().empty()) {
      append_file_meta(head, file.sop_class_uid(), file.sop_instance_uid(),
                       file.transfer_syntax().uid);
    } else {
      head.append(file.meta());
    }
    masked.dataset_offset_ = head.size();
    head.append(file.header());
    masked.head_ = std::move(head);
    masked.tail_.append(file.trailer());
    return masked;
  }

  static Masked masked(const CheckedFile& file, const Profile& profile,
                       const Pseudonyms& pseudonyms, Author author, const core::Demand& demand,
                       PixelClaim pixels) {
    const TransferSyntax& syntax = file.transfer_syntax();
    const core::Uid sop_class = uid_or_throw(file.sop_class_uid(), "the SOP class is no UID");
    const core::Uid instance = uid_or_throw(file.sop_instance_uid(), "the SOP instance is no UID");
    const core::Uid shown = shown_instance(instance, profile, pseudonyms);
    Masked masked = with_pixels(file, released_pixels(file, profile));
    core::ByteBuffer head(file.header().size() + kRoomBytes);
    append_file_meta(head, sop_class.text(), shown.text(), syntax.uid);
    masked.dataset_offset_ = head.size();
    const SopInstance found =
        append_masked(head, file.header(), file.header_steps(), syntax, Part::header, profile,
                      pseudonyms, author, demand, pixels);
    if (found.original != instance || found.masked != shown) {
      throw MaskError("the data set and the file meta information differ on the SOP instance");
    }
    if (!file.trailer().empty()) {
      core::ByteBuffer tail(file.trailer().size() + kRoomBytes);
      append_masked(tail, file.trailer(), file.trailer_steps(), syntax, Part::trailer, profile,
                    pseudonyms, author, demand);
      masked.tail_ = std::move(tail);
    }
    masked.head_ = std::move(head);
    return masked;
  }
};

void Masked::keep(core::MemoryBudget::Taken memory) {
  const std::uint64_t size = head_.size() + tail_.size() + pixels_.view().size();
  memory.shrink(size > core::kUncountedBytes ? size : 0);
  memory_ = std::move(memory);
}

Masked mask(const CheckedFile& file, const Profile& profile, const Pseudonyms& pseudonyms,
            Author author, const core::Demand& demand, PixelClaim pixels) {
  if (profile.is_identity()) return MaskedMaker::unchanged(file);
  return MaskedMaker::masked(file, profile, pseudonyms, author, demand, pixels);
}

}  // namespace sekisho::anonymization
