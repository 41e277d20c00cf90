// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "staff/scope_assessment.h"
#include "staff/share_request.h"

namespace sekisho::staff {

/// [{"Code", "Text": {"en", "ja"}, "Instances", "Attributes"}]
Json::Value risks_json(const std::vector<ResidualRisk>& risks);
/// A line for each, for people.
std::vector<std::string> texts_of(const std::vector<ResidualRisk>& risks);
/// Separated by spaces.
std::string codes_of(const std::vector<ResidualRisk>& risks);

/// What shows that staff have seen these risks: a keyed hash over recipient, scope, profile and the
/// risks' codes. Another recipient, profile or kind of risk needs another look; one more instance
/// that arrives meanwhile does not. Valid while this process runs.
std::string acknowledgement_of(const Call& call, const ShareRequest& request,
                               const sharing::Scope& scope, const std::vector<ResidualRisk>& risks);
bool is_same(const std::string& needed, const std::optional<std::string>& given);

/// 409: names the risks and says how to acknowledge them.
Reply unacknowledged(const std::vector<ResidualRisk>& risks);
/// 409 where no preview takes the same body: names the risks of `what` and says by what they are
/// acknowledged.
Reply unacknowledged(std::string_view what, const std::vector<ResidualRisk>& risks,
                     const std::string& acknowledgement);

}  // namespace sekisho::staff
