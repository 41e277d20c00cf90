// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "anonymization/masking/mask.h"
#include "core/dicom/checked_file.h"
#include "support/dicom_builder.h"

namespace sekisho::anonymization::tests {

using core::Byte;
using core::Bytes;
using core::ByteView;
using core::dicom::CheckedFile;
using core::dicom::Tag;
using core::dicom::Vr;
using sekisho::tests::DatasetBuilder;
using sekisho::tests::Length;

inline constexpr std::string_view kCtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
inline constexpr std::string_view kInstance = "1.2.826.0.1.3680043.9.1.3";

inline Profile profile_of(std::string_view request) {
  auto answer = resolve_profile(request);
  if (const auto* problem = std::get_if<std::string>(&answer)) ADD_FAILURE() << *problem;
  return std::get<Profile>(std::move(answer));
}
inline const Profile& basic() {
  static const Profile profile = profile_of(R"("ps3.15-basic")");
  return profile;
}
inline const Profile& all_fields() {
  static const Profile profile = profile_of(R"("patient-fields")");
  return profile;
}
inline const Pseudonyms& a_share() {
  static const Pseudonyms pseudonyms(Bytes(32, 1));
  return pseudonyms;
}
inline const Pseudonyms& another_share() {
  static const Pseudonyms pseudonyms(Bytes(32, 2));
  return pseudonyms;
}

inline CheckedFile checked(Bytes part10) {
  auto file = CheckedFile::check(core::StoredFile::in_memory(std::move(part10)));
  if (const auto* defect = std::get_if<core::dicom::Defect>(&file)) {
    throw std::logic_error("the test's file is refused: " + std::string(defect->reason));
  }
  return std::get<CheckedFile>(std::move(file));
}

/// All of it, as it would leave.
inline Bytes bytes_of(const Masked& masked) {
  Bytes all(masked.size_bytes());
  const std::span<Byte> out(all);
  std::ranges::copy(masked.head(), out.begin());
  const std::size_t tail = masked.head().size() + masked.pixel_size();
  masked.pixels().read(0, out.subspan(masked.head().size(), masked.pixel_size()));
  std::ranges::copy(masked.tail(), out.subspan(tail).begin());
  return all;
}

inline Bytes masked_bytes(const Bytes& part10, const Profile& profile = basic(),
                          const Pseudonyms& pseudonyms = a_share()) {
  return bytes_of(mask(checked(part10), profile, pseudonyms));
}

inline bool contains(ByteView bytes, std::string_view text) {
  return core::as_text(bytes).find(text) != std::string_view::npos;
}

/// The value of the first element of that tag at the top level, padding dropped; "absent".
inline std::string value_in(const Bytes& part10, Tag wanted) {
  const CheckedFile file = checked(part10);
  core::dicom::Walker walker(file.header(), file.transfer_syntax().vr,
                             file.transfer_syntax().order);
  for (auto token = walker.next(); token.kind != core::dicom::Token::Kind::end;
       token = walker.next()) {
    if (token.depth != 0 || token.tag != wanted) continue;
    if (token.kind == core::dicom::Token::Kind::sequence_begin) return "sequence";
    std::string text(core::as_text(token.value));
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
    return text;
  }
  return "absent";
}

}  // namespace sekisho::anonymization::tests
