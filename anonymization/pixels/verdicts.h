// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "anonymization/masking/author.h"
#include "anonymization/pixels/known_pixels.h"
#include "anonymization/pixels/pixel_policy.h"
#include "anonymization/pixels/withhold_reason.h"
#include "anonymization/profiles/profile.h"
#include "core/cache_file.h"
#include "core/digest.h"

namespace sekisho::anonymization {

/// What release() answered about an instance.
struct Verdict {
  std::optional<WithholdReason> withheld;  ///< absent: it leaves
  /// What somebody who looked closer has written down of what leaves: words of their own, never
  /// values of a file. Absent: nobody did.
  std::optional<std::string> remarks;
};

/// The verdicts of files that were looked at, so that none is masked again only to learn whether it
/// leaves. They decide what is counted and listed; what leaves is decided by release() each time,
/// for which it remembers how pixels are cleaned. Any thread.
class Verdicts {
 public:
  /// All besides the file that decides. `policy` is the installation's; what another `program`
  /// (name and version) found counts for nothing. The cache outlives this. How pixels are cleaned
  /// takes `pixels_bytes` of memory at most.
  Verdicts(core::CacheFile& cache, const PixelPolicy& policy, std::string_view program,
           std::uint64_t pixels_bytes = kPixelsBytes);

  /// All besides the file, the policy and the program that decides. A value.
  struct Terms {
    core::Sha256 profile;
    Approval approval = Approval::none;
    Author author = Author::hospital;
  };
  static core::Sha256 digest_of(const Profile& profile);

  /// `revision` names the very bytes (ListedInstance). `nullopt`: nobody has looked.
  std::optional<Verdict> find(const std::string& revision, const Terms& terms) const;
  void keep(const std::string& revision, const Terms& terms, const Verdict& verdict) const;

  const KnownPixels& pixels() const { return pixels_; }

 private:
  /// Of some 30,000 images.
  static constexpr std::uint64_t kPixelsBytes = 16U << 20U;
  core::Sha256 key_of(const std::string& revision, const Terms& terms) const;

  core::CacheFile& cache_;
  const core::Sha256 installation_;  ///< of policy and program
  KnownPixels pixels_;
};

}  // namespace sekisho::anonymization
