// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "anonymization/masking/mask_error.h"
#include "anonymization/masking/masked_dataset.h"

// A second masker, on DCMTK's own parser, data structures and writer: the oracle of the
// differential tests. It shares the profiles, the pseudonyms and the constants with the one of the
// product.
namespace sekisho::oracle {

struct MaskedDataset {
  core::Bytes bytes;  ///< in the transfer syntax it came in; sequences of undefined length
  anonymization::SopInstance sop_instance;
};

/// What append_masked() should append. Throws MaskError if DCMTK cannot read all of it.
MaskedDataset mask_dataset(core::ByteView dataset, const core::dicom::TransferSyntax& syntax,
                           anonymization::Part part, const anonymization::Profile& profile,
                           const anonymization::Pseudonyms& pseudonyms);

}  // namespace sekisho::oracle
