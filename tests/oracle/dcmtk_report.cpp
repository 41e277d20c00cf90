// SPDX-License-Identifier: GPL-3.0-or-later
#include "oracle/dcmtk_report.h"

#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <set>

#include "anonymization/masking/dates.h"
#include "anonymization/masking/replacement.h"
#include "anonymization/tables.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/padding.h"

namespace sekisho::oracle {
namespace {

using anonymization::Action;
using anonymization::is_standard_coding_scheme;
using anonymization::Profile;
using core::dicom::Tag;
using core::dicom::Vr;
using Position = std::vector<std::uint32_t>;

constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kScheme{0x0008, 0x0102};
constexpr Tag kUnits{0x0040, 0x08EA};
constexpr Tag kRelationship{0x0040, 0xA010};
constexpr Tag kValueType{0x0040, 0xA040};
constexpr Tag kConceptName{0x0040, 0xA043};
constexpr Tag kConceptCode{0x0040, 0xA168};
constexpr Tag kMeasured{0x0040, 0xA300};
constexpr Tag kNumber{0x0040, 0xA30A};
constexpr Tag kContent{0x0040, 0xA730};
constexpr Tag kReference{0x0040, 0xDB73};

/// What may hold the value of an item of each Value Type that has one.
const std::map<std::string, Tag>& values_by_type() {
  static const std::map<std::string, Tag> kValues = {
      {"TEXT", Tag{0x0040, 0xA160}},
      {"PNAME", Tag{0x0040, 0xA123}},
      {"DATE", Tag{0x0040, 0xA121}},
      {"TIME", Tag{0x0040, 0xA122}},
      {"DATETIME", Tag{0x0040, 0xA120}},
      {"UIDREF", Tag{0x0040, 0xA124}},
      {"CODE", kConceptCode},
      {"NUM", kMeasured},
      {"IMAGE", Tag{0x0008, 0x1199}},
      {"COMPOSITE", Tag{0x0008, 0x1199}},
      {"WAVEFORM", Tag{0x0008, 0x1199}},
  };
  return kValues;
}

DcmElement* find(DcmItem& item, Tag tag) {
  DcmElement* element = nullptr;
  item.findAndGetElement(DcmTagKey(tag.group(), tag.element()), element);
  return element;
}

Position reference_of(DcmItem& item) {
  DcmElement* element = find(item, kReference);
  if (!element || vr_of(*element) != Vr::UL) return {};
  Position position;
  Uint32 number = 0;
  for (unsigned long i = 0; element->getUint32(number, i).good(); ++i) position.push_back(number);
  return element->getLength() == 4 * position.size() ? position : Position{};
}

ContentFate fate_of(DcmItem& item, const std::string& type, const Profile& profile) {
  static const std::set<std::string> kNamed = {"CODE",  "DATE", "DATETIME", "NUM",
                                               "PNAME", "TEXT", "TIME",     "UIDREF"};
  const std::string scheme = text_at(item, {kConceptName, kScheme});
  ContentFate fate{profile.content_action(scheme, text_at(item, {kConceptName, kCodeValue}), type),
                   {},
                   {},
                   type,
                   {}};
  const auto value = values_by_type().find(type);
  if (value != values_by_type().end()) fate.value = value->second;
  const bool is_known = is_standard_coding_scheme(scheme);
  const std::string unit = text_at(item, {kMeasured, kUnits, kCodeValue});
  const bool is_unit_known =
      unit.empty() || is_standard_coding_scheme(text_at(item, {kMeasured, kUnits, kScheme}));
  if ((kNamed.contains(type) && !is_known) || (type == "NUM" && !is_unit_known)) {
    fate.action = Action::remove;
  } else if (type == "CODE" && fate.action == Action::keep &&
             !is_standard_coding_scheme(text_at(item, {kConceptCode, kScheme}))) {
    fate.action = Action::dummy;
  } else if (type == "NUM" && fate.action == Action::cap_age) {
    const std::string original = text_at(item, {kMeasured, kNumber});
    const auto capped = anonymization::capped_age(original, unit);
    if (!capped) fate.action = Action::remove;
    if (capped) fate.number = *capped;
  }
  return fate;
}

}  // namespace

std::string text_at(DcmItem& item, std::initializer_list<Tag> path) {
  DcmItem* at = &item;
  for (const Tag tag : path) {
    DcmElement* element = find(*at, tag);
    if (!element) return {};
    if (element->isLeaf()) {
      const core::Bytes value = value_of(*element);
      const auto vr = core::dicom::find(tag)->vr;
      const bool is_sound = anonymization::may_be_written_as(vr, vr_of(*element)) &&
                            anonymization::is_well_formed(vr, value);
      if (!is_sound) return {};
      return std::string(core::dicom::without_padding(core::as_text(value)));
    }
    if (!is_sequence(*element)) return {};
    auto& sequence = static_cast<DcmSequenceOfItems&>(*element);
    if (sequence.card() != 1) return {};
    at = sequence.getItem(0);
  }
  return {};
}

bool may_hold_number(Tag tag) {
  return tag == kNumber ||
         (tag.group() == 0x0040 && tag.element() >= 0xA161 && tag.element() <= 0xA163);
}

bool may_hold_value(Tag tag) {
  return may_hold_number(tag) ||
         std::ranges::any_of(values_by_type(), [&](const auto& row) { return row.second == tag; });
}

bool is_local_code(DcmItem& item) {
  const auto has = [&](std::uint16_t number) {
    const DcmElement* element = find(item, Tag{0x0008, number});
    return element && element->isLeaf();
  };
  const bool is_code = has(0x0100) || has(0x0102) || has(0x0104) || has(0x0119) || has(0x0120);
  return is_code && !is_standard_coding_scheme(text_at(item, {kScheme}));
}

anonymization::CodeStanding code_in(DcmItem& item) {
  using anonymization::CodeStanding;
  int values = 0;
  std::string value;
  for (const std::uint16_t number : {0x0100, 0x0119, 0x0120}) {
    const DcmElement* element = find(item, Tag{0x0008, number});
    if (!element || !element->isLeaf()) continue;
    ++values;
    value = text_at(item, {Tag{0x0008, number}});
  }
  const DcmElement* scheme = find(item, kScheme);
  const bool has_scheme = scheme && scheme->isLeaf();
  const DcmElement* meaning = find(item, Tag{0x0008, 0x0104});
  const bool has_meaning = meaning && meaning->isLeaf();
  const std::string designator = text_at(item, {kScheme});
  if (values == 1 && has_scheme && is_standard_coding_scheme(designator) &&
      anonymization::has_form_of_code(designator, value)) {
    return CodeStanding::listed;
  }
  return values > 0 && (has_scheme || has_meaning) ? CodeStanding::local : CodeStanding::stray;
}

void ReportPlan::add(DcmSequenceOfItems& outermost, bool is_tree, const Profile& profile) {
  struct Pending {
    DcmSequenceOfItems* sequence;
    const DcmItem* parent;  ///< of the report
    bool holds_content;
    bool is_in_tree;
  };
  std::vector<Pending> pending{{&outermost, nullptr, true, is_tree}};
  while (!pending.empty()) {
    const Pending next = pending.back();
    pending.pop_back();
    for (unsigned long i = 0; i < next.sequence->card(); ++i) {
      DcmItem& item = *next.sequence->getItem(i);
      if (next.holds_content) {
        Node node;
        node.value_type = text_at(item, {kValueType});
        node.relationship = text_at(item, {kRelationship});
        node.parent = next.parent;
        node.is_in_tree = next.is_in_tree;
        if (next.is_in_tree) {
          node.position = next.parent ? nodes_.at(next.parent).position : Position{1};
          node.position.push_back(static_cast<std::uint32_t>(i + 1));
          node.wanted = reference_of(item);
          node.is_reference = node.value_type.empty() && node.wanted.size() >= 2;
          by_position_[node.position] = &item;
        }
        if (!node.is_reference) node.fate = fate_of(item, node.value_type, profile);
        nodes_[&item] = std::move(node);
      }
      for (unsigned long e = 0; e < item.card(); ++e) {
        DcmElement* element = item.getElement(e);
        if (!is_sequence(*element)) continue;
        const bool is_content = next.holds_content && tag_of(*element) == kContent;
        pending.push_back({static_cast<DcmSequenceOfItems*>(element),
                           next.holds_content ? &item : nullptr,
                           profile.action_for(tag_of(*element)) == Action::clean_content,
                           is_content && next.is_in_tree});
      }
    }
  }
  settle();
}

const ContentFate* ReportPlan::find(const DcmItem& item) const {
  const auto node = nodes_.find(&item);
  return node != nodes_.end() && node->second.stays ? &node->second.fate : nullptr;
}

void ReportPlan::settle() {
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& [item, node] : nodes_) {
      if (!node.stays || !has_to_go(item, node)) continue;
      node.stays = false;
      changed = true;
    }
  }
  for (auto& [item, node] : nodes_) {
    if (node.stays && node.is_reference) node.fate.refers_to = shown_position(at(node.wanted));
  }
}

bool ReportPlan::has_to_go(const DcmItem* item, const Node& node) const {
  if (node.fate.action == Action::remove) return true;
  if (node.parent && !nodes_.at(node.parent).stays) return true;
  if (node.is_reference) {
    const DcmItem* target = at(node.wanted);
    return !target || nodes_.at(target).is_reference || !nodes_.at(target).stays;
  }
  if (node.value_type != "SCOORD" && node.value_type != "TCOORD") return false;
  bool was_on_something = false;
  for (const auto& [below, other] : nodes_) {
    if (other.parent != item || other.relationship != "SELECTED FROM") continue;
    if (other.stays) return false;
    was_on_something = true;
  }
  return was_on_something;
}

const DcmItem* ReportPlan::at(const Position& position) const {
  const auto found = by_position_.find(position);
  return found == by_position_.end() ? nullptr : found->second;
}

Position ReportPlan::shown_position(const DcmItem* item) const {
  Position shown;
  for (; item; item = nodes_.at(item).parent) {
    const Node& node = nodes_.at(item);
    std::uint32_t number = 0;
    for (const auto& [position, sibling] : by_position_) {
      const Node& other = nodes_.at(sibling);
      if (other.parent == node.parent && other.stays && position <= node.position) ++number;
    }
    shown.insert(shown.begin(), number);
  }
  shown.insert(shown.begin(), 1);
  return shown;
}

}  // namespace sekisho::oracle
