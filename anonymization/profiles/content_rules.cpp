// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "anonymization/profiles/basic_rules.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Vr;

bool is_reference(std::string_view value_type) {
  return value_type == "IMAGE" || value_type == "COMPOSITE" || value_type == "WAVEFORM";
}

bool is_temporal(std::string_view value_type) {
  return value_type == "DATE" || value_type == "TIME" || value_type == "DATETIME";
}

/// D, for the value of an item of that type.
Action dummy_of(std::string_view value_type) {
  if (value_type == "UIDREF") return Action::remap_uid;
  // Entered: the references inside are remapped, each by its own row of Table E.1-1.
  return is_reference(value_type) ? Action::keep : Action::dummy;
}

/// C.
Action cleaned(std::string_view value_type) {
  if (!is_temporal(value_type)) return Action::clean_text_or_dummy;
  return value_type == "TIME" ? Action::keep : Action::shift_date;
}

Action action_of(const ContentRow& row, OptionSet options) {
  const OptionSet clean = row.clean & options;
  if (clean.contains(Option::retain_modified_dates)) return cleaned(row.value_type);
  if (!(row.keep & options).empty()) return row.is_age ? Action::cap_age : Action::keep;
  if (!clean.empty()) return cleaned(row.value_type);
  return row.action == BasicAction::remove ? Action::remove : dummy_of(row.value_type);
}

/// What no row names: text is cleaned or replaced, dates by the options, names replaced, references
/// replaced; codes, numbers and coordinates stay. Value Types that are not here go with all below.
void append_defaults(OptionSet options, std::vector<ContentRule>& rules) {
  const auto add = [&](std::string_view value_type, Action action) {
    rules.push_back(
        {std::string(kAnyConcept), std::string(kAnyConcept), std::string(value_type), action});
  };
  for (std::string_view kept : {"CODE", "NUM", "CONTAINER", "IMAGE", "COMPOSITE", "WAVEFORM",
                                "SCOORD", "SCOORD3D", "TCOORD"}) {
    add(kept, Action::keep);
  }
  add("TEXT",
      options.contains(Option::clean_descriptors) ? Action::clean_text_or_dummy : Action::dummy);
  add("PNAME", Action::dummy);
  add("UIDREF", options.contains(Option::retain_uids) ? Action::keep : Action::remap_uid);
  for (std::string_view temporal : {"DATE", "TIME", "DATETIME"}) {
    if (options.contains(Option::retain_modified_dates)) {
      add(temporal, cleaned(temporal));
    } else {
      add(temporal, options.contains(Option::retain_full_dates) ? Action::keep : Action::dummy);
    }
  }
}

/// Bytes and prose: what they hold nobody can tell, and pixels among them would pass unseen.
bool is_opaque(Vr vr) {
  switch (vr) {
    case Vr::OB:
    case Vr::OD:
    case Vr::OF:
    case Vr::OL:
    case Vr::OV:
    case Vr::OW:
    case Vr::LT:
    case Vr::ST:
    case Vr::UN:
    case Vr::UT:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::vector<ContentRule> content_rules(OptionSet options) {
  std::vector<ContentRule> rules;
  if (!options.contains(Option::clean_structured_content)) return rules;
  for (const ContentRow& row : content_rows()) {
    rules.push_back({std::string(row.scheme), std::string(row.code), std::string(row.value_type),
                     action_of(row, options)});
  }
  append_defaults(options, rules);
  return rules;
}

std::string_view source_of(const ContentRule& rule) {
  if (rule.scheme == kAnyConcept) return "our decision: what no row of Table E.3.4-1 names";
  const auto row = std::ranges::find_if(content_rows(), [&](const ContentRow& each) {
    return each.scheme == rule.scheme && each.code == rule.code &&
           each.value_type == rule.value_type;
  });
  const bool is_of_standard = row != content_rows().end() && !row->is_ours;
  return is_of_standard ? "PS3.15 Table E.3.4-1" : "beyond-table-e3-4-1";
}

std::string_view source_of(const PrivateRule& rule) {
  const bool is_safe = std::ranges::any_of(safe_private_rows(), [&](const SafePrivateRow& row) {
    return row.creator == rule.creator && row.tag == rule.tag;
  });
  return is_safe ? "PS3.15 Table E.3.10-1" : kConfiguration;
}

std::vector<PrivateRule> safe_private_rules(OptionSet options) {
  std::vector<PrivateRule> rules;
  if (!options.contains(Option::retain_safe_private)) return rules;
  for (const SafePrivateRow& row : safe_private_rows()) {
    if (is_opaque(row.vr)) continue;
    const bool is_remapped = row.vr == Vr::UI && !options.contains(Option::retain_uids);
    rules.push_back({std::string(row.creator), row.tag, row.vr,
                     is_remapped ? Action::remap_uid : Action::keep});
  }
  return rules;
}

}  // namespace sekisho::anonymization
