// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/dicom/tag.h"
#include "core/dicom/text_reader.h"
#include "core/dicom/vr.h"
#include "core/dicom/walker.h"
#include "dicomweb/attributes.h"
#include "dicomweb/moment.h"
#include "dicomweb/name_match.h"
#include "dicomweb/wildcard.h"

namespace sekisho::dicomweb {

/// How one value may be compared with what is asked for (PS3.4 §C.2.2.2).
enum class Comparison {
  universal,    ///< an empty key: everything, the absent included
  empty,        ///< `""`: what is absent or has no value (PS3.4 §C.2.2.2.7)
  list,         ///< equal to one of several: UIDs and codes
  wildcard,     ///< text with * and ?
  person_name,  ///< wildcard without regard to case, on any component group
  range,        ///< dates and times
  number,
};

/// What the parameters of a search that are no keys say of all keys.
struct Matching {
  enum class Names { literal, fuzzy } names = Names::literal;     ///< PS3.18 §8.3.4.2
  enum class Quotes { literal, empty } quotes = Quotes::literal;  ///< PS3.18 §8.3.4.5
  enum class Lists { any_of, all_of } lists = Lists::any_of;      ///< PS3.18 §8.3.4.6
  std::optional<UtcOffset> offset = {};  ///< of the dates and times that are asked for
};

/// One match key of a search.
class Key {
 public:
  /// `path` leads through sequences: {0040,0275}, {0040,0009}. `readings` are the value as it can
  /// be understood, the likeliest first, UTF-8: text matches by any of them. `nullopt` where the
  /// standard defines no match for such a value, or a pattern is longer than anybody needs.
  static std::optional<Key> make(std::vector<core::dicom::Tag> path, core::dicom::Vr vr,
                                 std::span<const std::string> readings,
                                 const Matching& matching = {});

  const std::vector<core::dicom::Tag>& path() const { return path_; }
  core::dicom::Vr vr() const { return vr_; }
  bool is_universal() const { return comparison_ == Comparison::universal; }
  bool is_for_empty() const { return comparison_ == Comparison::empty; }
  /// What is asked of a date or time; null of others, and where nothing is.
  const MomentRange* range() const { return range_ ? &*range_ : nullptr; }
  /// Another value that will do as well: lists may be spelled as repeated parameters. False where
  /// the key is no list, or would be too long.
  bool add(std::span<const std::string> readings);

  /// Whether one of the values in `text` (UTF-8, backslashes between) matches.
  bool matches_text(std::string_view text) const;
  /// The same of an element of a data set, of whatever VR it is there.
  bool matches_element(const core::dicom::Token& token, core::dicom::TextReader& reader) const;

 private:
  Key() = default;
  bool add_members(std::string_view list);
  bool add_pattern(std::string_view pattern);
  bool add_name(std::string_view name);
  bool add_value(std::string_view value);
  bool is_list_of_all(const Matching& matching) const;
  bool add_parts(std::span<const std::string> readings);
  bool matches_value(std::string_view value) const;
  bool matches_number(core::ByteView value, const core::dicom::Token& token) const;

  std::vector<core::dicom::Tag> path_;
  core::dicom::Vr vr_ = core::dicom::Vr::UN;
  Comparison comparison_ = Comparison::universal;
  Matching::Names names_ = Matching::Names::literal;
  std::vector<std::string> wanted_;  ///< of a list any of them, ascending; of a number the only one
  std::vector<Wildcard> patterns_;   ///< any of them
  std::vector<FuzzyName> fuzzy_;     ///< or any of these
  std::optional<MomentRange> range_;
  std::vector<Key> parts_;  ///< where each of several values has to be there: these instead
};

/// A QIDO-RS query (PS3.18 §10.6.1.2), understood.
struct Search {
  std::vector<Key> keys;
  std::vector<core::dicom::Tag> include;  ///< in ascending order, each once
  enum class Include { listed, all } include_kind = Include::listed;
  std::size_t offset = 0;
  std::optional<std::size_t> limit;
  Matching matching;
  enum class Unknown { none, ignored } unknown = Unknown::none;  ///< parameters
};

/// What was asked is understood as PS3.18 §8.3.4 has it; a parameter that is not supported is
/// ignored. `nullopt` (400) for an attribute that the dictionary does not know, that rows of
/// `level` do not have or of which no value is known here, a value that cannot be matched, a limit
/// or offset that is no natural number, more than 64 match keys.
std::optional<Search> parse_search(
    const std::vector<std::pair<std::string, std::string>>& parameters, Level level);

}  // namespace sekisho::dicomweb
