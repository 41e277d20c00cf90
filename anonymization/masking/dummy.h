// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "anonymization/masking/content_item.h"
#include "anonymization/masking/element_writer.h"

namespace sekisho::anonymization {

/// What the single item of a dummy sequence holds, so that it is the kind of item that its IOD asks
/// for: a text, or the dummy of the VR.
struct DummyItemElement {
  core::dicom::Tag sequence;
  core::dicom::Tag tag;
  core::dicom::Vr vr;
  std::string_view text = {};
};
/// In the order of sequences and tags. Sequences not named here get an empty item. No dummy item
/// holds a sequence whose own item holds another.
std::span<const DummyItemElement> dummy_item_elements();

/// Writes the constant that stands in for a value of this tag (PS3.15 Table E.1-1a, D): see
/// dummy_value(); a sequence gets one item.
void write_dummy(ElementWriter& writer, core::dicom::Tag tag, core::dicom::Vr vr);

/// The Concept Name Code Sequence of a content item that is called so.
void write_concept_name(ElementWriter& writer, const CodedName& name);

}  // namespace sekisho::anonymization
