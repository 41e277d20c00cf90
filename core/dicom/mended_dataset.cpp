// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/mended_dataset.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/dicom/mending_reader.h"
#include "core/dicom/pixel_elements.h"

namespace sekisho::core::dicom {
namespace {

constexpr std::uint64_t kLimit = 64ULL << 20;
constexpr std::uint64_t kFirstWindow = 64 * 1024;
constexpr std::uint64_t kWindowGrowth = 8;

using Ended = MendingReader::Ended;

/// A run of elements, in order, and where it ended in the file.
struct Run {
  Ended ended = Ended::at_end;
  std::uint64_t end = 0;
  Bytes elements;
};

/// From `begin` to the pixel elements or the end of the file.
std::variant<Run, Defect> read_run(const StoredFile& file, std::uint64_t begin,
                                   const TransferSyntax& syntax, const Demand& demand) {
  const std::uint64_t all = file.size_bytes() - begin;
  for (std::uint64_t window = std::min(all, kFirstWindow);;
       window = std::min({all, kLimit, window * kWindowGrowth})) {
    Bytes bytes(window);
    file.read(begin, bytes);
    const auto rest = window < all ? MendingReader::Rest::more : MendingReader::Rest::none;
    MendingReader reader(bytes, syntax, rest, demand);
    const Ended ended = reader.run();
    const std::uint64_t position = begin + reader.position();
    if (ended == Ended::with_problem) return Defect{position, reader.problem()};
    if (ended == Ended::wants_more) {
      if (window == kLimit) return Defect{position, "the elements take too much room"};
      continue;
    }
    auto elements = reader.elements();
    if (!elements) return Defect{position, kElementsContradict};
    return Run{ended, position, *std::move(elements)};
  }
}

/// The elements of both, in order, those of `first` before what repeats them.
std::optional<Bytes> merged(const Bytes& first, const Bytes& second, const TransferSyntax& syntax,
                            const Demand& demand) {
  if (second.empty()) return first;
  Bytes both = first;
  both.insert(both.end(), second.begin(), second.end());
  MendingReader reader(both, syntax, MendingReader::Rest::none, demand);
  if (reader.run() != Ended::at_end) return std::nullopt;
  return reader.elements();
}

/// Those below group 7FE0, and those above.
std::pair<Bytes, Bytes> split_at_pixels(const Bytes& elements, const TransferSyntax& syntax) {
  constexpr TagRange kBefore{Tag{}, Tag{0x7FDF, 0xFFFF}};
  Walker walker(elements, syntax.vr, syntax.order, kBefore);
  Token token = walker.next();
  while (token.kind != Token::Kind::end && token.kind != Token::Kind::defect) token = walker.next();
  const auto at = elements.begin() + static_cast<std::ptrdiff_t>(token.offset);
  return {Bytes(elements.begin(), at), Bytes(at, elements.end())};
}

}  // namespace

std::variant<MendedDataset, Defect> mend_dataset(const StoredFile& file, std::uint64_t begin,
                                                 const TransferSyntax& syntax,
                                                 const Demand& demand) {
  auto before = read_run(file, begin, syntax, demand);
  if (const auto* defect = std::get_if<Defect>(&before)) return *defect;
  const Run& header = std::get<Run>(before);
  MendedDataset mended;
  mended.pixel_offset = header.end;
  Bytes behind;
  if (header.ended == Ended::at_pixels) {
    auto pixels = find_pixel_elements(file, file.view(), header.end, syntax, demand);
    if (const auto* defect = std::get_if<Defect>(&pixels)) return *defect;
    auto& [end, tags] = std::get<PixelElements>(pixels);
    mended.pixel_size = end - header.end;
    mended.pixel_tags = std::move(tags);
    if (end < file.size_bytes()) {
      auto after = read_run(file, end, syntax, demand);
      if (const auto* defect = std::get_if<Defect>(&after)) return *defect;
      auto& trailer = std::get<Run>(after);
      if (trailer.ended == Ended::at_pixels) return Defect{trailer.end, "pixel data twice"};
      behind = std::move(trailer.elements);
    }
  }
  const auto all = merged(header.elements, behind, syntax, demand);
  if (!all) return Defect{begin, kElementsContradict};
  std::tie(mended.header, mended.trailer) = split_at_pixels(*all, syntax);
  return mended;
}

}  // namespace sekisho::core::dicom
