// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever stands in an Accept field, the choice is one of the offers, in one of its transfer
// syntaxes, and offers that are not chosen change nothing.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dicomweb/negotiation.h"

namespace {

using namespace sekisho::dicomweb;

void require(bool ok) {
  if (!ok) std::abort();
}

void try_offers(std::string_view accept, std::span<const Offer> offers) {
  const auto choice = negotiate(accept, offers);
  if (!choice) return;
  require(std::ranges::any_of(offers, [&](const Offer& offer) {
    return offer.media_type == choice->offer.media_type && offer.packing == choice->offer.packing;
  }));
  const auto& givable = choice->offer.transfer_syntaxes;
  require(givable.empty() == choice->transfer_syntax.empty());
  require(givable.empty() || std::ranges::find(givable, choice->transfer_syntax) != givable.end());
  // What is best among all is best beside the usual one. (The first says what that is.)
  const std::array<Offer, 2> fewer = {offers.front(), choice->offer};
  const auto again = negotiate(accept, fewer);
  require(again && again->offer.media_type == choice->offer.media_type);
  require(again->offer.packing == choice->offer.packing);
  require(again->transfer_syntax == choice->transfer_syntax);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view accept(reinterpret_cast<const char*>(data), size);
  static const std::array<Offer, 4> kFrame = {
      Offer{"application/octet-stream", Packing::multipart, {"1.2.840.10008.1.2.1"}},
      Offer{"image/jpeg", Packing::multipart, {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70"}},
      Offer{"application/octet-stream", Packing::single, {"1.2.840.10008.1.2.1"}},
      Offer{"image/jpeg", Packing::single, {"1.2.840.10008.1.2.4.50"}}};
  static const std::array<Offer, 2> kMetadata = {
      Offer{"application/dicom+json", Packing::single},
      Offer{"application/dicom+xml", Packing::multipart}};
  try_offers(accept, kFrame);
  try_offers(accept, kMetadata);
  return 0;
}
