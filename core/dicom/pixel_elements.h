// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>
#include <vector>

#include "core/demand.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/walker.h"
#include "core/stored_file.h"

namespace sekisho::core::dicom {

/// The elements of group 7FE0.
struct PixelElements {
  std::uint64_t end = 0;  ///< where the first element of another group, or the end of the file, is
  std::vector<Tag> tags;
};

/// Walks the elements of group 7FE0 that begin at `begin`, reading only headers of elements and of
/// fragments. `beginning` are the first bytes of the file that were read already; it may be empty.
/// Throws DemandOver.
std::variant<PixelElements, Defect> find_pixel_elements(const StoredFile& file, ByteView beginning,
                                                        std::uint64_t begin,
                                                        const TransferSyntax& syntax,
                                                        const Demand& demand = {});

}  // namespace sekisho::core::dicom
