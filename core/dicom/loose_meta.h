// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/dicom/transfer_syntax.h"
#include "core/stored_file.h"

namespace sekisho::core::dicom {

/// What is in file meta information, in whatever order; of what is there twice the first. A value.
struct LooseMeta {
  std::uint64_t end = 0;      ///< where the data set begins
  std::string sop_class;      ///< (0002,0002), without padding
  std::string sop_instance;   ///< (0002,0003)
  bool names_syntax = false;  ///< (0002,0010) is there and not empty
  std::optional<TransferSyntax> syntax;
};

/// Reads it where it begins after preamble and "DICM" (PS3.10 §7.1), after "DICM" alone, or with
/// the file. It ends before the first element that is not of group 2 or has no VR; a file without
/// any has an empty one. Of no more than 64 KiB. Throws what reading the file throws. Any thread.
LooseMeta read_loose_meta(const StoredFile& file);

}  // namespace sekisho::core::dicom
