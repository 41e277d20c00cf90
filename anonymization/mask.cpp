// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/mask.h"

#include "anonymization/file_meta.h"
#include "anonymization/masked_dataset.h"

namespace sekisho::anonymization {
namespace {

using core::Bytes;
using core::ByteView;
using core::dicom::CheckedFile;
using core::dicom::Tag;

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

/// Pixel elements are passed on as they are: only those that the profile keeps may be there.
void require_released_pixels(const CheckedFile& file, const Profile& profile) {
  for (const Tag tag : file.pixel_tags()) {
    if (profile.action_for(tag) != Action::keep) {
      throw MaskError("the profile does not release an element beside the pixel data");
    }
  }
}

}  // namespace

struct MaskedMaker {
  /// Pixel elements by reference; head and tail are filled in by the caller.
  static Masked with_pixels(const CheckedFile& file) {
    Masked masked(file.source());
    masked.syntax_ = file.transfer_syntax();
    masked.pixel_offset_ = file.pixel_offset();
    masked.pixel_size_ = file.pixel_size();
    return masked;
  }

  static Masked unchanged(const CheckedFile& file) {
    Masked masked = with_pixels(file);
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
    require_released_pixels(file, profile);
    const MaskedDataset header =
        mask_dataset(file.header(), file.transfer_syntax(), Part::header, profile, pseudonyms);
    if (header.original_sop_instance != instance) {
      throw MaskError("the data set and the file meta information differ on the SOP instance");
    }
    Masked masked = with_pixels(file);
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
