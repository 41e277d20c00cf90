// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/row_match.h"

#include <algorithm>
#include <utility>

#include "core/dicom/dictionary.h"
#include "core/dicom/text_reader.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::TextReader;
using core::dicom::Token;
using core::dicom::Vr;

constexpr std::string_view kDate = "Date";
constexpr std::string_view kTime = "Time";

/// The time of a date, or the date of a time: StudyTime of StudyDate, TimeOfSecondaryCapture of
/// DateOfSecondaryCapture. The dictionary names them so; `nullopt` where it has none.
std::optional<Tag> other_half(Tag tag, Vr vr) {
  const auto* entry = core::dicom::find(tag);
  if (entry == nullptr) return std::nullopt;
  std::string keyword(entry->keyword);
  const std::string_view word = vr == Vr::DA ? kDate : kTime;
  const std::size_t at = keyword.rfind(word);
  if (at == std::string::npos) return std::nullopt;
  keyword.replace(at, word.size(), vr == Vr::DA ? kTime : kDate);
  const auto* other = core::dicom::find_keyword(keyword);
  const bool fits = other != nullptr && other->vr == (vr == Vr::DA ? Vr::TM : Vr::DA);
  return fits ? std::optional(other->tag) : std::nullopt;
}

std::optional<Moment> moment_at(const std::vector<std::string>& values, std::size_t at, Vr vr) {
  return at < values.size() ? Moment::read(values[at], vr) : std::nullopt;
}

}  // namespace

/// What was found in the data set, or in one item of a sequence.
struct RowMatch::Item {
  const Keys* keys;
  std::vector<bool> is_present, is_leaf_met;           // of leaves
  std::vector<std::vector<std::string>> dates, times;  // of events
  std::vector<bool> has_items, is_sequence_met;        // of sequences
};

/// One pass over a row.
class RowMatch::Walk {
 public:
  Walk(const RowMatch& match, std::optional<UtcOffset> row_offset)
      : match_(match), row_offset_(row_offset) {
    open_.push_back(match.item_of(match.root_));
  }

  void take(const Token& token) {
    reader_.see(token);
    switch (token.kind) {
      case Token::Kind::sequence_begin:
        return begin_sequence(token.tag);
      case Token::Kind::item_begin:
        return begin_item(token.tag);
      case Token::Kind::item_end:
        return end_item();
      case Token::Kind::sequence_end:
        if (aside_ > 0) {
          --aside_;
        } else {
          sequences_.pop_back();
        }
        return;
      case Token::Kind::element:
        if (aside_ == 0) take_element(token);
        return;
      default:
        return;
    }
  }

  Item& root() { return open_.front(); }

 private:
  void begin_sequence(Tag tag) {
    const auto& sequences = open_.back().keys->sequences;
    const auto found = std::ranges::find(sequences, tag, &Keys::sequence);
    if (aside_ > 0 || found == sequences.end()) {
      ++aside_;
    } else {
      sequences_.push_back(static_cast<std::size_t>(found - sequences.begin()));
    }
  }

  void begin_item(Tag sequence) {
    if (aside_ > 1) return;
    Item& parent = open_.back();
    for (std::size_t i = 0; i < parent.keys->leaves.size(); ++i) {
      if (parent.keys->leaves[i].tag == sequence) parent.is_present[i] = true;
    }
    if (aside_ > 0) return;
    parent.has_items[sequences_.back()] = true;
    open_.push_back(match_.item_of(parent.keys->sequences[sequences_.back()]));
  }

  void end_item() {
    if (aside_ > 0) return;
    const bool is_met = match_.is_met(open_.back(), row_offset_);
    open_.pop_back();
    if (is_met) open_.back().is_sequence_met[sequences_.back()] = true;
  }

  void take_element(const Token& token) {
    Item& item = open_.back();
    const Keys& keys = *item.keys;
    for (std::size_t i = 0; i < keys.leaves.size(); ++i) {
      if (keys.leaves[i].tag == token.tag) take_leaf(token, item, i);
    }
    for (std::size_t i = 0; i < keys.events.size(); ++i) {
      if (keys.events[i].date == token.tag) collect(token, item.dates[i]);
      if (keys.events[i].time == token.tag) collect(token, item.times[i]);
    }
  }

  void take_leaf(const Token& token, Item& item, std::size_t at) {
    std::string scratch;
    const bool is_text = core::dicom::is_text(token.vr);
    item.is_present[at] = is_text ? !reader_.text(token, scratch).empty() : !token.value.empty();
    const Key& key = *item.keys->leaves[at].key;
    const MomentRange* range = key.vr() == Vr::DT ? key.range() : nullptr;
    if (range == nullptr) {
      item.is_leaf_met[at] = key.matches_element(token, reader_);
    } else if (is_text) {
      item.is_leaf_met[at] = is_date_time_in(*range, reader_.text(token, scratch));
    }
  }

  bool is_date_time_in(const MomentRange& range, std::string_view text) const {
    bool found = false;
    core::dicom::for_each_value(text, [&](std::string_view value) {
      const auto moment = Moment::read(value, Vr::DT);
      found |= moment && range.contains(*moment, match_.search_.matching.offset, row_offset_);
    });
    return found;
  }

  void collect(const Token& token, std::vector<std::string>& values) {
    if (!core::dicom::is_text(token.vr)) return;
    std::string scratch;
    core::dicom::for_each_value(reader_.text(token, scratch),
                                [&](std::string_view value) { values.emplace_back(value); });
  }

  const RowMatch& match_;
  const std::optional<UtcOffset> row_offset_;
  TextReader reader_;
  std::vector<Item> open_;              ///< never empty
  std::vector<std::size_t> sequences_;  ///< which of the keys around they are
  std::size_t aside_ = 0;               ///< sequences around, below one that no key leads into
};

RowMatch::RowMatch(const Search& search)
    : search_(search), reads_offset_(search.matching.offset.has_value()) {
  for (const Key& key : search.keys) {
    if (!key.is_universal()) insert(key);
  }
}

void RowMatch::insert(const Key& key) {
  Keys* keys = &root_;
  const auto& path = key.path();
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    auto found = std::ranges::find(keys->sequences, path[i], &Keys::sequence);
    if (found == keys->sequences.end()) {
      keys->sequences.push_back({path[i], {}, {}, {}});
      found = keys->sequences.end() - 1;
    }
    keys = &*found;
  }
  reads_offset_ |= key.vr() == Vr::DT;
  if (key.range() != nullptr && key.vr() != Vr::DT) {
    insert_moment(*keys, key);
  } else {
    keys->leaves.push_back({path.back(), &key});
  }
}

void RowMatch::insert_moment(Keys& keys, const Key& key) {
  const Tag tag = key.path().back();
  const Tag other = other_half(tag, key.vr()).value_or(Tag{});
  const bool is_date = key.vr() == Vr::DA;
  const auto same = std::ranges::find_if(keys.events, [&](const Event& event) {
    return is_date ? event.time == other && other != Tag{} : event.date == other && other != Tag{};
  });
  if (same == keys.events.end()) {
    keys.events.push_back(is_date ? Event{tag, other, &key, nullptr}
                                  : Event{other, tag, nullptr, &key});
  } else {
    (is_date ? same->date_key : same->time_key) = &key;
  }
}

std::vector<Tag> RowMatch::reads() const {
  std::vector<Tag> tags;
  for (const Leaf& leaf : root_.leaves) tags.push_back(leaf.tag);
  for (const Keys& keys : root_.sequences) tags.push_back(keys.sequence);
  const bool moves = search_.matching.offset.has_value();
  for (const Event& event : root_.events) {
    // The other half of a date counts only where a time moves it to another day.
    if (event.date_key != nullptr || (moves && event.date != Tag{})) tags.push_back(event.date);
    if (event.time_key != nullptr || (moves && event.time != Tag{})) tags.push_back(event.time);
  }
  if (reads_offset_) tags.push_back(tags::kTimezoneOffsetFromUtc);
  return tags;
}

RowMatch::Item RowMatch::item_of(const Keys& keys) const {
  return {&keys,
          std::vector<bool>(keys.leaves.size()),
          std::vector<bool>(keys.leaves.size()),
          std::vector<std::vector<std::string>>(keys.events.size()),
          std::vector<std::vector<std::string>>(keys.events.size()),
          std::vector<bool>(keys.sequences.size()),
          std::vector<bool>(keys.sequences.size())};
}

bool RowMatch::matches(const Dataset& dataset, const Computed& computed) const {
  const auto row_offset = offset_of(dataset);
  Walk walk(*this, row_offset);
  for_each_token(dataset, [&](const Token& token) { walk.take(token); });
  Item& root = walk.root();
  for (std::size_t i = 0; i < root_.leaves.size(); ++i) {
    const auto text = computed(root_.leaves[i].tag);
    if (!text) continue;
    root.is_present[i] = !text->empty();
    root.is_leaf_met[i] = root_.leaves[i].key->matches_text(*text);
  }
  return is_met(root, row_offset);
}

bool RowMatch::is_met(const Item& item, std::optional<UtcOffset> row_offset) const {
  const Keys& keys = *item.keys;
  bool all = true;
  for (std::size_t i = 0; i < keys.leaves.size(); ++i) {
    const bool is_for_empty = keys.leaves[i].key->is_for_empty();
    all &= is_for_empty ? !item.is_present[i] : item.is_leaf_met[i];
  }
  for (std::size_t i = 0; i < keys.events.size(); ++i) {
    const std::size_t values = std::max(item.dates[i].size(), item.times[i].size());
    bool any = false;
    for (std::size_t at = 0; at < values; ++at) {
      any |= is_met_at(keys.events[i], moment_at(item.dates[i], at, Vr::DA),
                       moment_at(item.times[i], at, Vr::TM), row_offset);
    }
    all &= any;
  }
  for (std::size_t i = 0; i < keys.sequences.size(); ++i) {
    // A sequence without items is like one whose item has nothing: good for keys of the empty.
    all &= item.has_items[i] ? item.is_sequence_met[i]
                             : is_met(item_of(keys.sequences[i]), row_offset);
  }
  return all;
}

/// PS3.4 §C.2.2.2.5.4.
bool RowMatch::is_met_at(const Event& event, std::optional<Moment> date, std::optional<Moment> time,
                         std::optional<UtcOffset> row_offset) const {
  const auto asked_offset = search_.matching.offset;
  if (asked_offset && row_offset && time) {
    const UtcOffset by = *asked_offset - *row_offset;
    const Moment moved = shifted(date ? Moment::join(*date, time) : *time, by);
    const std::size_t date_size = moved.digits.size() - time->digits.size();
    if (date) date->digits = moved.digits.substr(0, date_size);
    time->digits = moved.digits.substr(date_size);
  }
  const MomentRange* dates = event.date_key == nullptr ? nullptr : event.date_key->range();
  const MomentRange* times = event.time_key == nullptr ? nullptr : event.time_key->range();
  const bool are_one = dates != nullptr && times != nullptr && dates->form() == times->form() &&
                       dates->form() != MomentRange::Form::single;
  if (are_one) return date && MomentRange::join(*dates, *times).contains(Moment::join(*date, time));
  return (dates == nullptr || (date && dates->contains(*date))) &&
         (times == nullptr || (time && times->contains(*time)));
}

std::optional<UtcOffset> RowMatch::offset_of(const Dataset& dataset) const {
  if (!reads_offset_) return std::nullopt;
  std::optional<UtcOffset> offset;
  for_each_token(dataset, [&](const Token& token) {
    const bool is_it = token.kind == Token::Kind::element && token.depth == 0 &&
                       token.tag == tags::kTimezoneOffsetFromUtc;
    if (is_it) offset = parse_utc_offset(core::as_text(token.value));
  });
  return offset;
}

}  // namespace sekisho::dicomweb
