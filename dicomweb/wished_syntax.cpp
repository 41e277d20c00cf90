// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/wished_syntax.h"

#include <stdexcept>
#include <variant>
#include <vector>

#include "core/dicom/transfer_syntax.h"
#include "imaging/decoders/decoded_frames.h"
#include "imaging/encoders/frame_encoder.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::kExplicitVrLittleEndian;

std::optional<std::string> pick(const SyntaxWishes& wishes, const std::vector<std::string>& givable,
                                std::string_view usual) {
  auto found = wishes.pick(givable, usual);
  if (!found) return std::nullopt;
  return std::move(found->transfer_syntax);
}

/// What leaves with loss would be another instance.
void add_encodings(std::vector<std::string>& givable, std::string_view stored,
                   const core::dicom::Dataset& header) {
  if (!imaging::is_decodable(stored)) return;
  const auto shape = imaging::read_image_shape(header);
  if (std::holds_alternative<imaging::Refusal>(shape)) return;
  for (const imaging::PixelEncoder& encoder : imaging::pixel_encoders()) {
    if (encoder.loss == imaging::Loss::none && encoder.transfer_syntax != stored &&
        imaging::can_encode(encoder, std::get<imaging::ImageShape>(shape))) {
      givable.emplace_back(encoder.transfer_syntax);
    }
  }
}

bool write(anonymization::Masked& instance, std::string_view syntax, const core::Demand& demand) {
  if (syntax == kExplicitVrLittleEndian) return instance.write_explicitly(demand);
  const imaging::PixelEncoder* encoder = imaging::find_encoder(syntax);
  return encoder != nullptr && instance.write_encoded(*encoder, demand);
}

}  // namespace

std::optional<std::string> syntax_for(const SyntaxWishes& wishes, std::string_view stored,
                                      const core::dicom::Dataset& header) {
  const auto syntax = core::dicom::TransferSyntax::from_uid(stored);
  std::vector<std::string> givable{std::string(stored)};
  const bool is_native = syntax && core::dicom::has_explicit_form(*syntax);
  const imaging::PixelCodec* codec = imaging::find_codec(stored);
  if (stored != kExplicitVrLittleEndian && (is_native || codec != nullptr)) {
    givable.emplace_back(kExplicitVrLittleEndian);
  }
  if (wishes.name_syntaxes()) add_encodings(givable, stored, header);
  const bool is_lossless = codec != nullptr && codec->loss == imaging::Loss::none;
  return pick(wishes, givable, is_native || is_lossless ? kExplicitVrLittleEndian : stored);
}

bool can_write_as_wished(anonymization::Masked& instance, const SyntaxWishes& wishes,
                         const core::Demand& demand) {
  const std::string stored = instance.transfer_syntax().uid;
  const auto wished = syntax_for(wishes, stored, instance.header());
  if (!wished) return false;
  if (*wished == stored || write(instance, *wished, demand)) return true;
  return pick(wishes, {stored}, stored).has_value();
}

void write_as_wished(anonymization::Masked& instance, const SyntaxWishes& wishes,
                     const core::Demand& demand) {
  if (!can_write_as_wished(instance, wishes, demand)) {
    throw std::runtime_error("an instance cannot be given in the transfer syntax asked for");
  }
}

}  // namespace sekisho::dicomweb
