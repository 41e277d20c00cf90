// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/take_back.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "anonymization/way_back/restore.h"
#include "dicomweb/events.h"
#include "dicomweb/multipart.h"
#include "dicomweb/return_classes.h"

namespace sekisho::dicomweb {
namespace {

using anonymization::RestoreProblem;
using core::dicom::CheckedFile;

constexpr std::string_view kMultipart = "multipart/related";
constexpr std::string_view kDicom = "application/dicom";
/// Of a deflated part: a megabyte of it can be a gigabyte.
constexpr std::uint64_t kMostInflatedBytes = 64ULL << 20;

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
  }
  return FailureReason::cannot_understand;
}

/// The multipart boundary; the status of the answer where there is none.
std::variant<std::string, int> boundary_of(const Request& request) {
  const auto type = parse_media_type(request.content_type);
  if (!type || type->name != kMultipart) return 415;
  const auto inner = parse_media_type(type->parameter("type"));
  if (!inner || inner->name != kDicom || !request.content_encoding.empty()) return 415;
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

std::optional<CheckedFile> check(core::StoredFile file, std::uint64_t inflated_limit) {
  auto checked = CheckedFile::check(std::move(file), inflated_limit);
  if (auto* sound = std::get_if<CheckedFile>(&checked)) return std::move(*sound);
  return std::nullopt;
}

}  // namespace

struct TakeBack::Made {
  explicit Made(const std::vector<sharing::ReturnedObject>& objects) {
    for (const sharing::ReturnedObject& each : objects) {
      readers[each.series] = each.archived_series;
      readers[each.instance] = each.archived_instance;
      archived.insert({each.archived_series, each.archived_instance});
    }
  }
  std::unordered_map<core::Uid, core::Uid> readers;  ///< the recipient's name → the archive's
  std::unordered_set<core::Uid> archived;
};

namespace {

const ShownStudy* find_study(const ShareView& view, const core::Uid& original) {
  const auto found = std::ranges::find_if(view.studies(), [&](const ShownStudy& study) {
    return study.original->key.study == original;
  });
  return found == view.studies().end() ? nullptr : &*found;
}

/// An instance of each series that is shown, as it is in the archive. Those that are gone or
/// damaged are left out.
std::vector<CheckedFile> one_of_each_series(core::DicomStore& store, const ShownStudy& study) {
  std::vector<CheckedFile> files;
  for (const disclosure::ShownSeries& series : study.series) {
    const disclosure::InstanceRef first{&study, &series, &series.instances.front()};
    auto file = store.open(first.key());
    if (!file) continue;
    if (auto sound = check(*std::move(file), CheckedFile::kInflatedLimit))
      files.push_back(*std::move(sound));
  }
  return files;
}

}  // namespace

Reply TakeBack::answer() {
  if (!call_.request.body) return Reply::error(400);
  const auto boundary = boundary_of(call_.request);
  if (const int* status = std::get_if<int>(&boundary)) return Reply::error(*status);
  const core::StoredFile& body = *call_.request.body;
  const auto parts = read_multipart(body, std::get<std::string>(boundary));
  if (!parts) return Reply::error(400);
  // Never some of a request that was misunderstood.
  if (!std::ranges::all_of(*parts, is_dicom)) return Reply::error(415);
  for (const Part& part : *parts) {
    core::Bytes bytes(part.size);
    body.read(part.offset, bytes);
    take(core::StoredFile::in_memory(std::move(bytes)));
  }
  return response_.reply();
}

void TakeBack::take(core::StoredFile part) {
  const auto object = check(std::move(part), kMostInflatedBytes);
  if (!object) {
    record_refusal(FailureReason::cannot_understand);
    return response_.failed({}, {}, FailureReason::cannot_understand);
  }
  const auto accepted = accept(*object);
  std::optional<FailureReason> failure;
  if (const auto* reason = std::get_if<FailureReason>(&accepted)) {
    record_refusal(*reason);
    failure = *reason;
  } else {
    failure = store(std::get<Accepted>(accepted));
  }
  if (failure) {
    return response_.failed(object->sop_class_uid(), object->sop_instance_uid(), *failure);
  }
  const auto& stored = std::get<Accepted>(accepted);
  const auto& names = stored.share->view->names();
  response_.stored(object->sop_class_uid(), names.shown(stored.key.series.study.study),
                   stored.readers.series, stored.readers.instance);
}

std::variant<TakeBack::Accepted, FailureReason> TakeBack::accept(const CheckedFile& object) {
  const auto& syntax = object.transfer_syntax();
  if (syntax.order == core::dicom::ByteOrder::big) return FailureReason::transfer_syntax;
  if (!is_bearable(object)) return FailureReason::cannot_understand;
  for (const ReturnShare& each : shares_) {
    const auto study = anonymization::study_of_return(object, each.view->names());
    if (!study) continue;
    if (!may_be_returned(object.sop_class_uid(), each.share->permissions)) {
      return FailureReason::sop_class_not_supported;
    }
    const core::Uid& asked = call_.target.path.study;
    if (!asked.empty() && each.view->names().original(asked) != study) {
      return FailureReason::other_study;
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
  const std::vector<CheckedFile> originals = one_of_each_series(ports_.store, *study);
  if (originals.empty()) return FailureReason::processing_failure;
  anonymization::ReverseMap more(share.view->profile(), share.view->pseudonyms());
  for (const CheckedFile& file : originals) anonymization::add_uids(more, file);
  const Made made(ports_.shares.returned(share.share->id));
  const auto is_unknown = [&](const core::Uid& uid) {
    return ports_.store.find_instances(uid).empty() && ports_.store.find_series(uid).empty() &&
           ports_.store.find_studies(uid).empty();
  };
  auto restored = anonymization::restore(object, originals.front(),
                                         {share.view->profile(), share.view->names(), more,
                                          share.view->pseudonyms(), made.readers, is_unknown});
  if (const auto* problem = std::get_if<RestoreProblem>(&restored)) return reason_of(*problem);
  auto& whole = std::get<anonymization::Restored>(restored);
  core::InstanceKey key{{study->original->key, whole.archived.series}, whole.archived.instance};
  if (!is_free(key, made)) return FailureReason::duplicate_instance;
  return Accepted{&share, study, std::move(key), whole.readers, std::move(whole.part10)};
}

/// Whether the archive has nothing by these UIDs but what this recipient made. Where the share
/// shows others than the archive's, nobody but this recipient can have made it.
bool TakeBack::is_free(const core::InstanceKey& key, const Made& made) {
  const auto instances = ports_.store.find_instances(key.instance);
  const bool is_own_instance =
      instances == std::vector{key} && made.archived.contains(key.instance);
  if (!instances.empty() && !is_own_instance) return false;
  const auto series = ports_.store.find_series(key.series.series);
  const bool is_own_series =
      series == std::vector{key.series} && made.archived.contains(key.series.series);
  return series.empty() || is_own_series;
}

/// On record, then among what came back, then in the archive: whatever is cut off between two of
/// these, nothing is stored that the log or the share does not know.
std::optional<FailureReason> TakeBack::store(const Accepted& object) {
  const sharing::Share& share = *object.share->share;
  audit::Event event = event_of(call_, audit::EventCode::return_begin, &share);
  event.objects.push_back(to_object_ref(object.key));
  event.studies = {object.study->words};
  const audit::Receipt receipt = ports_.log.append(event);
  event.code = audit::EventCode::return_end;
  event.intent = receipt.seq();
  try {
    ports_.shares.add_returned(share.id,
                               {object.readers.series, object.readers.instance,
                                object.key.series.series, object.key.instance},
                               ports_.clock());
    const auto stored = ports_.store.store(object.key, object.part10.view());
    event.detail = stored == core::DicomStore::Stored::added ? "stored" : "already-there";
    ports_.log.append(event);
    return std::nullopt;
  } catch (const core::StoreError&) {
    event.outcome = audit::Outcome::serious_failure;
    event.detail = "failed";
    ports_.log.append(event);
    ports_.report(core::Severity::warning, "share " + share.id.text() + ", receipt " +
                                               std::to_string(receipt.seq()) +
                                               ": the archive did not take a returned object");
    return FailureReason::processing_failure;
  }
}

void TakeBack::record_refusal(FailureReason reason) {
  static constexpr std::array<std::pair<FailureReason, std::string_view>, 7> kNames = {{
      {FailureReason::processing_failure, "return: processing failure"},
      {FailureReason::duplicate_instance, "return: duplicate instance"},
      {FailureReason::no_such_instance, "return: no such instance"},
      {FailureReason::sop_class_not_supported, "return: SOP class not supported"},
      {FailureReason::other_study, "return: other study"},
      {FailureReason::cannot_understand, "return: cannot understand"},
      {FailureReason::transfer_syntax, "return: transfer syntax"},
  }};
  const sharing::Share* only = shares_.size() == 1 ? shares_.front().share : nullptr;
  audit::Event event = event_of(call_, audit::EventCode::denial, only);
  event.outcome = audit::Outcome::minor_failure;
  const auto* known = std::ranges::find(kNames, reason, [](const auto& row) { return row.first; });
  event.detail = known->second;
  ports_.log.append(event);
}

}  // namespace sekisho::dicomweb
