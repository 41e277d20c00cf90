// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anonymization/masking/masked_dataset.h"
#include "oracle/canonical.h"
#include "oracle/dcmtk_masker.h"
#include "unit/anonymization/mask_support.h"

namespace sekisho::anonymization::tests {

/// Masks twice, to the same end, as the oracle does.
inline Bytes masked_alike(const Profile& profile, const Bytes& part10) {
  const Bytes once = masked_bytes(part10, profile);
  EXPECT_EQ(masked_bytes(once, profile), once);
  const CheckedFile file = checked(part10);
  const auto& syntax = file.transfer_syntax();
  EXPECT_EQ(oracle::canonical(checked(once).header(), syntax),
            oracle::canonical(
                oracle::mask_dataset(file.header(), syntax, Part::header, profile, a_share()).bytes,
                syntax));
  return once;
}

/// The structure of the header as text, values in hexadecimal: see oracle::canonical().
inline std::string structure_of(const Bytes& part10) {
  const CheckedFile file = checked(part10);
  return oracle::canonical(file.header(), file.transfer_syntax());
}

}  // namespace sekisho::anonymization::tests
