// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "anonymization/option.h"
#include "core/dicom/multiplicity.h"
#include "core/dicom/tag.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {

/// The Basic Profile column of PS3.15 Table E.1-1 and of Table E.3.4-1. "X/D" and the like leave
/// the choice to the IOD: the strictest action that it allows.
enum class BasicAction : std::uint8_t {
  remove,                    ///< X
  empty,                     ///< Z
  dummy,                     ///< D
  remap_uid,                 ///< U
  remove_or_empty,           ///< X/Z
  remove_or_dummy,           ///< X/D
  empty_or_dummy,            ///< Z/D
  remove_empty_or_dummy,     ///< X/Z/D
  remove_empty_or_remap_uid  ///< X/Z/U*
};

/// A row of PS3.15 2026d Table E.1-1 for a single tag.
struct ConfidentialityRow {
  core::dicom::Tag tag;
  BasicAction action;
  OptionSet keep;   ///< options whose column says K
  OptionSet clean;  ///< options whose column says C
};

/// What ps3.15-basic does with an element (decisions.tsv).
enum class Decision : std::uint8_t {
  keep,
  keep_listed,  ///< of a code each value that is_listed_code()
  keep_coded,   ///< a part of a code: under a coding scheme that DICOM lists
  remove,
  empty,
  dummy,
  remap_uid,
  pseudonymise,
  clean  ///< the words of descriptor-words.tsv stay, else the dummy
};
/// Why, and which options bring the element back where Table E.1-1 has no row for it
/// (decision-reasons.tsv).
struct DecisionReason {
  std::string_view name;
  std::string_view sentence;
  OptionSet keep;
  OptionSet clean;
};
struct DecisionRow {
  core::dicom::Tag tag;  ///< with the x of repeating groups as 0
  Decision decision;
  std::uint8_t reason;  ///< index of reason_of()
};
/// The reason that stands for the letter of Table E.1-1.
inline constexpr std::string_view kReasonTable = "table";

/// A value that a code (CS) may have (code-terms.tsv).
struct CodeTermRow {
  core::dicom::Tag tag;   ///< 0000,0000: of every element without rows of its own
  std::uint8_t position;  ///< which of several values, the third and all later ones 3; 0: any
  std::string_view term;  ///< in capitals; see the table for # and *
};

/// A row of PS3.15 2026d Table E.3.10-1.
struct SafePrivateRow {
  std::string_view creator;
  core::dicom::Tag tag;  ///< (gggg,00ee)
  core::dicom::Vr vr;    ///< UN where the table gives none
  core::dicom::Multiplicity vm;
};

/// A row of PS3.15 2026d Table E.3.4-1 or of beyond-table-e3-4-1.tsv: a concept and the Value Type
/// of its content items.
struct ContentRow {
  std::string_view scheme;
  std::string_view code;
  std::string_view value_type;
  BasicAction action;
  OptionSet keep;
  OptionSet clean;
  bool is_age;   ///< of a NUM
  bool is_ours;  ///< of beyond-table-e3-4-1.tsv
};

/// Table E.1-1, sorted by tag, without its rows for groups (private, 50xx, 60xx).
std::span<const ConfidentialityRow> confidentiality_rows();
/// One for every row of the dictionary that find() can answer, sorted by tag.
std::span<const DecisionRow> decision_rows();
const DecisionReason& reason_of(const DecisionRow& row);
/// Sorted by tag, position and term.
std::span<const CodeTermRow> code_term_rows();
/// Sorted by creator and tag.
std::span<const SafePrivateRow> safe_private_rows();
/// How many values the element (gggg,00ee) of this creator may have; any number where the list does
/// not have it.
core::dicom::Multiplicity private_multiplicity(std::string_view creator, core::dicom::Tag tag);
/// Sorted by scheme, code and Value Type, none twice.
std::span<const ContentRow> content_rows();

/// Words of descriptions (descriptor-words.tsv), each list sorted: those that may stand alone,
/// those that could be a name and may only stand beside one of them, and units of numbers. Latin
/// letters in capitals, but units.
std::span<const std::string_view> descriptor_words_alone();
std::span<const std::string_view> descriptor_words_beside();
std::span<const std::string_view> descriptor_units();
/// Those of them, and others that no description keeps, that deny, doubt or limit what stands
/// beside them; that say which of two; that name what may be there or not. Each list sorted.
std::span<const std::string_view> descriptor_turns();
std::span<const std::string_view> descriptor_sides();
std::span<const std::string_view> descriptor_states();
/// Whether it may stand in a description, alone or beside another.
bool is_descriptor_entry(std::string_view word);

/// A structure that radiotherapy outlines (structure-names.tsv): in capitals, without underscores.
bool is_outlined_structure(std::string_view name);

/// A designator of PS3.16 Table 8-1 whose code meanings name no one (coding-schemes.tsv). Padding
/// counts.
bool is_standard_coding_scheme(std::string_view designator);

/// Listed in PS3.6 Annex A: a class, a syntax, a context group; names no one.
bool is_well_known_uid(std::string_view uid);

}  // namespace sekisho::anonymization
