// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dicom/dataset.h"
#include "core/dicom/tag.h"
#include "core/dicom/text_reader.h"
#include "core/dicom/vr.h"
#include "dicomweb/attributes.h"
#include "dicomweb/wildcard.h"

namespace sekisho::dicomweb {

/// How one value may be compared with what is asked for (PS3.4 §C.2.2.2).
enum class Comparison {
  universal,    ///< an empty key: everything, the absent included
  list,         ///< equal to one of several: UIDs and codes
  wildcard,     ///< text with * and ?
  person_name,  ///< wildcard without regard to case, on any component group
  range,        ///< dates and times
  number,
};

/// One match key of a search.
class Key {
 public:
  /// `path` leads through sequences: {0040,0275}, {0040,0009}. `nullopt` where the standard
  /// defines no match for such a value, or a pattern is longer than anybody needs.
  static std::optional<Key> make(std::vector<core::dicom::Tag> path, core::dicom::Vr vr,
                                 std::string_view value);

  const std::vector<core::dicom::Tag>& path() const { return path_; }
  core::dicom::Vr vr() const { return vr_; }
  bool is_universal() const { return comparison_ == Comparison::universal; }
  /// Another value that will do as well: lists may be spelled as repeated parameters. False where
  /// the key is no list, or would be too long.
  bool add(std::string_view value);

  /// Whether one of the values in `text` (UTF-8, backslashes between) matches.
  bool matches_text(std::string_view text) const;
  /// Whether the attribute in `dataset` matches. An absent or empty one matches only a universal
  /// key.
  bool matches(const core::dicom::Dataset& dataset) const;

 private:
  Key() = default;
  bool add_pattern(std::string_view pattern);
  bool matches_value(std::string_view value) const;
  bool matches_element(const core::dicom::Token& token, core::dicom::TextReader& reader) const;

  std::vector<core::dicom::Tag> path_;
  core::dicom::Vr vr_ = core::dicom::Vr::UN;
  Comparison comparison_ = Comparison::universal;
  /// Of a list any of them, ascending; of a range lower and upper bound; else one.
  std::vector<std::string> wanted_;
  std::vector<Wildcard> patterns_;  ///< any of them
};

/// A QIDO-RS query (PS3.18 §10.6.1.2), understood.
struct Search {
  std::vector<Key> keys;
  std::vector<core::dicom::Tag> include;  ///< in ascending order, each once
  enum class Include { listed, all } include_kind = Include::listed;
  std::size_t offset = 0;
  std::optional<std::size_t> limit;
  enum class Matching { literal, fuzzy_asked } matching = Matching::literal;
};

/// `nullopt` (400) for an attribute that the dictionary does not know or that rows of `level` do
/// not have, a value that cannot be matched, a limit or offset that is no natural number, more than
/// 64 match keys.
std::optional<Search> parse_search(
    const std::vector<std::pair<std::string, std::string>>& parameters, Level level);

}  // namespace sekisho::dicomweb
