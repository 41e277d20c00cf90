// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "anonymization/masking/mask.h"
#include "dicomweb/call.h"
#include "dicomweb/desk.h"
#include "dicomweb/negotiation.h"
#include "dicomweb/part_content.h"
#include "dicomweb/parts_body.h"
#include "imaging/decoders/decoded_frames.h"
#include "imaging/frame_index.h"

namespace sekisho::dicomweb {

/// Where the frames of an instance lie. Null: it has none, or nobody can say.
std::shared_ptr<const imaging::FrameIndex> frames_of(const anonymization::Masked& instance);

/// Frames in another transfer syntax than their contents have as they are.
struct CodedAnew {
  imaging::DecodedFrames frames;
  std::vector<std::uint32_t> wanted;  ///< all of which are there
};

/// What is sent of one instance, and how it can be.
struct PartsAnswer {
  std::uint32_t frames_in_each = 0;  ///< of the contents
  std::vector<Offer> offers;
  std::vector<PartContent> contents;  ///< never empty
  /// In which transfer syntaxes the contents are; in each other one that is offered they are coded
  /// anew from these.
  std::vector<std::string> syntaxes{};
  std::optional<CodedAnew> coded_anew{};
};

/// `wanted` frames, all of which are there, in the forms that they can have (PS3.18 §8.7.3.3): code
/// streams as they are stored, under the type of an image or of bytes; cells as bytes, decoded if
/// need be; and, to who names it, each transfer syntax that frames are encoded in. One alone as a
/// single part too.
PartsAnswer frames_answer(const anonymization::Masked& instance,
                          const std::shared_ptr<const imaging::FrameIndex>& index,
                          std::vector<std::uint32_t> wanted);
/// All native pixels as one value.
PartsAnswer native_answer(const anonymization::Masked& instance,
                          const std::shared_ptr<const imaging::FrameIndex>& index);

/// Puts on record, then sends: a body of that type, in parts where there is a boundary. Throws
/// audit::AuditError.
Reply send_as(Desk& desk, const Call& call, Granted granted, RecordedAs as, std::string type,
              PartsBody::Parts parts);
/// The same of one content of the one instance, as it is and in ranges too.
Reply send_alone(Desk& desk, const Call& call, Granted granted, PartsBody::Parts parts);
/// Puts on record, then sends; 406, on record as well, where it cannot be had in any form that was
/// asked for: what is encoded has been by then, and of what is decoded the first frames.
Reply send_parts(Desk& desk, const Call& call, Granted granted, PartsAnswer answer);

}  // namespace sekisho::dicomweb
