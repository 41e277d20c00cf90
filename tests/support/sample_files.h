// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "core/bytes.h"

namespace sekisho::tests {

/// The DICOM files that come with Debian's python3-pydicom; empty where it is not installed.
inline std::vector<std::filesystem::path> sample_files() {
  const std::filesystem::path folder = "/usr/lib/python3/dist-packages/pydicom/data";
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".dcm") files.push_back(entry);
  }
  return files;
}

inline core::Bytes content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return core::Bytes(std::istreambuf_iterator<char>(file), {});
}

}  // namespace sekisho::tests
