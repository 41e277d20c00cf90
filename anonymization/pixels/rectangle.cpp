// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/pixels/rectangle.h"

#include <algorithm>
#include <set>

namespace sekisho::anonymization {
namespace {

/// From the first pixel to the one after the last.
struct Span {
  std::uint64_t begin;
  std::uint64_t end;
};

Span columns_of(const Rectangle& rectangle) {
  return {rectangle.x, std::uint64_t{rectangle.x} + rectangle.width};
}
Span rows_of(const Rectangle& rectangle) {
  return {rectangle.y, std::uint64_t{rectangle.y} + rectangle.height};
}

/// What `covered` leaves free of 0 … `end`.
std::vector<Span> gaps_between(std::vector<Span> covered, std::uint64_t end) {
  std::ranges::sort(covered, {}, &Span::begin);
  std::vector<Span> gaps;
  std::uint64_t at = 0;
  for (const Span& span : covered) {
    if (span.begin >= end) break;
    if (span.begin > at) gaps.push_back({at, span.begin});
    at = std::max(at, span.end);
  }
  if (at < end) gaps.push_back({at, end});
  return gaps;
}

}  // namespace

std::vector<Rectangle> all_but(const std::vector<Rectangle>& kept, std::uint32_t columns,
                               std::uint32_t rows) {
  // Between two neighbouring edges the same rectangles are in every row.
  std::set<std::uint64_t> edges{0, rows};
  for (const Rectangle& rectangle : kept) {
    for (const std::uint64_t edge : {rows_of(rectangle).begin, rows_of(rectangle).end}) {
      if (edge < rows) edges.insert(edge);
    }
  }
  std::vector<Rectangle> rest;
  for (auto top = edges.begin(), bottom = std::next(top); bottom != edges.end(); ++top, ++bottom) {
    std::vector<Span> covered;
    for (const Rectangle& rectangle : kept) {
      const Span span = rows_of(rectangle);
      if (span.begin <= *top && *bottom <= span.end) covered.push_back(columns_of(rectangle));
    }
    for (const Span& gap : gaps_between(std::move(covered), columns)) {
      rest.push_back({static_cast<std::uint32_t>(gap.begin), static_cast<std::uint32_t>(*top),
                      static_cast<std::uint32_t>(gap.end - gap.begin),
                      static_cast<std::uint32_t>(*bottom - *top)});
    }
  }
  return rest;
}

}  // namespace sekisho::anonymization
