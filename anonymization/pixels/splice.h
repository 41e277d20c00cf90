// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "core/bytes.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// One top-level element as it shall be.
struct ElementReplacement {
  core::dicom::Tag tag;
  core::dicom::Vr vr;
  core::ByteView value;
  enum class When : std::uint8_t { always, if_empty } when = When::always;
};

/// The elements of `header` with `replacements` (ascending) in the place of those of the same tag,
/// or where they belong. Group lengths, which would no longer be right, are left out.
core::Bytes splice(core::ByteView header, const core::dicom::TransferSyntax& syntax,
                   std::span<const ElementReplacement> replacements);

}  // namespace sekisho::anonymization
