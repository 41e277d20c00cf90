// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "anonymization/masking/code_item.h"
#include "oracle/dcmtk_elements.h"

namespace sekisho::oracle {

/// What becomes of a content item.
struct ContentFate {
  anonymization::Action action = anonymization::Action::keep;
  core::dicom::Tag value{};              ///< the element that may hold its value
  std::string number;                    ///< of an age: stands in for every number
  std::string value_type;                ///< empty for what refers to another
  std::vector<std::uint32_t> refers_to;  ///< the masked position of what it refers to
};

/// Which content items of a sequence and below stay, found by going round until nothing changes.
class ReportPlan {
 public:
  /// `is_tree`: the sequence is that of the root.
  void add(DcmSequenceOfItems& sequence, bool is_tree, const anonymization::Profile& profile);
  bool knows(const DcmItem& item) const { return nodes_.contains(&item); }
  /// Null if it goes.
  const ContentFate* find(const DcmItem& item) const;

 private:
  struct Node {
    ContentFate fate;
    std::string value_type;
    std::string relationship;
    const DcmItem* parent = nullptr;
    bool is_in_tree = false;
    bool stays = true;
    bool is_reference = false;
    std::vector<std::uint32_t> position;  ///< as it was; of the tree
    std::vector<std::uint32_t> wanted;    ///< the position that it refers to
  };
  void settle();
  bool has_to_go(const DcmItem* item, const Node& node) const;
  const DcmItem* at(const std::vector<std::uint32_t>& position) const;
  std::vector<std::uint32_t> shown_position(const DcmItem* item) const;

  std::map<const DcmItem*, Node> nodes_;
  std::map<std::vector<std::uint32_t>, const DcmItem*> by_position_;
};

/// One value at the end of a path of single items; empty where there is none or more than one.
std::string text_at(DcmItem& item, std::initializer_list<core::dicom::Tag> path);

/// Elements of a content item of which its Value Type allows one at most, and numbers.
bool may_hold_value(core::dicom::Tag tag);
/// NumericValue and the other forms of it.
bool may_hold_number(core::dicom::Tag tag);

/// A code of a scheme that the standard does not know.
bool is_local_code(DcmItem& item);
/// Of the parts of a code in an item of a sequence: see anonymization::read_code().
anonymization::CodeStanding code_in(DcmItem& item);

}  // namespace sekisho::oracle
