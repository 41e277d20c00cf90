// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/dicom/dataset.h"
#include "core/dicom/tag.h"
#include "core/dicom/walker.h"

namespace sekisho::dicomweb {

/// Where a value stands in a data set. As a text: its tag, and before it that of each sequence
/// around and the number of the item in it, from 1: `54000100/1/54001010`. It names nothing that
/// the metadata do not. A value.
struct ValuePath {
  struct Item {
    core::dicom::Tag sequence;
    std::uint32_t number = 0;
    friend bool operator==(const Item&, const Item&) = default;
  };
  std::vector<Item> items;
  core::dicom::Tag tag;
  friend bool operator==(const ValuePath&, const ValuePath&) = default;

  std::string text() const;
};

/// `nullopt` for what is none.
std::optional<ValuePath> parse_value_path(std::span<const std::string> segments);

/// Knows where a walk is. One walk's.
class ValuePlace {
 public:
  /// To be called with every token that begins or ends an item or a sequence.
  void see(const core::dicom::Token& token);
  /// The path of an element of the present item.
  ValuePath of(core::dicom::Tag tag) const { return {items_, tag}; }
  const std::vector<ValuePath::Item>& items() const { return items_; }

 private:
  std::vector<ValuePath::Item> items_;
};

/// A value as it leaves by itself (PS3.18 §8.7.3.3.1): numbers and words little endian, text in
/// UTF-8 as the metadata say. `nullopt`: there is none at that path, or it is a sequence. `parts`
/// are of one data set. Throws what for_each_token() throws.
std::optional<core::Bytes> find_value(std::span<const core::dicom::Dataset> parts,
                                      const ValuePath& path);

}  // namespace sekisho::dicomweb
