// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/access_key.h"

#include <string>
#include <variant>

#include "core/database_error.h"
#include "core/key_file.h"

namespace sekisho::access {
namespace {

constexpr std::string_view kKeyLabel = "sekisho access key";
constexpr std::string_view kBoxLabel = "sekisho second factor";

core::Bytes associated(const PersonId& person) {
  return core::associated({kBoxLabel, person.text()});
}

[[noreturn]] void refuse(const core::KeyFileProblem& problem) {
  throw AccessKeyError(problem.text +
                       ". Without the right access.key nobody's second factor can be checked: "
                       "restore the whole data directory from one backup.");
}

}  // namespace

core::Bytes TextKey::seal(std::string_view use, std::string_view place,
                          std::string_view text) const {
  return core::seal_box(key_.view(), core::associated({use, "\n", place}), core::as_bytes(text));
}

std::string TextKey::open(std::string_view use, std::string_view place, core::ByteView box) const {
  const auto text = core::open_box(key_.view(), core::associated({use, "\n", place}), box);
  if (!text) throw core::DatabaseError("access.db holds a text that access.key does not open");
  return std::string(core::as_text(*text));
}

AccessKey::AccessKey(const core::Secret& key)
    : sealing_(core::derived_key(key, "sekisho access: second factors")),
      counting_(core::derived_key(key, "sekisho access: names of failures")),
      texts_(core::derived_key(key, "sekisho access: texts")),
      id_(core::key_id(kKeyLabel, key.view())) {}

AccessKey AccessKey::of_file(const std::filesystem::path& file) {
  auto found = core::settle_key_file(file);
  if (const auto* problem = std::get_if<core::KeyFileProblem>(&found)) refuse(*problem);
  return AccessKey(std::get<core::Secret>(std::move(found)));
}

core::Bytes AccessKey::seal(const PersonId& person, const core::Secret& totp_secret) const {
  return core::seal_box(sealing_.view(), associated(person), totp_secret.view());
}

std::optional<core::Secret> AccessKey::open(const PersonId& person, core::ByteView box) const {
  auto plain = core::open_box(sealing_.view(), associated(person), box);
  if (!plain) return std::nullopt;
  return core::Secret(*std::move(plain));
}

TextKey AccessKey::for_texts() const { return TextKey(texts_.clone()); }

core::Sha256 AccessKey::name_of(Counted counted, std::string_view what) const {
  const std::string_view kind = counted == Counted::account ? "account" : "site";
  return core::hmac_sha256(counting_.view(),
                           {core::as_bytes(kind), core::as_bytes("\n"), core::as_bytes(what)});
}

}  // namespace sekisho::access
