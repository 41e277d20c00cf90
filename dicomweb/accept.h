// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dicomweb/request.h"

namespace sekisho::dicomweb {

/// The forms an answer can take.
enum class Media { dicom_json, multipart_dicom, single_dicom };

/// What the other side asks for and we can give.
struct Choice {
  Media media = Media::dicom_json;
  /// Transfer syntaxes it wants the instances in; empty: as they are stored.
  std::vector<std::string> transfer_syntaxes;
};

/// Everything acceptable to a request: its `accept` query parameters where it has any (they are
/// for those who cannot set a header, PS3.18 §8.3.3.1), else its Accept header.
std::string acceptable(const Request& request);

/// Chooses among `offered`, best first, as RFC 9110 §12.5.1 says: the most specific range decides
/// the quality of each form, the highest quality wins, then the range named first. Lists may stand
/// in any spelling that clients send: quoted or not, doubled, with `*/*` inside `type=`. An empty
/// list accepts all. `nullopt`: 406.
std::optional<Choice> negotiate(std::string_view accept, const std::vector<Media>& offered);

}  // namespace sekisho::dicomweb
