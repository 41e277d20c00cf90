// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/words_in_numbers.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "anonymization/masking/replacement.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::ByteView;
using core::dicom::ByteOrder;
using core::dicom::Vr;

constexpr std::size_t kShortBytes = 64;
constexpr std::size_t kShortRun = 6;
constexpr std::size_t kLongRun = 16;
constexpr int kKindsOfLetters = 4;  // decimals repeat bytes: 12.9 as FL is "ffNA"
constexpr std::size_t kFloatBytes = 4;
constexpr std::size_t kDoubleBytes = 8;

bool is_letter(Byte byte) {
  const auto lower = static_cast<Byte>(byte | 0x20);
  return lower >= 'a' && lower <= 'z';
}
bool is_printable(Byte byte) { return byte >= 0x20 && byte <= 0x7E; }

/// The 26 letters, whatever their case, as bits.
std::uint32_t bit_of(Byte letter) { return 1U << ((letter | 0x20) - 'a'); }
int kinds_in(std::uint32_t letters) { return __builtin_popcount(letters); }

bool is_float(Vr vr) { return vr == Vr::FL || vr == Vr::OF; }
bool is_double(Vr vr) { return vr == Vr::FD || vr == Vr::OD; }

/// Sign and exponent of an IEEE 754 number.
Byte top_byte(ByteView number, ByteOrder order) {
  return order == ByteOrder::little ? number.back() : number.front();
}

/// 2^-15 to 2^17, what machines measure, of either sign: such a double holds seven letters at most,
/// and fewer by chance.
bool is_ordinary(Byte top_of_double) {
  const auto magnitude = static_cast<Byte>(top_of_double & 0x7F);
  return magnitude == 0x3F || magnitude == 0x40;
}

/// Whether a single number is printable, and of no size that is measured.
bool is_word(Vr vr, ByteView number, ByteOrder order) {
  if (!std::ranges::all_of(number, is_printable)) return false;
  const Byte top = top_byte(number, order);
  constexpr Byte kTooGreatForAFloat = 0x4D;  // 2^27
  if (is_float(vr)) return top >= kTooGreatForAFloat;
  return !is_ordinary(top) && top != 'A';  // 2^17 to 2^33
}

/// Follows the letters through the bytes of a value.
class Run {
 public:
  explicit Run(std::size_t long_enough) : long_enough_(long_enough) {}
  void letter(Byte byte) {
    ++length_;
    kinds_ |= bit_of(byte);
    found_ |= length_ >= long_enough_ && kinds_in(kinds_) >= kKindsOfLetters;
  }
  void end() {
    length_ = 0;
    kinds_ = 0;
  }
  bool found() const { return found_; }

 private:
  std::size_t long_enough_;
  std::size_t length_ = 0;
  std::uint32_t kinds_ = 0;
  bool found_ = false;
};

/// The mantissas of .4 and .9 are a row of 0x66, 'f'.
bool is_of_a_fraction(ByteView value, std::size_t at) {
  const bool is_repeated =
      (at > 0 && value[at - 1] == 'f') || (at + 1 < value.size() && value[at + 1] == 'f');
  return value[at] == 'f' && is_repeated;
}

bool has_run_of_letters(Vr vr, ByteView value, ByteOrder order) {
  Run run(value.size() <= kShortBytes ? kShortRun : kLongRun);
  const bool is_floating = is_float(vr) || is_double(vr);
  for (std::size_t at = 0; at < value.size() && !run.found(); ++at) {
    if (is_double(vr) && at % kDoubleBytes == 0) {
      const ByteView number = value.subspan(at, kDoubleBytes);
      const ByteView mantissa =
          order == ByteOrder::little ? number.first(kDoubleBytes - 1) : number.subspan(1);
      if (is_ordinary(top_byte(number, order)) && !std::ranges::all_of(mantissa, is_letter)) {
        run.end();
        at += kDoubleBytes - 1;
        continue;
      }
    }
    if (is_letter(value[at]) && !(is_floating && is_of_a_fraction(value, at))) {
      run.letter(value[at]);
    } else {
      run.end();
    }
  }
  return run.found();
}

bool has_word(Vr vr, ByteView value, ByteOrder order) {
  const std::size_t size = is_float(vr) ? kFloatBytes : kDoubleBytes;
  for (std::size_t at = 0; at + size <= value.size(); at += size) {
    if (is_word(vr, value.subspan(at, size), order)) return true;
  }
  return false;
}

/// Trailing zeroes aside.
bool is_printable_throughout(ByteView value) {
  constexpr std::size_t kTooFew = 24;
  while (!value.empty() && value.back() == 0) value = value.first(value.size() - 1);
  if (value.size() < kTooFew) return false;
  const auto printable = static_cast<std::size_t>(std::ranges::count_if(value, is_printable));
  return printable >= value.size() - value.size() / 8;
}

}  // namespace

bool reads_as_words(Vr vr, ByteView value, ByteOrder order) {
  if (value.size() < kShortRun && !is_float(vr)) return false;
  const bool is_floating = is_float(vr) || is_double(vr);
  if (is_floating && has_word(vr, value, order)) return true;
  // A few decimals of ordinary size are printable by chance: 12.2 as FL is "33CA".
  if ((!is_floating || value.size() > 4 * kShortBytes) && is_printable_throughout(value))
    return true;
  const bool may_be_a_ramp = unit_size(vr) == 2 && value.size() > kShortBytes;
  return !may_be_a_ramp && has_run_of_letters(vr, value, order);
}

bool table_reads_as_words(ByteView value) {
  const bool is_short = value.size() <= kShortBytes;
  return is_printable_throughout(value) ||
         (is_short && has_run_of_letters(Vr::OB, value, ByteOrder::little));
}

}  // namespace sekisho::anonymization
