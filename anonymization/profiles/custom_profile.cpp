// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/profiles/custom_profile.h"

#include <algorithm>
#include <set>

#include "anonymization/masking/content_item.h"
#include "anonymization/profiles/basic_rules.h"
#include "anonymization/profiles/constant_text.h"
#include "anonymization/profiles/profile_request.h"
#include "core/dicom/dictionary.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::DictionaryEntry;
using core::dicom::Tag;
using core::dicom::Vr;

constexpr std::size_t kMostRules = 1000;
constexpr std::size_t kLongestTitle = 100;
constexpr std::size_t kLongestCreator = 64;  // LO

/// What configurations call the actions.
struct ActionWord {
  std::string_view word;
  Action action;
};
constexpr ActionWord kActionWords[] = {
    {"Keep", Action::keep},
    {"Remove", Action::remove},
    {"Empty", Action::empty},
    {"Replace", Action::replace},
    {"Pseudonymise", Action::pseudonymise},
    {"Shift", Action::shift_date},
};

/// What an object is found by, read by or says of itself: no rule of a configuration touches it.
constexpr Tag kUntouchable[] = {
    Tag{0x0008, 0x0005},  // SpecificCharacterSet
    Tag{0x0008, 0x0016},  // SOPClassUID
    Tag{0x0008, 0x0018},  // SOPInstanceUID
    Tag{0x0008, 0x1150},  // ReferencedSOPClassUID
    Tag{0x0008, 0x1155},  // ReferencedSOPInstanceUID
    Tag{0x0012, 0x0062},  // PatientIdentityRemoved
    Tag{0x0012, 0x0063},  // DeidentificationMethod
    Tag{0x0012, 0x0064},  // DeidentificationMethodCodeSequence
    Tag{0x0020, 0x000D},  // StudyInstanceUID
    Tag{0x0020, 0x000E},  // SeriesInstanceUID
    Tag{0x0028, 0x0002},  // SamplesPerPixel
    Tag{0x0028, 0x0004},  // PhotometricInterpretation
    Tag{0x0028, 0x0006},  // PlanarConfiguration
    Tag{0x0028, 0x0008},  // NumberOfFrames
    Tag{0x0028, 0x0010},  // Rows
    Tag{0x0028, 0x0011},  // Columns
    Tag{0x0028, 0x0100},  // BitsAllocated
    Tag{0x0028, 0x0101},  // BitsStored
    Tag{0x0028, 0x0102},  // HighBit
    Tag{0x0028, 0x0103},  // PixelRepresentation
    Tag{0x0028, 0x0301},  // BurnedInAnnotation
    Tag{0x0028, 0x0303},  // LongitudinalTemporalInformationModified
};
static_assert(std::ranges::is_sorted(kUntouchable));

constexpr Source kRule{kConfiguration, "a rule of the profile"};

bool is_untouchable(Tag tag) {
  return tag.group() == 0x7FE0 || std::ranges::binary_search(kUntouchable, tag);
}

bool is_date(Vr vr) { return vr == Vr::DA || vr == Vr::DT; }

/// A pseudonym is sixteen letters and digits.
bool can_be_pseudonym(Vr vr) {
  switch (vr) {
    case Vr::AE:
    case Vr::CS:
    case Vr::LO:
    case Vr::LT:
    case Vr::PN:
    case Vr::SH:
    case Vr::ST:
    case Vr::UC:
    case Vr::UI:
    case Vr::UT:
      return true;
    default:
      return false;
  }
}

/// A tag without commas and parentheses.
std::string bare_tag(const std::string& text) {
  std::string bare;
  std::ranges::copy_if(text, std::back_inserter(bare),
                       [](char c) { return c != '(' && c != ')' && c != ','; });
  return bare;
}

const DictionaryEntry* find_element(const std::string& text) {
  if (const auto* entry = core::dicom::find_keyword(text)) return entry;
  const auto tag = Tag::parse_hex(bare_tag(text));
  return tag ? core::dicom::find(*tag) : nullptr;
}

/// "0019,xx23" as (0019,0023).
std::optional<Tag> parse_private(const std::string& text) {
  std::string bare = bare_tag(text);
  if (bare.size() != 8 || (bare.substr(4, 2) != "xx" && bare.substr(4, 2) != "XX")) {
    return std::nullopt;
  }
  const auto tag = Tag::parse_hex(bare.replace(4, 2, "00"));
  return tag && tag->is_private() ? tag : std::nullopt;
}

class CustomProfileReader {
 public:
  CustomProfileReader(ProfileDraft base, std::vector<std::string>& problems)
      : draft_(std::move(base)), problems_(problems) {}

  void read_rules(const Json::Value& rules, const std::string& place) {
    if (!rules.isArray() || rules.empty() || rules.size() > kMostRules) {
      problems_.push_back(place + " must be a list of 1 to " + std::to_string(kMostRules) +
                          " rules.");
      return;
    }
    for (Json::ArrayIndex i = 0; i < rules.size(); ++i) {
      place_ = place + '[' + std::to_string(i) + ']';
      read_rule(rules[i]);
    }
    place_ = place;
    check_dates();
  }

  ProfileDraft finish(const std::string& name) && {
    Statement& statement = draft_.parts.statement;
    std::vector<std::string> method = {"Sekisho " + name, "based on " + draft_.parts.name};
    // The base's options, behind the names of base and table.
    const std::size_t named = draft_.parts.name == kBasicProfileName ? 2 : 1;
    for (std::size_t i = named; i < statement.method.size(); ++i) {
      method.push_back(statement.method[i]);
    }
    statement.method = std::move(method);
    draft_.parts.name = name;
    if (is_laxer_) {
      // What a rule retains the profile of the standard may not: the object makes no claim.
      statement.identity_removed = false;
      statement.method_codes.clear();
    }
    if (shifts_ && statement.temporal_information == "REMOVED") {
      statement.temporal_information = "MODIFIED";
    }
    if (keeps_dates_) statement.temporal_information = "UNMODIFIED";
    return std::move(draft_);
  }

 private:
  void complain(std::string_view key, std::string_view what) {
    problems_.push_back(place_ + (key.empty() ? "" : ".") + std::string(key) + ' ' +
                        std::string(what) + '.');
  }

  std::optional<std::string> required_text(const Json::Value& rule, const char* key) {
    if (rule[key].isString() && !rule[key].asString().empty()) return rule[key].asString();
    complain(key, rule.isMember(key) ? "must be a text" : "is missing");
    return std::nullopt;
  }

  std::optional<Action> read_action(const Json::Value& rule) {
    const auto word = required_text(rule, "Action");
    if (!word) return std::nullopt;
    const auto found = std::ranges::find(kActionWords, *word, &ActionWord::word);
    if (found != std::end(kActionWords)) return found->action;
    complain("Action", "must be Keep, Remove, Empty, Replace, Pseudonymise or Shift");
    return std::nullopt;
  }

  void refuse_unknown(const Json::Value& rule, std::initializer_list<std::string_view> known) {
    for (const std::string& key : rule.getMemberNames()) {
      if (std::ranges::find(known, key) == known.end()) complain(key, "is not known here");
    }
  }

  void read_rule(const Json::Value& rule) {
    if (!rule.isObject()) return complain("", "must be an object");
    if (rule.isMember("PrivateCreator")) return read_private_rule(rule);
    const auto action = read_action(rule);
    if (action == Action::replace) {
      refuse_unknown(rule, {"Element", "Action", "Text"});
    } else {
      refuse_unknown(rule, {"Element", "Action"});
    }
    const auto element = required_text(rule, "Element");
    const auto* entry = element ? find_element(*element) : nullptr;
    if (element && !entry) {
      complain("Element", "is neither a keyword nor a tag of the DICOM dictionary");
    }
    if (action && entry) apply(rule, *entry, *action);
  }

  void apply(const Json::Value& json, const DictionaryEntry& entry, Action action) {
    const auto row = std::ranges::lower_bound(draft_.rules, entry.tag, {},
                                              [](const SourcedRule& r) { return r.rule.tag; });
    if (row == draft_.rules.end() || row->rule.tag != entry.tag || is_untouchable(entry.tag)) {
      return complain("Element", "is one that no rule may touch");
    }
    if (!touched_.insert(entry.tag).second) return complain("Element", "has a rule already");
    const Action base = row->rule.action;
    if (is_banned_group(entry.tag.group()) && base == Action::remove && action != Action::remove) {
      return complain("Element", "belongs to a group that never leaves");
    }
    if (!fits(entry, action)) return;
    if (action == Action::replace && !read_replacement(json, entry)) return;
    if (action == Action::pseudonymise && entry.vr == Vr::UI) action = Action::remap_uid;
    note_laxness(entry, base, action);
    *row = {{entry.tag, action}, kRule};
    apply_to_content(entry, action);
  }

  /// The rule is for that element in content items as well. What goes by its concept stays away,
  /// and a sequence that is kept is entered: what is in it goes by the rules there are.
  void apply_to_content(const DictionaryEntry& entry, Action action) {
    if (entry.vr == Vr::SQ && action == Action::keep) return;
    for (ContentRule& rule : draft_.parts.content_rules) {
      const bool is_for = value_element_of(rule.value_type) == entry.tag;
      if (is_for && rule.action != Action::remove) rule.action = action;
    }
  }

  bool fits(const DictionaryEntry& entry, Action action) {
    if (action == Action::shift_date && !is_date(entry.vr)) {
      complain("Action", "can be Shift for dates (DA, DT) only: times of day are not shifted");
    } else if (action == Action::shift_date && is_public_date(entry.tag)) {
      complain("Action",
               "cannot be Shift here: the date is known elsewhere and would tell by how "
               "many days all the others were shifted");
    } else if (action == Action::pseudonymise && !can_be_pseudonym(entry.vr)) {
      complain("Action", "can be Pseudonymise for text and UIDs only");
    } else if (action == Action::replace && !has_constant_text(entry.vr)) {
      complain("Action", "can be Replace for text, dates, times and decimal numbers only");
    } else {
      return true;
    }
    return false;
  }

  bool read_replacement(const Json::Value& json, const DictionaryEntry& entry) {
    const auto text = required_text(json, "Text");
    if (!text) return false;
    if (const auto problem = problem_of_constant(entry.vr, *text)) {
      complain("Text", *problem);
      return false;
    }
    draft_.parts.replacements.push_back({entry.tag, *text});
    return true;
  }

  void note_laxness(const DictionaryEntry& entry, Action base, Action action) {
    const bool keeps = action == Action::keep && base != Action::keep;
    const bool shifts = action == Action::shift_date && base != Action::keep && base != action;
    is_laxer_ |= keeps || shifts;
    keeps_dates_ |= keeps && is_date(entry.vr) && !is_public_date(entry.tag);
    shifts_ |= shifts;
  }

  /// Who sees one date both ways knows the shift.
  void check_dates() {
    const auto has = [&](Action action) {
      return std::ranges::any_of(draft_.rules, [&](const SourcedRule& sourced) {
        const Rule& rule = sourced.rule;
        return rule.action == action && !is_public_date(rule.tag) &&
               is_date(core::dicom::find(rule.tag)->vr);
      });
    };
    if (!has(Action::shift_date)) return;
    if (has(Action::keep)) {
      complain("",
               "together with the base shift some dates and keep others, which would tell by "
               "how many days they were shifted");
    }
    if (std::ranges::any_of(draft_.parts.private_rules, is_date, &PrivateRule::vr)) {
      complain("",
               "together with the base shift some dates and keep private ones (DA, DT), which "
               "would tell by how many days they were shifted");
    }
  }

  void read_private_rule(const Json::Value& rule) {
    const auto action = read_action(rule);
    const auto creator = required_text(rule, "PrivateCreator");
    if (creator && (creator->size() > kLongestCreator || creator->ends_with(' ') ||
                    !is_plain_text(*creator))) {
      complain("PrivateCreator",
               "must be at most 64 printable ASCII characters, the last no space");
      return;
    }
    if (action == Action::remove && !rule.isMember("Element")) {
      refuse_unknown(rule, {"PrivateCreator", "Action"});
      if (creator) {
        std::erase_if(draft_.parts.private_rules,
                      [&](const PrivateRule& old) { return old.creator == *creator; });
      }
      return;
    }
    refuse_unknown(rule, {"PrivateCreator", "Action", "Element", "VR"});
    const auto element = required_text(rule, "Element");
    const auto tag = element ? parse_private(*element) : std::nullopt;
    if (element && !tag) complain("Element", "must be a private tag such as \"0019,xx23\"");
    if (action && creator && tag) apply_private(rule, *creator, *tag, *action);
  }

  /// UN where there is none.
  Vr read_vr(const Json::Value& rule) {
    const auto text = required_text(rule, "VR");
    if (!text) return Vr::UN;
    const Vr vr =
        text->size() == 2 ? core::dicom::parse_vr((*text)[0], (*text)[1]).value_or(Vr::UN) : Vr::UN;
    if (vr == Vr::UN) complain("VR", "must be a value representation, such as DS");
    return vr;
  }

  void apply_private(const Json::Value& json, const std::string& creator, Tag tag, Action action) {
    if (!touched_private_.emplace(creator, tag).second) {
      return complain("Element", "has a rule already");
    }
    auto& rules = draft_.parts.private_rules;
    std::erase_if(rules,
                  [&](const PrivateRule& old) { return old.creator == creator && old.tag == tag; });
    if (action == Action::remove) return;
    const Vr vr = read_vr(json);
    if (vr == Vr::UN) return;
    if (action == Action::pseudonymise && vr == Vr::UI) {
      rules.push_back({creator, tag, vr, Action::remap_uid});
    } else if (action == Action::keep) {
      is_laxer_ = true;
      keeps_dates_ |= is_date(vr);
      rules.push_back({creator, tag, vr, Action::keep});
    } else {
      complain("Action", "can be Keep or Remove for private elements, and Pseudonymise for UIDs");
    }
  }

  ProfileDraft draft_;
  std::vector<std::string>& problems_;
  std::string place_;
  std::set<Tag> touched_;
  std::set<std::pair<std::string, Tag>> touched_private_;
  bool is_laxer_ = false;
  bool keeps_dates_ = false;
  bool shifts_ = false;
};

std::optional<ProfileDraft> read_base(const Json::Value& json, const std::string& place,
                                      std::vector<std::string>& problems) {
  static const std::vector<std::string> kBases = {std::string(kPatientFieldsName),
                                                  std::string(kMinimumDisclosureName),
                                                  std::string(kBasicProfileName)};
  Json::Value request = json;
  if (json.isString()) {
    request = Json::objectValue;
    request["Name"] = json;
  }
  const bool is_named = request.isObject() && request["Name"].isString();
  if (!is_named || std::ranges::find(kBases, request["Name"].asString()) == kBases.end()) {
    problems.push_back(place + " must be the name of, or a request for, one of " + joined(kBases) +
                       ".");
    return std::nullopt;
  }
  auto answer = draft_for(request, kBases);
  if (const auto* problem = std::get_if<std::string>(&answer)) {
    problems.push_back(place + " cannot be used: " + *problem + '.');
    return std::nullopt;
  }
  return std::get<std::optional<ProfileDraft>>(std::move(answer));
}

}  // namespace

std::optional<CustomProfile> read_custom_profile(const std::string& name, const Json::Value& json,
                                                 const std::string& place,
                                                 std::vector<std::string>& problems) {
  const std::size_t before = problems.size();
  if (!json.isObject()) {
    problems.push_back(place + " must be an object.");
    return std::nullopt;
  }
  for (const std::string& key : json.getMemberNames()) {
    if (key != "Base" && key != "Title" && key != "Rules") {
      problems.push_back(place + '.' + key + " is not known here.");
    }
  }
  const Json::Value& title = json.get("Title", name);
  if (!title.isString() || title.asString().empty() || title.asString().size() > kLongestTitle) {
    problems.push_back(place + ".Title must be a text of at most " + std::to_string(kLongestTitle) +
                       " bytes.");
  }
  auto base = read_base(json["Base"], place + ".Base", problems);
  // Rules are read all the same, to report what is wrong with them in the same run.
  CustomProfileReader reader(base ? *std::move(base) : basic_profile({}), problems);
  reader.read_rules(json["Rules"], place + ".Rules");
  if (problems.size() != before) return std::nullopt;
  return CustomProfile{title.asString(), std::move(reader).finish(name)};
}

}  // namespace sekisho::anonymization
