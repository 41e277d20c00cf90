// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/pixel_source_builder.h"

#include <algorithm>
#include <utility>

#include "core/dicom/element_header.h"

namespace sekisho::imaging {

using core::Bytes;
using core::ByteView;
using core::dicom::Tag;

void PixelSourceBuilder::stored(std::uint64_t offset, std::uint64_t size) {
  if (size == 0) return;
  next_ = offset + size;
  plan_.append_stored(offset, size);
}

void PixelSourceBuilder::masked(std::uint64_t offset, std::uint64_t size, const CellMask& mask) {
  if (size == 0) return;
  plan_.mask_ = mask;
  next_ = offset + size;
  plan_.append({0, size, offset, Kind::masked, {}});
}

void PixelSourceBuilder::made(ByteView bytes) {
  if (bytes.empty()) return;
  if (next_ <= file_.size_bytes() && bytes.size() <= file_.size_bytes() - next_) {
    Bytes there(bytes.size());
    file_.read(next_, there);
    if (std::ranges::equal(there, bytes)) return stored(next_, bytes.size());
  }
  auto& pieces = plan_.pieces_;
  if (!pieces.empty() && pieces.back().kind == Kind::made) {
    pieces.back().made.insert(pieces.back().made.end(), bytes.begin(), bytes.end());
    pieces.back().size += bytes.size();
    plan_.size_ += bytes.size();
    return;
  }
  plan_.append({0, bytes.size(), 0, Kind::made, Bytes(bytes.begin(), bytes.end())});
}

void PixelSourceBuilder::decoded(std::shared_ptr<const core::ByteMaker> maker, std::uint64_t offset,
                                 std::uint64_t size) {
  if (size == 0) return;
  plan_.append({0, size, offset, Kind::decoded, {}, 1, std::move(maker)});
}

bool PixelSourceBuilder::part_of(const PixelSource& source, PixelRange range,
                                 std::uint32_t word_bytes) {
  const PixelPlan& from = *source.plan();
  const std::uint64_t end = range.offset + range.size;
  for (std::uint64_t at = range.offset; at < end;) {
    const PixelPlan::Piece& piece = from.pieces_[from.piece_at(at)];
    const std::uint64_t into = at - piece.begin;
    const std::uint64_t size = std::min(piece.size - into, end - at);
    if (piece.word_bytes != 1 || size % word_bytes != 0 || piece.kind == Kind::decoded) {
      return false;
    }
    at += size;
    if (piece.kind == Kind::made) {
      const auto bytes = ByteView(piece.made).subspan(into, size);
      Bytes turned(bytes.begin(), bytes.end());
      for (std::size_t word = 0; word < turned.size(); word += word_bytes) {
        std::ranges::reverse(std::span(turned).subspan(word, word_bytes));
      }
      made(turned);
    } else if (piece.kind == Kind::as_stored && word_bytes == 1) {
      stored(piece.offset + into, size);
    } else {
      if (piece.kind == Kind::masked) plan_.mask_ = from.mask_;
      next_ = piece.offset + into + size;
      plan_.append({0, size, piece.offset + into, piece.kind, {}, word_bytes});
    }
  }
  plan_.was_looked_through_ = from.was_looked_through_;
  return true;
}

Bytes element_head(const core::dicom::TransferSyntax& syntax, Tag tag, core::dicom::Vr vr,
                   std::uint32_t length) {
  const bool is_explicit = syntax.vr == core::dicom::VrCoding::explicit_vr;
  Bytes head(is_explicit ? core::dicom::kLongHeaderBytes : core::dicom::kShortHeaderBytes);
  core::dicom::write_tag(head.data(), tag, syntax.order);
  if (is_explicit) {
    core::dicom::write16(head.data() + 4, static_cast<std::uint16_t>(vr),
                         core::dicom::ByteOrder::big);
  }
  core::dicom::write32(head.data() + head.size() - 4, length, syntax.order);
  return head;
}

}  // namespace sekisho::imaging
