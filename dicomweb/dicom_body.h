// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "anonymization/masking/mask.h"
#include "core/bytes.h"
#include "dicomweb/disclosed_body.h"
#include "dicomweb/negotiation.h"
#include "dicomweb/reply.h"

namespace sekisho::dicomweb {

inline constexpr std::string_view kDicom = "application/dicom";
/// The type of a file, with its syntax.
std::string dicom_type(std::string_view transfer_syntax);

/// Part 10 files: several in multipart/related, or one as it is. Masks a part when its turn comes
/// and gives pixel elements out by reference to the archive's file, or copied straight from it into
/// the caller's buffer.
class DicomBody final : public DisclosedBody {
 public:
  /// Each instance leaves as write_as_wished() says. An empty `boundary` makes a single part of the
  /// only instance. Throws what reading the first one throws.
  DicomBody(disclosure::Disclosure disclosure, SyntaxWishes wishes, std::string boundary);

  bool is_at_file() const override;
  FileRange take_file(std::uint64_t most_bytes) override;

  /// How long the body of a single instance is; `nullopt` of several.
  std::optional<std::uint64_t> size_bytes() const;
  /// Of the instance that is being sent, which there is.
  const std::string& transfer_syntax() const { return part_.value().transfer_syntax().uid; }

 private:
  enum class Segment { frame, head, pixels, tail };
  std::size_t fill(std::span<core::Byte> out) override;
  void pass_over(std::uint64_t bytes) override;
  std::uint64_t instances_in(std::uint64_t bytes) const noexcept override;
  void begin_part(anonymization::Masked part);
  bool advance();
  std::string end() const;
  std::uint64_t segment_size() const;
  void copy(std::uint64_t offset, std::span<core::Byte> out) const;

  const SyntaxWishes wishes_;
  const std::string boundary_;
  std::size_t opened_ = 0;                     ///< instances so far
  std::optional<anonymization::Masked> part_;  ///< the one being sent
  std::string frame_;                          ///< the delimiter before it, or the last of all
  Segment segment_ = Segment::frame;
  std::uint64_t position_ = 0;  ///< in the segment
  std::uint64_t produced_ = 0;  ///< bytes in all
  bool closed_ = false;
  std::vector<std::uint64_t> part_ends_;  ///< where in the body each part ends
};

}  // namespace sekisho::dicomweb
