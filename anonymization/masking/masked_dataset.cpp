// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/masked_dataset.h"

#include "anonymization/masking/dataset_masker.h"

namespace sekisho::anonymization {
namespace {

using core::ByteView;
using core::dicom::Step;
using core::dicom::TransferSyntax;

/// Has the processor fetch bytes that are about to be read in small leaps, all at once: each cache
/// line that is missed on the way would cost as much as masking two elements.
void fetch_ahead(ByteView bytes) {
  constexpr std::size_t kCacheLine = 64;
  for (std::size_t at = 0; at < bytes.size(); at += kCacheLine) {
    __builtin_prefetch(bytes.data() + at);
  }
}

}  // namespace

SopInstance append_masked(core::ByteBuffer& out, ByteView dataset, std::span<const Step> steps,
                          const TransferSyntax& syntax, Part part, const Profile& profile,
                          const Pseudonyms& pseudonyms, Author author, const core::Demand& demand,
                          PixelClaim pixels) {
  fetch_ahead({reinterpret_cast<const core::Byte*>(steps.data()), steps.size_bytes()});
  fetch_ahead(dataset);
  return DatasetMasker(out, dataset, steps, syntax, profile, pseudonyms, author, demand, pixels)
      .mask(part);
}

}  // namespace sekisho::anonymization
