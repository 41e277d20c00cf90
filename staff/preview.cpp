// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/preview.h"

#include <algorithm>

#include "anonymization/pixels/release.h"
#include "anonymization/pixels/withhold_reason.h"
#include "core/dicom/dictionary.h"
#include "staff/consent_rule.h"
#include "staff/looks.h"
#include "staff/preview_elements.h"
#include "staff/recipient_body.h"
#include "staff/residual_risks.h"
#include "staff/share_request.h"

namespace sekisho::staff {
namespace {

using anonymization::Approval;
using anonymization::Author;
using anonymization::ExplainedProfile;
using anonymization::Masked;
using anonymization::Profile;
using anonymization::Pseudonyms;
using anonymization::WithholdReason;
using core::dicom::CheckedFile;

constexpr std::size_t kKeyBytes = 32;

Json::Value reason_json(WithholdReason reason) {
  Json::Value json;
  json["Code"] = std::string(name(reason));
  json["Text"]["en"] = std::string(text_en(reason));
  json["Text"]["ja"] = std::string(text_ja(reason));
  json["Remedy"] = std::string(name(remedy(reason)));
  return json;
}

Json::Value withheld_json(WithholdReason reason, const InstancesBySeries& by_series) {
  Json::Value json = reason_json(reason);
  std::size_t instances = 0;
  for (const auto& [series, count] : by_series) {
    Json::Value row;
    row["PatientID"] = series.study.patient_id;
    row["StudyInstanceUID"] = series.study.study.str();
    row["SeriesInstanceUID"] = series.series.str();
    row["Instances"] = Json::UInt64{count};
    json["Series"].append(std::move(row));
    instances += count;
  }
  json["Instances"] = Json::UInt64{instances};
  return json;
}

/// What cannot be named can be told of by its number alone.
Json::Value unnamed_json(std::size_t instances) {
  Json::Value json = reason_json(WithholdReason::uid_unusable);
  json["Series"] = Json::arrayValue;
  json["Instances"] = Json::UInt64{instances};
  return json;
}

Json::Value element_json(const PreviewElement& element) {
  const auto* entry = core::dicom::find(element.tag());
  Json::Value json;
  json["Path"] = element.path_text();
  json["Tag"] = element.tag().hex();
  json["Keyword"] = entry == nullptr ? std::string() : std::string(entry->keyword);
  json["VR"] = std::string(core::dicom::name(element.vr));
  if (element.before) json["Before"] = *element.before;
  if (element.after) json["After"] = *element.after;
  json["Action"] = std::string(name(element.action));
  json["Source"] = element.source;
  return json;
}

/// One instance of a preview: its file, and what becomes of it.
class Sample {
 public:
  Sample(const Call& call, const ExplainedProfile& profile, const core::Demand& demand)
      : call_(call), profile_(profile), demand_(demand) {}

  /// The share has no key yet: its pseudonyms will be others of the same form.
  Json::Value json(const core::InstanceKey& key) {
    json_["PatientID"] = key.series.study.patient_id;
    json_["StudyInstanceUID"] = key.series.study.study.str();
    json_["SeriesInstanceUID"] = key.series.series.str();
    json_["SOPInstanceUID"] = key.instance.str();
    json_["Elements"] = Json::arrayValue;
    json_["ElementsLeftOut"] = 0;
    auto stored = call_.ports.store.open(key);
    if (!stored) return std::move(json_);
    auto checked = CheckedFile::check_or_mend(*std::move(stored), demand_);
    if (const auto* file = std::get_if<CheckedFile>(&checked)) {
      add(*file);
    } else {
      withhold(WithholdReason::file_malformed);
    }
    return std::move(json_);
  }

 private:
  void add(const CheckedFile& file) {
    const Profile& profile = profile_.profile;
    const auto& policy = call_.ports.options.pixel_policy;
    const core::Secret key = core::Secret::random(kKeyBytes);
    const Pseudonyms pseudonyms(key.view());
    auto released =
        release(file, profile, pseudonyms, policy, Approval::none, Author::hospital, demand_);
    auto decision = decide_release(file, profile, policy, Approval::none);
    std::optional<Masked> masked;
    if (const auto* reason = std::get_if<WithholdReason>(&released)) {
      withhold(*reason);
      decision = *reason;
      masked = header_alone(file, profile, pseudonyms);
    } else {
      masked = std::get<Masked>(std::move(released));
    }
    const Preview preview =
        preview_elements(file, profile_, masked ? &*masked : nullptr, decision, demand_);
    for (const PreviewElement& element : preview.elements) {
      json_["Elements"].append(element_json(element));
    }
    json_["ElementsLeftOut"] = Json::UInt64{preview.left_out};
  }

  /// What masking would make of a file that is withheld for its pixels.
  std::optional<Masked> header_alone(const CheckedFile& file, const Profile& profile,
                                     const Pseudonyms& pseudonyms) const {
    try {
      return mask_header(file, profile, pseudonyms, demand_);
    } catch (const anonymization::MaskError&) {
      return std::nullopt;
    }
  }

  void withhold(WithholdReason reason) { json_["Withheld"] = reason_json(reason); }

  const Call& call_;
  const ExplainedProfile& profile_;
  const core::Demand& demand_;
  Json::Value json_;
};

/// The patients without whose consent the share would not be made.
Json::Value without_consent(const Call& call, const ShareRequest& request,
                            const sharing::Scope& scope) {
  const core::Time begin = std::max(call.now, request.not_before);
  Json::Value patients = Json::arrayValue;
  for (const std::string& each : find_consents(call, scope, request.purpose, begin).without) {
    patients.append(each);
  }
  return patients;
}

audit::ObjectRef object_of(const core::InstanceKey& key) {
  return {key.series.study.patient_id, key.series.study.study.str(), key.series.series.str(),
          key.instance.str()};
}

audit::Event preview_event(const Call& call, const sharing::Recipient& recipient,
                           const ShareRequest& request, const sharing::Scope& scope,
                           std::vector<audit::StudyWords> words,
                           const std::optional<core::InstanceKey>& shown) {
  audit::Event event = staff_event(call, audit::EventCode::share_preview, recipient);
  event.intended_use = name(request.intended_use);
  event.objects = objects_of(scope);
  event.studies = std::move(words);
  const bool is_named = std::holds_alternative<sharing::InstanceScope>(scope);
  if (shown && !is_named) event.objects.push_back(object_of(*shown));
  event.facts["profile"] = request.profile.name();
  return event;
}

}  // namespace

Reply preview_share(const Call& call) {
  RequestProblems problems;
  const PreviewRequest request = read_preview_request(call, problems);
  if (!problems.empty()) return invalid(problems);
  const auto recipient = call.ports.recipients.find(request.share.recipient);
  if (!recipient) return refused(404, "There is no such recipient.");
  auto begun = begin_look(call, disclosure::LookFor::preview, recipient->id);
  if (auto* refusal = std::get_if<Reply>(&begun)) return std::move(*refusal);
  auto& look = std::get<disclosure::Look>(begun);
  const core::Demand& demand = look.demand();
  const auto found = find_scope(request.share.scope, call.ports, demand);
  if (const auto* refusal = std::get_if<Reply>(&found)) return *refusal;
  const auto& [scope, content] = std::get<FoundScope>(found);
  const auto sample = request.instance ? content.find(*request.instance) : content.first();
  if (request.instance && !sample) return refused(404, "The scope holds no such instance.");

  const auto& options = call.ports.options;
  call.ports.log.append(preview_event(call, *recipient, request.share, scope,
                                      words_of(scope, content, call.ports.store, demand), sample));
  const auto assessment =
      assess(content, {request.share.profile, options.pixel_policy, call.ports.verdicts},
             call.ports.store, look);
  const auto explained =
      std::get<ExplainedProfile>(options.profiles.explain(requested_profile(call)));
  Json::Value json;
  json["LookAlikes"] = to_json(call.ports.recipients.look_alikes(*recipient));
  json["Scope"] = scope_json(scope);
  json["PatientsWithoutConsent"] = without_consent(call, request.share, scope);
  json["Profile"] = request.share.profile.name();
  json["Instances"] = Json::UInt64{content.instances() + content.unnamed()};
  json["Withheld"] = Json::arrayValue;
  for (const auto& [reason, by_series] : assessment.withheld) {
    json["Withheld"].append(withheld_json(reason, by_series));
  }
  if (content.unnamed() > 0) json["Withheld"].append(unnamed_json(content.unnamed()));
  json["Risks"] = risks_json(assessment.risks);
  if (!assessment.risks.empty()) {
    json["Acknowledgement"] = acknowledgement_of(call, request.share, scope, assessment.risks);
  }
  if (sample) json["Instance"] = Sample(call, explained, demand).json(*sample);
  return answered(200, json);
}

}  // namespace sekisho::staff
