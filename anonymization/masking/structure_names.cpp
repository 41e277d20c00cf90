// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/structure_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "anonymization/masking/description.h"
#include "anonymization/tables.h"
#include "core/dicom/padding.h"
#include "core/letter_case.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;

constexpr Tag kSegmentNumber{0x0062, 0x0004};
constexpr StructureName kNames[] = {
    {Tag{0x0062, 0x0005}, kSegmentNumber, "Segment"},   // SegmentLabel
    {Tag{0x3006, 0x0026}, Tag{0x3006, 0x0022}, "ROI"},  // ROIName, ROINumber
    {Tag{0x3006, 0x0085}, Tag{0x3006, 0x0084}, "ROI"},  // ROIObservationLabel
};

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// What is left of a name while it is read from the front. Capitals.
class Rest {
 public:
  explicit Rest(std::string_view text) : text_(text) {}
  bool is_empty() const { return text_.empty(); }
  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  /// Of several that begin alike the longest comes first.
  bool take_any(std::span<const std::string_view> words) {
    return std::ranges::any_of(words, [this](std::string_view word) { return take(word); });
  }
  /// As many digits as there are, if that many are allowed; how many.
  std::size_t take_digits(std::size_t most) {
    const std::size_t digits = std::min(text_.find_first_not_of("0123456789"), text_.size());
    if (digits > most) return 0;
    text_.remove_prefix(digits);
    return digits;
  }

 private:
  std::string_view text_;
};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// §-numbers are those of the report of Task Group 263.

/// Spatial categories (§5.2.2): at most two of left, right, anterior, posterior, inferior,
/// superior, middle; lobes of the lungs; and what is near or far.
bool is_place(std::string_view part) {
  constexpr std::array<std::string_view, 13> kPlaces = {"LEFT", "RIGHT", "LT",  "RT",  "BILAT",
                                                        "RUL",  "RML",   "RLL", "LUL", "LLL",
                                                        "NADJ", "DIST",  "PROX"};
  constexpr std::size_t kMostLetters = 2;
  const bool is_letters = !part.empty() && part.size() <= kMostLetters &&
                          part.find_first_not_of("LRAPISM") == part.npos;
  return is_letters || std::ranges::find(kPlaces, part) != kPlaces.end();
}

/// A planning risk volume with its margin in millimetres: PRV, PRV05, PRVX3.
bool is_margin(std::string_view part) {
  Rest rest(part);
  if (!rest.take("PRV")) return false;
  rest.take("X");
  rest.take_digits(2);
  return rest.is_empty();
}

template <class Parts>
bool is_listed(const Parts& parts) {
  std::string name;
  for (std::string_view part : parts) name += part;
  return is_outlined_structure(name);
}

/// A structure of the table; places and a margin behind it, or in reverse order a place before it
/// ("R_Hilum_Kidney"); "~" at a part of it where it is not all there.
bool is_structure(std::vector<std::string_view> parts) {
  for (std::string_view& part : parts) {
    if (part.ends_with('~')) part.remove_suffix(1);
  }
  while (!is_listed(parts)) {  // VB_L is the lumbar spine, the A of A_Aorta no place
    const bool has_ending = is_place(parts.back()) || is_margin(parts.back());
    if (parts.size() == 1 || !has_ending) break;
    parts.pop_back();
  }
  if (is_listed(parts)) return true;
  if (parts.size() == 1 || !is_place(parts.front())) return false;
  parts.erase(parts.begin());
  return is_listed(parts) || is_listed(std::vector(parts.rbegin(), parts.rend()));
}

constexpr std::array<std::string_view, 3> kLevels = {"HIGH", "MID", "LOW"};

/// A dose in cGy of three or four digits, in Gy of one or two and two behind the point; by
/// fraction.
bool is_dose(std::string_view part) {
  Rest rest(part);
  const std::size_t digits = rest.take_digits(4);
  if (digits == 0) return false;
  const bool has_point = rest.take(".") || rest.take("P");
  if (has_point && rest.take_digits(2) == 0) return false;
  const bool is_in_gray = rest.take("GY");
  const bool is_in_centigray = !is_in_gray && digits >= 3 && !has_point && (rest.take("CGY"), true);
  if (!is_in_centigray && (!is_in_gray || digits > 2)) return false;
  if (rest.take("X") && rest.take_digits(2) == 0) return false;
  return rest.is_empty();
}

/// Images that a target was outlined on: CT1PT1, MR2.
bool is_imaging(std::string_view part) {
  constexpr std::array<std::string_view, 4> kModalities = {"CT", "MR", "PT", "SP"};
  Rest rest(part);
  bool has_one = false;
  while (rest.take_any(kModalities)) {
    has_one = true;
    rest.take_digits(2);
  }
  return has_one && rest.is_empty();
}

bool is_level(std::string_view part) {
  Rest rest(part);
  if (!rest.take_any(kLevels)) return false;
  rest.take_digits(2);
  return rest.is_empty();
}

/// PTV, CTVp2, GTVn, PTV!: what kind of target and which.
bool is_target_kind(std::string_view part) {
  constexpr std::array<std::string_view, 6> kKinds = {"IGTV", "ICTV", "GTV", "CTV", "ITV", "PTV"};
  constexpr std::array<std::string_view, 7> kClasses = {"VAS", "PAR", "LN", "SB", "N", "P", "V"};
  Rest rest(part);
  if (!rest.take_any(kKinds)) return false;
  rest.take_any(kClasses);
  rest.take_digits(2);
  rest.take("!");
  return rest.is_empty();
}

bool is_target(const std::vector<std::string_view>& parts) {
  constexpr std::array<std::string_view, 4> kOthers = {"BOOST", "EVAL", "OPT", "PREOP"};
  if (!is_target_kind(parts.front())) return false;
  std::vector<std::string_view> structure;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    const bool is_known = is_level(part) || is_dose(part) || is_imaging(part) ||
                          std::ranges::find(kOthers, part) != kOthers.end();
    const bool has_unit = i + 1 < parts.size() && (parts[i + 1] == "GY" || parts[i + 1] == "CGY");
    if (has_unit && is_dose(std::string(part) + std::string(parts[i + 1]))) {
      ++i;
    } else if (!is_known) {
      structure.push_back(part);
    }
  }
  const bool is_only_place = structure.size() == 1 && is_place(structure[0]);
  return structure.empty() || is_only_place || is_structure(structure);
}

/// What was cut off at the skin, in millimetres: "-03".
bool is_cropping(std::string_view term) {
  return term.size() == 2 && std::ranges::all_of(term, is_ascii_digit);
}

bool is_term(std::string_view term) {
  const std::vector<std::string_view> parts = split(term, "_ ");
  return is_target(parts) || is_structure(parts);
}

}  // namespace

const StructureName* find_structure_name(Tag name) {
  const auto* found = std::ranges::find(kNames, name, &StructureName::name);
  return found == std::end(kNames) ? nullptr : found;
}

bool is_structure_number(Tag tag) {
  return std::ranges::find(kNames, tag, &StructureName::number) != std::end(kNames);
}

std::optional<std::string> structure_number(Tag tag, core::ByteView value,
                                            core::dicom::ByteOrder order) {
  if (tag == kSegmentNumber) {
    if (value.size() != sizeof(std::uint16_t)) return std::nullopt;
    return std::to_string(core::dicom::read16(value.data(), order));
  }
  std::string_view text = core::dicom::without_padding(core::as_text(value));
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int32_t number = 0;  // PS3.5 Table 6.2-1: the range of an IS
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::to_string(number);
}

bool is_structure_name(std::string_view utf8) {
  constexpr std::size_t kLongest = 64;  // PS3.5 Table 6.2-1: of an LO
  if (utf8.empty() || utf8.size() > kLongest) return false;
  // Not for the evaluation of doses: "zPTV", "_Lung".
  const bool is_apart =
      utf8.starts_with('_') || (utf8.starts_with('z') && utf8.size() > 1 && is_capital(utf8[1]));
  if (is_apart) utf8.remove_prefix(1);
  const std::string name = core::in_capitals(utf8);
  const std::vector<std::string_view> terms = split(name, "-");
  const bool is_cropped = terms.size() > 1 && is_cropping(terms.back());
  return std::all_of(terms.begin(), terms.end() - (is_cropped ? 1 : 0), is_term);
}

std::string cleaned_structure_name(const StructureName& element, std::string_view utf8,
                                   std::string_view number) {
  const std::string_view name = core::dicom::without_padding(utf8);
  if (name.empty() || is_structure_name(name)) return std::string(name);
  return number.empty() ? std::string{} : std::string(element.word) + ' ' + std::string(number);
}

}  // namespace sekisho::anonymization
