// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_instances.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/encoding.h"
#include "dicomweb/desk.h"
#include "dicomweb/dicom_body.h"
#include "dicomweb/events.h"
#include "dicomweb/multipart.h"
#include "dicomweb/negotiation.h"
#include "dicomweb/wished_syntax.h"
#include "dicomweb/zip_body.h"
#include "disclosure/masked_row.h"

namespace sekisho::dicomweb {
namespace {

constexpr std::string_view kZip = "application/zip";

/// Whether every instance can be given in a transfer syntax that was asked for.
bool can_be_given(Desk& desk, const Granted& granted, const Choice& choice,
                  const core::Demand& demand) {
  if (!choice.wishes.name_syntaxes()) return true;
  return std::ranges::all_of(granted.instances(), [&](const InstanceRef& instance) {
    const auto row = row_of(desk.ports(), desk.rows(), granted.view(), instance, demand);
    // What cannot be read is dealt with when its turn to be sent comes.
    if (row == nullptr || !row->is_readable()) return true;
    return syntax_for(choice.wishes, row->transfer_syntax(), row->dataset()).has_value();
  });
}

/// Whether the instance, where it is all that is asked for, has been written down as it is to
/// leave: what cannot be coded is found before anything is on record.
bool is_written(Granted& granted, const Choice& choice, const core::Demand& demand) {
  anonymization::Masked* const first = granted.first();
  if (granted.instances().size() != 1 || first == nullptr) return true;
  first->look_at_cells(demand);
  return can_write_as_wished(*first, choice.wishes, demand);
}

/// The refusal where it is only to be had in another one.
std::optional<Reply> refuse_syntax(Desk& desk, const Call& call, Granted& granted,
                                   const Choice& choice) {
  bool is_as_asked = false;
  const ShareView& view = granted.view();
  const auto ended =
      desk.while_wanted(call, view.share(), view.approved(), [&](const core::Demand& demand) {
        is_as_asked =
            can_be_given(desk, granted, choice, demand) && is_written(granted, choice, demand);
      });
  if (ended) return desk.deny(call, *ended);
  if (is_as_asked) return std::nullopt;
  return desk.refuse(call, granted, 406, kOtherSyntax);
}

/// A receipt that whoever got the study can keep without asking for it.
std::string proof_of(audit::AuditLog& log, const audit::Receipt& receipt) {
  const auto proof = log.proof(receipt.seq());
  if (!proof) throw audit::AuditError("the access log lacks what it has just taken");
  return core::to_base64(core::as_bytes(proof->text()));
}

/// Of a study, which is more than a page of it.
Reply with_proof(Desk& desk, const Call& call, const audit::Receipt& receipt, Reply reply) {
  if (call.target.route->level == Level::study) {
    reply.with_header("Sekisho-Proof", proof_of(desk.ports().log, receipt));
  }
  return reply;
}

/// Of the only instance as one file, written down as it leaves.
http::EntityTag tag_of(const Desk& desk, const Granted& granted) {
  const std::string type = dicom_type(granted.first()->transfer_syntax().uid);
  return desk.tag_of(granted, core::sha256(core::as_bytes(type)));
}

/// Where all of it can be given as it was asked for.
Reply send(Desk& desk, const Call& call, Granted granted, const Choice& choice) {
  if (auto refusal = refuse_syntax(desk, call, granted, choice)) return *std::move(refusal);
  const bool of_one = call.target.route->level == Level::instance;
  const bool is_here = of_one && granted.first() != nullptr;
  const bool single =
      choice.offer.packing == Packing::single && choice.offer.media_type == kDicom && is_here;
  std::optional<http::EntityTag> tag;
  if (single) tag = tag_of(desk, granted);
  Disclosure disclosed =
      desk.disclose(call, std::move(granted), of_one ? RecordedAs::viewing : RecordedAs::transfer,
                    event_of(call, audit::EventCode::transfer_begin, nullptr));
  const audit::Receipt receipt = disclosed.receipt();
  if (choice.offer.media_type == kZip) {
    return with_proof(
        desk, call, receipt,
        Reply::stream(std::string(kZip), std::nullopt,
                      std::make_unique<ZipBody>(std::move(disclosed), choice.wishes))
            .with_header("Content-Disposition", R"(attachment; filename="images.zip")"));
  }
  const std::string boundary = single ? std::string() : random_boundary();
  auto body = std::make_unique<DicomBody>(std::move(disclosed), choice.wishes, boundary);
  std::string type =
      single ? dicom_type(body->transfer_syntax()) : multipart_type(kDicom, boundary);
  const auto size = is_here ? body->size_bytes() : std::nullopt;
  Reply reply = Reply::stream(std::move(type), size, std::move(body));
  if (tag) reply.bear(*std::move(tag));
  return with_proof(desk, call, receipt, std::move(reply));
}

}  // namespace

Reply answer_instances(Desk& desk, Call& call) {
  const bool of_one = call.target.route->level == Level::instance;
  std::vector<Offer> offered = {{kDicom, Packing::multipart}};
  if (of_one) offered.push_back({kDicom, Packing::single});
  offered.push_back({kZip, Packing::single});
  const auto choice = negotiate(acceptable(call.request), offered);
  if (!choice) return Reply::error(406);
  auto found = desk.find(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  return send(desk, call, std::get<Granted>(std::move(found)), *choice);
}

}  // namespace sekisho::dicomweb
