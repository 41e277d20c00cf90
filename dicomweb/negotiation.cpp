// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/negotiation.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <utility>

#include "dicomweb/request.h"
#include "http/characters.h"

namespace sekisho::dicomweb {
namespace {

constexpr std::string_view kAnything = "*/*";
constexpr std::string_view kParts = "multipart/related";

/// One media range of an Accept field, in lower case.
struct Range {
  std::string type;                  ///< "multipart/related", "application/*", "*/*"
  std::string part_type{kAnything};  ///< of `type=`, what the parts are
  std::string transfer_syntax;       ///< empty: none is named
  double quality = 1.0;
};

/// A blank written as a form writes it is one too: no type and no parameter begins or ends with a
/// plus.
std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return http::is_blank(c) || c == '+'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
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
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return http::lowered(value);
  std::string plain;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    plain.push_back(value[i]);
  }
  return http::lowered(trim(plain));
}

/// What is no number is 0: a range that nobody understands is not acceptable.
double parse_quality(std::string_view text) {
  double quality = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), quality, std::chars_format::fixed);
  // from_chars() reads infinity as well.
  const bool is_number = error == std::errc{} && end == text.data() + text.size() &&
                         (http::is_digit(text.front()) || text.front() == '.');
  return is_number && quality > 0 ? std::min(quality, 1.0) : 0;
}

void take_parameters(Range& range, std::string_view text) {
  while (!text.empty()) {
    std::string_view parameter = take_piece(text, ';');
    const std::string name = http::lowered(take_piece(parameter, '='));
    const std::string value = unquote(trim(parameter));
    if (name == "transfer-syntax") range.transfer_syntax = value;
    if (name == "q") range.quality = parse_quality(value);
    if (name != "type") continue;
    // Some put the parameters of the parts where the type of the parts is: type="image/jpeg; …".
    std::string_view inner = value;
    range.part_type = take_piece(inner, ';');
    if (!inner.empty() && value.find('"') == std::string::npos) take_parameters(range, inner);
  }
}

Range parse_range(std::string_view text) {
  Range range;
  range.type = http::lowered(take_piece(text, ';'));
  take_parameters(range, text);
  return range;
}

std::vector<Range> parse_accept(std::string_view text) {
  std::vector<Range> ranges;
  while (!text.empty()) {
    const std::string_view piece = take_piece(text, ',');
    if (!piece.empty()) ranges.push_back(parse_range(piece));
  }
  // RFC 9110 §12.5.1: who says nothing takes anything.
  if (ranges.empty()) ranges.push_back(parse_range(kAnything));
  return ranges;
}

/// 0: does not match. Higher is more specific (RFC 9110 §12.5.1).
int specificity(std::string_view pattern, std::string_view type) {
  if (pattern == type) return 3;
  if (pattern == kAnything || pattern == "*") return 1;
  const std::size_t slash = type.find('/');
  const bool whole_class = pattern.size() == slash + 2 && pattern.ends_with("/*") &&
                           pattern.substr(0, slash) == type.substr(0, slash);
  return whole_class ? 2 : 0;
}

/// Whether a single representation is what who names no type gets, or the exception to parts.
enum class Single { usual, on_demand };

int specificity(const Range& range, const Offer& offer, Single single) {
  if (offer.packing == Packing::multipart) {
    const int outer = specificity(range.type, kParts);
    const int inner = specificity(range.part_type, offer.media_type);
    return outer == 0 || inner == 0 ? 0 : outer * 4 + inner;
  }
  const int fit = specificity(range.type, offer.media_type);
  // A browser's `*/*` must not turn what is many into one.
  if (fit == 1 && single == Single::on_demand) return 0;
  // Older clients know DICOM JSON under its general name.
  if (fit == 0 && offer.media_type == "application/dicom+json") {
    return specificity(range.type, "application/json");
  }
  return fit;
}

SyntaxWishes wishes_of(const std::vector<Range>& ranges, const Offer& offer, Single single) {
  std::vector<SyntaxWishes::Wish> wishes;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const int fit = specificity(ranges[i], offer, single);
    if (fit == 0) continue;
    wishes.push_back({ranges[i].transfer_syntax, fit, ranges[i].quality, i});
  }
  return SyntaxWishes(std::move(wishes));
}

std::string_view default_of(const Offer& offer) {
  if (!offer.default_syntax.empty() || offer.transfer_syntaxes.empty()) return offer.default_syntax;
  return offer.transfer_syntaxes.front();
}

/// 0: not this one. A name says more than a star, and a star no less than no word at all.
int syntax_specificity(std::string_view wish, std::string_view syntax, std::string_view usual) {
  if (wish == syntax) return 2;
  if (wish == "*") return 1;
  return wish.empty() && syntax == usual ? 1 : 0;
}

/// The word of the most specific range on one thing.
class Verdict {
 public:
  void hear(const SyntaxWishes::Wish& wish, std::pair<int, int> specificity) {
    const bool is_nearer = specificity > nearest_;
    const bool is_as_near = specificity == nearest_ && found_;
    if (!is_nearer && !(is_as_near && wish.quality > quality_)) return;
    nearest_ = specificity;
    quality_ = wish.quality;
    position_ = wish.position;
    found_ = true;
  }
  std::optional<SyntaxWishes::Pick> on(std::string_view syntax) const {
    if (!found_ || quality_ <= 0) return std::nullopt;
    return SyntaxWishes::Pick{std::string(syntax), quality_, position_};
  }

 private:
  bool found_ = false;
  std::pair<int, int> nearest_{0, 0};
  double quality_ = 0;
  std::size_t position_ = 0;
};

bool is_before(const SyntaxWishes::Pick& a, const SyntaxWishes::Pick& b) {
  return a.quality != b.quality ? a.quality > b.quality : a.position < b.position;
}

bool names_one(const SyntaxWishes::Wish& wish) {
  return !wish.transfer_syntax.empty() && wish.transfer_syntax != "*";
}

/// The values of all query parameters with one of these names, as one list.
std::string joined_parameters(const Request& request,
                              std::initializer_list<std::string_view> names) {
  std::string joined;
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(names, name) == names.end()) continue;
    if (!joined.empty()) joined += ", ";
    joined += value;
  }
  return joined;
}

/// As a parameter of a media type; what is no syntax becomes one that nothing is given in.
std::string syntax_parameter(std::string_view syntax) {
  const bool is_one = syntax == "*" || std::ranges::all_of(syntax, [](char c) {
                        return http::is_digit(c) || c == '.';
                      });
  return "; transfer-syntax=" + std::string(is_one ? syntax : "none");
}

/// PS3.18 §8.7.8.2: what a media type says itself comes first. Two lists make as many ranges as
/// their product, of which no more are looked at than any client means.
std::string with_syntaxes(std::string_view ranges, std::string_view syntaxes) {
  constexpr int kMostRanges = 256;
  std::string list;
  int count = 0;
  while (!ranges.empty() && count < kMostRanges) {
    const std::string range(take_piece(ranges, ','));
    std::string_view left = syntaxes;
    const bool is_said = !parse_range(range).transfer_syntax.empty();
    do {
      if (!list.empty()) list += ", ";
      list += is_said ? range : range + syntax_parameter(take_piece(left, ','));
      ++count;
    } while (!is_said && !left.empty() && count < kMostRanges);
  }
  return list;
}

}  // namespace

std::optional<SyntaxWishes::Pick> SyntaxWishes::pick(std::span<const std::string> givable,
                                                     std::string_view default_syntax) const {
  std::optional<Pick> best;
  std::size_t best_place = 0;
  for (std::size_t place = 0; place < givable.size(); ++place) {
    Verdict verdict;
    for (const Wish& wish : wishes_) {
      const int named = syntax_specificity(wish.transfer_syntax, givable[place], default_syntax);
      if (named != 0) verdict.hear(wish, {wish.specificity, named});
    }
    auto found = verdict.on(givable[place]);
    if (!found) continue;
    // What is stored is not coded anew for a place in a list alone.
    const bool keeps = best && best_place == 0 && best->quality >= found->quality;
    if (keeps || (best && !is_before(*found, *best))) continue;
    best = std::move(found);
    best_place = place;
  }
  return best;
}

std::optional<SyntaxWishes::Pick> SyntaxWishes::whatever() const {
  Verdict verdict;
  for (const Wish& wish : wishes_) verdict.hear(wish, {wish.specificity, 1});
  return verdict.on("");
}

bool SyntaxWishes::name_syntaxes() const { return std::ranges::any_of(wishes_, names_one); }

SyntaxWishes SyntaxWishes::by_name() const {
  SyntaxWishes named = *this;
  std::erase_if(named.wishes_, [](const Wish& wish) { return !names_one(wish); });
  return named;
}

std::string acceptable(const Request& request) {
  const std::string ranges = joined_parameters(request, {"accept"});
  if (ranges.empty()) return request.accept;
  const std::string syntaxes = joined_parameters(request, {"transfer-syntax", "transferSyntax"});
  return syntaxes.empty() ? ranges : with_syntaxes(ranges, syntaxes);
}

std::optional<Choice> negotiate(std::string_view accept, std::span<const Offer> offers) {
  if (offers.empty()) return std::nullopt;
  const std::vector<Range> ranges = parse_accept(accept);
  const Single single =
      offers.front().packing == Packing::single ? Single::usual : Single::on_demand;
  std::optional<Choice> choice;
  std::optional<SyntaxWishes::Pick> best;
  for (const Offer& offer : offers) {
    SyntaxWishes wishes = wishes_of(ranges, offer, single);
    if (offer.given == Offer::Given::by_name) wishes = wishes.by_name();
    auto found = offer.transfer_syntaxes.empty()
                     ? wishes.whatever()
                     : wishes.pick(offer.transfer_syntaxes, default_of(offer));
    if (!found || (best && !is_before(*found, *best))) continue;
    choice = Choice{offer, found->transfer_syntax, std::move(wishes)};
    best = std::move(found);
  }
  return choice;
}

}  // namespace sekisho::dicomweb
