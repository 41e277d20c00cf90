// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "anonymization/masking/mask.h"
#include "core/bytes.h"
#include "dicomweb/disclosed_body.h"

namespace sekisho::dicomweb {

/// The metadata of instances: a JSON array, or parts of XML. Of a single one, which is here
/// already, it is made at once.
class MetadataBody final : public DisclosedBody {
 public:
  /// `root_url` is what the URIs of bulk data begin with; empty: there are none. With a `boundary`
  /// it is multipart/related of application/dicom+xml. `texts` outlives this.
  MetadataBody(disclosure::Disclosure disclosure, disclosure::MadeTexts& texts,
               std::string root_url, std::string boundary = {});

  /// How long the body is, where that is known.
  std::optional<std::uint64_t> size_bytes() const;

 private:
  std::size_t fill(std::span<core::Byte> out) override;
  /// None of it is an instance.
  std::uint64_t instances_in(std::uint64_t) const noexcept override { return 0; }
  void append_next();
  /// The next instance as a JSON object.
  disclosure::MadeTexts::Text next_object();

  disclosure::MadeTexts& texts_;
  const std::string root_url_;
  const std::string boundary_;
  std::size_t next_ = 0;
  std::string text_;  ///< made, and from position_ on not yet handed out
  std::size_t position_ = 0;
  bool closed_ = false;
};

/// The metadata of one instance, as an object of the DICOM JSON Model. Its bulk data are below
/// `bulk_root`, or left out where that is empty. Throws core::DemandOver.
void append_metadata(std::string& out, const anonymization::Masked& instance,
                     const core::Demand& demand = {}, std::string_view bulk_root = {});

}  // namespace sekisho::dicomweb
