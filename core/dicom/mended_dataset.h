// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/demand.h"
#include "core/dicom/tag.h"
#include "core/dicom/transfer_syntax.h"
#include "core/dicom/walker.h"
#include "core/stored_file.h"

namespace sekisho::core::dicom {

/// A data set that was not quite as the standard has it, its elements written anew: ascending, each
/// once, sequences and items of undefined length, without group lengths. A value.
struct MendedDataset {
  Bytes header;                    ///< the elements before group 7FE0
  std::uint64_t pixel_offset = 0;  ///< the pixel elements, as they are, in the file
  std::uint64_t pixel_size = 0;
  std::vector<Tag> pixel_tags;
  Bytes trailer;  ///< the elements after group 7FE0
};

/// Reads the data set that begins at `begin` of `file` in the way of a lenient parser, where every
/// parser that goes on comes to the same elements. It passes over
///
///   - padding behind the last element, and behind the last one of an item of known length: bytes
///     that are all 00, all 20 or all FF, and less than an element has at the end of a file
///   - the order of elements; of one that is there twice the first counts, as in DCMTK
///   - elements of groups 0000 to 0002, which have no place in a data set (PS3.10 §7.1)
///   - delimiters of items and sequences whose length is known
///   - two letters that are no VR ("??", two spaces): the dictionary's VR or UN, if only one of the
///     three ways to write a length leads to another element
///   - values of undefined length that are a row of fragments and not Pixel Data: left out, for the
///     standard knows no such element (PS3.5 §A.4)
///
/// What is unclear is a defect: a character set or a private creator that is there twice and
/// differs, several pixel data, whatever the walker does not forgive. The result has still to be
/// walked. Held in memory: the elements twice, at most 64 MiB on each side of the pixel data.
/// Throws what reading the file throws, and DemandOver. Any thread.
std::variant<MendedDataset, Defect> mend_dataset(const StoredFile& file, std::uint64_t begin,
                                                 const TransferSyntax& syntax,
                                                 const Demand& demand);

}  // namespace sekisho::core::dicom
