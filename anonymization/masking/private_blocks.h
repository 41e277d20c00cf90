// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// Whose the private elements of one item are (PS3.5 §7.8.1): creators reserve blocks of a group,
/// gggg,00bb for the elements gggg,bb00–bbFF. Holds views of the data set. One thread.
class PrivateBlocks {
 public:
  void clear() { creators_.clear(); }
  /// A private creator element. A block that is reserved twice is nobody's.
  void reserve(core::dicom::Tag creator_tag, std::string_view creator);
  /// Empty where no creator reserved the block of this element.
  std::string_view creator_of(core::dicom::Tag tag) const;

 private:
  struct Creator {
    core::dicom::Tag tag;
    std::string_view name;
  };
  std::vector<Creator> creators_;  ///< of one group: groups ascend
};

/// (gggg,0010–00FF) of an odd group.
inline bool is_private_creator(core::dicom::Tag tag) {
  return tag.is_private() && tag.element() >= 0x0010 && tag.element() <= 0x00FF;
}
/// The value of a private creator element as rules name it: without trailing padding.
std::string_view creator_name(core::ByteView value);

}  // namespace sekisho::anonymization
