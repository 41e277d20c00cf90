// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "anonymization/way_back/restore.h"
#include "core/byte_buffer.h"
#include "core/demand.h"
#include "core/dicom/checked_file.h"
#include "core/memory_budget.h"
#include "core/steady_clock.h"
#include "core/stored_file.h"
#include "dicomweb/call.h"
#include "dicomweb/multipart.h"
#include "dicomweb/reply.h"
#include "dicomweb/return_origin.h"
#include "dicomweb/store_response.h"
#include "disclosure/ports.h"
#include "disclosure/share_view.h"
#include "returns/inspector.h"

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
/// the identity of the original and goes into the archive, for as long as its share is live; that
/// it will is on record before. What is not taken is counted, and on record by its reason, also
/// where it was not looked at any more because nobody waits for the answer. One request's; one
/// thread.
class TakeBack {
 public:
  /// `returns`: where objects go; null: into the archive at once.
  TakeBack(const Ports& ports, const Call& call, std::vector<ReturnShare> shares,
           returns::Inspector* returns)
      : ports_(ports),
        returns_(returns),
        call_(call),
        demand_(call.request.stop),
        shares_(std::move(shares)),
        body_(call.request.body),
        response_(call.request.root_url) {}

  /// Throws audit::AuditError and core::DemandOver: then nothing more is stored. Throws
  /// core::MemoryShortage where there was none for the first object.
  Reply answer();

 private:
  /// An object that may be stored.
  struct Accepted {
    const ReturnShare* share;
    const ShownStudy* study;  ///< of the share's view
    core::InstanceKey key;
    anonymization::ReturnedUids readers;  ///< as the recipient names series and instance
    core::MemoryBudget::Taken memory;
    core::ByteBuffer part10;
  };
  void take_all(const std::vector<Part>& parts);
  void take(const Part& part);
  void give_up(std::size_t parts);
  void refuse(const core::dicom::CheckedFile* object, FailureReason reason);
  /// `memory` is what the object takes.
  std::variant<core::dicom::CheckedFile, FailureReason> check(const Part& part,
                                                              core::MemoryBudget::Taken& memory);
  std::variant<Accepted, FailureReason> accept(const core::dicom::CheckedFile& object);
  std::variant<Accepted, FailureReason> restore(const core::dicom::CheckedFile& object,
                                                const ReturnShare& share,
                                                const core::Uid& original_study);
  /// What became of an object: stored, or in quarantine, or why it is neither.
  struct Waits {};
  struct Stored {};
  using Fate = std::variant<Stored, Waits, FailureReason>;
  Fate keep(const Accepted& object, const core::dicom::CheckedFile& sent);
  Fate quarantine(const Accepted& object, const core::dicom::CheckedFile& sent);
  Fate settle(const returns::Upload& upload, const Accepted& object);
  Fate store(const Accepted& object);
  Fate find_stored(const Accepted& object);
  bool is_free(const core::InstanceKey& key, const GivenBack& before);
  bool is_own(const Accepted& object);
  bool is_live(const ReturnShare& share) const;
  /// Why no further object is looked at.
  std::optional<FailureReason> why_end() const;
  /// What one look-up finds out for the whole request; null where there are too many.
  const ReturnOrigin* origin_of(const ReturnShare& share, const ShownStudy& study);
  GivenBack& given_back_through(const ReturnShare& share);
  void record_refusals();
  void record_refusals(std::string_view reason, std::size_t count);

  const Ports& ports_;
  returns::Inspector* const returns_;
  const Call& call_;
  const core::Demand demand_;
  const std::vector<ReturnShare> shares_;
  std::optional<core::StoredFile> body_;  ///< without its coding
  StoreResponse response_;
  /// For the rest of the request.
  core::dicom::CheckAllowance left_{.inflated_bytes = 256ULL << 20, .steps = 4'000'000};
  std::map<std::pair<const ReturnShare*, const ShownStudy*>, ReturnOrigin> origins_;
  std::map<const ReturnShare*, GivenBack> given_back_;
  std::map<FailureReason, std::size_t> refused_;
  std::size_t looked_at_ = 0;  ///< parts
  /// As long as the client is kept waiting for what the scanner says.
  std::optional<core::SteadyClock::time_point> patient_until_;
};

}  // namespace sekisho::dicomweb
