// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/metadata_body.h"

#include <algorithm>
#include <utility>

#include "dicomweb/dicom_json.h"

namespace sekisho::dicomweb {

MetadataBody::MetadataBody(disclosure::Disclosure disclosure)
    : DisclosedBody(std::move(disclosure)) {
  if (this->disclosure().first() == nullptr) return;
  append_next();
  if (this->disclosure().size() == 1) append_next();
}

std::optional<std::uint64_t> MetadataBody::size_bytes() const {
  return closed_ ? std::optional<std::uint64_t>(text_.size()) : std::nullopt;
}

/// The next instance, or the end of the list.
void MetadataBody::append_next() {
  if (next_ < disclosure().size()) {
    text_ += next_ == 0 ? '[' : ',';
    append_metadata(text_, disclosure().take(next_), disclosure().demand());
    ++next_;
  } else {
    text_ += next_ == 0 ? "[]" : "]";
    closed_ = true;
  }
}

std::size_t MetadataBody::fill(std::span<core::Byte> out) {
  while (text_.size() - position_ < out.size() && !closed_) {
    text_.erase(0, position_);
    position_ = 0;
    append_next();
  }
  const std::size_t count = std::min(out.size(), text_.size() - position_);
  const auto from = core::as_bytes(text_).subspan(position_, count);
  std::copy(from.begin(), from.end(), out.begin());
  position_ += count;
  return count;
}

void append_metadata(std::string& out, const anonymization::Masked& instance,
                     const core::Demand& demand) {
  const auto& syntax = instance.transfer_syntax();
  const core::dicom::Dataset parts[] = {
      {instance.head().subspan(instance.dataset_offset()), syntax.vr, syntax.order},
      {instance.tail(), syntax.vr, syntax.order},
  };
  // Metadata has no group 2; viewers still want to know what they would retrieve.
  const Extra extras[] = {{tags::kAvailableTransferSyntaxUid, core::dicom::Vr::UI, syntax.uid}};
  append_json(out, parts, kEverything, extras, demand);
}

}  // namespace sekisho::dicomweb
