// SPDX-License-Identifier: GPL-3.0-or-later
// mask_file PROFILE IN OUT: what a share with this profile and a fixed key would show of the file,
// its series approved by staff, for tests that let other programs read it. Ends with 3 for what
// the share would not show.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <string_view>

#include "anonymization/pixels/release.h"
#include "core/dicom/checked_file.h"

namespace {

using namespace sekisho;
using core::Bytes;
using core::dicom::CheckedFile;

constexpr int kRefused = 3;
constexpr int kWrongUse = 2;

Bytes content_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  file.exceptions(std::ios::badbit | std::ios::failbit);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

Bytes bytes_of(const anonymization::Masked& masked) {
  Bytes all(masked.size_bytes());
  const std::size_t head = masked.head().size();
  std::ranges::copy(masked.head(), all.begin());
  masked.pixels().read(0, std::span(all).subspan(head, masked.pixel_size()));
  std::ranges::copy(masked.tail(), std::span(all).subspan(head + masked.pixel_size()).begin());
  return all;
}

void write(const char* path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.exceptions(std::ios::badbit | std::ios::failbit);
  std::ranges::copy(core::as_text(bytes), std::ostreambuf_iterator<char>(file));
}

int mask_file(std::string_view request, const char* in, const char* out) {
  const auto profile = anonymization::resolve_profile(request);
  if (const auto* problem = std::get_if<std::string>(&profile)) {
    std::cerr << *problem << '\n';
    return kWrongUse;
  }
  const auto checked = CheckedFile::check_or_mend(core::StoredFile::in_memory(content_of(in)));
  const auto* file = std::get_if<CheckedFile>(&checked);
  if (!file) return kRefused;
  const anonymization::Pseudonyms share(Bytes(32, 7));
  const auto released = anonymization::release(*file, std::get<anonymization::Profile>(profile),
                                               share, {}, anonymization::Approval::by_staff);
  const auto* masked = std::get_if<anonymization::Masked>(&released);
  if (!masked) return kRefused;
  write(out, bytes_of(*masked));
  return 0;
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 4) {
    std::cerr << "mask_file PROFILE IN OUT\n";
    return kWrongUse;
  }
  return mask_file(arguments[1], arguments[2], arguments[3]);
} catch (const std::exception& trouble) {
  std::cerr << trouble.what() << '\n';
  return 1;
}
