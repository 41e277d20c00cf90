// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "anonymization/masking/mask.h"
#include "core/bytes.h"
#include "dicomweb/disclosed_body.h"
#include "dicomweb/part_content.h"
#include "dicomweb/reply.h"

namespace sekisho::dicomweb {

/// Values of one instance, frames among them: several in multipart/related, or one as it is.
/// Nothing is held in memory that is in the archive's file, and what is clean there leaves from
/// there.
class PartsBody final : public DisclosedBody {
 public:
  struct Parts {
    std::string type;      ///< of each
    std::string boundary;  ///< empty: the only part as it is
    std::uint32_t frames_in_each = 0;
    std::vector<PartContent> contents;  ///< never empty
  };

  /// `parts` are of the one instance that was disclosed.
  PartsBody(disclosure::Disclosure disclosure, Parts parts);

  std::uint64_t size_bytes() const;
  bool is_at_file() const override;
  FileRange take_file(std::uint64_t most_bytes) override;

 private:
  std::size_t fill(std::span<core::Byte> out) override;
  void pass_over(std::uint64_t bytes) override;
  /// None of it is an instance.
  std::uint64_t instances_in(std::uint64_t) const noexcept override { return 0; }
  std::uint64_t frames_in(std::uint64_t bytes) const noexcept override;
  bool advance();
  std::uint64_t left() const;
  std::string delimiter(std::size_t part) const;

  const Parts parts_;
  const anonymization::Masked instance_;  ///< whose memory is counted as long as this is
  std::size_t part_ = 0;                  ///< the one being sent
  bool is_in_content_;                    ///< else in the delimiter before it
  std::string delimiter_;
  std::uint64_t position_ = 0;            ///< in either
  std::vector<std::uint64_t> part_ends_;  ///< where in the body each part ends
};

}  // namespace sekisho::dicomweb
