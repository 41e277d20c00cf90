// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the file is, the masker agrees with the DCMTK masker or both refuse; what it makes can
// be read, and masking it again changes nothing.
#include <cstdlib>
#include <optional>
#include <vector>

#include "anonymization/masking/mask.h"
#include "anonymization/masking/masked_dataset.h"
#include "core/stored_file.h"
#include "oracle/canonical.h"
#include "oracle/dcmtk_masker.h"
#include "support/profiles.h"

namespace {

using namespace sekisho;
using anonymization::Masked;
using anonymization::MaskError;
using anonymization::Part;
using anonymization::Profile;
using core::Bytes;
using core::dicom::CheckedFile;

void require(bool ok) {
  if (!ok) std::abort();
}

const std::vector<Profile> kProfiles = sekisho::tests::every_profile();
const anonymization::Pseudonyms kShare(Bytes(32, 7));

std::optional<std::string> canonical_of(const core::dicom::TransferSyntax& syntax, auto masker) {
  try {
    return oracle::canonical(masker(), syntax);
  } catch (const MaskError&) {
    return std::nullopt;
  }
}

void compare(const CheckedFile& file, const Profile& profile) {
  const auto& syntax = file.transfer_syntax();
  const auto ours = canonical_of(syntax, [&] {
    core::ByteBuffer out(file.header().size());
    anonymization::append_masked(out, file.header(), file.header_steps(), syntax, Part::header,
                                 profile, kShare);
    return out.copy();
  });
  const auto theirs = canonical_of(syntax, [&] {
    return oracle::mask_dataset(file.header(), syntax, Part::header, profile, kShare).bytes;
  });
  require(ours == theirs);
}

Bytes bytes_of(const Masked& masked) {
  Bytes all(masked.head().begin(), masked.head().end());
  const std::size_t begin = all.size();
  all.resize(begin + masked.pixel_size());
  masked.pixels().read(0, std::span(all).subspan(begin));
  all.insert(all.end(), masked.tail().begin(), masked.tail().end());
  return all;
}

void mask_twice(const CheckedFile& file, const Profile& profile) {
  std::optional<Bytes> once;
  try {
    once = bytes_of(anonymization::mask(file, profile, kShare));
  } catch (const MaskError&) {
    return;
  }
  const auto again = CheckedFile::check(core::StoredFile::borrowed(*once, nullptr));
  const auto* sound = std::get_if<CheckedFile>(&again);
  require(sound != nullptr);
  require(bytes_of(anonymization::mask(*sound, profile, kShare)) == *once);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto result = CheckedFile::check(core::StoredFile::borrowed({data, size}, nullptr));
  const auto* file = std::get_if<CheckedFile>(&result);
  if (!file) return 0;
  for (const Profile& profile : kProfiles) {
    compare(*file, profile);
    mask_twice(*file, profile);
  }
  return 0;
}
