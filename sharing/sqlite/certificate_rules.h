// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "sharing/recipient_store.h"
#include "sharing/sqlite/rows.h"

namespace sekisho::sharing {

// As the methods of RecipientStore. They throw db::Error.

/// In a transaction. False, and nothing written, where the authority's name is somebody's already.
bool write_rule(Statements& statements, const CertificateRule& rule);
std::vector<CertificateRule> rules_of(Statements& statements, const RecipientId& recipient);
std::vector<CertificateRule> rules_for(Statements& statements, const core::Sha256& name);
bool remove_rule(Statements& statements, const CertificateRuleId& id);

}  // namespace sekisho::sharing
