// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/private_blocks.h"

#include <algorithm>

#include "core/dicom/padding.h"

namespace sekisho::anonymization {

using core::dicom::Tag;

std::string_view creator_name(core::ByteView value) {
  return core::dicom::without_trailing_padding(core::as_text(value));
}

void PrivateBlocks::reserve(Tag creator_tag, std::string_view creator) {
  if (!creators_.empty() && creators_.back().tag.group() != creator_tag.group()) creators_.clear();
  const auto known = std::ranges::find(creators_, creator_tag, &Creator::tag);
  if (known == creators_.end()) {
    creators_.push_back({creator_tag, creator});
  } else {
    known->name = {};
  }
}

std::string_view PrivateBlocks::creator_of(Tag tag) const {
  const Tag creator_tag{tag.group(), static_cast<std::uint16_t>(tag.element() >> 8)};
  const auto known = std::ranges::find(creators_, creator_tag, &Creator::tag);
  return known == creators_.end() ? std::string_view{} : known->name;
}

}  // namespace sekisho::anonymization
