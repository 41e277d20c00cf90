// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/mask.h"

#include <exception>

#include "anonymization/masking/explicit_dataset.h"
#include "anonymization/masking/file_meta.h"
#include "anonymization/masking/masked_dataset.h"
#include "anonymization/pixels/decoded_header.h"
#include "anonymization/pixels/other_bits.h"
#include "imaging/clean_pixels.h"
#include "imaging/decoders/decoded_pixels.h"
#include "imaging/encoders/encoded_pixels.h"
#include "imaging/explicit_pixels.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::CheckedFile;
using core::dicom::Tag;
using core::dicom::TransferSyntax;

constexpr Tag kSopInstanceUid{0x0008, 0x0018};
constexpr Tag kPixelGroupLength{0x7FE0, 0x0000};

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

WithholdReason reason_of(imaging::Refusal refusal) {
  switch (refusal) {
    case imaging::Refusal::unsupported:
      return WithholdReason::pixel_coding_unknown;
    case imaging::Refusal::too_large:
      return WithholdReason::pixel_frame_too_large;
    case imaging::Refusal::malformed:
      break;
  }
  return WithholdReason::pixel_bytes_unclear;
}

KnownPixels::Found look_at_pixels(const CheckedFile& file, const core::Demand& demand,
                                  core::MemoryBudget::Taken* memory) {
  auto clean = imaging::clean_pixels(file, demand, memory);
  if (const auto* refusal = std::get_if<imaging::Refusal>(&clean)) return reason_of(*refusal);
  const auto& pixels = std::get<imaging::PixelSource>(clean);
  if (pixels.may_use_other_bits() && !are_other_bits_clear(file, pixels, demand, memory)) {
    return WithholdReason::unused_bits;
  }
  return pixels.plan();
}

KnownPixels::Found known_pixels(const CheckedFile& file, const core::Demand& demand,
                                core::MemoryBudget::Taken* memory,
                                const KnownPixels::OfFile& known) {
  if (known.all == nullptr) return look_at_pixels(file, demand, memory);
  if (auto found = known.all->find(known.identity)) return *std::move(found);
  KnownPixels::Found found = look_at_pixels(file, demand, memory);
  known.all->keep(known.identity, found);
  return found;
}

/// What the profile lets through. Pixels are not text: their own elements must be what it keeps.
imaging::PixelSource released_pixels(const CheckedFile& file, const Profile& profile,
                                     const core::Demand& demand, core::MemoryBudget::Taken* memory,
                                     const KnownPixels::OfFile& known) {
  for (const Tag tag : file.pixel_tags()) {
    if (tag != kPixelGroupLength && profile.action_for(tag) != Action::keep) {
      throw MaskError("the profile does not release an element beside the pixel data");
    }
  }
  auto found = known_pixels(file, demand, memory, known);
  if (const auto* reason = std::get_if<WithholdReason>(&found)) throw PixelsWithheld(*reason);
  return {file.source(), std::get<std::shared_ptr<const imaging::PixelPlan>>(std::move(found))};
}

}  // namespace

struct MaskedMaker {
  /// What file meta information, pseudonyms and delimiters add.
  static constexpr std::size_t kRoomBytes = 4096;

  /// Head and tail are filled in by the caller.
  static Masked with_pixels(const CheckedFile& file, imaging::PixelSource pixels) {
    Masked masked(std::move(pixels));
    masked.syntax_ = file.transfer_syntax();
    return masked;
  }

  static void fill(Masked& masked, core::ByteBuffer head, core::ByteBuffer tail) {
    masked.head_ = std::make_shared<const core::ByteBuffer>(std::move(head));
    masked.tail_ = std::make_shared<const core::ByteBuffer>(std::move(tail));
  }

  static Masked unchanged(const CheckedFile& file) {
    Masked masked = with_pixels(file, imaging::stored_pixels(file));
    masked.sop_class_ = file.sop_class_uid();
    masked.sop_instance_ = file.sop_instance_uid();
    core::ByteBuffer head(file.meta().size() + file.header().size() + kRoomBytes);
    if (is_inflated(file) || file.meta().empty()) {
      append_file_meta(head, file.sop_class_uid(), file.sop_instance_uid(),
                       file.transfer_syntax().uid);
    } else {
      head.append(file.meta());
    }
    masked.dataset_offset_ = head.size();
    head.append(file.header());
    core::ByteBuffer tail(file.trailer().size());
    tail.append(file.trailer());
    fill(masked, std::move(head), std::move(tail));
    return masked;
  }

  static Masked masked(const CheckedFile& file, imaging::PixelSource pixels, const Profile& profile,
                       const Pseudonyms& pseudonyms, Author author, const core::Demand& demand,
                       PixelClaim claim) {
    const TransferSyntax& syntax = file.transfer_syntax();
    const core::Uid sop_class = uid_or_throw(file.sop_class_uid(), "the SOP class is no UID");
    const core::Uid instance = uid_or_throw(file.sop_instance_uid(), "the SOP instance is no UID");
    const core::Uid shown = shown_instance(instance, profile, pseudonyms);
    Masked masked = with_pixels(file, std::move(pixels));
    masked.sop_class_ = sop_class.text();
    masked.sop_instance_ = shown.text();
    core::ByteBuffer head(file.header().size() + kRoomBytes);
    append_file_meta(head, sop_class.text(), shown.text(), syntax.uid);
    masked.dataset_offset_ = head.size();
    const SopInstance found =
        append_masked(head, file.header(), file.header_steps(), syntax, Part::header, profile,
                      pseudonyms, author, demand, claim);
    if (found.original != instance || found.masked != shown) {
      throw MaskError("the data set and the file meta information differ on the SOP instance");
    }
    core::ByteBuffer tail;
    if (!file.trailer().empty()) {
      tail = core::ByteBuffer(file.trailer().size() + kRoomBytes);
      append_masked(tail, file.trailer(), file.trailer_steps(), syntax, Part::trailer, profile,
                    pseudonyms, author, demand);
    }
    fill(masked, std::move(head), std::move(tail));
    return masked;
  }

  static void remember(Masked& masked, const KnownPixels::OfFile& known) {
    if (!masked.pixels_.plan()->may_have_idle_mask()) return;
    masked.known_ = known.all;
    masked.identity_ = known.identity;
  }
};

Masked Masked::over(core::StoredFile file) const {
  auto plan = pixels_.plan();
  const auto found = known_ == nullptr ? std::nullopt : known_->find(identity_);
  if (found) {  // somebody may have looked at its cells
    const auto* looked = std::get_if<std::shared_ptr<const imaging::PixelPlan>>(&*found);
    if (looked != nullptr) plan = *looked;
  }
  Masked masked({std::move(file), std::move(plan)});
  masked.head_ = head_;
  masked.dataset_offset_ = dataset_offset_;
  masked.syntax_ = syntax_;
  masked.sop_class_ = sop_class_;
  masked.sop_instance_ = sop_instance_;
  masked.tail_ = tail_;
  masked.known_ = known_;
  masked.identity_ = identity_;
  return masked;
}

void Masked::keep(core::MemoryBudget::Taken memory) {
  const std::uint64_t size =
      head().size() + tail().size() + pixels_.made_bytes() + pixels_.file().memory_bytes();
  memory.shrink(size > core::kUncountedBytes ? size : 0);
  memory_ = std::move(memory);
}

void Masked::look_at_cells(const core::Demand& demand) {
  if (known_ == nullptr || !pixels_.plan()->may_have_idle_mask()) return;
  try {
    pixels_ = pixels_.without_idle_mask(demand);
  } catch (const std::exception&) {
    return;  // whoever reads them meets the same, and says so
  }
  known_->keep(identity_, pixels_.plan());
}

/// False: it cannot be written down anew.
bool Masked::begin_writing(const core::Demand& demand) {
  // PS3.10 §7.1: file meta information names both.
  if (!core::Uid::parse(sop_class_) || !core::Uid::parse(sop_instance_)) return false;
  // Both ways of writing are there for a while, and explicit VR may take half as much again.
  const std::uint64_t needed = 2 * (header().bytes.size() + tail().size());
  if (needed > core::kUncountedBytes) memory_.grow(memory_.bytes() + needed, demand);
  return true;
}

bool Masked::write_explicitly(const core::Demand& demand) {
  if (syntax_.uid == core::dicom::kExplicitVrLittleEndian) return true;
  if (!begin_writing(demand)) return false;
  if (!core::dicom::has_explicit_form(syntax_)) return write_decoded(demand);
  auto pixels = imaging::explicit_pixels(pixels_, header(), syntax_);
  return pixels &&
         replace(header(), *std::move(pixels), core::dicom::kExplicitVrLittleEndian, demand);
}

bool Masked::write_decoded(const core::Demand& demand) {
  auto found = imaging::decoded_pixels(pixels_, header(), syntax_, demand, &memory_);
  auto* decoded = std::get_if<imaging::DecodedPixels>(&found);
  if (decoded == nullptr) return false;
  const core::Bytes told = header_of_decoded(header().bytes, syntax_, decoded->photometric,
                                             decoded->samples, decoded->loss);
  return replace({told, syntax_.vr, syntax_.order}, std::move(decoded->pixels),
                 core::dicom::kExplicitVrLittleEndian, demand);
}

bool Masked::write_encoded(const imaging::PixelEncoder& encoder, const core::Demand& demand) {
  if (syntax_.uid == encoder.transfer_syntax) return true;
  if (!begin_writing(demand)) return false;
  auto found = imaging::encoded_pixels(pixels_, header(), syntax_, encoder, demand, &memory_);
  auto* encoded = std::get_if<imaging::EncodedPixels>(&found);
  if (encoded == nullptr) return false;
  const core::Bytes told = header_of_decoded(header().bytes, syntax_, encoded->photometric,
                                             encoded->samples, encoded->loss);
  return replace({told, syntax_.vr, syntax_.order}, std::move(encoded->pixels),
                 encoder.transfer_syntax, demand);
}

/// What is written explicitly in the place of what was.
bool Masked::replace(const core::dicom::Dataset& header, imaging::PixelSource pixels,
                     std::string_view transfer_syntax, const core::Demand& demand) {
  core::ByteBuffer written(head().size() + MaskedMaker::kRoomBytes + head().size() / 8);
  append_file_meta(written, sop_class_, sop_instance_, transfer_syntax);
  const std::size_t offset = written.size();
  core::ByteBuffer tail;
  if (!append_explicit(written, header, demand) || !append_explicit(tail, trailer(), demand)) {
    return false;
  }
  MaskedMaker::fill(*this, std::move(written), std::move(tail));
  dataset_offset_ = offset;
  syntax_ = *TransferSyntax::from_uid(transfer_syntax);
  pixels_ = std::move(pixels);
  known_ = nullptr;  // its plan is of other bytes than the file's own
  keep(std::move(memory_));
  return true;
}

Masked mask(const CheckedFile& file, const Profile& profile, const Pseudonyms& pseudonyms,
            Author author, const core::Demand& demand, PixelClaim claim,
            core::MemoryBudget::Taken* memory, const KnownPixels::OfFile& known) {
  if (profile.is_identity()) return MaskedMaker::unchanged(file);
  Masked masked = MaskedMaker::masked(file, released_pixels(file, profile, demand, memory, known),
                                      profile, pseudonyms, author, demand, claim);
  MaskedMaker::remember(masked, known);
  return masked;
}

Masked mask_header(const CheckedFile& file, const Profile& profile, const Pseudonyms& pseudonyms,
                   const core::Demand& demand) {
  if (profile.is_identity()) return MaskedMaker::unchanged(file);
  return MaskedMaker::masked(file, imaging::no_pixels(file), profile, pseudonyms, Author::hospital,
                             demand, PixelClaim::none);
}

}  // namespace sekisho::anonymization
