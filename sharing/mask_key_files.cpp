// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/mask_key_files.h"

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "core/file.h"
#include "core/key_file.h"

namespace sekisho::sharing {
namespace {

constexpr std::size_t kKeyBytes = 32;

[[noreturn]] void refuse(const std::string& what) {
  throw MaskKeyError(
      what +
      ". Without the right mask.key the pseudonyms of shares cannot be told: restore "
      "the whole data directory from one backup.");
}

void require(const std::optional<core::KeyFileProblem>& problem) {
  if (problem) refuse(problem->text);
}

WrappingKey read(const std::filesystem::path& file) {
  auto found = core::read_key_file(file);
  if (const auto* problem = std::get_if<core::KeyFileProblem>(&found)) refuse(problem->text);
  return WrappingKey(std::get<core::Secret>(std::move(found)));
}

bool holds(const std::filesystem::path& file, const core::Bits128& id) {
  auto found = core::read_key_file(file);
  auto* key = std::get_if<core::Secret>(&found);
  return key != nullptr && WrappingKey(std::move(*key)).id() == id;
}

}  // namespace

WrappingKey first_mask_key(const SharingPlace& place) {
  if (!std::filesystem::exists(std::filesystem::symlink_status(place.mask_key))) {
    next_mask_key(place);
    require(core::replace_key_file(place.next_mask_key, place.mask_key));
  }
  return read(place.mask_key);
}

WrappingKey next_mask_key(const SharingPlace& place) {
  discard_next_mask_key(place);
  core::Secret key = core::Secret::random(kKeyBytes);
  require(core::create_key_file(place.next_mask_key, core::key_line(key)));
  return WrappingKey(std::move(key));
}

WrappingKey named_mask_key(const SharingPlace& place, const core::Bits128& id) {
  if (holds(place.next_mask_key, id)) {
    require(core::replace_key_file(place.next_mask_key, place.mask_key));
  }
  WrappingKey key = read(place.mask_key);
  if (key.id() != id) refuse("mask.key is not the key that wrapped the keys in sharing.db");
  return key;
}

void discard_next_mask_key(const SharingPlace& place) {
  // One that stays all the same is met again when the next is made.
  core::remove_file(place.next_mask_key);
}

}  // namespace sekisho::sharing
