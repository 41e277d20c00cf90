// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_store.h"

#include <utility>
#include <variant>
#include <vector>

#include "dicomweb/desk.h"
#include "dicomweb/negotiation.h"
#include "dicomweb/take_back.h"

namespace sekisho::dicomweb {
namespace {

const Offer kOffers[] = {{.media_type = "application/dicom+json"}};

}  // namespace

Reply answer_store(Desk& desk, Call& call) {
  if (!negotiate(acceptable(call.request), kOffers)) return Reply::error(406);
  const auto admission = desk.admit(call, Freshness::present);
  if (const auto* denial = std::get_if<Denial>(&admission)) return desk.deny(call, *denial);
  std::vector<ReturnShare> shares;
  for (const Admitted& each : std::get<std::vector<Admitted>>(admission)) {
    shares.push_back({each.share, each.view});
  }
  return TakeBack(desk.ports(), call, std::move(shares), desk.returns()).answer();
}

}  // namespace sekisho::dicomweb
