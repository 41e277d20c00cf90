// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

#include "anonymization/masking/element_writer.h"
#include "core/byte_buffer.h"
#include "core/demand.h"
#include "core/dicom/replay.h"
#include "core/dicom/transfer_syntax.h"

namespace sekisho::anonymization {

class RestoredValues;

/// Copies elements of one data set into another that may be of another transfer syntax and another
/// character set. One thread.
class Transcriber {
 public:
  enum class Text { as_it_is, to_utf8 };

  /// `charset` is that of the data set that is copied from. `values`, where given, says what UIDs
  /// and dates become. What is referred to outlives this.
  Transcriber(core::ByteBuffer& out, const core::dicom::TransferSyntax& to,
              std::string_view charset, Text text, RestoredValues* values,
              const core::Demand& demand);

  /// Copies the element that `walk` has just returned, a sequence with all in it, and leaves the
  /// walk behind it. Throws MaskError for what cannot be copied: encapsulated pixel data, text
  /// that cannot be read; and DemandOver.
  void copy(const core::dicom::Token& first, core::dicom::Replay& walk);

  ElementWriter& writer() { return writer_; }

 private:
  void copy_one(const core::dicom::Token& token);
  void copy_element(const core::dicom::Token& token);
  void copy_words(const core::dicom::Token& token);

  ElementWriter writer_;
  const Text text_;
  RestoredValues* const values_;
  core::DemandSteps asking_;
  /// (0008,0005) by depth: an item's own, or that of what is around it.
  std::array<std::string_view, core::dicom::kMaxDepth + 1> charsets_;
};

}  // namespace sekisho::anonymization
