// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/preview_elements.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>

#include "anonymization/masking/content_item.h"
#include "anonymization/masking/content_plan.h"
#include "anonymization/masking/dates.h"
#include "anonymization/masking/private_blocks.h"
#include "anonymization/profiles/basic_rules.h"
#include "core/dicom/dataset.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/repeating_groups.h"
#include "core/dicom/replay.h"
#include "core/dicom/text_reader.h"
#include "staff/preview_value.h"

namespace sekisho::staff {
namespace {

using anonymization::Action;
using anonymization::Blackout;
using anonymization::ContentItem;
using anonymization::ExplainedProfile;
using anonymization::Masked;
using anonymization::PixelDecision;
using anonymization::Profile;
using anonymization::WithholdReason;
using core::dicom::CheckedFile;
using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::Token;

/// A header may be 64 MiB; an answer must not take what the archive needs.
constexpr std::size_t kMostElements = 50'000;

using Path = std::vector<std::uint32_t>;

std::string bytes_text(std::uint64_t size) { return '<' + std::to_string(size) + " bytes>"; }

bool is_dropped(const ContentItem& item, const Profile& profile) {
  const Action action = profile.content_action(item.scheme, item.code, item.value_type);
  if (action == Action::cap_age && item.value_type == "NUM") {
    return !anonymization::capped_age(item.number, item.unit);
  }
  return action == Action::remove;
}

/// Where a walk is: the path of the present element, and how many items each open sequence has had.
class Place {
 public:
  void enter_sequence(Tag tag) {
    path_.push_back(tag.value);
    items_.push_back(0);
  }
  void leave_sequence() {
    path_.pop_back();
    items_.pop_back();
  }
  std::uint32_t next_item() { return items_.back()++; }
  void enter_item(std::uint32_t position) { path_.push_back(position); }
  void leave_item() { path_.pop_back(); }
  const Path& around() const { return path_; }
  Path element(Tag tag) const {
    Path path = path_;
    path.push_back(tag.value);
    return path;
  }

 private:
  Path path_;
  std::vector<std::uint32_t> items_;
};

class Comparison {
 public:
  Comparison(const CheckedFile& file, const ExplainedProfile& explained, const core::Demand& demand)
      : file_(file), explained_(explained), profile_(explained.profile), asking_(demand) {}

  Preview run(const Masked* masked, const PixelDecision& decision) {
    read_original(file_.header(), file_.header_steps());
    add_pixels(masked, decision);
    if (!file_.trailer().empty()) read_original(file_.trailer(), file_.trailer_steps());
    if (masked != nullptr) {
      read_masked(masked->header().bytes, masked->transfer_syntax());
      read_masked(masked->tail(), masked->transfer_syntax());
      settle();
    }
    Preview preview{{}, left_out_};
    for (auto& [path, row] : rows_) {
      row.path = path;
      preview.elements.push_back(std::move(row));
    }
    return preview;
  }

 private:
  /// What has a say in the fate of the elements of one item.
  struct Item {
    anonymization::PrivateBlocks blocks;
    std::optional<Action> content_action;
    Tag content_value{};         ///< the element that holds what the action is for
    bool holds_content = false;  ///< the sequence that is open in it holds content items
  };

  void read_original(core::ByteView bytes, std::span<const core::dicom::Step> steps) {
    const Dataset dataset{bytes, file_.transfer_syntax().vr, file_.transfer_syntax().order};
    core::dicom::Replay walk(dataset.bytes, steps);
    core::dicom::OpenVrs open_vrs(dataset);
    core::dicom::TextReader reader;
    Place place;
    items_ = {};
    for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
      asking_.step();
      if (token.kind == Token::Kind::defect) throw std::logic_error("a checked file is malformed");
      if (token.kind == Token::Kind::element) token.vr = open_vrs.of(token);
      reader.see(token);
      switch (token.kind) {
        case Token::Kind::sequence_begin:
          add_original(place.element(token.tag), token, "<sequence>");
          items_[token.depth].holds_content =
              profile_.action_for(token.tag) == Action::clean_content;
          place.enter_sequence(token.tag);
          break;
        case Token::Kind::item_begin:
          begin_item(walk, token, place);
          break;
        case Token::Kind::item_end:
          place.leave_item();
          break;
        case Token::Kind::sequence_end:
          place.leave_sequence();
          break;
        default:
          add_original(place.element(token.tag), token, shown_value(token, reader, token.order));
      }
    }
  }

  void begin_item(const core::dicom::Replay& walk, const Token& token, Place& place) {
    Item& item = items_[token.depth];
    item = {};
    const std::uint32_t position = place.next_item();
    if (items_[token.depth - 1U].holds_content) {
      const ContentItem content = anonymization::read_content_item(walk, token);
      item.content_action =
          profile_.content_action(content.scheme, content.code, content.value_type);
      item.content_value = anonymization::value_element_of(content.value_type);
      auto& kept = kept_items_[place.around()];
      if (!is_dropped(content, profile_)) kept.push_back(position);
    }
    place.enter_item(position);
  }

  void add_original(Path path, const Token& token, std::string text) {
    Item& item = items_[token.depth];
    if (anonymization::is_private_creator(token.tag)) {
      item.blocks.reserve(token.tag, anonymization::creator_name(token.value));
    }
    // A tag that stands twice in an item is nothing that the standard knows; both are shown.
    while (rows_.contains(path)) path.push_back(token.tag.value);
    if (rows_.size() >= kMostElements) {
      ++left_out_;
      return;
    }
    PreviewElement row;
    row.vr = token.vr;
    row.before = std::move(text);
    decide(token, item, row);
    rows_.emplace(std::move(path), std::move(row));
  }

  void decide(const Token& token, const Item& item, PreviewElement& row) const {
    if (profile_.is_identity()) {
      row.action = Action::keep;
      row.source = "The profile masks nothing";
    } else if (token.tag.is_private()) {
      decide_private(token, item, row);
    } else {
      const auto* rule = rule_for(token.tag);
      row.action = rule != nullptr ? rule->rule.action : Action::remove;
      row.source = rule != nullptr ? rule->source : "No rule names it";
      decide_content(token, item, row);
    }
  }

  /// The rule for it, wherever it stands; null if none names it.
  const anonymization::ExplainedRule* rule_for(Tag tag) const {
    const Tag named = core::dicom::first_of_repeating(tag);
    const auto rule = std::ranges::lower_bound(explained_.rules, named, {},
                                               [](const auto& each) { return each.rule.tag; });
    const bool found = rule != explained_.rules.end() && rule->rule.tag == named;
    return found ? &*rule : nullptr;
  }

  /// In a content item; a rule of one's own has changed what the table says.
  static void decide_content(const Token& token, const Item& item, PreviewElement& row) {
    if (!item.content_action) return;
    const auto action =
        anonymization::action_in_content(token.tag, item.content_value, *item.content_action);
    if (!action) return;
    const bool is_own_rule = *action == row.action && row.source.starts_with("configuration");
    row.action = *action;
    if (token.tag != item.content_value) {
      row.source = "Not of the item's Value Type";
    } else if (!is_own_rule) {
      row.source = "PS3.15 Table E.3.4-1";
    }
  }

  void decide_private(const Token& token, const Item& item, PreviewElement& row) const {
    const std::string_view creator = item.blocks.creator_of(token.tag);
    const auto* rule = creator.empty() ? nullptr : profile_.private_rule(creator, token.tag);
    if (anonymization::is_private_creator(token.tag)) {
      const auto name = anonymization::creator_name(token.value);
      const bool stays = profile_.keeps_some_of(name, token.tag.group());
      row.action = stays ? Action::keep : Action::remove;
      row.source = stays ? "A rule about elements of this private creator" : kPrivate;
    } else {
      row.action = rule == nullptr ? Action::remove : rule->action;
      row.source = rule == nullptr ? kPrivate : std::string(source_of(*rule));
    }
  }

  void add_pixels(const Masked* masked, const PixelDecision& decision) {
    for (const Tag tag : file_.pixel_tags()) {
      if (tag.element() == 0) continue;  // a group length: made by whoever wrote the file
      PreviewElement row;
      row.vr = core::dicom::implicit_vr(tag);
      row.before = bytes_text(file_.pixel_size());
      if (const auto* reason = std::get_if<WithholdReason>(&decision)) {
        row.source = text_en(*reason);
      } else if (const auto* blackout = std::get_if<Blackout>(&decision)) {
        row.action = Action::replace;
        row.after = '<' + std::to_string(blackout->rectangles.size()) + " rectangles blacked out>";
        row.source = "A rule of the pixel policy";
      } else {
        row.action = Action::keep;
        row.after = bytes_text(masked == nullptr ? file_.pixel_size() : masked->pixel_size());
        row.source = "The pixel policy releases it";
      }
      rows_.emplace(Path{tag.value}, std::move(row));
    }
  }

  void read_masked(core::ByteView bytes, const core::dicom::TransferSyntax& syntax) {
    const Dataset dataset{bytes, syntax.vr, syntax.order};
    core::dicom::TextReader reader;
    Place place;
    core::dicom::for_each_token(dataset, [&](const Token& token) {
      asking_.step();
      reader.see(token);
      switch (token.kind) {
        case Token::Kind::sequence_begin:
          add_masked(place.element(token.tag), token, "<sequence>");
          return place.enter_sequence(token.tag);
        case Token::Kind::item_begin:
          return place.enter_item(original_position(place.around(), place.next_item()));
        case Token::Kind::item_end:
          return place.leave_item();
        case Token::Kind::sequence_end:
          return place.leave_sequence();
        default:
          add_masked(place.element(token.tag), token, shown_value(token, reader, token.order));
      }
    });
  }

  /// The masker drops items of structured content: those that follow move up.
  std::uint32_t original_position(const Path& sequence, std::uint32_t position) const {
    const auto kept = kept_items_.find(sequence);
    if (kept == kept_items_.end() || position >= kept->second.size()) return position;
    return kept->second[position];
  }

  void add_masked(Path path, const Token& token, std::string text) {
    const auto found = rows_.find(path);
    if (found != rows_.end()) {
      found->second.after = std::move(text);
    } else if (rows_.size() < kMostElements) {
      PreviewElement row;
      row.vr = token.vr;
      row.after = std::move(text);
      row.action = Action::replace;
      row.source = "The statement of how the object was masked";
      rows_.emplace(std::move(path), std::move(row));
    }
  }

  /// What goes although its own rule would let it stay: it lies in something that goes, or is not
  /// what its tag says.
  void settle() {
    for (auto& [path, row] : rows_) {
      if (row.after || row.action == Action::remove) continue;
      row.action = Action::remove;
      row.source = "Its value is not what its tag says, or its item goes";
      for (std::size_t size = 1; size + 2 <= path.size(); size += 2) {
        const auto around =
            rows_.find(Path(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(size)));
        if (around == rows_.end() || is_entered(around->second)) continue;
        row.source = "It lies in " + Tag(path[size - 1]).hex() + ": " + around->second.source;
        break;
      }
    }
  }

  static bool is_entered(const PreviewElement& sequence) {
    return sequence.after &&
           (sequence.action == Action::keep || sequence.action == Action::clean_content);
  }

  static constexpr const char* kPrivate = "No rule names this private element";

  const CheckedFile& file_;
  const ExplainedProfile& explained_;
  const Profile& profile_;
  core::DemandSteps asking_;
  std::array<Item, core::dicom::kMaxDepth + 1> items_;
  std::map<Path, PreviewElement> rows_;
  std::map<Path, std::vector<std::uint32_t>> kept_items_;  ///< of sequences of content items
  std::size_t left_out_ = 0;
};

}  // namespace

std::string PreviewElement::path_text() const {
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i % 2 == 1) {
      text += '[' + std::to_string(path[i]) + ']';
    } else {
      text += (i == 0 ? "" : ".") + core::dicom::Tag(path[i]).hex();
    }
  }
  return text;
}

Preview preview_elements(const CheckedFile& file, const ExplainedProfile& profile,
                         const Masked* masked, const PixelDecision& decision,
                         const core::Demand& demand) {
  return Comparison(file, profile, demand).run(masked, decision);
}

}  // namespace sekisho::staff
