// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/stored_file.h"

namespace sekisho::plugin {

/// Orthanc's default storage area, one file for each attachment (1.10.1 to 1.13.0):
/// root/uuid[0:2]/uuid[2:4]/uuid. Any thread may call.
class StorageArea {
 public:
  explicit StorageArea(std::filesystem::path root) : root_(std::move(root)) {}

  /// `nullopt` if there is no such regular file of exactly this size: deleted, compressed (an
  /// attachment that was stored while compression was on), or kept elsewhere.
  std::optional<core::StoredFile> open(std::string_view uuid, std::uint64_t size_bytes) const;

 private:
  std::filesystem::path root_;
};

}  // namespace sekisho::plugin
