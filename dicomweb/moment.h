// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/dicom/vr.h"

namespace sekisho::dicomweb {

/// How far a clock is ahead of UTC.
using UtcOffset = std::chrono::minutes;

/// "+0900" (PS3.3 §C.12.1.1.8), from -1200 to +1400; `nullopt` for what is none.
std::optional<UtcOffset> parse_utc_offset(std::string_view text);

/// A value of DA, TM or DT as digits that compare as text: 8 of a date, 12 of a time (microseconds
/// last), 20 of both. What is not given is as early as can be.
struct Moment {
  std::string digits;
  std::size_t given = 0;            ///< so many of the digits stood there
  std::optional<UtcOffset> offset;  ///< of a DT that says it

  /// `nullopt` for what is no moment. The old spellings 2024.01.31 and 12:30 are read too.
  static std::optional<Moment> read(std::string_view text, core::dicom::Vr vr);
  /// A date and the time of it, which may be unknown, as one.
  static Moment join(const Moment& date, const std::optional<Moment>& time);
};

/// What a clock that is `by` ahead shows at `moment`, which is of 20 digits, or 12: then the time
/// of day. One of which no hour is given, or that no calendar has, is shown as it is.
Moment shifted(Moment moment, UtcOffset by);

/// What is asked of a date or time: one value or a range (PS3.4 §C.2.2.2.1, §C.2.2.2.5). One that
/// is less precise than it could be spans all that it leaves open. An immutable value.
class MomentRange {
 public:
  enum class Form { single, between, from, until };

  /// `nullopt` for what is no date, time or range of them.
  static std::optional<MomentRange> parse(std::string_view text, core::dicom::Vr vr);
  /// The range of a DT that two of the same form are together (PS3.4 §C.2.2.2.5.4).
  static MomentRange join(const MomentRange& date, const MomentRange& time);

  Form form() const { return form_; }
  bool contains(const Moment& moment) const;
  /// The same by two clocks: `here` is the offset of the range where it says none itself, `there`
  /// that of the moment. Where one of the two is unknown, both are of one clock.
  bool contains(const Moment& moment, std::optional<UtcOffset> here,
                std::optional<UtcOffset> there) const;

 private:
  struct Bound {
    std::string digits;
    std::optional<UtcOffset> offset;
  };
  MomentRange(Form form, Bound first, Bound last)
      : form_(form), first_(std::move(first)), last_(std::move(last)) {}

  Form form_;
  Bound first_;
  Bound last_;
};

}  // namespace sekisho::dicomweb
