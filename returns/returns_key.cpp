// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/returns_key.h"

#include <initializer_list>
#include <string>
#include <variant>

#include "core/database_error.h"
#include "core/key_file.h"

namespace sekisho::returns {
namespace {

constexpr std::string_view kKeyLabel = "sekisho returns key";
constexpr std::string_view kPieceLabel = "sekisho returned piece";

core::Bytes associated(std::initializer_list<std::string_view> parts) {
  core::Bytes data;
  for (const std::string_view part : parts) data.insert(data.end(), part.begin(), part.end());
  return data;
}

core::Bytes associated(std::uint64_t number) {
  return associated({kPieceLabel, "\n", std::to_string(number)});
}

core::Secret derived(const core::Secret& key, std::string_view use) {
  const core::Sha256 derived = core::hmac_sha256(key.view(), {core::as_bytes(use)});
  return core::Secret(core::Bytes(derived.begin(), derived.end()));
}

[[noreturn]] void refuse(const core::KeyFileProblem& problem) {
  throw ReturnsKeyError(problem.text +
                        ". Without the right returns.key nothing in quarantine can be read: "
                        "restore the whole data directory from one backup.");
}

core::Bytes opened(std::optional<core::Bytes> plain) {
  if (!plain) throw core::DatabaseError("returns.db holds a box that its key does not open");
  return *std::move(plain);
}

}  // namespace

ReturnsKey::ReturnsKey(const core::Secret& key)
    : sealing_(derived(key, "sekisho returns: sealing")),
      naming_(derived(key, "sekisho returns: names")),
      id_(core::key_id(kKeyLabel, key.view())) {}

ReturnsKey ReturnsKey::of_file(const std::filesystem::path& file) {
  if (!std::filesystem::exists(std::filesystem::symlink_status(file))) {
    const core::Secret fresh = core::Secret::random(core::kBoxKeyBytes);
    if (const auto problem = core::create_key_file(file, core::key_line(fresh))) refuse(*problem);
  }
  auto found = core::read_key_file(file);
  if (const auto* problem = std::get_if<core::KeyFileProblem>(&found)) refuse(*problem);
  return ReturnsKey(std::get<core::Secret>(found));
}

core::Bytes ReturnsKey::seal(std::string_view use, std::string_view upload,
                             core::ByteView plain) const {
  return core::seal_box(sealing_.view(), associated({use, "\n", upload}), plain);
}

core::Bytes ReturnsKey::open(std::string_view use, std::string_view upload,
                             core::ByteView box) const {
  return opened(core::open_box(sealing_.view(), associated({use, "\n", upload}), box));
}

core::Sha256 ReturnsKey::name_of(std::string_view use, core::ByteView what) const {
  return core::hmac_sha256(naming_.view(), {core::as_bytes(use), core::as_bytes("\n"), what});
}

core::Bytes ObjectKey::seal(std::uint64_t number, core::ByteView piece) const {
  return core::seal_box(key_.view(), associated(number), piece);
}

core::Bytes ObjectKey::open(std::uint64_t number, core::ByteView box) const {
  return opened(core::open_box(key_.view(), associated(number), box));
}

}  // namespace sekisho::returns
