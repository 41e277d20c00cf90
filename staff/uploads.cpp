// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/uploads.h"

#include <utility>
#include <variant>

#include "core/dicom/checked_file.h"
#include "core/dicom/dataset.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/text_reader.h"
#include "returns/events.h"
#include "staff/lists.h"
#include "staff/preview_value.h"

namespace sekisho::staff {
namespace {

using audit::EventCode;
using core::dicom::CheckedFile;
using core::dicom::Token;
using returns::State;
using returns::Upload;

/// The elements of what is larger are not shown: it would be in memory as a whole.
constexpr std::uint64_t kMostShownBytes = 16ULL << 20;
constexpr Json::ArrayIndex kMostElements = 2000;

Json::Value to_json(const Upload& upload) {
  Json::Value json;
  json["ID"] = upload.id.text();
  json["Share"] = upload.share.text();
  json["Recipient"] = upload.sender.recipient_id;
  json["RecipientName"] = upload.sender.recipient_name;
  json["SopClass"] = upload.sop_class;
  json["Bytes"] = Json::UInt64{upload.size_bytes};
  json["ReceivedAt"] = core::to_rfc3339(upload.received_at);
  json["Receipt"] = upload.receipt;
  json["Status"] = std::string(name(upload.state));
  if (upload.scan) {
    json["Scan"]["Verdict"] = std::string(name(upload.scan->verdict));
    if (!upload.scan->signature.empty()) json["Scan"]["Signature"] = upload.scan->signature;
    json["Scan"]["ScannedAt"] = core::to_rfc3339(upload.scan->scanned_at);
  }
  if (upload.decision) {
    json["DecidedBy"] = upload.decision->by;
    json["DecidedAt"] = core::to_rfc3339(upload.decision->decided_at);
    if (!upload.decision->reason.empty()) json["Reason"] = upload.decision->reason;
  }
  if (upload.deleted_at) json["DeletedAt"] = core::to_rfc3339(*upload.deleted_at);
  return json;
}

/// Where it will be in the archive, and how people speak of that study.
Json::Value place_of(const Upload& upload) {
  Json::Value json;
  json["PatientID"] = upload.key.series.study.patient_id;
  json["PatientName"] = upload.words.patient_name;
  json["StudyDate"] = upload.words.date;
  json["StudyDescription"] = upload.words.description;
  json["StudyInstanceUID"] = upload.key.series.study.study.str();
  json["SeriesInstanceUID"] = upload.key.series.series.str();
  json["SOPInstanceUID"] = upload.key.instance.str();
  return json;
}

Json::Value elements_of(core::ByteView part10, const core::Demand& demand) {
  Json::Value json = Json::arrayValue;
  const auto checked = CheckedFile::check(core::StoredFile::borrowed(part10, nullptr), demand);
  const auto* file = std::get_if<CheckedFile>(&checked);
  if (file == nullptr) return json;
  const auto& syntax = file->transfer_syntax();
  const core::dicom::Dataset dataset{file->header(), syntax.vr, syntax.order};
  core::dicom::OpenVrs open_vrs(dataset);
  core::dicom::TextReader reader;
  core::dicom::Replay walk = file->replay_header();
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.kind == Token::Kind::element) token.vr = open_vrs.of(token);
    reader.see(token);
    const bool is_sequence = token.kind == Token::Kind::sequence_begin;
    if (token.kind != Token::Kind::element && !is_sequence) continue;
    if (json.size() == kMostElements) break;
    const auto* entry = core::dicom::find(token.tag);
    Json::Value& row = json.append(Json::objectValue);
    row["Depth"] = token.depth;
    row["Tag"] = token.tag.hex();
    if (entry != nullptr) row["Keyword"] = std::string(entry->keyword);
    if (!is_sequence) row["Value"] = shown_value(token, reader, token.order);
  }
  return json;
}

std::optional<Upload> upload_of(const Call& call) {
  const auto id = returns::UploadId::parse(call.ids.front());
  return id ? call.ports.quarantine.find(*id) : std::nullopt;
}

Reply no_such_upload() { return refused(404, "There is no such upload."); }

audit::Event event_about(const Call& call, EventCode code, const Upload& upload) {
  audit::Event event = staff_event(call, code);
  returns::tell_of(upload, event);
  return event;
}

/// What staff decide about what waits for them.
Reply decide(const Call& call, EventCode code, State to, const std::string& reason) {
  const auto upload = upload_of(call);
  if (!upload) return no_such_upload();
  const bool may_be_rejected = to == State::rejected && upload->state == State::received;
  if (upload->state != State::held && !may_be_rejected) {
    return refused(409, "The upload is " + std::string(name(upload->state)) + '.',
                   {to == State::rejected ? "What is received or held can be rejected."
                                          : "What is held can be released."});
  }
  audit::Event event = event_about(call, code, *upload);
  event.purpose = reason;
  if (to == State::released) event.detail = "staff";
  call.ports.log.append(event);
  if (!call.ports.quarantine.move(upload->id, upload->state, to, {call.actor, reason, call.now})) {
    return refused(409, "The upload has become something else meanwhile.", {"Look at it again."});
  }
  return answered(200, to_json(call.ports.quarantine.find(upload->id).value()));
}

}  // namespace

Reply list_uploads(const Call& call) {
  RequestProblems problems;
  returns::UploadFilter filter;
  read_page(call, call.ports.quarantine, filter, problems);
  if (const auto found = call.query.find("status"); found != call.query.end()) {
    filter.state = returns::parse_state(found->second);
    if (!filter.state) {
      problems.emplace_back(
          "\"status\" must be \"received\", \"held\", \"released\", \"stored\", \"apart\" or "
          "\"rejected\".");
    }
  }
  const auto share = query_id<sharing::ShareId>(call, "share", "a share's ID", problems);
  if (!share.empty()) filter.share = share;
  const auto recipient =
      query_id<sharing::RecipientId>(call, "recipient", "a recipient's ID", problems);
  if (!recipient.empty()) filter.recipient = recipient;
  if (!problems.empty()) return invalid(problems);
  auto uploads = call.ports.quarantine.list(filter);
  Json::Value json;
  end_page(filter.limit, uploads, json);
  json["Uploads"] = Json::arrayValue;
  for (const Upload& upload : uploads) json["Uploads"].append(to_json(upload));
  return answered(200, json);
}

Reply show_upload(const Call& call) {
  const auto upload = upload_of(call);
  if (!upload) return no_such_upload();
  call.ports.log.append(event_about(call, EventCode::return_show, *upload));
  Json::Value json = to_json(*upload);
  json["Joins"] = place_of(*upload);
  if (upload->size_bytes > kMostShownBytes) return answered(200, json);
  if (const auto content = call.ports.quarantine.content(upload->id)) {
    json["Elements"] = elements_of(content->view(), call.demand);
  }
  return answered(200, json);
}

Reply release_upload(const Call& call) {
  RequestProblems problems;
  BodyReader(call.body, problems).refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  return decide(call, EventCode::return_release, State::released, "");
}

Reply reject_upload(const Call& call) {
  RequestProblems problems;
  BodyReader body(call.body, problems);
  const std::string reason = body.required_text("Reason", kLongestReason).value_or("");
  body.refuse_the_rest();
  if (!problems.empty()) return invalid(problems);
  return decide(call, EventCode::return_reject, State::rejected, reason);
}

}  // namespace sekisho::staff
