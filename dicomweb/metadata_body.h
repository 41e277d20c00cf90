// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "anonymization/masking/mask.h"
#include "core/bytes.h"
#include "dicomweb/disclosed_body.h"

namespace sekisho::dicomweb {

/// A JSON array of the metadata of instances. Of a single one, which is here already, it is made at
/// once.
class MetadataBody final : public DisclosedBody {
 public:
  explicit MetadataBody(disclosure::Disclosure disclosure);

  /// How long the body is, where that is known.
  std::optional<std::uint64_t> size_bytes() const;

 private:
  std::size_t fill(std::span<core::Byte> out) override;
  /// None of it is an instance.
  std::uint64_t instances_in(std::uint64_t) const noexcept override { return 0; }
  void append_next();

  std::size_t next_ = 0;
  std::string text_;  ///< made, and from position_ on not yet handed out
  std::size_t position_ = 0;
  bool closed_ = false;
};

/// The metadata of one instance, as an object of the DICOM JSON Model. Throws core::DemandOver.
void append_metadata(std::string& out, const anonymization::Masked& instance,
                     const core::Demand& demand = {});

}  // namespace sekisho::dicomweb
