// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/scope_assessment.h"

#include <algorithm>
#include <optional>

#include "anonymization/masking/listed_codes.h"
#include "anonymization/masking/masking_statement.h"
#include "anonymization/masking/private_blocks.h"
#include "anonymization/pixels/release.h"
#include "anonymization/profiles/builtin_profiles.h"
#include "anonymization/tables.h"
#include "core/dicom/dataset.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/repeating_groups.h"
#include "core/dicom/text_reader.h"
#include "core/letter_case.h"
#include "staff/resolved_profile.h"

namespace sekisho::staff {
namespace {

using anonymization::Action;
using anonymization::Approval;
using anonymization::Masked;
using anonymization::Option;
using anonymization::PixelPolicy;
using anonymization::Profile;
using anonymization::Pseudonyms;
using anonymization::WithholdReason;
using core::dicom::CheckedFile;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;

constexpr Tag kPatientName{0x0010, 0x0010};
constexpr std::size_t kKeyBytes = 32;

/// Attributes whose text people type: those that the Clean Descriptors Option is about, and long
/// texts that no table of ours calls harmless.
bool is_free_text(Tag tag) {
  const auto rows = anonymization::confidentiality_rows();
  const auto row = std::ranges::lower_bound(rows, tag, {}, &anonymization::ConfidentialityRow::tag);
  if (row != rows.end() && row->tag == tag) return row->clean.contains(Option::clean_descriptors);
  const auto* entry = core::dicom::find(tag);
  const bool is_long = entry != nullptr && (entry->vr == Vr::LT || entry->vr == Vr::ST ||
                                            entry->vr == Vr::UT || entry->vr == Vr::UC);
  const auto decisions = anonymization::decision_rows();
  const auto decision =
      std::ranges::lower_bound(decisions, tag, {}, &anonymization::DecisionRow::tag);
  const bool is_harmless = decision != decisions.end() && decision->tag == tag &&
                           decision->decision == anonymization::Decision::keep;
  return is_long && !is_harmless;
}

/// Text that somebody may have written a name into; not the names themselves. Codes of some devices
/// are what the operator typed.
bool holds_prose(Vr vr) {
  return vr == Vr::CS || (core::dicom::depends_on_character_set(vr) && vr != Vr::PN);
}

/// Of a curve or an overlay: what is drawn, or a text about it.
bool is_graphic(const Token& token) {
  constexpr std::uint16_t kData = 0x3000;  // CurveData, OverlayData
  return core::dicom::is_of_repeating_group(token.tag) &&
         (token.tag.element() == kData || core::dicom::depends_on_character_set(token.vr));
}

/// ps3.15-basic with the options that the profile names: what goes there tells who it is about.
Profile floor_of(const Profile& profile) {
  anonymization::OptionSet options;
  for (const std::string& text : ResolvedProfile::of(profile).options) {
    if (const auto option = anonymization::parse_option(text)) options.insert(*option);
  }
  return finished(anonymization::basic_profile(options));
}

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The parts of a name that tell something where they are met again: initials and single ideographs
/// stand in too much else.
std::vector<std::string> telling_parts(std::string_view name) {
  constexpr std::string_view kSeparators = "^= \\,.";
  constexpr std::size_t kShortestAscii = 3;
  constexpr std::size_t kShortestOther = 6;  // two characters of three bytes
  std::vector<std::string> parts;
  while (!name.empty()) {
    const auto end = std::min(name.find_first_of(kSeparators), name.size());
    const std::string_view part = name.substr(0, end);
    if (part.size() >= (is_ascii(part) ? kShortestAscii : kShortestOther)) {
      parts.push_back(core::in_lower_case(part));
    }
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return parts;
}

/// Latin letters make words; in other scripts a name may stand anywhere.
bool stands_in(std::string_view part, std::string_view text) {
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) {
    const std::size_t end = at + part.size();
    const bool starts_inside = at > 0 && is_ascii_letter(text[at - 1]);
    const bool ends_inside = end < text.size() && is_ascii_letter(text[end]);
    if (!is_ascii(part) || (!starts_inside && !ends_inside)) return true;
  }
  return false;
}

std::vector<std::string> name_of_patient(const CheckedFile& file) {
  core::dicom::Replay walk = file.replay_header();
  core::dicom::TextReader reader;
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.depth == 0 && token.tag > kPatientName) break;
    reader.see(token);
    if (token.depth != 0 || token.tag != kPatientName) continue;
    token.vr = Vr::PN;
    std::string scratch;
    return telling_parts(reader.text(token, scratch));
  }
  return {};
}

/// What one instance would give away.
class Search {
 public:
  Search(const Profile& profile, const Profile& floor, std::vector<std::string> name,
         const core::Demand& demand)
      : profile_(profile), floor_(floor), name_(std::move(name)), asking_(demand) {}

  void read(core::ByteView bytes, const core::dicom::TransferSyntax& syntax) {
    core::dicom::TextReader reader;
    std::optional<Tag> opened;  ///< a sequence that has had no item yet
    core::dicom::for_each_token({bytes, syntax.vr, syntax.order}, [&](const Token& token) {
      asking_.step();
      reader.see(token);
      if (token.kind == Token::Kind::item_begin && opened) look_at_sequence(*opened);
      opened.reset();
      if (token.kind == Token::Kind::sequence_begin) opened = token.tag;
      if (token.kind == Token::Kind::element && !token.value.empty()) look_at(token, reader);
    });
  }

  std::set<std::string> free_text;
  std::set<std::string> identifiers;
  std::set<std::string> graphics;
  std::set<std::string> private_elements;
  std::set<std::string> naming;

 private:
  void look_at(const Token& token, core::dicom::TextReader& reader) {
    if (token.tag.is_private()) {
      if (anonymization::is_private_creator(token.tag)) return;
      note(private_elements, token.tag);
    } else if (!is_original(token.tag)) {
      return;
    } else {
      look_at_public(token);
    }
    if (name_.empty() || !holds_prose(token.vr)) return;
    std::string scratch;
    const std::string text = core::in_lower_case(reader.text(token, scratch));
    if (std::ranges::any_of(name_, [&](const auto& part) { return stands_in(part, text); })) {
      note(naming, token.tag);
    }
  }

  void look_at_public(const Token& token) {
    if (is_graphic(token)) {
      if (keeps(token.tag)) note(graphics, token.tag);
    } else if (core::dicom::is_text(token.vr) && is_free_text(token.tag)) {
      if (keeps(token.tag)) note(free_text, token.tag);
    } else if (is_typed_code(token)) {
      note(free_text, token.tag);
    } else if (is_identifier(token.tag)) {
      note(identifiers, token.tag);
    }
  }
  void look_at_sequence(Tag tag) {
    constexpr Tag kIconImageSequence{0x0088, 0x0200};
    if (tag == kIconImageSequence) {
      note(graphics, tag);
    } else if (!tag.is_private() && is_identifier(tag)) {
      note(identifiers, tag);
    }
  }

  /// A code that neither the standard nor equipment knows: somebody typed it.
  bool is_typed_code(const Token& token) const {
    return floor_.action_for(token.tag) == Action::keep_listed && keeps(token.tag) &&
           anonymization::without_unlisted_codes(token.tag, token.value).has_value();
  }

  /// Whether the original's value stays although the floor has it go. A profile that masks nothing
  /// is a risk of its own.
  bool is_identifier(Tag tag) const {
    if (profile_.is_identity() || anonymization::is_statement(tag) ||
        core::dicom::is_of_repeating_group(tag)) {
      return false;
    }
    const Action action = profile_.action_for(tag);
    const bool stays = action == Action::keep || action == Action::drop_phonetic;
    const Action floor = floor_.action_for(tag);
    return stays && floor != Action::keep && floor != Action::keep_listed &&
           floor != Action::keep_coded;
  }

  bool keeps(Tag tag) const {
    return profile_.is_identity() || profile_.action_for(tag) == Action::keep;
  }
  /// Whether any of the value is the original's, and no constant or pseudonym.
  bool is_original(Tag tag) const {
    if (profile_.is_identity()) return true;
    const Action action = profile_.action_for(tag);
    return action != Action::dummy && action != Action::replace && action != Action::pseudonymise;
  }

  static void note(std::set<std::string>& attributes, Tag tag) {
    if (attributes.size() >= Findings::kMostAttributes) return;
    const auto* entry = core::dicom::find(tag);
    const bool is_named = entry != nullptr && !entry->keyword.empty();
    attributes.insert(is_named ? std::string(entry->keyword) : tag.hex());
  }

  const Profile& profile_;
  const Profile& floor_;
  const std::vector<std::string> name_;
  core::DemandSteps asking_;
};

Findings withheld(WithholdReason reason) { return {{{reason, 1}}, {}}; }

/// Looks at files, one after another.
class Examiner {
 public:
  explicit Examiner(const Assessing& by)
      : profile_(by.profile),
        floor_(floor_of(by.profile)),
        policy_(by.policy),
        approval_(by.approval),
        pixels_(by.verdicts == nullptr ? nullptr : &by.verdicts->pixels()),
        pseudonyms_(core::Secret::random(kKeyBytes).view()) {}

  /// Asks as the recipient's request does: whether pixels can be cleaned only the attempt tells.
  Findings examine(const CheckedFile& file, const core::Demand& demand) {
    const auto released =
        release(file, profile_, pseudonyms_, policy_, approval_, anonymization::Author::hospital,
                demand, nullptr, anonymization::KnownPixels::of_file(pixels_, file.source()));
    if (const auto* reason = std::get_if<WithholdReason>(&released)) return withheld(*reason);
    Findings found;
    const auto decision = decide_release(file, profile_, policy_, approval_);
    const bool is_as_stored = std::holds_alternative<anonymization::Release>(decision);
    if (is_as_stored && approval_ == Approval::none) see_pixels(file, found);
    see(std::get<Masked>(released), name_of_patient(file), demand, found);
    return found;
  }

 private:
  /// What the policy would withhold had no rule, and no profile that masks nothing, released it.
  void see_pixels(const CheckedFile& file, Findings& found) const {
    using anonymization::StructuredContent;
    const auto reports = profile_.content_rules().empty() ? StructuredContent::as_stored
                                                          : StructuredContent::cleaned;
    const auto by_default =
        decide(anonymization::read_pixel_facts(file), PixelPolicy{}, {Approval::none, reports});
    if (const auto* reason = std::get_if<WithholdReason>(&by_default)) {
      found.risks[anonymization::name(*reason)] = {1, {}};
    }
  }

  void see(const Masked& masked, std::vector<std::string> patient_name, const core::Demand& demand,
           Findings& found) const {
    if (profile_.is_identity()) found.risks[kNothingMasked.code] = {1, {}};
    Search search(profile_, floor_, std::move(patient_name), demand);
    search.read(masked.header().bytes, masked.transfer_syntax());
    search.read(masked.tail(), masked.transfer_syntax());
    const auto add = [&](const RiskKind& kind, std::set<std::string>& attributes) {
      if (!attributes.empty()) found.risks[kind.code] = {1, std::move(attributes)};
    };
    add(kFreeText, search.free_text);
    add(kIdentifiers, search.identifiers);
    add(kGraphics, search.graphics);
    add(kPrivateElements, search.private_elements);
    add(kNameInText, search.naming);
  }

  const Profile& profile_;
  const Profile floor_;
  const PixelPolicy& policy_;
  const Approval approval_;
  const anonymization::KnownPixels* pixels_;  ///< may be null
  const Pseudonyms pseudonyms_;  ///< of nobody: which names are given does not matter here
};

/// Looks at one series after another.
class Assessor {
 public:
  Assessor(const Assessing& by, core::DicomStore& store, disclosure::Look& look)
      : examiner_(by), known_(by.verdicts, by.profile, by.approval), store_(store), look_(look) {}

  Findings look_at(const ScopedSeries& series) {
    look_.demand().ask();
    const bool has_several = series.instances.size() > 1;
    if (has_several) {
      if (const Findings* before = known_.of_all(series.instances)) {
        look_.add_done(series.instances.size());
        return *before;
      }
    }
    Findings found;
    bool is_lasting = true;
    for (const core::ListedInstance* instance : series.instances) {
      look_.demand().ask();
      is_lasting &= look_at(series.key, *instance, found);
      look_.add_done(1);
    }
    if (has_several && is_lasting) known_.keep_all(series.instances, found);
    return found;
  }

 private:
  /// Adds what is found; whether the next look would find the same.
  bool look_at(const core::SeriesKey& series, const core::ListedInstance& instance,
               Findings& found) {
    if (const Findings* before = known_.of(instance)) {
      found.add(*before);
      return true;
    }
    auto stored = store_.open({series, instance.instance});
    if (!stored) return false;
    const auto checked = CheckedFile::check_or_mend(*std::move(stored), look_.demand());
    const auto* file = std::get_if<CheckedFile>(&checked);
    if (file == nullptr) {
      found.add(withheld(WithholdReason::file_malformed));
      return false;
    }
    const Findings of_one = examiner_.examine(*file, look_.demand());
    known_.keep(instance, of_one);
    found.add(of_one);
    return true;
  }

  Examiner examiner_;
  KnownFindings known_;
  core::DicomStore& store_;
  disclosure::Look& look_;
};

std::vector<ResidualRisk> residual_risks(Findings all) {
  std::vector<ResidualRisk> risks;
  for (auto& [code, risk] : all.risks) {
    risks.push_back({risk_kind(code).value(), risk.instances, std::move(risk.attributes)});
  }
  return risks;
}

}  // namespace

ScopeAssessment assess(const ScopeContent& content, const Assessing& by, core::DicomStore& store,
                       disclosure::Look& look) {
  look.expect(content.instances());
  Assessor assessor(by, store, look);
  ScopeAssessment assessment;
  Findings all;
  for (const ScopedSeries& series : content.series()) {
    const Findings found = assessor.look_at(series);
    for (const auto& [reason, instances] : found.withheld) {
      assessment.withheld[reason][series.key] = instances;
    }
    all.add(found);
  }
  assessment.risks = residual_risks(std::move(all));
  return assessment;
}

}  // namespace sekisho::staff
