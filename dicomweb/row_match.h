// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/dicom/dataset.h"
#include "core/dicom/tag.h"
#include "dicomweb/search.h"

namespace sekisho::dicomweb {

/// All match keys of a search together, as rows are held against them (PS3.18 §8.3.4.1): keys of
/// one sequence by the same item of it (PS3.4 §C.2.2.2.6), a date and its time as one where both
/// are ranges (§C.2.2.2.5.4), and both by the clock of who asks (§C.2.2.2.1). Immutable; any
/// thread.
class RowMatch {
 public:
  /// `search` must outlive it.
  explicit RowMatch(const Search& search);

  /// The top-level attributes of a data set that it reads.
  std::vector<core::dicom::Tag> reads() const;
  /// What stands for a top-level attribute in place of the data set's; `nullopt` for the data set.
  using Computed = std::function<std::optional<std::string>(core::dicom::Tag)>;
  /// Whether every key matches. Reads all of the row whatever it finds.
  bool matches(const core::dicom::Dataset& dataset, const Computed& computed) const;

 private:
  using Tag = core::dicom::Tag;
  /// A date, a time, or both of one event: a key may be missing.
  struct Event {
    Tag date;
    Tag time;
    const Key* date_key = nullptr;
    const Key* time_key = nullptr;
  };
  struct Leaf {
    Tag tag;
    const Key* key;
  };
  /// The data set, or a sequence in it.
  struct Keys {
    Tag sequence;
    std::vector<Leaf> leaves;  ///< but for those of `events`
    std::vector<Event> events;
    std::vector<Keys> sequences;
  };
  struct Item;
  class Walk;

  void insert(const Key& key);
  static void insert_moment(Keys& keys, const Key& key);
  Item item_of(const Keys& keys) const;
  bool is_met(const Item& item, std::optional<UtcOffset> row_offset) const;
  bool is_met_at(const Event& event, std::optional<Moment> date, std::optional<Moment> time,
                 std::optional<UtcOffset> row_offset) const;
  std::optional<UtcOffset> offset_of(const core::dicom::Dataset& dataset) const;

  const Search& search_;
  Keys root_;
  bool reads_offset_ = false;  ///< of the row
};

}  // namespace sekisho::dicomweb
