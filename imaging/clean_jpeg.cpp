// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "imaging/big_endian.h"
#include "imaging/clean_stream.h"
#include "imaging/jpeg_coded_data.h"
#include "imaging/jpeg_segments.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::ByteView;
using namespace jpeg;

/// "JFIF", version 1.01, no unit, square pixels, no thumbnail: decoders take from it that colour is
/// YCbCr; sizes of pixels stand in the data set (JFIF 1.02, PS3.5 §8.2.1).
constexpr Byte kJfif[] = {0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
/// "Adobe", version 100, no flags, and the colour transform, which is all that decoders read.
constexpr Byte kAdobe[] = {0xFF, 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
/// The colour transform of HP's JPEG-LS coder, which decoders undo.
constexpr Byte kColourTransform[] = {0xFF, 0xE8, 0, 7, 'm', 'r', 'f', 'x'};

class JpegCleaner {
 public:
  JpegCleaner(ByteView stream, const PixelLayout& layout) : stream_(stream), layout_(layout) {}

  CleanedStream clean() {
    auto read = read_segments(stream_);
    if (const auto* refusal = std::get_if<Refusal>(&read)) return *refusal;
    segments_ = std::move(std::get<std::vector<Segment>>(read));
    for (const Segment& segment : segments_) {
      if (const auto refusal = see(segment)) return *refusal;
    }
    const bool is_whole =
        frame_ && std::ranges::all_of(scanned_, [](bool scanned) { return scanned; });
    if (!is_whole) return Refusal::malformed;
    for (const Segment& segment : segments_) {
      if (!write(segment)) return Refusal::malformed;
    }
    const bool fits = frame_->precision <= layout_.bits_stored() && layout_.low_bit == 0;
    return CleanStream{std::move(out_), !fits};
  }

 private:
  /// A scan with what was in force when it began.
  struct ScanSetup {
    Scan scan;
    std::vector<PartTables> tables;
    std::uint32_t restart_interval = 0;
  };
  /// What a later segment of the same kind takes the place of.
  struct Setting {
    const Segment* segment = nullptr;
    bool is_used = false;
  };

  ByteView payload(const Segment& segment) const {
    return stream_.subspan(segment.payload, segment.end - segment.payload);
  }

  // ---- the first pass: what is used

  std::optional<Refusal> see(const Segment& segment) {
    switch (segment.marker) {
      case kBaseline:
      case kExtended:
      case kLossless:
      case kJpegLs:
        return see_frame(segment);
      case kQuantizationTables:
        return see_tables(segment, read_quantization_tables(stream_, segment), 0xF);
      case kHuffmanTables:
        return see_tables(segment, read_huffman_tables(stream_, segment), 0xFF);
      case kRestartInterval:
        if (payload(segment).size() != 2) return Refusal::unsupported;
        restart_ = &segment;
        return std::nullopt;
      case kJpegLsPreset:
        return see_preset(segment);
      case kStartOfScan:
        return see_scan(segment);
      default:
        return std::nullopt;
    }
  }

  std::optional<Refusal> see_frame(const Segment& segment) {
    if (frame_) return Refusal::malformed;
    frame_ = read_frame(segment.marker, payload(segment));
    // Nothing is let through that is larger than what the data set declares.
    if (!frame_ || frame_->lines != layout_.rows || frame_->columns != layout_.columns ||
        frame_->components.size() != layout_.samples) {
      return Refusal::malformed;
    }
    scanned_.assign(frame_->components.size(), false);
    const bool has_16_bits = frame_->is_lossless() || frame_->is_jpeg_ls();
    const bool is_sound = has_16_bits ? frame_->precision >= 2 && frame_->precision <= 16
                                      : frame_->precision == 8 || (segment.marker == kExtended &&
                                                                   frame_->precision == 12);
    return is_sound && frame_->precision <= layout_.bits_allocated
               ? std::nullopt
               : std::optional(Refusal::malformed);
  }

  std::optional<Refusal> see_tables(const Segment& segment,
                                    std::optional<std::vector<TableDefinition>> tables,
                                    Byte id_mask) {
    if (!tables) return Refusal::malformed;
    auto& kept = tables_[segment.begin];
    kept = std::move(*tables);
    for (TableDefinition& table : kept) {
      current_[segment.marker << 8U | (table.id & id_mask)] = &table;
    }
    return std::nullopt;
  }

  /// T.87 §C.2.4.1: thresholds, which are needed; mapping tables, which the data set's palette
  /// stands for; sizes beyond those of T.81, which no image of ours has.
  std::optional<Refusal> see_preset(const Segment& segment) {
    constexpr Byte kThresholds = 1;
    constexpr Byte kLastMappingTable = 3;
    const ByteView all = payload(segment);
    if (all.empty() || all[0] == 0 || all[0] > kLastMappingTable) return Refusal::unsupported;
    if (all[0] != kThresholds) return std::nullopt;
    if (all.size() != 11 || !frame_ || !is_sound_preset(all)) return Refusal::malformed;
    preset_ = &segment;
    return std::nullopt;
  }
  /// A value of 0 stands for the usual one.
  bool is_sound_preset(ByteView all) const {
    const std::uint32_t most = big16(all, 1) != 0 ? big16(all, 1) : (1U << frame_->precision) - 1;
    std::uint32_t least = 0;
    for (const std::size_t at : {3U, 5U, 7U}) {
      const std::uint32_t threshold = big16(all, at);
      if (threshold != 0 && (threshold < least || threshold > most)) return false;
      least = std::max(least, threshold);
    }
    return most < 1U << frame_->precision && big16(all, 9) <= std::max(255U, most);
  }

  TableDefinition* use(Byte marker, std::uint32_t id) {
    const auto found = current_.find(std::uint32_t{marker} << 8U | id);
    if (found == current_.end()) return nullptr;
    found->second->last_use = scans_.size() + 1;
    return found->second;
  }

  std::optional<Refusal> see_scan(const Segment& segment) {
    if (!frame_) return Refusal::malformed;
    auto scan = read_scan(*frame_, payload(segment));
    if (!scan) return Refusal::unsupported;
    ScanSetup setup{std::move(*scan), {}, 0};
    for (const Scan::Part& part : setup.scan.parts) {
      // Of these processes each component is in one scan alone.
      if (scanned_[part.component]) return Refusal::malformed;
      scanned_[part.component] = true;
      if (!use_tables(part, setup)) return Refusal::malformed;
    }
    if (restart_ != nullptr) {
      used_settings_.push_back(restart_);
      setup.restart_interval = big16(stream_, restart_->payload);
    }
    if (preset_ != nullptr) used_settings_.push_back(preset_);
    scans_.push_back(std::move(setup));
    return std::nullopt;
  }

  bool use_tables(const Scan::Part& part, ScanSetup& setup) {
    constexpr std::uint32_t kAcClass = 0x10;
    if (frame_->is_jpeg_ls()) return part.dc == 0;  // no mapping table
    const TableDefinition* dc = use(kHuffmanTables, part.dc);
    if (dc == nullptr) return false;
    PartTables tables{huffman_table(stream_, *dc), {}};
    if (!frame_->is_lossless()) {
      const TableDefinition* ac = use(kHuffmanTables, kAcClass | part.ac);
      const Byte quantization = frame_->components[part.component].quantization;
      if (ac == nullptr || use(kQuantizationTables, quantization) == nullptr) return false;
      tables.ac = huffman_table(stream_, *ac);
    }
    setup.tables.push_back(tables);
    return true;
  }

  // ---- the second: what stays

  bool write(const Segment& segment) {
    switch (segment.marker) {
      case kQuantizationTables:
      case kHuffmanTables:
        write_tables(segment);
        return true;
      case kRestartInterval:
      case kJpegLsPreset:
        if (std::ranges::find(used_settings_, &segment) != used_settings_.end()) {
          out_.keep(segment.begin, segment.end);
        }
        return true;
      case kStartOfScan:
        write_scan_header(segment);
        return write_coded_data(segment);
      case kComment:
        return true;
      default:
        if (segment.marker >= kFirstApplication && segment.marker <= kLastApplication) {
          write_application(segment);
        } else {
          out_.keep(segment.begin, segment.end);
        }
        return true;
    }
  }

  void write_tables(const Segment& segment) {
    const auto& tables = tables_[segment.begin];
    const auto is_used = [](const TableDefinition& table) { return table.last_use != 0; };
    if (std::ranges::all_of(tables, is_used)) {
      if (!tables.empty()) out_.keep(segment.begin, segment.end);
      return;
    }
    std::uint64_t length = 2;
    for (const TableDefinition& table : tables) {
      if (is_used(table)) length += table.end - table.begin;
    }
    if (length == 2) return;
    const Byte head[] = {0xFF, segment.marker, static_cast<Byte>(length >> 8U),
                         static_cast<Byte>(length)};
    out_.put(head);
    for (const TableDefinition& table : tables) {
      if (is_used(table)) out_.keep(table.begin, table.end);
    }
  }

  void write_scan_header(const Segment& segment) {
    // All coefficients, in full (T.81 Table B.3); there are files that say otherwise, of which
    // decoders take no notice.
    constexpr Byte kWholeBlocks[] = {0, 63, 0};
    const std::uint64_t place = segment.end - sizeof(kWholeBlocks);
    const bool is_sequential = !frame_->is_lossless() && !frame_->is_jpeg_ls();
    if (is_sequential &&
        !std::ranges::equal(stream_.subspan(place, sizeof(kWholeBlocks)), kWholeBlocks)) {
      out_.keep(segment.begin, place);
      out_.put(kWholeBlocks);
    } else {
      out_.keep(segment.begin, segment.end);
    }
  }

  bool write_coded_data(const Segment& segment) {
    const ScanSetup& setup = scans_[written_scans_++];
    const CodedData data{segment.end, segment.coded_end, setup.restart_interval};
    if (!frame_->is_jpeg_ls()) {
      return keep_coded_data(stream_, *frame_, setup.scan, setup.tables, data, out_);
    }
    out_.keep(data.begin, data.end);
    return true;
  }

  /// Each of the three that decoders look for, once, and with nothing in it but what they look for.
  void write_application(const Segment& segment) {
    const ByteView all = stream_.subspan(segment.begin, segment.end - segment.begin);
    const auto begins_with = [&](ByteView what) {
      return all.size() >= what.size() && std::ranges::equal(all.first(what.size()), what);
    };
    constexpr std::size_t kJfifMagic = 5;
    constexpr std::size_t kAdobeMagic = 5;
    const ByteView body = all.subspan(std::min<std::size_t>(4, all.size()));
    const auto names = [&](ByteView magic) {
      return body.size() >= magic.size() && std::ranges::equal(body.first(magic.size()), magic);
    };
    if (segment.marker == kJfif[1] && names(ByteView(kJfif).subspan(4, kJfifMagic))) {
      write_made(segment, kJfif, wrote_jfif_);
    } else if (segment.marker == kAdobe[1] && names(ByteView(kAdobe).subspan(4, kAdobeMagic)) &&
               body.size() >= 12 && body[11] <= 2) {
      std::array<Byte, sizeof(kAdobe)> adobe{};
      std::ranges::copy(kAdobe, adobe.begin());
      adobe.back() = body[11];
      write_made(segment, adobe, wrote_adobe_);
    } else if (frame_->is_jpeg_ls() && begins_with(kColourTransform) && body.size() == 5 &&
               body[4] <= 3 && !wrote_transform_) {
      wrote_transform_ = true;
      out_.keep(segment.begin, segment.end);
    }
  }

  void write_made(const Segment& segment, ByteView made, bool& is_written) {
    if (is_written) return;
    is_written = true;
    if (std::ranges::equal(stream_.subspan(segment.begin, segment.end - segment.begin), made)) {
      out_.keep(segment.begin, segment.end);
    } else {
      out_.put(made);
    }
  }

  ByteView stream_;
  const PixelLayout& layout_;
  std::vector<Segment> segments_;
  std::optional<Frame> frame_;
  std::vector<bool> scanned_;                                     ///< by component
  std::map<std::uint64_t, std::vector<TableDefinition>> tables_;  ///< by their segment's place
  std::map<std::uint32_t, TableDefinition*> current_;             ///< by marker and number
  const Segment* restart_ = nullptr;
  const Segment* preset_ = nullptr;
  std::vector<const Segment*> used_settings_;
  std::vector<ScanSetup> scans_;
  std::size_t written_scans_ = 0;
  bool wrote_jfif_ = false;
  bool wrote_adobe_ = false;
  bool wrote_transform_ = false;
  EditedStream out_;
};

}  // namespace

CleanedStream clean_jpeg(ByteView stream, const PixelLayout& layout) {
  return JpegCleaner(stream, layout).clean();
}

}  // namespace sekisho::imaging
