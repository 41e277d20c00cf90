// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "anonymization/masking/mask.h"
#include "core/bytes.h"
#include "dicomweb/reply.h"
#include "disclosure/instance_source.h"
#include "disclosure/viewing.h"

namespace sekisho::dicomweb {

using disclosure::InstanceSource;
using disclosure::Showing;

/// A JSON array of the metadata of instances.
class MetadataBody final : public Body {
 public:
  explicit MetadataBody(std::unique_ptr<InstanceSource> source) : source_(std::move(source)) {}
  /// All of it is `made` already: what one instance is told of in a viewing.
  MetadataBody(std::unique_ptr<InstanceSource> source, std::string made, Showing showing)
      : source_(std::move(source)),
        showing_(std::move(showing)),
        text_(std::move(made)),
        closed_(true) {}

  std::size_t read(std::span<core::Byte> out) override;
  bool may_go_on() const override { return source_->may_go_on(); }
  void finished(bool complete, std::uint64_t bytes_sent) noexcept override;

 private:
  const std::unique_ptr<InstanceSource> source_;
  std::optional<Showing> showing_;  ///< without one, all is on record with the intent
  std::size_t next_ = 0;
  std::string text_;  ///< made, and from position_ on not yet handed out
  std::size_t position_ = 0;
  bool closed_ = false;
};

/// The metadata of one instance, as an object of the DICOM JSON Model.
void append_metadata(std::string& out, const anonymization::Masked& instance);

}  // namespace sekisho::dicomweb
