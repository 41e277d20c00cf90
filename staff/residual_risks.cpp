// SPDX-License-Identifier: GPL-3.0-or-later
#include "staff/residual_risks.h"

#include "core/digest.h"
#include "core/encoding.h"
#include "core/secret.h"

namespace sekisho::staff {

Json::Value risks_json(const std::vector<ResidualRisk>& risks) {
  Json::Value json(Json::arrayValue);
  for (const ResidualRisk& risk : risks) {
    Json::Value row;
    row["Code"] = std::string(risk.kind.code);
    row["Text"]["en"] = std::string(risk.kind.text_en);
    row["Text"]["ja"] = std::string(risk.kind.text_ja);
    row["Instances"] = Json::UInt64{risk.instances};
    row["Attributes"] = Json::arrayValue;
    for (const std::string& attribute : risk.attributes) row["Attributes"].append(attribute);
    json.append(std::move(row));
  }
  return json;
}

std::vector<std::string> texts_of(const std::vector<ResidualRisk>& risks) {
  std::vector<std::string> texts;
  for (const ResidualRisk& risk : risks) {
    texts.push_back(std::string(risk.kind.code) + ": " + std::string(risk.kind.text_en));
  }
  return texts;
}

std::string codes_of(const std::vector<ResidualRisk>& risks) {
  std::string codes;
  for (const ResidualRisk& risk : risks) {
    codes.append(codes.empty() ? "" : " ").append(risk.kind.code);
  }
  return codes;
}

std::string acknowledgement_of(const Call& call, const ShareRequest& request,
                               const sharing::Scope& scope,
                               const std::vector<ResidualRisk>& risks) {
  // JSON has no zero byte: the parts cannot run into each other.
  constexpr core::Byte kEnd[] = {0};
  const std::string recipient = request.recipient.text();
  const std::string shared = std::string(sharing::level_name(scope)) + to_text(objects_json(scope));
  const std::string profile = request.profile.to_json();
  const std::string codes = codes_of(risks);
  return core::to_base64url(core::hmac_sha256(
      call.ports.preview_key.view(), {core::as_bytes(recipient), kEnd, core::as_bytes(shared), kEnd,
                                      core::as_bytes(profile), kEnd, core::as_bytes(codes)}));
}

bool is_same(const std::string& needed, const std::optional<std::string>& given) {
  return given && core::equal_in_constant_time(core::as_bytes(needed), core::as_bytes(*given));
}

Reply unacknowledged(const std::vector<ResidualRisk>& risks) {
  std::vector<std::string> details = texts_of(risks);
  details.emplace_back(
      "POST the same body to /shares/preview, look at what it shows, and add the "
      "\"Acknowledgement\" of its answer to the body here.");
  Json::Value more;
  more["Risks"] = risks_json(risks);
  return refused(409, "The share carries residual risks that nobody has acknowledged.", details,
                 std::move(more));
}

Reply unacknowledged(std::string_view what, const std::vector<ResidualRisk>& risks,
                     const std::string& acknowledgement) {
  std::vector<std::string> details = texts_of(risks);
  details.emplace_back(
      "Look at the risks, and add the \"Acknowledgement\" of this answer to the body.");
  Json::Value more;
  more["Risks"] = risks_json(risks);
  more["Acknowledgement"] = acknowledgement;
  return refused(
      409, "The " + std::string(what) + " carries residual risks that nobody has acknowledged.",
      details, std::move(more));
}

}  // namespace sekisho::staff
