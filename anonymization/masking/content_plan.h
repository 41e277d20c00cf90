// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "anonymization/masking/content_item.h"
#include "anonymization/profiles/profile.h"
#include "core/dicom/replay.h"

namespace sekisho::anonymization {

/// What becomes of a content item (PS3.3 §C.17.3).
struct PlannedItem {
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  std::uint64_t offset = 0;      ///< where it begins in the data set
  core::dicom::Tag value{};      ///< the element that holds its value; any other goes
  Action action = Action::keep;  ///< of its value
  bool stays = true;             ///< else it goes with all below it
  bool is_in_tree = false;       ///< of the report, where positions count (PS3.3 §C.17.3.2.5)
  bool is_selected = false;      ///< by coordinates, as what they are on
  bool needs_selection = false;  ///< coordinates, which are nothing without that
  bool has_sequence = false;     ///< of items below it in the tree
  NeutralName name = NeutralName::comment;  ///< in the place of one that is not told
  std::uint32_t parent = kNone;             ///< kNone below the root
  std::uint32_t end = 0;                    ///< the index behind the last item below it
  std::uint32_t position = 0;               ///< among its siblings, from 1
  std::uint32_t shown = 0;                  ///< the same among those that stay
  std::uint32_t children = 0;               ///< that stay
  std::uint32_t selections = 0;             ///< likewise
  std::uint32_t target = kNone;             ///< of a reference by position
  std::string_view number{};                ///< of an age: stands for every number in it
};

/// What becomes of an element of a content item: the action of the item for the value of its own
/// Value Type, `remove` for any other value, which is nothing that the standard knows there;
/// nullopt: what its own rule says.
std::optional<Action> action_in_content(core::dicom::Tag tag, core::dicom::Tag value,
                                        Action action_for_value);

/// What becomes of the content items of one sequence and of all below it, known before the first of
/// them is written: an item that refers to another by its position stays if that one does,
/// coordinates stay if what they are on does, and positions count what stays. What a coding scheme
/// says that the standard does not know is not told. One thread; keeps its memory between plans.
class ContentPlan {
 public:
  /// `walk` has just begun the sequence. Throws MaskError for more items than reports have.
  void make(core::dicom::Replay walk, const core::dicom::Token& sequence_begin,
            const Profile& profile);
  /// Whether what stands there is part of the sequence of the last plan.
  bool covers(std::uint64_t offset) const { return begin_ <= offset && offset < end_; }
  /// By where it begins; null if it goes. Valid until the next plan.
  const PlannedItem* find(std::uint64_t offset) const;
  /// The masked position of the item that `reference` refers to (0040,DB73), the root's first;
  /// empty if it is no reference. Valid until the next call.
  std::span<const std::uint32_t> position_of_target(const PlannedItem& reference);

 private:
  struct Place;
  void begin_sequence(const core::dicom::Token& token, Place& place, const Profile& profile);
  void begin_item(const core::dicom::Token& token, const core::dicom::Replay& walk, Place& place,
                  const Profile& profile);
  void add(const core::dicom::Token& item_begin, const ContentItem& content, PlannedItem item,
           const Profile& profile);
  void remove(std::uint32_t item);
  void lose(std::uint32_t item);
  void resolve_references();
  std::uint32_t at_position(std::uint32_t parent, std::uint32_t position) const;
  std::uint32_t target_of(const ContentItem& content) const;
  void count_what_stays();

  struct Reference {
    std::uint32_t item;
    ContentItem content;
  };
  struct Link {
    std::uint32_t target;
    std::uint32_t item;
  };
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
  std::vector<PlannedItem> items_;  ///< in the order of the data set
  std::vector<Reference> references_;
  std::vector<std::uint32_t> by_position_;  ///< items of the tree by parent and position
  std::vector<Link> links_;                 ///< by target
  std::vector<std::uint32_t> to_remove_;
  std::vector<std::uint32_t> path_;
};

}  // namespace sekisho::anonymization
