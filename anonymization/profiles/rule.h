// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/dicom/multiplicity.h"
#include "core/dicom/tag.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// What happens to one element (PS3.15 Table E.1-1a, plus what our profiles need).
enum class Action : std::uint8_t {
  keep,                 ///< K: unchanged if it is what its tag says it is; sequences are entered
  remove,               ///< X
  empty,                ///< Z: zero length
  dummy,                ///< D: a constant, VR-correct replacement, never empty
  pseudonymise,         ///< a keyed pseudonym in place of the value (identifiers)
  remap_uid,            ///< U: well-known UIDs stay, every other one is replaced by its pseudonym
  drop_phonetic,        ///< person names: the phonetic (kana) component group goes
  shift_date,           ///< DA, DT: moved by the share's whole days for this patient; TM never
  cap_age,              ///< AS beyond 89 years becomes 090Y
  clean_text,           ///< clean_descriptor() of the decoded value; empty if nothing is left
  clean_text_or_dummy,  ///< the same, but the dummy if nothing is left: elements of Type 1
  clean_content,        ///< SQ of SR content items: each item by Profile::content_action()
  replace,              ///< the constant text Profile::replacement()
  keep_listed,          ///< CS: the values that is_listed_code() stay, others become empty
  keep_coded,           ///< the parts of a code: stay under a coding scheme that DICOM lists
};
/// What becomes of an element, and the VR and the number of values that it must have to be kept.
struct Fate {
  Action action;
  core::dicom::Multiplicity vm;
  core::dicom::Vr vr;
  constexpr Fate(Action what, core::dicom::Vr of_vr, core::dicom::Multiplicity of_vm = {})
      : action(what), vm(of_vm), vr(of_vr) {}
  friend bool operator==(const Fate&, const Fate&) = default;
};
/// Of what no rule names.
inline constexpr Fate kRemoved{Action::remove, core::dicom::Vr::UN};

std::string_view name(Action action);
std::optional<Action> parse_action(std::string_view name);
std::span<const std::string_view> action_names();

struct Rule {
  core::dicom::Tag tag;
  Action action;
  friend bool operator==(const Rule&, const Rule&) = default;
};

/// The constant text of an element whose rule is to replace. UTF-8, already fit for its VR; ASCII,
/// so that it means the same in every character set.
struct Replacement {
  core::dicom::Tag tag;
  std::string text;
  friend bool operator==(const Replacement&, const Replacement&) = default;
};

/// A private element that stays, of one creator: keep, or remap_uid where its VR is UI. Sequences
/// are entered: what is private in them needs its own creator and rule there.
struct PrivateRule {
  std::string creator;   ///< exactly, without trailing padding
  core::dicom::Tag tag;  ///< (gggg,00ee): the block number is the creator's to choose (PS3.5 §7.8)
  core::dicom::Vr vr;
  Action action;
  friend bool operator==(const PrivateRule&, const PrivateRule&) = default;
};

/// What happens to the SR content items of one concept and Value Type (PS3.15 Table E.3.4-1).
struct ContentRule {
  std::string scheme;      ///< Coding Scheme Designator; kAnyConcept: every other concept
  std::string code;        ///< Code Value; kAnyConcept: every other concept
  std::string value_type;  ///< (0040,A040): "TEXT", "PNAME", …
  Action action;
  friend bool operator==(const ContentRule&, const ContentRule&) = default;
};
inline constexpr std::string_view kAnyConcept = "*";

}  // namespace sekisho::anonymization
