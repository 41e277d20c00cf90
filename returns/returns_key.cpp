// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/returns_key.h"

#include <string>
#include <variant>

#include "core/database_error.h"
#include "core/key_file.h"

namespace sekisho::returns {
namespace {

constexpr std::string_view kKeyLabel = "sekisho returns key";
constexpr std::string_view kPieceLabel = "sekisho returned piece";

core::Bytes associated(std::uint64_t number) {
  return core::associated({kPieceLabel, "\n", std::to_string(number)});
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
    : sealing_(core::derived_key(key, "sekisho returns: sealing")),
      naming_(core::derived_key(key, "sekisho returns: names")),
      id_(core::key_id(kKeyLabel, key.view())) {}

ReturnsKey ReturnsKey::of_file(const std::filesystem::path& file) {
  auto found = core::settle_key_file(file);
  if (const auto* problem = std::get_if<core::KeyFileProblem>(&found)) refuse(*problem);
  return ReturnsKey(std::get<core::Secret>(found));
}

core::Bytes ReturnsKey::seal(std::string_view use, std::string_view upload,
                             core::ByteView plain) const {
  return core::seal_box(sealing_.view(), core::associated({use, "\n", upload}), plain);
}

core::Bytes ReturnsKey::open(std::string_view use, std::string_view upload,
                             core::ByteView box) const {
  return opened(core::open_box(sealing_.view(), core::associated({use, "\n", upload}), box));
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
