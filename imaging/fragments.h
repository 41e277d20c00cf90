// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/demand.h"
#include "core/dicom/element_header.h"
#include "core/stored_file.h"

namespace sekisho::imaging {

/// One item of an encapsulated value (PS3.5 §A.4).
struct Fragment {
  std::uint64_t offset = 0;  ///< of its tag, counted from the first one's: what offset tables have
  std::uint64_t begin = 0;   ///< of its value in the file
  std::uint32_t size = 0;
};

struct Fragments {
  Fragment offset_table;  ///< the first item, which may be empty
  std::vector<Fragment> all;
};

/// Reads the headers of the items whose first begins at `begin`. `nullopt`: they are no row of
/// items, or more than anybody makes. Throws DemandOver.
std::optional<Fragments> read_fragments(const core::StoredFile& file, std::uint64_t begin,
                                        const core::Demand& demand);

/// Which fragments a frame is made of: a row of them.
struct FrameFragments {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// What the file says about where frames begin: values of the Basic and of the Extended Offset
/// Table, either may be empty.
struct OffsetTables {
  std::vector<std::uint64_t> basic;
  std::vector<std::uint64_t> extended;
};

/// The declared frames, and no other. One frame is made of all fragments. Otherwise a table is
/// believed where each of its offsets is that of a fragment, in rising order from the first; else
/// one fragment is one frame, or `starts` tells which fragments begin a stream. Empty where nothing
/// says so for certain.
std::vector<FrameFragments> find_frames(std::span<const Fragment> fragments,
                                        const OffsetTables& tables, std::uint32_t frames,
                                        const std::vector<bool>& starts);

}  // namespace sekisho::imaging
