// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/take_back.h"

#include <algorithm>
#include <array>

#include "anonymization/way_back/restore.h"
#include "dicomweb/events.h"
#include "dicomweb/gzipped_body.h"
#include "dicomweb/multipart.h"
#include "dicomweb/return_classes.h"
#include "dicomweb/returned_content.h"
#include "disclosure/objects.h"
#include "disclosure/settle_returns.h"
#include "returns/archived.h"

namespace sekisho::dicomweb {
namespace {

using anonymization::RestoreProblem;
using core::dicom::CheckedFile;

constexpr std::string_view kMultipart = "multipart/related";
constexpr std::string_view kDicom = "application/dicom";
/// Of a deflated part, and of a gzipped body: a megabyte of it can be a gigabyte, for deflate
/// shrinks to a 1032nd.
constexpr std::uint64_t kMostInflatedBytes = 64ULL << 20;
constexpr std::uint64_t kMostInflation = 1100;
/// Orthanc takes what has less than 4 GiB; under other UIDs an object grows by up to 48 MiB and
/// what the archive has of patient and study.
constexpr std::uint64_t kMostPartBytes = (4ULL << 30) - (128ULL << 20);
// Of one request.
constexpr std::size_t kMostParts = 2000;
constexpr std::size_t kMostStudies = 200;

/// Where nothing is to be learned from the difference the answer is the same.
FailureReason reason_of(RestoreProblem problem) {
  switch (problem) {
    case RestoreProblem::unknown_study:
    case RestoreProblem::unknown_reference:
      return FailureReason::no_such_instance;
    case RestoreProblem::takes_a_place:
      return FailureReason::duplicate_instance;
    case RestoreProblem::different_instance:
    case RestoreProblem::unreadable:
      return FailureReason::cannot_understand;
    case RestoreProblem::too_large:
      return FailureReason::out_of_resources;
  }
  return FailureReason::cannot_understand;
}

std::string_view detail_of(FailureReason reason) {
  switch (reason) {
    case FailureReason::processing_failure:
      return "return: processing failure";
    case FailureReason::duplicate_instance:
      return "return: duplicate instance";
    case FailureReason::no_such_instance:
      return "return: no such instance";
    case FailureReason::sop_class_not_supported:
      return "return: SOP class not supported";
    case FailureReason::not_authorized:
      return "return: share has ended";
    case FailureReason::out_of_resources:
      return "return: out of resources";
    case FailureReason::other_study:
      return "return: other study";
    case FailureReason::other_content:
      return "return: not what it says";
    case FailureReason::cannot_understand:
      return "return: cannot understand";
    case FailureReason::transfer_syntax:
      return "return: transfer syntax";
    case FailureReason::refused_by_scanner:
      return "return: refused by the scanner";
  }
  return "return: processing failure";
}

std::optional<FailureReason> reason_of(ContentFinding finding) {
  switch (finding) {
    case ContentFinding::as_it_says:
      return std::nullopt;
    case ContentFinding::unknown_code_stream:
      return FailureReason::transfer_syntax;
    case ContentFinding::something_else:
      break;
  }
  return FailureReason::other_content;
}

/// The multipart boundary; the status of the answer where there is none.
std::variant<std::string, int> boundary_of(const Request& request) {
  const auto type = parse_media_type(request.content_type);
  if (!type || type->name != kMultipart) return 415;
  const auto inner = parse_media_type(type->parameter("type"));
  const std::string& coding = request.content_encoding;
  if (!inner || inner->name != kDicom || !(coding.empty() || is_gzip(coding))) return 415;
  if (type->parameter("boundary").empty()) return 400;
  return std::string(type->parameter("boundary"));
}

bool is_dicom(const Part& part) {
  const auto type = parse_media_type(part.content_type);
  return type && type->name == kDicom && !part.is_encoded;
}

/// Orthanc's DICOM library goes to each item of a sequence from the first one on: a hundred
/// thousand in one would take it a minute, several such hours.
bool is_bearable(const CheckedFile& object) {
  constexpr std::uint64_t kMostSteps = 200'000'000;  // a second or two
  std::array<std::uint64_t, core::dicom::kMaxDepth + 1> items{};
  std::uint64_t steps = 0;
  core::dicom::Replay walk = object.replay_header();
  for (auto token = walk.next(); token.kind != core::dicom::Token::Kind::end; token = walk.next()) {
    if (token.kind == core::dicom::Token::Kind::sequence_begin) items[token.depth] = 0;
    if (token.kind == core::dicom::Token::Kind::item_begin) steps += ++items[token.depth - 1U];
  }
  return steps <= kMostSteps;
}

/// Whether the part says that its data set is deflated, where every writer says so.
bool is_deflated(const core::StoredFile& part) {
  constexpr std::size_t kMetaBytes = 4096;
  core::Bytes begin(std::min<std::uint64_t>(part.size_bytes(), kMetaBytes));
  part.read(0, begin);
  return core::as_text(begin).find(core::dicom::kDeflatedExplicitVrLittleEndian) !=
         std::string_view::npos;
}

const ShownStudy* find_study(const ShareView& view, const core::Uid& original) {
  const auto found = std::ranges::find_if(view.studies(), [&](const ShownStudy* study) {
    return study->original->key.study == original;
  });
  return found == view.studies().end() ? nullptr : *found;
}

}  // namespace

Reply TakeBack::answer() {
  if (!body_) return Reply::error(400);
  const auto boundary = boundary_of(call_.request);
  if (const int* status = std::get_if<int>(&boundary)) return Reply::error(*status);
  core::MemoryBudget::Taken unpacked;
  if (is_gzip(call_.request.content_encoding)) {
    auto found = gunzip(*body_, kMostInflatedBytes, ports_.memory, unpacked, demand_);
    if (const auto* problem = std::get_if<GzipProblem>(&found)) {
      return Reply::error(*problem == GzipProblem::malformed ? 400 : 413);
    }
    body_ = std::get<core::StoredFile>(std::move(found));
  }
  const auto read = read_multipart(*body_, std::get<std::string>(boundary), kMostParts, demand_);
  if (const auto* problem = std::get_if<MultipartProblem>(&read)) {
    if (*problem == MultipartProblem::malformed) return Reply::error(400);
    record_refusals("return: too many parts", kMostParts + 1);
    return Reply::error(413);
  }
  const auto& parts = std::get<std::vector<Part>>(read);
  // Never some of a request that was misunderstood.
  if (!std::ranges::all_of(parts, is_dicom)) return Reply::error(415);
  try {
    take_all(parts);
  } catch (const core::DemandOver&) {
    give_up(parts.size());
    throw;
  } catch (...) {
    record_refusals();
    throw;
  }
  record_refusals();
  ports_.log.flush();
  return response_.reply("/api/returns?request=" + call_.request.request_id);
}

void TakeBack::take_all(const std::vector<Part>& parts) {
  std::optional<FailureReason> end;
  for (const Part& part : parts) {
    demand_.ask();
    if (!end) end = why_end();
    try {
      if (!end) take(part);
    } catch (const core::MemoryShortage&) {
      // What is stored is stored: the answer must tell it.
      if (looked_at_ == 0) throw;
      end = FailureReason::out_of_resources;
    }
    if (end) refuse(nullptr, *end);
    ++looked_at_;
  }
}

/// What is stored is on record; so is that there was more.
void TakeBack::give_up(std::size_t parts) {
  record_refusals();
  record_refusals("return: nobody waits", parts - looked_at_);
  ports_.log.flush();
}

std::optional<FailureReason> TakeBack::why_end() const {
  const auto goes_on = [this](const ReturnShare& each) { return is_live(each); };
  if (std::ranges::none_of(shares_, goes_on)) return FailureReason::not_authorized;
  if (left_.steps == 0) return FailureReason::out_of_resources;
  return std::nullopt;
}

bool TakeBack::is_live(const ReturnShare& share) const {
  const core::Time now = ports_.clock();
  return ports_.shares.is_live(share.share->id, now) &&
         sharing::holds(call_.who.credential(), ports_.recipients, now);
}

void TakeBack::refuse(const CheckedFile* object, FailureReason reason) {
  ++refused_[reason];
  if (object == nullptr) return response_.failed({}, {}, reason);
  response_.failed(object->sop_class_uid(), object->sop_instance_uid(), reason);
}

void TakeBack::take(const Part& part) {
  core::MemoryBudget::Taken memory;
  const auto checked = check(part, memory);
  if (const auto* reason = std::get_if<FailureReason>(&checked)) return refuse(nullptr, *reason);
  const auto& object = std::get<CheckedFile>(checked);
  const auto accepted = accept(object);
  if (const auto* reason = std::get_if<FailureReason>(&accepted)) return refuse(&object, *reason);
  const auto& sound = std::get<Accepted>(accepted);
  if (!is_live(*sound.share)) return refuse(&object, FailureReason::not_authorized);
  const Fate fate = keep(sound, object);
  if (const auto* reason = std::get_if<FailureReason>(&fate)) {
    return response_.failed(object.sop_class_uid(), object.sop_instance_uid(), *reason);
  }
  if (std::holds_alternative<Waits>(fate)) {
    return response_.waits(object.sop_class_uid(), sound.readers.instance);
  }
  const auto& names = sound.share->view->names();
  response_.stored(object.sop_class_uid(), names.shown(sound.key.series.study.study),
                   sound.readers.series, sound.readers.instance);
}

std::variant<CheckedFile, FailureReason> TakeBack::check(const Part& part,
                                                         core::MemoryBudget::Taken& memory) {
  if (part.size > kMostPartBytes) return FailureReason::out_of_resources;
  core::StoredFile file = body_->range(part.offset, part.size);
  const bool deflated = is_deflated(file);
  core::dicom::CheckAllowance allowance{.inflated_bytes = 0, .steps = left_.steps};
  if (deflated) {
    allowance.inflated_bytes =
        std::min({kMostInflatedBytes, left_.inflated_bytes, file.size_bytes() * kMostInflation});
  }
  const std::uint64_t most_inflated = allowance.inflated_bytes;
  memory = ports_.memory.take(
      2 * most_inflated +
          core::dicom::memory_to_check(deflated ? most_inflated : part.size, allowance.steps),
      demand_);
  auto checked = CheckedFile::check(std::move(file), allowance, demand_);
  const std::uint64_t inflated = most_inflated - allowance.inflated_bytes;
  left_.inflated_bytes -= inflated;
  left_.steps = allowance.steps;
  if (auto* sound = std::get_if<CheckedFile>(&checked)) {
    // PS3.18 §10.5.1: a Part 10 file. The archive may have others; nobody needs to send them.
    if (sound->meta().empty()) return FailureReason::cannot_understand;
    memory.shrink(inflated + sound->memory_bytes());
    return std::move(*sound);
  }
  const bool used_up = left_.steps == 0 || (deflated && left_.inflated_bytes == 0);
  return used_up ? FailureReason::out_of_resources : FailureReason::cannot_understand;
}

std::variant<TakeBack::Accepted, FailureReason> TakeBack::accept(const CheckedFile& object) {
  const auto& syntax = object.transfer_syntax();
  if (syntax.order == core::dicom::ByteOrder::big) return FailureReason::transfer_syntax;
  if (!is_bearable(object)) return FailureReason::cannot_understand;
  for (const ReturnShare& each : shares_) {
    const auto study = anonymization::study_of_return(object, each.view->names());
    if (!study) continue;
    if (!may_be_returned(object.sop_class_uid(), permitted(call_.who, *each.share))) {
      return FailureReason::sop_class_not_supported;
    }
    const core::Uid& asked = call_.target.path.study;
    if (!asked.empty() && each.view->names().original(asked) != study) {
      return FailureReason::other_study;
    }
    if (const auto reason = reason_of(look_at_content(object, ports_.memory, demand_))) {
      return *reason;
    }
    return restore(object, each, *study);
  }
  return FailureReason::no_such_instance;
}

std::variant<TakeBack::Accepted, FailureReason> TakeBack::restore(const CheckedFile& object,
                                                                  const ReturnShare& share,
                                                                  const core::Uid& original_study) {
  const ShownStudy* study = find_study(*share.view, original_study);
  if (study == nullptr) return FailureReason::no_such_instance;
  const ReturnOrigin* origin = origin_of(share, *study);
  if (origin == nullptr) return FailureReason::out_of_resources;
  const CheckedFile* original = origin->instance();
  if (original == nullptr) return FailureReason::processing_failure;
  const GivenBack& before = given_back_through(share);
  const auto is_unknown = [&](const core::Uid& uid) {
    return ports_.store.find_instances(uid).empty() && ports_.store.find_series(uid).empty() &&
           ports_.store.find_studies(uid).empty();
  };
  auto memory = ports_.memory.take(
      object.pixel_size() + anonymization::most_restored_bytes(object) + original->header().size(),
      demand_);
  auto restored =
      anonymization::restore(object, *original,
                             {share.view->profile(), share.view->names(), origin->uids(),
                              share.view->pseudonyms(), before.names(), is_unknown},
                             demand_);
  if (const auto* problem = std::get_if<RestoreProblem>(&restored)) return reason_of(*problem);
  auto& whole = std::get<anonymization::Restored>(restored);
  core::InstanceKey key{{study->original->key, whole.archived.series}, whole.archived.instance};
  if (!is_free(key, before)) return FailureReason::duplicate_instance;
  return Accepted{
      &share, study, std::move(key), whole.readers, std::move(memory), std::move(whole.part10)};
}

const ReturnOrigin* TakeBack::origin_of(const ReturnShare& share, const ShownStudy& study) {
  const std::pair key(&share, &study);
  const auto known = origins_.find(key);
  if (known != origins_.end()) return &known->second;
  if (origins_.size() == kMostStudies) return nullptr;
  return &origins_.try_emplace(key, ports_, *share.view, study, demand_).first->second;
}

GivenBack& TakeBack::given_back_through(const ReturnShare& share) {
  const auto known = given_back_.find(&share);
  if (known != given_back_.end()) return known->second;
  if (const auto key = ports_.shares.mask_key(share.share->id)) {
    disclosure::settle_returns(ports_, share.share->id, key->view(), demand_);
  }
  GivenBack& given =
      given_back_.try_emplace(&share, ports_.shares.returned(share.share->id)).first->second;
  if (returns_ == nullptr) return given;
  for (const returns::Upload& waits : returns_->quarantine().open_of(share.share->id)) {
    given.add_waiting(waits.returned());
  }
  return given;
}

/// Whether the archive has nothing by these UIDs but what this recipient made. Where the share
/// shows others than the archive's, nobody but this recipient can have made it.
bool TakeBack::is_free(const core::InstanceKey& key, const GivenBack& before) {
  const auto instances = ports_.store.find_instances(key.instance);
  const bool is_own_instance = instances == std::vector{key} && before.has(key.instance);
  if (!instances.empty() && !is_own_instance) return false;
  const auto series = ports_.store.find_series(key.series.series);
  const bool is_own_series = series == std::vector{key.series} && before.has(key.series.series);
  return series.empty() || is_own_series;
}

/// Whether what the archive has by these UIDs came back through this share: that is on disk, or the
/// bytes say so, where it was cut off between storing and putting that down.
bool TakeBack::is_own(const Accepted& object) {
  if (given_back_through(*object.share).has(object.key.instance)) return true;
  return returns::has_these_bytes(ports_.store, object.key, object.part10.view());
}

/// On record, then among what came back, then in the archive, then as stored: whatever is cut off
/// between two of these, nothing is stored that the log or the share does not know. What became of
/// it is durable before the request is answered.
TakeBack::Fate TakeBack::store(const Accepted& object) {
  const sharing::Share& share = *object.share->share;
  audit::Event event = event_of(call_, audit::EventCode::return_begin, &share);
  event.objects.push_back(disclosure::to_object_ref(object.key));
  event.studies = {object.study->words};
  const audit::Receipt receipt = ports_.log.append(event);
  event.code = audit::EventCode::return_end;
  event.intent = receipt.seq();
  const auto fails = [&](audit::Outcome outcome, std::string detail, FailureReason reason) -> Fate {
    event.outcome = outcome;
    event.detail = std::move(detail);
    ports_.log.append_later(event);
    return reason;
  };
  // It may have ended while the log was written.
  if (!is_live(*object.share)) {
    return fails(audit::Outcome::minor_failure, "revoked", FailureReason::not_authorized);
  }
  sharing::ReturnedObject made{object.readers.series,
                               object.readers.instance,
                               object.key.series.series,
                               object.key.instance,
                               {}};
  try {
    ports_.shares.add_returned(share.id, made, ports_.clock());
    if (!returns::is_put_down(ports_.shares, share.id, made)) {
      return fails(audit::Outcome::minor_failure, "failed", FailureReason::duplicate_instance);
    }
    const auto stored = ports_.store.store(object.key, object.part10.view());
    event.detail = stored == core::DicomStore::Stored::added ? "stored" : "already-there";
    if (stored == core::DicomStore::Stored::already_there && !is_own(object)) {
      return fails(audit::Outcome::minor_failure, "failed", FailureReason::duplicate_instance);
    }
    ports_.shares.confirm_returned(share.id, made.instance, ports_.clock());
  } catch (const core::StoreError&) {
    ports_.report(core::Severity::warning, "share " + share.id.text() + ", receipt " +
                                               receipt.id().text() +
                                               ": the archive did not take a returned object");
    return fails(audit::Outcome::serious_failure, "failed", FailureReason::processing_failure);
  }
  made.stage = sharing::ReturnedObject::Stage::stored;
  given_back_through(*object.share).add(made);
  ports_.log.append_later(event);
  return Stored{};
}

/// One entry for each reason, however many objects there were.
void TakeBack::record_refusals() {
  for (const auto& [reason, count] : refused_) record_refusals(detail_of(reason), count);
  refused_.clear();
}

void TakeBack::record_refusals(std::string_view reason, std::size_t count) {
  const sharing::Share* only = shares_.size() == 1 ? shares_.front().share : nullptr;
  audit::Event event = event_of(call_, audit::EventCode::denial, only);
  event.detail = reason;
  event.instances = count;
  ports_.denials.record(std::move(event));
}

}  // namespace sekisho::dicomweb
