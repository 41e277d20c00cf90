// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dicom/dataset.h"
#include "core/dicom/tag.h"
#include "core/dicom/walker.h"

namespace sekisho::imaging {

/// Places and sizes beyond that are nowhere near an image.
inline constexpr double kFarAway = 1e7;
/// More elements no presentation state has that anybody looks at.
inline constexpr std::size_t kMostItemElements = 1 << 16;

/// A data set, or an item of one, as a tree: its values stay where they are. Immutable; any thread.
class Item {
 public:
  /// Of a data set that is sound and outlives it. `nullopt`: more than kMostItemElements.
  static std::optional<Item> of(const core::dicom::Dataset& dataset);

  /// Null where the element is not there.
  const core::dicom::Token* element(core::dicom::Tag tag) const;
  /// The first value of a text, without the blanks around it; empty where there is none.
  std::string_view text(core::dicom::Tag tag) const;
  /// The numbers of DS, IS, FL, FD, SL, SS, UL and US, at most `most` of them; none where one of
  /// them is no finite number.
  std::vector<double> numbers(core::dicom::Tag tag, std::size_t most) const;
  /// The same as places and sizes, of which none is farther than kFarAway.
  std::vector<double> places(core::dicom::Tag tag, std::size_t most) const;
  /// The first of the numbers.
  std::optional<double> number(core::dicom::Tag tag) const;
  /// Those of a sequence; none where it is not there.
  const std::vector<Item>& items(core::dicom::Tag tag) const;

 private:
  struct Builder;
  std::vector<core::dicom::Token> elements_;  ///< in order
  std::vector<std::pair<core::dicom::Tag, std::vector<Item>>> sequences_;
};

}  // namespace sekisho::imaging
