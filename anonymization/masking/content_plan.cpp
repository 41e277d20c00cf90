// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/content_plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "anonymization/masking/dates.h"
#include "anonymization/masking/mask_error.h"
#include "anonymization/tables.h"
#include "core/dicom/element_header.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Replay;
using core::dicom::Tag;
using core::dicom::Token;

constexpr Tag kMeasuredValueSequence{0x0040, 0xA300};
constexpr Tag kContentSequence{0x0040, 0xA730};
constexpr std::size_t kMostItems = 1U << 20;  // 72 MB of plan
constexpr std::uint32_t kRootPosition = 1;    // PS3.3 §C.17.3.2.5
constexpr std::uint32_t kNone = PlannedItem::kNone;

/// PS3.3 §C.17.3.2: without a Concept Name these say nothing. Others may do without.
constexpr std::string_view kNamed[] = {"CODE",  "DATE", "DATETIME", "NUM",
                                       "PNAME", "TEXT", "TIME",     "UIDREF"};

struct Verdict {
  Action action;
  std::string_view number{};  ///< of an age
};

Verdict judge(const ContentItem& content, const Profile& profile) {
  const Action action = profile.content_action(content.scheme, content.code, content.value_type);
  const bool is_named = std::ranges::find(kNamed, content.value_type) != std::end(kNamed);
  if (is_named && !is_standard_coding_scheme(content.scheme)) return {Action::remove};
  if (content.value_type == "CODE" && !is_standard_coding_scheme(content.code_scheme)) {
    return {action == Action::keep ? Action::dummy : action};
  }
  if (content.value_type != "NUM") return {action};
  if (!content.unit.empty() && !is_standard_coding_scheme(content.unit_scheme)) {
    return {Action::remove};
  }
  if (action != Action::cap_age) return {action};
  const auto capped = capped_age(content.number, content.unit);
  return capped ? Verdict{action, *capped} : Verdict{Action::remove};
}

/// PS3.3 §C.17.3.2.5: no value of its own, only the position of another.
bool is_reference(const ContentItem& content) {
  return content.value_type.empty() && content.reference.size() >= 2 * sizeof(std::uint32_t) &&
         content.reference.size() % sizeof(std::uint32_t) == 0;
}

}  // namespace

std::optional<Action> action_in_content(Tag tag, Tag value, Action action_for_value) {
  if (!is_content_value(tag)) return std::nullopt;
  if (tag == value) return action_for_value;
  const bool is_number = value == kMeasuredValueSequence && is_bare_number(tag);
  return is_number && action_for_value == Action::keep ? std::nullopt
                                                       : std::optional(Action::remove);
}

/// What is open while the plan is made, by depth.
struct ContentPlan::Place {
  struct Sequence {
    bool holds_content = false;
    bool is_in_tree = false;
    std::uint32_t parent = kNone;  ///< the content item that it is in
    std::uint32_t items = 0;
  };
  std::array<Sequence, core::dicom::kMaxDepth + 1> sequences{};
  std::array<std::uint32_t, core::dicom::kMaxDepth + 1> items{};  ///< kNone: no content item
};

void ContentPlan::make(Replay walk, const Token& sequence_begin, const Profile& profile) {
  items_.clear();
  references_.clear();
  begin_ = sequence_begin.offset;
  Place place;
  place.items.fill(kNone);
  const bool is_tree = sequence_begin.depth == 0 && sequence_begin.tag == kContentSequence;
  place.sequences[sequence_begin.depth] = {true, is_tree};
  Token token = walk.next();
  for (; token.kind != Token::Kind::sequence_end || token.depth != sequence_begin.depth;
       token = walk.next()) {
    if (token.kind == Token::Kind::sequence_begin) {
      begin_sequence(token, place, profile);
    } else if (token.kind == Token::Kind::item_begin) {
      begin_item(token, walk, place, profile);
    } else if (token.kind == Token::Kind::item_end && place.items[token.depth] != kNone) {
      items_[place.items[token.depth]].end = static_cast<std::uint32_t>(items_.size());
    } else if (token.kind == Token::Kind::defect || token.kind == Token::Kind::end) {
      throw MaskError("the data set cannot be read to its end");
    }
  }
  end_ = token.offset;
  resolve_references();
  for (std::uint32_t i = 0; i < items_.size(); ++i) {
    if (items_[i].action == Action::remove) remove(i);
  }
  count_what_stays();
}

/// Items of a second ContentSequence in one item are nowhere in the tree: positions count those of
/// the first.
void ContentPlan::begin_sequence(const Token& token, Place& place, const Profile& profile) {
  const std::uint32_t parent = place.items[token.depth];
  const bool is_below = token.tag == kContentSequence && parent != kNone &&
                        items_[parent].is_in_tree &&
                        !std::exchange(items_[parent].has_sequence, true);
  place.sequences[token.depth] = {profile.action_for(token.tag) == Action::clean_content, is_below,
                                  parent};
}

void ContentPlan::begin_item(const Token& token, const Replay& walk, Place& place,
                             const Profile& profile) {
  Place::Sequence& around = place.sequences[token.depth - 1U];
  place.items[token.depth] = kNone;
  if (!around.holds_content) return;
  place.items[token.depth] = static_cast<std::uint32_t>(items_.size());
  PlannedItem item;
  item.is_in_tree = around.is_in_tree;
  item.parent = around.parent;
  item.position = ++around.items;
  add(token, read_content_item(walk, token), item, profile);
}

void ContentPlan::add(const Token& item_begin, const ContentItem& content, PlannedItem item,
                      const Profile& profile) {
  if (items_.size() == kMostItems) throw MaskError("a report has too many content items");
  item.offset = item_begin.offset;
  if (item.is_in_tree && is_reference(content)) {
    references_.push_back({static_cast<std::uint32_t>(items_.size()), content});
  } else {
    const Verdict verdict = judge(content, profile);
    item.value = value_element_of(content.value_type);
    item.name = neutral_name_of(content.value_type);
    item.action = verdict.action;
    item.number = verdict.number;
  }
  item.needs_selection = content.value_type == "SCOORD" || content.value_type == "TCOORD";
  item.is_selected = item.parent != kNone && items_[item.parent].needs_selection &&
                     content.relationship == "SELECTED FROM";
  if (item.is_selected) ++items_[item.parent].selections;
  items_.push_back(item);
}

const PlannedItem* ContentPlan::find(std::uint64_t offset) const {
  const auto item = std::ranges::lower_bound(items_, offset, {}, &PlannedItem::offset);
  return item != items_.end() && item->offset == offset && item->stays ? &*item : nullptr;
}

/// Takes the item out with all below it, what refers to them, and coordinates that are on nothing
/// then. Each item goes once: the work is in proportion to the report.
void ContentPlan::remove(std::uint32_t item) {
  to_remove_.assign(1, item);
  while (!to_remove_.empty()) {
    const std::uint32_t first = to_remove_.back();
    to_remove_.pop_back();
    if (!items_[first].stays) continue;
    const std::uint32_t end = items_[first].end;
    for (std::uint32_t i = first; i < end;) {
      if (!items_[i].stays) {
        i = items_[i].end;
      } else {
        lose(i++);
      }
    }
  }
}

void ContentPlan::lose(std::uint32_t item) {
  PlannedItem& lost = items_[item];
  lost.stays = false;
  if (lost.is_selected && --items_[lost.parent].selections == 0) to_remove_.push_back(lost.parent);
  auto link = std::ranges::lower_bound(links_, item, {}, &Link::target);
  for (; link != links_.end() && link->target == item; ++link) to_remove_.push_back(link->item);
}

/// A reference to what is not there, or to another reference, goes.
void ContentPlan::resolve_references() {
  links_.clear();
  by_position_.clear();
  if (references_.empty()) return;
  for (std::uint32_t i = 0; i < items_.size(); ++i) {
    if (items_[i].is_in_tree) by_position_.push_back(i);
  }
  std::ranges::sort(by_position_, {}, [this](std::uint32_t i) {
    return std::pair(items_[i].parent, items_[i].position);
  });
  for (const Reference& reference : references_) items_[reference.item].action = Action::remove;
  for (const Reference& reference : references_) {
    const std::uint32_t target = target_of(reference.content);
    const bool refers_on = std::ranges::binary_search(references_, target, {}, &Reference::item);
    if (target == kNone || refers_on) continue;
    PlannedItem& item = items_[reference.item];
    item.action = Action::keep;
    item.target = target;
    links_.push_back({target, reference.item});
  }
  std::ranges::sort(links_, {}, &Link::target);
}

std::uint32_t ContentPlan::target_of(const ContentItem& content) const {
  constexpr std::size_t kStep = sizeof(std::uint32_t);
  const auto step = [&](std::size_t at) {
    return core::dicom::read32(content.reference.data() + at, content.reference_order);
  };
  if (step(0) != kRootPosition) return kNone;
  std::uint32_t item = kNone;
  for (std::size_t at = kStep; at < content.reference.size(); at += kStep) {
    item = at_position(item, step(at));
    if (item == kNone) return kNone;
  }
  return item;
}

std::uint32_t ContentPlan::at_position(std::uint32_t parent, std::uint32_t position) const {
  const auto key = [this](std::uint32_t i) {
    return std::pair(items_[i].parent, items_[i].position);
  };
  const auto found = std::ranges::lower_bound(by_position_, std::pair(parent, position), {}, key);
  return found != by_position_.end() && key(*found) == std::pair(parent, position) ? *found : kNone;
}

void ContentPlan::count_what_stays() {
  std::uint32_t below_root = 0;
  for (PlannedItem& item : items_) {
    if (!item.stays || !item.is_in_tree) continue;
    item.shown = item.parent == kNone ? ++below_root : ++items_[item.parent].children;
  }
}

std::span<const std::uint32_t> ContentPlan::position_of_target(const PlannedItem& reference) {
  path_.clear();
  if (reference.target == kNone) return path_;
  for (std::uint32_t at = reference.target; at != kNone; at = items_[at].parent) {
    path_.push_back(items_[at].shown);
  }
  path_.push_back(kRootPosition);
  std::ranges::reverse(path_);
  return path_;
}

}  // namespace sekisho::anonymization
