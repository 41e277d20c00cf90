// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/approval_risks.h"

#include "core/digest.h"
#include "core/encoding.h"
#include "staff/looks.h"
#include "staff/residual_risks.h"

namespace sekisho::staff {

std::variant<std::vector<ResidualRisk>, Reply> risks_of_approval(const Call& call,
                                                                 const KnownShare& known,
                                                                 const core::SeriesKey& series) {
  const auto profile = anonymization::Profile::from_json(known.share.profile_json.str());
  // Such a share shows nothing, or everything as it is: an approval changes neither.
  if (!profile || profile->is_identity()) return std::vector<ResidualRisk>();
  auto begun = begin_look(call, disclosure::LookFor::approval, known.recipient.id);
  if (auto* refusal = std::get_if<Reply>(&begun)) return std::move(*refusal);
  auto& look = std::get<disclosure::Look>(begun);
  core::DicomStore& store = call.ports.store;
  auto content =
      ScopeContent::of(sharing::SeriesScope{{series}}, store, call.ports.clock(), look.demand());
  content.narrow(known.share.scope);
  const Assessing by{*profile, call.ports.options.pixel_policy, call.ports.verdicts,
                     anonymization::Approval::by_staff};
  return assess(content, by, store, look).risks;
}

std::string acknowledgement_of(const Call& call, const sharing::ShareId& share,
                               const core::SeriesKey& series,
                               const std::vector<ResidualRisk>& risks) {
  // JSON has no zero byte: the parts cannot run into each other.
  constexpr core::Byte kEnd[] = {0};
  const std::string approved = "approval " + share.text();
  const std::string object = to_text(objects_json(sharing::SeriesScope{{series}}));
  const std::string codes = codes_of(risks);
  return core::to_base64url(core::hmac_sha256(
      call.ports.preview_key.view(),
      {core::as_bytes(approved), kEnd, core::as_bytes(object), kEnd, core::as_bytes(codes)}));
}

}  // namespace sekisho::staff
