// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/release.h"

#include <optional>

#include "anonymization/pixels/clean_pixels.h"
#include "anonymization/pixels/content_class.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::CheckedFile;

using Released = std::variant<Masked, WithholdReason>;

/// One file that cannot be masked must not take the rest of its study with it: here it is a
/// decision about the instance, not trouble.
Released mask_or_withhold(const CheckedFile& file, const Profile& profile,
                          const Pseudonyms& pseudonyms, Author author, const core::Demand& demand,
                          PixelClaim claim, core::MemoryBudget::Taken* memory,
                          const KnownPixels::OfFile& known) {
  try {
    return mask(file, profile, pseudonyms, author, demand, claim, memory, known);
  } catch (const PixelsWithheld& withheld) {
    return withheld.reason;
  } catch (const MaskError&) {
    return WithholdReason::not_maskable;
  }
}

/// Of what leaves as it is stored: under the option that is only what somebody vouched for.
PixelClaim claim_as_stored(const CheckedFile& file, const Profile& profile, Approval approval) {
  const bool is_vouched_for = profile.cleans_pixels() && approval != Approval::made_by_recipient &&
                              file.pixel_size() > 0 &&
                              is_image(content_class(file.sop_class_uid()));
  return is_vouched_for ? PixelClaim::clean : PixelClaim::none;
}

struct Carry {
  const CheckedFile& file;
  const Profile& profile;
  const Pseudonyms& pseudonyms;
  Approval approval;
  Author author;
  const core::Demand& demand;
  core::MemoryBudget::Taken* memory;
  KnownPixels::OfFile known;

  Released operator()(const Release&) const {
    return mask_or_withhold(file, profile, pseudonyms, author, demand,
                            claim_as_stored(file, profile, approval), memory, known);
  }
  Released operator()(const Blackout& blackout) const {
    const auto cleaned = clean_pixels(file, blackout.rectangles, demand, memory, known);
    if (const auto* reason = std::get_if<WithholdReason>(&cleaned)) return *reason;
    return mask_or_withhold(std::get<CheckedFile>(cleaned), profile, pseudonyms, author, demand,
                            PixelClaim::clean, memory, {});
  }
  Released operator()(WithholdReason reason) const { return reason; }
};

}  // namespace

PixelDecision decide_release(const CheckedFile& file, const Profile& profile,
                             const PixelPolicy& policy, Approval approval) {
  if (profile.is_identity()) return Release{};
  const PixelFacts facts = read_pixel_facts(file);
  if (!profile.admits_modality(facts.modality)) return WithholdReason::modality_not_in_profile;
  const auto reports =
      profile.content_rules().empty() ? StructuredContent::as_stored : StructuredContent::cleaned;
  const auto pixels = profile.cleans_pixels() ? CleanPixels::promised : CleanPixels::as_stored;
  return decide(facts, policy, {approval, reports, pixels});
}

Released release(const CheckedFile& file, const Profile& profile, const Pseudonyms& pseudonyms,
                 const PixelPolicy& policy, Approval approval, Author author,
                 const core::Demand& demand, core::MemoryBudget::Taken* memory,
                 const KnownPixels::OfFile& known) {
  return std::visit(Carry{file, profile, pseudonyms, approval, author, demand, memory, known},
                    decide_release(file, profile, policy, approval));
}

}  // namespace sekisho::anonymization
