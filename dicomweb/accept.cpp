// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/accept.h"

#include <algorithm>
#include <charconv>

namespace sekisho::dicomweb {
namespace {

/// One media range of an Accept field, in lower case.
struct Range {
  std::string type;               ///< "multipart/related", "application/*", "*/*"
  std::string part_type = "*/*";  ///< of `type=`, what the parts are
  std::string transfer_syntax = "*";
  double quality = 1.0;
};

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// Cuts off and returns the piece up to `separator`, which does not count inside quotes.
std::string_view take_piece(std::string_view& text, char separator) {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const char c = text[end];
    if (c == '"') quoted = !quoted;
    if (c == '\\' && quoted) ++end;
    if (c == separator && !quoted) break;
  }
  const std::string_view piece = trim(text.substr(0, std::min(end, text.size())));
  text.remove_prefix(std::min(end + 1, text.size()));
  return piece;
}

std::string unquote(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return lower(value);
  std::string plain;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    plain.push_back(value[i]);
  }
  return lower(trim(plain));
}

/// What is no number is 0: a range that nobody understands is not acceptable.
double parse_quality(std::string_view text) {
  double quality = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), quality, std::chars_format::fixed);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number && quality > 0 ? std::min(quality, 1.0) : 0;
}

Range parse_range(std::string_view text) {
  Range range;
  range.type = lower(take_piece(text, ';'));
  while (!text.empty()) {
    std::string_view parameter = take_piece(text, ';');
    const std::string name = lower(take_piece(parameter, '='));
    const std::string value = unquote(trim(parameter));
    if (name == "type") range.part_type = value;
    if (name == "transfer-syntax") range.transfer_syntax = value;
    if (name == "q") range.quality = parse_quality(value);
  }
  return range;
}

std::vector<Range> parse_accept(std::string_view text) {
  std::vector<Range> ranges;
  while (!text.empty()) {
    const std::string_view piece = take_piece(text, ',');
    if (!piece.empty()) ranges.push_back(parse_range(piece));
  }
  return ranges;
}

/// 0: does not match. Higher is more specific.
int specificity(std::string_view pattern, std::string_view type) {
  if (pattern == type) return 3;
  if (pattern == "*/*" || pattern == "*") return 1;
  const std::size_t slash = type.find('/');
  const bool whole_class = pattern.size() == slash + 2 && pattern.ends_with("/*") &&
                           pattern.substr(0, slash) == type.substr(0, slash);
  return whole_class ? 2 : 0;
}

int specificity(const Range& range, Media media) {
  switch (media) {
    case Media::dicom_json:
      // Older clients know DICOM JSON under its general name (PS3.18 §8.7.3.2).
      return std::max(specificity(range.type, "application/dicom+json"),
                      specificity(range.type, "application/json"));
    case Media::single_dicom:
      // `*/*` is no wish for a single part; and a browser's must not turn a study into one.
      return range.type == "*/*" ? 0 : specificity(range.type, "application/dicom");
    case Media::multipart_dicom: {
      const int outer = specificity(range.type, "multipart/related");
      const int inner = specificity(range.part_type, "application/dicom");
      return outer == 0 || inner == 0 ? 0 : outer * 4 + inner;
    }
  }
  return 0;
}

struct Rating {
  double quality = 0;
  std::size_t position = 0;
  std::vector<std::string> transfer_syntaxes;
};

Rating rate(const std::vector<Range>& ranges, Media media) {
  Rating rating;
  int best = 0;
  bool any_syntax = false;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const int fit = specificity(ranges[i], media);
    if (fit == 0) continue;
    // Ranges that differ in their transfer syntax only add up to what may be sent.
    if (ranges[i].quality > 0) {
      any_syntax = any_syntax || ranges[i].transfer_syntax == "*";
      rating.transfer_syntaxes.push_back(ranges[i].transfer_syntax);
    }
    if (fit < best || (fit == best && ranges[i].quality <= rating.quality)) continue;
    best = fit;
    rating.quality = ranges[i].quality;
    rating.position = i;
  }
  if (any_syntax) rating.transfer_syntaxes.clear();
  return rating;
}

}  // namespace

std::string acceptable(const Request& request) {
  std::string joined;
  for (const auto& [name, value] : request.query) {
    if (name != "accept") continue;
    if (!joined.empty()) joined += ", ";
    joined += value;
  }
  return joined.empty() ? request.accept : joined;
}

std::optional<Choice> negotiate(std::string_view accept, const std::vector<Media>& offered) {
  std::vector<Range> ranges = parse_accept(accept);
  if (ranges.empty()) ranges.push_back(parse_range("*/*"));
  std::optional<Choice> choice;
  Rating best;
  for (const Media media : offered) {
    Rating rating = rate(ranges, media);
    if (rating.quality <= 0) continue;
    const bool better = !choice || rating.quality > best.quality ||
                        (rating.quality == best.quality && rating.position < best.position);
    if (!better) continue;
    choice = Choice{media, rating.transfer_syntaxes};
    best = std::move(rating);
  }
  return choice;
}

}  // namespace sekisho::dicomweb
