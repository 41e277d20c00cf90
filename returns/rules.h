// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "returns/upload.h"

namespace sekisho::returns {

/// What becomes of an object that is clean, or that nobody has to scan.
enum class Fate {
  release,  ///< it goes into the archive by itself
  hold,     ///< staff decide
};

/// Of objects that are all it says; what it does not say is any.
struct Rule {
  std::optional<sharing::RecipientId> recipient{};
  std::optional<sharing::ShareId> share{};
  std::string sop_class{};  ///< empty: any
  Fate fate = Fate::release;
};

/// The first that fits counts.
struct Rules {
  std::vector<Rule> rules{};
  Fate otherwise = Fate::release;

  Fate fate_of(const Upload& upload) const {
    for (const Rule& rule : rules) {
      const bool fits = (!rule.recipient || rule.recipient->text() == upload.sender.recipient_id) &&
                        (!rule.share || *rule.share == upload.share) &&
                        (rule.sop_class.empty() || rule.sop_class == upload.sop_class);
      if (fits) return rule.fate;
    }
    return otherwise;
  }
};

}  // namespace sekisho::returns
