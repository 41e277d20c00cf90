// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>

#include "anonymization/restore.h"
#include "core/dicom/tag.h"

namespace sekisho::anonymization {

/// Calls `use` for each UID of a UI value; what is no UID is passed over.
template <class Use>
void for_each_uid(core::ByteView value, Use use) {
  std::string_view rest = core::as_text(value);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\\'), rest.size());
    if (const auto uid = core::Uid::parse(rest.substr(0, end))) use(*uid);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

/// The UIDs of one returned object, and what each becomes. One thread.
class RestoredUids {
 public:
  RestoredUids(const WayBack& way, core::Uid series, core::Uid instance)
      : way_(way), series_(std::move(series)), instance_(std::move(instance)) {}

  /// A UI value as the archive shall have it.
  std::string restored(core::dicom::Tag tag, core::ByteView value);
  /// Some value referred to what nobody named.
  bool met_unknown_reference() const { return met_unknown_reference_; }

 private:
  core::Uid restored(core::dicom::Tag tag, const core::Uid& uid);
  bool is_readers_own(const core::Uid& uid) const;

  const WayBack& way_;
  const core::Uid series_;
  const core::Uid instance_;
  bool met_unknown_reference_ = false;
};

}  // namespace sekisho::anonymization
