// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "anonymization/masking/author.h"
#include "anonymization/masking/mask_error.h"
#include "anonymization/masking/pixel_claim.h"
#include "anonymization/pixels/known_pixels.h"
#include "anonymization/profiles/profile.h"
#include "anonymization/pseudonyms.h"
#include "core/byte_buffer.h"
#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/memory_budget.h"
#include "imaging/pixel_source.h"

namespace sekisho::imaging {
struct PixelEncoder;
}

namespace sekisho::anonymization {

/// A Part 10 file as the recipient may see it: a new head, the declared pixels, by
/// reference as far as they are clean, a new tail. Only mask() makes one. Movable; any thread may
/// read it.
class Masked {
 public:
  /// Preamble, "DICM", new file meta information, masked data set up to group 7FE0.
  core::ByteView head() const { return head_->view(); }
  const core::dicom::TransferSyntax& transfer_syntax() const { return syntax_; }
  /// The data set of head().
  core::dicom::Dataset header() const {
    return {head().subspan(dataset_offset_), syntax_.vr, syntax_.order};
  }
  /// What kind of object it is; empty or no UID where a profile that changes nothing let that pass.
  const std::string& sop_class() const { return sop_class_; }
  /// The pixel elements, ranges of the archive's file wherever that is clean.
  const imaging::PixelSource& pixels() const { return pixels_; }
  std::uint64_t pixel_size() const { return pixels_.size_bytes(); }
  /// What follows the pixel elements.
  core::ByteView tail() const { return tail_->view(); }
  core::dicom::Dataset trailer() const { return {tail(), syntax_.vr, syntax_.order}; }

  std::uint64_t size_bytes() const { return head().size() + pixel_size() + tail().size(); }

  /// The same of the same bytes opened anew: head() and tail() are this one's. Keeps nothing.
  Masked over(core::StoredFile file) const;

  /// For who is about to send the pixels: where cells go through a mask that changes none, from now
  /// on they are the file's own, here and for all who come after. Reads them once for each file.
  void look_at_cells(const core::Demand& demand);

  /// Writes all of it down in explicit VR little endian. Without compression values and pixels are
  /// what they were, and pixels that are little endian stay the file's; compressed pixels are
  /// decoded one frame after another while they are read, and the header says what they are then.
  /// False: that cannot be, and nothing has changed. What look_at_cells() finds is to be found
  /// before. Throws DemandOver, MemoryShortage and what reading the file throws.
  bool write_explicitly(const core::Demand& demand);
  /// The same in the transfer syntax of `encoder`: pixels, decoded first where they are compressed,
  /// are encoded one frame after another, once here and again while they are read.
  bool write_encoded(const imaging::PixelEncoder& encoder, const core::Demand& demand);

  /// Keeps of what was taken from a budget as much as this is in memory, for as long as it is.
  void keep(core::MemoryBudget::Taken memory);
  /// What it keeps; nothing where it is small.
  std::uint64_t kept_bytes() const { return memory_.bytes(); }

 private:
  bool begin_writing(const core::Demand& demand);
  bool write_decoded(const core::Demand& demand);
  bool replace(const core::dicom::Dataset& header, imaging::PixelSource pixels,
               std::string_view transfer_syntax, const core::Demand& demand);

  explicit Masked(imaging::PixelSource pixels) : pixels_(std::move(pixels)) {}
  friend struct MaskedMaker;
  std::shared_ptr<const core::ByteBuffer> head_;
  std::size_t dataset_offset_ = 0;
  core::dicom::TransferSyntax syntax_;
  std::string sop_class_;     ///< in head(), as
  std::string sop_instance_;  ///< … this is
  imaging::PixelSource pixels_;
  std::shared_ptr<const core::ByteBuffer> tail_;
  core::MemoryBudget::Taken memory_;
  const KnownPixels* known_ = nullptr;  ///< null: there is nothing to find out
  std::string identity_;
};

/// Masks everything or throws MaskError or DemandOver. Deterministic: the same file, profile and
/// key give the same bytes; masking twice equals masking once. Pixels are as
/// imaging::clean_pixels() leaves them, which `memory` is for; PixelsWithheld says why there are
/// none. `known` saves a second look at the same bytes. What the object says of its pixels is
/// `claim`. Any thread.
Masked mask(const core::dicom::CheckedFile& file, const Profile& profile,
            const Pseudonyms& pseudonyms, Author author = Author::hospital,
            const core::Demand& demand = {}, PixelClaim claim = PixelClaim::none,
            core::MemoryBudget::Taken* memory = nullptr, const KnownPixels::OfFile& known = {});
/// The same without pixels, for who only wants to see what becomes of the rest.
Masked mask_header(const core::dicom::CheckedFile& file, const Profile& profile,
                   const Pseudonyms& pseudonyms, const core::Demand& demand = {});

}  // namespace sekisho::anonymization
