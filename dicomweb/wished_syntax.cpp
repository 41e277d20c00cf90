// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/wished_syntax.h"

#include <stdexcept>
#include <vector>

#include "core/dicom/transfer_syntax.h"
#include "imaging/decoders/frame_decoder.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::kExplicitVrLittleEndian;

std::optional<std::string> pick(const SyntaxWishes& wishes, const std::vector<std::string>& givable,
                                std::string_view usual) {
  auto found = wishes.pick(givable, usual);
  if (!found) return std::nullopt;
  return std::move(found->transfer_syntax);
}

}  // namespace

std::optional<std::string> syntax_for(const SyntaxWishes& wishes, std::string_view stored) {
  const auto syntax = core::dicom::TransferSyntax::from_uid(stored);
  std::vector<std::string> givable{std::string(stored)};
  const bool is_native = syntax && core::dicom::has_explicit_form(*syntax);
  if (!is_native && imaging::find_codec(stored) == nullptr) return pick(wishes, givable, stored);
  if (stored != kExplicitVrLittleEndian) givable.emplace_back(kExplicitVrLittleEndian);
  return pick(wishes, givable, is_native ? kExplicitVrLittleEndian : stored);
}

void write_as_wished(anonymization::Masked& instance, const SyntaxWishes& wishes,
                     const core::Demand& demand) {
  const std::string stored = instance.transfer_syntax().uid;
  const auto wished = syntax_for(wishes, stored);
  if (wished == stored) return;
  if (wished == kExplicitVrLittleEndian && instance.write_explicitly(demand)) return;
  if (!pick(wishes, {stored}, stored)) {
    throw std::runtime_error("an instance cannot be given in the transfer syntax asked for");
  }
}

}  // namespace sekisho::dicomweb
