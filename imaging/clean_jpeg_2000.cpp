// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <optional>

#include "core/dicom/element_header.h"
#include "imaging/big_endian.h"
#include "imaging/clean_stream.h"
#include "imaging/jp2_file.h"
#include "imaging/jpeg_2000_parameters.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;
using core::dicom::ByteOrder;
using namespace jpeg_2000;

/// A marker with its length and what that covers.
struct Segment {
  std::uint16_t marker = 0;
  std::size_t begin = 0;
  std::size_t payload = 0;
  std::size_t end = 0;
};

/// What is only for somebody who looks for a place, or reads.
bool is_dispensable(std::uint16_t marker) {
  return marker == kComment || marker == kPacketLengthsMain || marker == kPacketLengths ||
         marker == kRegistration || marker == kCorrespondingProfile;
}

bool is_parameter(std::uint16_t marker) {
  return marker == kCodingDefault || marker == kCodingComponent || marker == kQuantizationDefault ||
         marker == kQuantizationComponent || marker == kRegionOfInterest ||
         marker == kProgressionChange;
}

/// Tiles that were begun.
struct Tile {
  std::uint32_t parts = 0;
  std::uint32_t declared_parts = 0;  ///< 0: not said yet
};

struct TilePart {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint32_t tile = 0;
  bool is_open_ended = false;  ///< its length is given as 0
  std::vector<Segment> kept;
  std::size_t data = 0;    ///< SOD
  std::uint32_t size = 0;  ///< once it is clean
};

class Jpeg2000Cleaner {
 public:
  Jpeg2000Cleaner(ByteView stream, const PixelLayout& layout) : stream_(stream), layout_(layout) {}

  CleanedStream clean() {
    if (const auto refusal = read_main_header()) return *refusal;
    while (at_ + 2 <= stream_.size() && big16(stream_, at_) == kStartOfTilePart) {
      if (const auto refusal = read_tile_part()) return *refusal;
    }
    const bool is_whole = tiles_.size() == size_->tiles && std::ranges::all_of(tiles_, is_complete);
    if (!is_whole) return Refusal::malformed;
    write_main_header();
    for (const TilePart& part : parts_) write_tile_part(part);
    write_end();
    const bool fits = size_->precision <= layout_.bits_stored() && layout_.low_bit == 0;
    return CleanStream{std::move(out_), !fits};
  }

 private:
  static bool is_complete(const std::map<std::uint32_t, Tile>::value_type& entry) {
    return entry.second.declared_parts == 0 || entry.second.declared_parts == entry.second.parts;
  }

  ByteView payload(const Segment& segment) const {
    return stream_.subspan(segment.payload, segment.end - segment.payload);
  }

  std::optional<Segment> read_segment(std::size_t limit) const {
    if (at_ > limit || limit - at_ < 4) return std::nullopt;
    const std::size_t length = big16(stream_, at_ + 2);
    if (length < 2 || length > limit - at_ - 2) return std::nullopt;
    return Segment{static_cast<std::uint16_t>(big16(stream_, at_)), at_, at_ + 4, at_ + 2 + length};
  }

  // ---- reading

  std::optional<Refusal> read_main_header() {
    if (stream_.size() < 4 || big16(stream_, 0) != kStartOfCodeStream) return Refusal::malformed;
    at_ = 2;
    while (true) {
      const auto segment = read_segment(stream_.size());
      if (!segment) return Refusal::malformed;
      if (segment->marker == kStartOfTilePart) break;
      if (const auto refusal = see_in_main_header(*segment)) return refusal;
      at_ = segment->end;
    }
    if (!main_ || !main_->are_consistent(nullptr)) return Refusal::malformed;
    return std::nullopt;
  }

  std::optional<Refusal> see_in_main_header(const Segment& segment) {
    const bool is_first = main_segments_.empty();
    if (is_first != (segment.marker == kSize)) return Refusal::malformed;  // T.800 §A.5.1
    if (is_dispensable(segment.marker)) return std::nullopt;
    main_segments_.push_back(segment);
    switch (segment.marker) {
      case kSize:
        size_ = read_size(payload(segment), layout_);
        if (!size_) return Refusal::malformed;
        main_.emplace(*size_);
        return std::nullopt;
      case kCapabilities:
        return is_sound_capability(payload(segment)) ? std::nullopt
                                                     : std::optional(Refusal::malformed);
      case kTilePartLengths:
        return std::nullopt;
      default:
        break;
    }
    if (!is_parameter(segment.marker)) return Refusal::unsupported;
    return main_->see(segment.marker, payload(segment)) ? std::nullopt
                                                        : std::optional(Refusal::malformed);
  }

  /// SOT (T.800 §A.4.2): tile, length, number among its tile's parts, their number.
  std::optional<Refusal> read_tile_part() {
    constexpr std::size_t kStartBytes = 12;
    if (stream_.size() - at_ < kStartBytes || big16(stream_, at_ + 2) != kStartBytes - 2) {
      return Refusal::malformed;
    }
    TilePart part;
    part.begin = at_;
    part.tile = big16(stream_, at_ + 4);
    const std::uint32_t length = big32(stream_, at_ + 6);
    part.is_open_ended = length == 0;
    if (part.tile >= size_->tiles) return Refusal::malformed;
    Tile& tile = tiles_[part.tile];
    const std::uint32_t number = stream_[at_ + 10];
    const std::uint32_t count = stream_[at_ + 11];
    if (number != tile.parts || (count != 0 && number >= count) ||
        (tile.declared_parts != 0 && count != 0 && count != tile.declared_parts)) {
      return Refusal::malformed;
    }
    ++tile.parts;
    if (count != 0) tile.declared_parts = count;
    if (part.is_open_ended) {
      const auto end = find_end_of_last();
      if (!end) return Refusal::malformed;
      part.end = *end;
    } else {
      if (length < kStartBytes + 2 || length > stream_.size() - at_) return Refusal::malformed;
      part.end = at_ + length;
    }
    at_ += kStartBytes;
    if (part.end < at_) return Refusal::malformed;  // what looked like an end is in its own header
    if (const auto refusal = read_tile_part_header(part, number == 0)) return refusal;
    at_ = part.end;
    parts_.push_back(std::move(part));
    return std::nullopt;
  }

  /// Coded data have no marker from 0xFF90 on but those in the bit stream (T.800 §A.1.1): the first
  /// EOC is the end.
  std::optional<std::size_t> find_end_of_last() const {
    for (std::size_t at = at_; at + 2 <= stream_.size(); ++at) {
      if (big16(stream_, at) == kEndOfCodeStream) return at;
    }
    return std::nullopt;
  }

  std::optional<Refusal> read_tile_part_header(TilePart& part, bool is_first) {
    Parameters own(*size_);
    bool has_own = false;
    while (true) {
      if (part.end - at_ < 2) return Refusal::malformed;
      if (big16(stream_, at_) == kStartOfData) break;
      const auto segment = read_segment(part.end);
      if (!segment) return Refusal::malformed;
      at_ = segment->end;
      if (is_dispensable(segment->marker)) continue;
      // Only the first part of a tile changes how it is coded (T.800 Table A.2).
      const bool may_stand = is_first || segment->marker == kProgressionChange;
      if (!is_parameter(segment->marker) || !may_stand) return Refusal::unsupported;
      if (!own.see(segment->marker, payload(*segment))) return Refusal::malformed;
      has_own = true;
      part.kept.push_back(*segment);
    }
    part.data = at_;
    if (has_own && !own.are_consistent(&*main_)) return Refusal::malformed;
    std::size_t size = 12 + (part.end - part.data);
    for (const Segment& segment : part.kept) size += segment.end - segment.begin;
    part.size = static_cast<std::uint32_t>(size);
    return std::nullopt;
  }

  // ---- writing

  void write_main_header() {
    out_.keep(0, 2);
    const bool has_lengths = are_lengths_known();
    std::size_t next_part = 0;
    for (const Segment& segment : main_segments_) {
      if (segment.marker != kTilePartLengths) {
        out_.keep(segment.begin, segment.end);
      } else if (has_lengths) {
        write_lengths(segment, next_part);
      }
    }
  }

  /// TLM (T.800 §A.7.1): bytes for a tile's number and for a length in each entry.
  struct LengthsForm {
    std::size_t tile_bytes = 0;
    std::size_t length_bytes = 2;
    std::size_t entry() const { return tile_bytes + length_bytes; }
  };
  std::optional<LengthsForm> form_of(const Segment& segment) const {
    const ByteView all = payload(segment);
    if (all.size() < 2 || (all[1] & 0x8FU) != 0 || (all[1] & 0x30U) == 0x30U) return std::nullopt;
    LengthsForm form;
    form.tile_bytes = all[1] >> 4U & 3U;
    form.length_bytes = (all[1] & 0x40U) != 0 ? 4 : 2;
    if ((all.size() - 2) % form.entry() != 0) return std::nullopt;
    return form;
  }
  /// Whether the entries are as many as the tile-parts, in segments that follow each other; else
  /// they are left out, as decoding does not need them.
  bool are_lengths_known() const {
    std::size_t entries = 0;
    std::uint32_t number = 0;
    for (const Segment& segment : main_segments_) {
      if (segment.marker != kTilePartLengths) continue;
      const auto form = form_of(segment);
      if (!form || stream_[segment.payload] != number++) return false;
      const std::size_t count = (segment.end - segment.payload - 2) / form->entry();
      for (std::size_t i = entries; i < std::min(entries + count, parts_.size()); ++i) {
        const bool fits = form->length_bytes == 4 || parts_[i].size <= 0xFFFF;
        if (!fits || (form->tile_bytes == 1 && parts_[i].tile > 0xFF)) return false;
      }
      entries += count;
    }
    return entries == parts_.size();
  }

  void write_lengths(const Segment& segment, std::size_t& next_part) {
    const LengthsForm form = *form_of(segment);
    Bytes made(stream_.begin() + static_cast<std::ptrdiff_t>(segment.begin),
               stream_.begin() + static_cast<std::ptrdiff_t>(segment.payload + 2));
    const auto put = [&](std::uint32_t number, std::size_t bytes) {
      while (bytes-- > 0) made.push_back(static_cast<Byte>(number >> (8 * bytes)));
    };
    for (std::size_t at = segment.payload + 2; at < segment.end; at += form.entry()) {
      const TilePart& part = parts_[next_part++];
      put(part.tile, form.tile_bytes);
      put(part.size, form.length_bytes);
    }
    keep_or_put(segment.begin, made);
  }

  void keep_or_put(std::size_t begin, ByteView bytes) {
    if (std::ranges::equal(stream_.subspan(begin, bytes.size()), bytes)) {
      out_.keep(begin, begin + bytes.size());
    } else {
      out_.put(bytes);
    }
  }

  void write_tile_part(const TilePart& part) {
    constexpr std::size_t kLengthPlace = 6;
    Bytes start(stream_.begin() + static_cast<std::ptrdiff_t>(part.begin),
                stream_.begin() + static_cast<std::ptrdiff_t>(part.begin + 12));
    if (!part.is_open_ended) {
      core::dicom::write32(start.data() + kLengthPlace, part.size, ByteOrder::big);
    }
    keep_or_put(part.begin, start);
    for (const Segment& segment : part.kept) out_.keep(segment.begin, segment.end);
    out_.keep(part.data, part.end);
  }

  /// Some coders leave the end out.
  void write_end() {
    constexpr Byte kEnd[] = {kEndOfCodeStream >> 8U, kEndOfCodeStream & 0xFFU};
    if (stream_.size() - at_ >= 2 && big16(stream_, at_) == kEndOfCodeStream) {
      out_.keep(at_, at_ + 2);
    } else {
      out_.put(kEnd);
    }
  }

  ByteView stream_;
  const PixelLayout& layout_;
  std::size_t at_ = 0;
  std::optional<Size> size_;
  std::optional<Parameters> main_;
  std::vector<Segment> main_segments_;
  std::map<std::uint32_t, Tile> tiles_;
  std::vector<TilePart> parts_;
  EditedStream out_;
};

}  // namespace

CleanedStream clean_jpeg_2000(ByteView stream, const PixelLayout& layout) {
  if (!is_jp2_file(stream)) return Jpeg2000Cleaner(stream, layout).clean();
  const auto place = find_code_stream(stream);
  if (!place) return Refusal::unsupported;
  const auto cleaned = Jpeg2000Cleaner(stream.subspan(place->begin, place->size), layout).clean();
  if (const auto* refusal = std::get_if<Refusal>(&cleaned)) return *refusal;
  // The same parts, counted in the whole file.
  CleanStream moved;
  moved.may_use_other_bits = std::get<CleanStream>(cleaned).may_use_other_bits;
  for (const EditedStream::Part& part : std::get<CleanStream>(cleaned).edits.parts()) {
    if (part.begin == part.end) {
      moved.edits.put(part.made);
    } else {
      moved.edits.keep(place->begin + part.begin, place->begin + part.end);
    }
  }
  return moved;
}

}  // namespace sekisho::imaging
