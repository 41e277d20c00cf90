// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/date_shift.h"

#include <algorithm>
#include <string>

#include "core/dicom/character_set.h"
#include "core/dicom/padding.h"
#include "core/dicom/walker.h"

namespace sekisho::anonymization {
namespace {

using core::ByteView;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::TransferSyntax;

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr Tag kSopInstanceUid{0x0008, 0x0018};
constexpr Tag kPatientId{0x0010, 0x0020};
constexpr std::string_view kPatientIdKind = "PatientID";

/// Values at the top level.
struct Identity {
  ByteView charset;
  ByteView sop_instance;
  ByteView patient_id;
};

Identity read_identity(ByteView dataset, const TransferSyntax& syntax) {
  Identity identity;
  core::dicom::Walker walker(dataset, syntax.vr, syntax.order,
                             {core::dicom::kDatasetTags.first, kPatientId});
  for (Token token = walker.next();
       token.kind != Token::Kind::end && token.kind != Token::Kind::defect; token = walker.next()) {
    if (token.depth != 0 || token.kind != Token::Kind::element) continue;
    if (token.tag == kSpecificCharacterSet) identity.charset = token.value;
    if (token.tag == kSopInstanceUid) identity.sop_instance = token.value;
    if (token.tag == kPatientId) identity.patient_id = token.value;
  }
  return identity;
}

}  // namespace

std::optional<std::chrono::days> date_shift_of(ByteView dataset, const TransferSyntax& syntax,
                                               const Profile& profile,
                                               const Pseudonyms& pseudonyms) {
  const Identity identity = read_identity(dataset, syntax);
  const std::string decoded = core::dicom::CharacterSet(core::as_text(identity.charset))
                                  .to_utf8(identity.patient_id, core::dicom::Vr::LO);
  const std::string_view patient_id = core::dicom::without_padding(decoded);
  const auto uid = core::Uid::parse(core::as_text(identity.sop_instance));
  // Well-known UIDs, and those that the recipient made, keep no mark.
  const bool remaps = uid && profile.action_for(kSopInstanceUid) == Action::remap_uid &&
                      pseudonyms.is_own(pseudonyms.uid(*uid));
  const bool names = !patient_id.empty() && profile.action_for(kPatientId) == Action::pseudonymise;
  if (!remaps && !names) return std::nullopt;
  if (remaps && pseudonyms.is_own(*uid)) return std::chrono::days(0);
  if (names && pseudonyms.is_own(kPatientIdKind, patient_id)) return std::chrono::days(0);
  return pseudonyms.date_shift(patient_id);
}

}  // namespace sekisho::anonymization
