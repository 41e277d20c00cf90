// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/dicom/checked_file.h"
#include "core/dicom/element_header.h"
#include "core/dicom/transfer_syntax.h"
#include "imaging/pixel_layout.h"
#include "imaging/pixel_source.h"

namespace sekisho::imaging {

inline constexpr core::dicom::Tag kExtendedOffsets{0x7FE0, 0x0001};
inline constexpr core::dicom::Tag kExtendedLengths{0x7FE0, 0x0002};

/// The elements of group 7FE0, ascending, each with the place of its value in the file; none behind
/// one of undefined length. Throws what reading the file throws.
std::vector<core::dicom::ElementHeader> read_pixel_elements(const core::dicom::CheckedFile& file);

/// The same of what may leave: places in `pixels`.
std::vector<core::dicom::ElementHeader> read_pixel_elements(
    const PixelSource& pixels, const core::dicom::TransferSyntax& syntax);

/// Null where there is none of that tag.
const core::dicom::ElementHeader* find_element(std::span<const core::dicom::ElementHeader> elements,
                                               core::dicom::Tag tag);
/// Whether it is one of the three that hold pixels.
bool is_pixel_element(const core::dicom::ElementHeader& element);
/// Which of these three the header speaks of: floating point has no bits stored (PS3.3 §C.7.6.24,
/// §C.7.6.25). Null where it is not there.
const core::dicom::ElementHeader* pixel_element(
    std::span<const core::dicom::ElementHeader> elements, const PixelLayout& layout);

/// In which order the bytes of native pixels stand.
core::dicom::ByteOrder pixel_order(const core::dicom::TransferSyntax& syntax);
/// How many bytes of native pixels are turned round together to be little endian (PS3.5 §7.3). 0:
/// parsers differ on larger cells in big endian words, and on cells of several bytes that are
/// written as bytes.
std::uint32_t word_bytes(const core::dicom::TransferSyntax& syntax, core::dicom::Vr vr,
                         const PixelLayout& layout);

}  // namespace sekisho::imaging
