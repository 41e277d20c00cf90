// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/jpeg_coded_data.h"

#include <algorithm>
#include <array>

namespace sekisho::imaging::jpeg {
namespace {

using core::Byte;
using core::ByteView;

/// The bits of one interval between markers; 0xFF 0x00 is the byte 0xFF (T.81 §B.1.1.5).
class BitReader {
 public:
  explicit BitReader(ByteView bytes) : bytes_(bytes) {}

  /// At least 16 bits from the front, zeros behind the last.
  std::uint32_t peek16() {
    if (count_ < 16) fill();
    return static_cast<std::uint32_t>(bits_ >> 48U);
  }
  /// `count` at most 16. Taking more than there are is remembered.
  void skip(std::uint32_t count) {
    if (count_ < count) {
      fill();
      if (count_ < count) {
        is_over_ = true;
        count_ = 0;
        bits_ = 0;
        return;
      }
    }
    bits_ <<= count;
    count_ -= count;
  }
  bool is_over() const { return is_over_; }

  /// Where the first byte is of which no bit was taken.
  std::size_t consumed() const {
    std::size_t at = at_;
    for (std::uint32_t unread = count_ / 8; unread > 0; --unread) {
      const bool is_stuffed = at >= 2 && bytes_[at - 1] == 0 && bytes_[at - 2] == 0xFF;
      at -= is_stuffed ? 2 : 1;
    }
    return at;
  }

 private:
  void fill() {
    while (count_ <= 56 && at_ < bytes_.size()) {
      const Byte byte = bytes_[at_];
      at_ += byte == 0xFF ? 2 : 1;
      bits_ |= std::uint64_t{byte} << (56 - count_);
      count_ += 8;
    }
    at_ = std::min(at_, bytes_.size());
  }

  ByteView bytes_;
  std::size_t at_ = 0;
  std::uint64_t bits_ = 0;
  std::uint32_t count_ = 0;
  bool is_over_ = false;
};

/// Finds codes of up to 16 bits (T.81 Annex C).
class Codes {
 public:
  explicit Codes(const HuffmanTable& table) : values_(table.values) {
    std::uint32_t code = 0;
    std::uint32_t value = 0;
    for (std::uint32_t length = 1; length <= 16; ++length) {
      const std::uint32_t count = table.counts.at(length - 1);
      first_.at(length) = value - code;
      for (std::uint32_t i = 0; i < count; ++i, ++code, ++value) {
        if (length <= kQuickBits) fill_quick(code, length, values_[value]);
      }
      limit_.at(length) = code << (16 - length);
      code <<= 1U;
    }
  }

  /// The value of the next code, or -1.
  int next(BitReader& bits) const {
    const std::uint32_t ahead = bits.peek16();
    const Quick quick = quick_[ahead >> (16 - kQuickBits)];
    if (quick.length != 0) {
      bits.skip(quick.length);
      return quick.value;
    }
    for (std::uint32_t length = kQuickBits + 1; length <= 16; ++length) {
      if (ahead >= limit_[length]) continue;
      bits.skip(length);
      return values_[(ahead >> (16 - length)) + first_[length]];
    }
    return -1;
  }

 private:
  static constexpr std::uint32_t kQuickBits = 9;
  struct Quick {
    Byte length = 0;
    Byte value = 0;
  };
  void fill_quick(std::uint32_t code, std::uint32_t length, Byte value) {
    const std::uint32_t begin = code << (kQuickBits - length);
    std::fill_n(quick_.begin() + begin, 1U << (kQuickBits - length),
                Quick{static_cast<Byte>(length), value});
  }

  ByteView values_;
  std::array<Quick, 1U << kQuickBits> quick_{};
  std::array<std::uint32_t, 17> first_{};  ///< from a code of that length to its value's place
  std::array<std::uint32_t, 17> limit_{};  ///< codes below, written in 16 bits, have that length
};

/// One component's share of the scan.
struct Plane {
  Codes dc;
  Codes ac;
  std::uint32_t units;  ///< in each MCU
};

/// One sample's difference (T.81 §H.1.2.2). False: no such code.
bool read_difference(BitReader& bits, const Codes& codes) {
  const int category = codes.next(bits);
  if (category < 0) return false;
  if (category > 0 && category < 16) bits.skip(static_cast<std::uint32_t>(category));
  return true;
}

/// One block of 64 coefficients (T.81 §F.2.2).
bool read_block(BitReader& bits, const Plane& plane) {
  const int category = plane.dc.next(bits);
  if (category < 0 || category > 15) return false;
  bits.skip(static_cast<std::uint32_t>(category));
  constexpr std::uint32_t kZeroRun = 15;
  for (std::uint32_t k = 1; k < 64; ++k) {
    const int symbol = plane.ac.next(bits);
    if (symbol < 0) return false;
    const std::uint32_t run = static_cast<std::uint32_t>(symbol) >> 4U;
    const std::uint32_t size = static_cast<std::uint32_t>(symbol) & 0xFU;
    if (size == 0 && run != kZeroRun) return true;  // end of block
    k += run;
    if (k > 63) return false;
    bits.skip(size);
  }
  return true;
}

std::uint64_t divided_up(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

/// How many MCUs the scan has (T.81 §A.2).
std::uint64_t mcus_of(const Frame& frame, const Scan& scan) {
  std::uint32_t most_horizontal = 1;
  std::uint32_t most_vertical = 1;
  for (const Component& each : frame.components) {
    most_horizontal = std::max(most_horizontal, each.horizontal);
    most_vertical = std::max(most_vertical, each.vertical);
  }
  const std::uint32_t unit = frame.is_lossless() ? 1 : 8;
  if (scan.parts.size() > 1) {
    return divided_up(frame.columns, std::uint64_t{unit} * most_horizontal) *
           divided_up(frame.lines, std::uint64_t{unit} * most_vertical);
  }
  const Component& only = frame.components[scan.parts.front().component];
  const std::uint64_t columns =
      divided_up(std::uint64_t{frame.columns} * only.horizontal, most_horizontal);
  const std::uint64_t lines = divided_up(std::uint64_t{frame.lines} * only.vertical, most_vertical);
  return divided_up(columns, unit) * divided_up(lines, unit);
}

enum class IntervalEnd : std::uint8_t { whole, early, damaged };

IntervalEnd read_interval(BitReader& bits, std::span<const Plane> planes, bool is_lossless,
                          std::uint64_t mcus) {
  for (std::uint64_t i = 0; i < mcus; ++i) {
    for (const Plane& plane : planes) {
      for (std::uint32_t unit = 0; unit < plane.units; ++unit) {
        const bool is_sound =
            is_lossless ? read_difference(bits, plane.dc) : read_block(bits, plane);
        if (bits.is_over()) return IntervalEnd::early;
        if (!is_sound) return IntervalEnd::damaged;
      }
    }
  }
  return IntervalEnd::whole;
}

/// Where the interval ends that begins at `at`: at a restart marker, or with the data.
std::uint64_t end_of_interval(ByteView stream, std::uint64_t at, std::uint64_t end) {
  for (; at + 1 < end; ++at) {
    if (stream[at] != 0xFF) continue;
    if (stream[at + 1] >= kFirstRestart && stream[at + 1] <= kLastRestart) return at;
    ++at;
  }
  return end;
}

}  // namespace

bool keep_coded_data(ByteView stream, const Frame& frame, const Scan& scan,
                     std::span<const PartTables> tables, const CodedData& data, EditedStream& out) {
  std::vector<Plane> planes;
  for (std::size_t i = 0; i < scan.parts.size(); ++i) {
    const Component& component = frame.components[scan.parts[i].component];
    // Alone in a scan, a component is coded block by block, whatever its sampling (T.81 §A.2.2).
    const std::uint32_t units =
        scan.parts.size() > 1 ? component.horizontal * component.vertical : 1;
    planes.push_back({Codes(tables[i].dc), Codes(tables[i].ac), units});
  }
  std::uint64_t left = mcus_of(frame, scan);
  std::uint64_t at = data.begin;
  for (std::uint32_t number = 0; left > 0; ++number) {
    const std::uint64_t mcus =
        data.restart_interval == 0 ? left : std::min<std::uint64_t>(left, data.restart_interval);
    const std::uint64_t end = end_of_interval(stream, at, data.end);
    const bool is_last = left == mcus;
    if (is_last != (end == data.end)) return false;
    BitReader bits(stream.subspan(at, end - at));
    const IntervalEnd how = read_interval(bits, planes, frame.is_lossless(), mcus);
    if (how == IntervalEnd::damaged) return false;
    out.keep(at, at + bits.consumed());
    left -= mcus;
    if (is_last) break;
    if (stream[end + 1] != kFirstRestart + number % 8) return false;
    out.keep(end, end + 2);
    at = end + 2;
  }
  return true;
}

}  // namespace sekisho::imaging::jpeg
