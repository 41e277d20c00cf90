// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/explicit_dataset.h"

#include "anonymization/masking/element_writer.h"
#include "anonymization/masking/mask_error.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Token;

/// False for what is compressed, in an item.
bool write(ElementWriter& writer, const Token& token) {
  switch (token.kind) {
    case Token::Kind::element:
      if (token.tag.element() != 0) writer.copy(token.tag, token.vr, token.value, token.order);
      return true;
    case Token::Kind::sequence_begin:
      writer.begin_sequence(token.tag);
      return true;
    case Token::Kind::item_begin:
      writer.begin_item();
      return true;
    case Token::Kind::item_end:
      writer.end_item();
      return true;
    case Token::Kind::sequence_end:
      writer.end_sequence();
      return true;
    case Token::Kind::end:
      return true;
    case Token::Kind::fragments:
    case Token::Kind::defect:
      break;
  }
  return false;
}

}  // namespace

bool append_explicit(core::ByteBuffer& out, const core::dicom::Dataset& dataset,
                     const core::Demand& demand) {
  ElementWriter writer(out, core::dicom::VrCoding::explicit_vr, core::dicom::ByteOrder::little);
  core::DemandSteps asking(demand);
  bool is_sound = true;
  try {
    core::dicom::for_each_token(dataset, [&](const Token& token) {
      asking.step();
      is_sound = is_sound && write(writer, token);
    });
  } catch (const MaskError&) {  // a value too long for any VR
    return false;
  }
  return is_sound;
}

}  // namespace sekisho::anonymization
