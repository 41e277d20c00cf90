// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "access/access_key.h"
#include "core/rows.h"
#include "mail/letter.h"

namespace sekisho::access {

/// What letters are sealed for.
inline constexpr std::string_view kLetterUse = "letter";

/// Puts a letter among those that wait to be sent.
inline void insert_letter(core::db::Statements& statements, const TextKey& key,
                          const mail::Letter& letter) {
  const std::string text = letter.to + '\n' + letter.subject + '\n' + letter.text;
  core::db::Rows(statements["INSERT INTO letter (id, box, written_at, useful_until, next_at)"
                            " VALUES (?1, ?2, ?3, ?4, ?3)"],
                 letter.id, core::ByteView(key.seal(kLetterUse, letter.id.text(), text)),
                 letter.written_at, letter.useful_until)
      .execute();
}

}  // namespace sekisho::access
