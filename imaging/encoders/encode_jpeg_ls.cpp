// SPDX-License-Identifier: GPL-3.0-or-later
// JPEG-LS without loss, as ITU-T T.87 has it: Annex A is the procedure, its names are kept here.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "core/dicom/element_header.h"
#include "imaging/encoders/frame_encoder.h"

namespace sekisho::imaging {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;

/// Bits from the highest on; behind a byte of ones one bit is 0 (§C.2.1, Annex A.1).
class BitWriter {
 public:
  explicit BitWriter(Bytes& out) : out_(out) {}

  /// The lowest `count` bits of `value`, at most 32.
  void put(std::uint32_t value, int count) {
    while (count > 0) {
      const int taken = std::min(count, room_);
      const std::uint32_t bits = value >> (count - taken) & ((1U << taken) - 1);
      byte_ = byte_ << taken | bits;
      count -= taken;
      room_ -= taken;
      if (room_ == 0) flush();
    }
  }
  void put_zeros(int count) {
    for (; count > 16; count -= 16) put(0, 16);
    put(0, count);
  }
  /// Fills the last byte with zeros; none of ones stands before a marker.
  void finish() {
    if (is_behind_ones_ || room_ != 8) put(0, room_);
  }

 private:
  void flush() {
    out_.push_back(static_cast<Byte>(byte_));
    is_behind_ones_ = byte_ == 0xFF;
    room_ = is_behind_ones_ ? 7 : 8;
    byte_ = 0;
  }

  Bytes& out_;
  std::uint32_t byte_ = 0;
  int room_ = 8;  ///< bits that the byte still takes
  bool is_behind_ones_ = false;
};

/// The lines of all components of one scan, with NEAR 0 and the default thresholds of §C.2.4.1.1.
class Coder {
 public:
  Coder(int bits, std::uint32_t columns, std::uint32_t components, Bytes& out)
      : writer_(out),
        bits_(bits),
        range_(1 << bits),
        limit_(2 * (bits + std::max(8, bits))),
        columns_(columns),
        lines_(components) {
    const int factor = (std::min(range_ - 1, 4095) + 128) / 256;
    thresholds_ = {factor * (3 - 2) + 2, factor * (7 - 3) + 3, factor * (21 - 4) + 4};
    contexts_.fill({std::max(2, (range_ + 32) / 64), 0, 0, 1});
    for (Line& line : lines_) line.above.assign(std::size_t{columns} + 2, 0);
    for (Line& line : lines_) line.current.assign(std::size_t{columns} + 2, 0);
  }

  /// Where the samples of the next line of a component go, from index 1 on.
  std::vector<int>& line(std::uint32_t component) { return lines_[component].current; }

  void encode_line(std::uint32_t component) {
    Line& line = lines_[component];
    // §A.2.1: beyond the ends of a line stands what is above or beside.
    line.current[0] = line.above[1];
    line.above[std::size_t{columns_} + 1] = line.above[columns_];
    for (std::size_t x = 1; x <= columns_;) {
      const int a = line.current[x - 1];
      const int b = line.above[x];
      const int c = line.above[x - 1];
      const int d = line.above[x + 1];
      const int q = 81 * quantized(d - b) + 9 * quantized(b - c) + quantized(c - a);
      x += q == 0 ? encode_run(line, x) : encode_regular(line.current[x], a, b, c, q);
    }
    std::swap(line.above, line.current);
  }

  void finish() { writer_.finish(); }

 private:
  struct Context {
    int a;  ///< sum of magnitudes; of run interruption too
    int b;  ///< bias; of run interruption: how many were negative
    int c;  ///< correction
    int n;  ///< occurrences
  };
  struct Line {
    std::vector<int> above;
    std::vector<int> current;
    int run_index = 0;  ///< each component has its own (Annex B.2)
  };

  static constexpr int kReset = 64;
  static constexpr std::size_t kInterruption = 365;  ///< and the one behind it
  static constexpr std::array<int, 32> kJ = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,  2,  3,  3,  3,  3,
                                             4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15};

  /// §A.3.3
  int quantized(int gradient) const {
    const int size = std::abs(gradient);
    if (size == 0) return 0;
    const int region = size < thresholds_[0]   ? 1
                       : size < thresholds_[1] ? 2
                       : size < thresholds_[2] ? 3
                                               : 4;
    return gradient < 0 ? -region : region;
  }

  /// §A.4.5: the residue of least size.
  int reduced(int error) const {
    if (error < 0) error += range_;
    return error >= (range_ + 1) / 2 ? error - range_ : error;
  }

  /// §A.5.3
  void put_golomb(std::uint32_t mapped, int k, int limit) {
    const int high = static_cast<int>(mapped >> k);
    if (high < limit - bits_ - 1) {
      writer_.put_zeros(high);
      writer_.put(1, 1);
      writer_.put(mapped & ((1U << k) - 1), k);
    } else {
      writer_.put_zeros(limit - bits_ - 1);
      writer_.put(1, 1);
      writer_.put(mapped - 1, bits_);
    }
  }

  /// §A.4 to §A.6. Always one sample.
  std::size_t encode_regular(int sample, int a, int b, int c, int q) {
    const int sign = q < 0 ? -1 : 1;
    Context& context = contexts_[static_cast<std::size_t>(std::abs(q))];
    const int edge = c >= std::max(a, b)   ? std::min(a, b)
                     : c <= std::min(a, b) ? std::max(a, b)
                                           : a + b - c;
    const int predicted = std::clamp(edge + sign * context.c, 0, range_ - 1);
    const int error = reduced(sign * (sample - predicted));
    int k = 0;
    while (context.n << k < context.a) ++k;
    const bool is_turned = k == 0 && 2 * context.b <= -context.n;
    const int mapped = is_turned ? (error >= 0 ? 2 * error + 1 : -2 * (error + 1))
                                 : (error >= 0 ? 2 * error : -2 * error - 1);
    put_golomb(static_cast<std::uint32_t>(mapped), k, limit_);
    update(context, error);
    return 1;
  }

  static void update(Context& context, int error) {
    context.b += error;
    context.a += std::abs(error);
    if (context.n == kReset) {
      context.a >>= 1;
      context.b >>= 1;
      context.n >>= 1;
    }
    ++context.n;
    if (context.b <= -context.n) {
      context.b = std::max(context.b + context.n, 1 - context.n);
      context.c = std::max(context.c - 1, -128);
    } else if (context.b > 0) {
      context.b = std::min(context.b - context.n, 0);
      context.c = std::min(context.c + 1, 127);
    }
  }

  /// §A.7. How many samples it was.
  std::size_t encode_run(Line& line, std::size_t x) {
    const int value = line.current[x - 1];
    std::size_t end = x;
    while (end <= columns_ && line.current[end] == value) ++end;
    std::size_t left = end - x;
    int& index = line.run_index;
    while (left >= std::size_t{1} << kJ[static_cast<std::size_t>(index)]) {
      writer_.put(1, 1);
      left -= std::size_t{1} << kJ[static_cast<std::size_t>(index)];
      index = std::min(index + 1, 31);
    }
    if (end > columns_) {
      if (left > 0) writer_.put(1, 1);
      return end - x;
    }
    const int j = kJ[static_cast<std::size_t>(index)];
    writer_.put(0, 1);
    writer_.put(static_cast<std::uint32_t>(left), j);
    encode_interruption(line.current[end], value, line.above[end], limit_ - j - 1);
    index = std::max(index - 1, 0);
    return end - x + 1;
  }

  /// §A.7.2
  void encode_interruption(int sample, int a, int b, int limit) {
    const int type = a == b ? 1 : 0;
    Context& context = contexts_[kInterruption + static_cast<std::size_t>(type)];
    const int sign = type == 0 && a > b ? -1 : 1;
    const int error = reduced(sign * (sample - (type == 1 ? a : b)));
    const int weight = type == 1 ? context.a + (context.n >> 1) : context.a;
    int k = 0;
    while (context.n << k < weight) ++k;
    const bool is_mapped = (k == 0 && error > 0 && 2 * context.b < context.n) ||
                           (error < 0 && (2 * context.b >= context.n || k != 0));
    const int mapped = 2 * std::abs(error) - type - (is_mapped ? 1 : 0);
    put_golomb(static_cast<std::uint32_t>(mapped), k, limit);
    if (error < 0) ++context.b;
    context.a += (mapped + 1 - type) >> 1;
    if (context.n == kReset) {
      context.a >>= 1;
      context.b >>= 1;
      context.n >>= 1;
    }
    ++context.n;
  }

  BitWriter writer_;
  const int bits_;
  const int range_;
  const int limit_;
  const std::uint32_t columns_;
  std::array<int, 3> thresholds_{};
  std::array<Context, kInterruption + 2> contexts_{};
  std::vector<Line> lines_;
};

void put16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<Byte>(value >> 8));
  out.push_back(static_cast<Byte>(value));
}

/// §C.2.2, §C.2.3: without thresholds, which are the default ones, and without a word more.
Bytes headers(const ImageShape& shape) {
  Bytes out;
  put16(out, 0xFFD8);
  put16(out, 0xFFF7);
  put16(out, 8 + 3 * shape.samples);
  out.push_back(static_cast<Byte>(shape.bits_allocated));
  put16(out, shape.rows);
  put16(out, shape.columns);
  out.push_back(static_cast<Byte>(shape.samples));
  for (std::uint32_t i = 1; i <= shape.samples; ++i) {
    out.insert(out.end(), {static_cast<Byte>(i), Byte{0x11}, Byte{0}});
  }
  put16(out, 0xFFDA);
  put16(out, 6 + 2 * shape.samples);
  out.push_back(static_cast<Byte>(shape.samples));
  for (std::uint32_t i = 1; i <= shape.samples; ++i) {
    out.insert(out.end(), {static_cast<Byte>(i), Byte{0}});
  }
  // NEAR is 0; components are interleaved line by line.
  out.insert(out.end(), {Byte{0}, static_cast<Byte>(shape.samples > 1 ? 1 : 0), Byte{0}});
  return out;
}

}  // namespace

Encoded encode_jpeg_ls(ByteView cells, const ImageShape& shape) {
  const std::size_t cell = shape.bytes_per_sample();
  Bytes stream = headers(shape);
  // All bits of a cell, whatever they are for: JPEG-LS knows no sign.
  Coder coder(static_cast<int>(shape.bits_allocated), shape.columns, shape.samples, stream);
  const Byte* row = cells.data();
  for (std::uint32_t y = 0; y < shape.rows; ++y) {
    for (std::uint32_t component = 0; component < shape.samples; ++component) {
      std::vector<int>& line = coder.line(component);
      for (std::size_t x = 0; x < shape.columns; ++x) {
        const Byte* const at = row + (x * shape.samples + component) * cell;
        line[x + 1] = cell == 1 ? *at : core::dicom::read16(at, core::dicom::ByteOrder::little);
      }
      coder.encode_line(component);
    }
    row += std::size_t{shape.columns} * shape.samples * cell;
  }
  coder.finish();
  put16(stream, 0xFFD9);
  return stream;
}

}  // namespace sekisho::imaging
