// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>
#include <vector>

#include "anonymization/pixels/withhold_reason.h"
#include "core/bytes.h"
#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/dicom/element_header.h"

namespace sekisho::anonymization {

/// (7FE0,0010) of a file.
struct PixelData {
  core::dicom::Vr vr = core::dicom::Vr::OW;
  enum class Kind : std::uint8_t { native, encapsulated } kind = Kind::native;
  core::Bytes value;  ///< all fragments with their item headers, where encapsulated
};

/// Its header, in a file whose pixels it is all of: float and double ones are refused. Its value
/// lies where `value_offset` says, in what the file is read from.
std::variant<core::dicom::ElementHeader, WithholdReason> find_pixel_data(
    const core::dicom::CheckedFile& file);

/// Reads the value into memory. Refuses what is larger than imaging::kMostPixelBytes, and any other
/// pixels that the file holds (float, double). Throws DemandOver.
std::variant<PixelData, WithholdReason> read_pixel_data(const core::dicom::CheckedFile& file,
                                                        const core::Demand& demand = {});

/// The code streams of an encapsulated value (PS3.5 §A.4), one for each frame. Each views `value`,
/// which must outlive this, or memory of its own where it is spread over fragments.
class Frames {
 public:
  static std::variant<Frames, WithholdReason> split(core::ByteView value, std::uint32_t frames);
  const std::vector<core::ByteView>& streams() const { return streams_; }

 private:
  std::vector<core::ByteView> streams_;
  std::vector<core::Bytes> joined_;
};

}  // namespace sekisho::anonymization
