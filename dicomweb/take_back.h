// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "anonymization/way_back/restore.h"
#include "core/byte_buffer.h"
#include "core/dicom/checked_file.h"
#include "dicomweb/call.h"
#include "dicomweb/reply.h"
#include "dicomweb/store_response.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"

namespace sekisho::dicomweb {

using disclosure::Ports;
using disclosure::ShareView;
using disclosure::ShownStudy;

/// A share that takes objects back.
struct ReturnShare {
  const sharing::Share* share;
  std::shared_ptr<const ShareView> view;
};

/// STOW-RS (PS3.18 §10.5): objects that a recipient made of a masked study. Each is checked, gets
/// the identity of the original and goes into the archive; that it will is on record before. One
/// request's; one thread.
class TakeBack {
 public:
  TakeBack(const Ports& ports, const Call& call, std::vector<ReturnShare> shares)
      : ports_(ports), call_(call), shares_(std::move(shares)), response_(call.request.root_url) {}

  /// Throws audit::AuditError: then nothing more is stored.
  Reply answer();

 private:
  /// An object that may be stored.
  struct Accepted {
    const ReturnShare* share;
    const ShownStudy* study;  ///< of the share's view
    core::InstanceKey key;
    anonymization::ReturnedUids readers;  ///< as the recipient names series and instance
    core::ByteBuffer part10;
  };
  struct Made;
  void take(core::StoredFile part);
  std::variant<Accepted, FailureReason> accept(const core::dicom::CheckedFile& object);
  std::variant<Accepted, FailureReason> restore(const core::dicom::CheckedFile& object,
                                                const ReturnShare& share,
                                                const core::Uid& original_study);
  bool is_free(const core::InstanceKey& key, const Made& made);
  std::optional<FailureReason> store(const Accepted& object);
  void record_refusal(FailureReason reason);

  const Ports& ports_;
  const Call& call_;
  const std::vector<ReturnShare> shares_;
  StoreResponse response_;
};

}  // namespace sekisho::dicomweb
