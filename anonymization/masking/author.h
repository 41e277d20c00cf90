// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sekisho::anonymization {

/// Who made an instance. Nothing that a recipient wrote gets a pseudonym of the share: by the
/// answer it could try all patient numbers. At the top level, what says of which patient and study
/// it is comes from the archive's own study (restore()) and is masked like any other.
enum class Author {
  hospital,
  recipient,         ///< of this share: its own dates are shown as they came
  another_recipient  ///< its dates go: who wrote them could tell by how much they move
};

}  // namespace sekisho::anonymization
