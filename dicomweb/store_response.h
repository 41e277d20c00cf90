// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/uid.h"
#include "dicomweb/reply.h"

namespace sekisho::dicomweb {

/// (0008,1197) of an object that was not stored (PS3.18 Table I.2-2, PS3.7 Annex C).
enum class FailureReason : std::uint16_t {
  processing_failure = 0x0110,       ///< the archive did not take it
  duplicate_instance = 0x0111,       ///< its SOP Instance UID is taken
  no_such_instance = 0x0112,         ///< of a study, or referring to objects, that are not there
  sop_class_not_supported = 0x0122,  ///< not a class that may come back
  not_authorized = 0x0124,           ///< the share has ended meanwhile
  out_of_resources = 0xA700,         ///< more than one request may ask for
  other_study = 0xA900,              ///< of another study than the URL says
  other_content = 0xA901,            ///< what it holds is not what its class or syntax says
  cannot_understand = 0xC000,        ///< not a sound DICOM file
  transfer_syntax = 0xC122,          ///< a transfer syntax that is not taken
  refused_by_scanner = 0xC123        ///< it is infected, or cannot be scanned
};

/// The Store Instances Response (PS3.18 §I.2) in the DICOM JSON Model, one object after another.
class StoreResponse {
 public:
  /// `root_url` as requests carry it.
  explicit StoreResponse(std::string root_url) : root_url_(std::move(root_url)) {}

  /// UIDs as the recipient knows them.
  void stored(std::string_view sop_class, const core::Uid& study, const core::Uid& series,
              const core::Uid& instance);
  /// The same of one that is in quarantine: it will be stored if nothing speaks against it.
  void waits(std::string_view sop_class, const core::Uid& instance);
  /// The class and instance as the object said. Where one of them is no UID it goes among the Other
  /// Failures, without them.
  void failed(std::string_view sop_class, std::string_view instance, FailureReason reason);

  /// 200 if all were stored, 409 if none was or waits, else 202.
  /// `told_at` is where it is told what becomes of what waits (RFC 9110 §15.3.3).
  Reply reply(std::string told_at) const;

 private:
  std::string root_url_;
  std::string stored_;          ///< items of (0008,1199)
  std::string failed_;          ///< items of (0008,1198)
  std::string other_failures_;  ///< items of (0008,119A)
  core::Uid study_;             ///< of what was stored, while it is one
  bool has_several_studies_ = false;
  bool has_waiting_ = false;
};

}  // namespace sekisho::dicomweb
