// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/dummy.h"

#include "anonymization/masking/replacement.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;

constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kCodingSchemeDesignator{0x0008, 0x0102};
constexpr Tag kCodeMeaning{0x0008, 0x0104};
constexpr Tag kConceptNameCodeSequence{0x0040, 0xA043};
constexpr Tag kConceptCodeSequence{0x0040, 0xA168};
constexpr Tag kPersonIdentificationCodeSequence{0x0040, 0x1101};
constexpr Tag kVerifyingObserverSequence{0x0040, 0xA073};
constexpr Tag kVerifyingObserverIdentification{0x0040, 0xA088};
constexpr Tag kContentSequence{0x0040, 0xA730};
constexpr DummyItemElement kDummyItems[] = {
    {Tag{0x0034, 0x0001}, Tag{0x0034, 0x0002}, Vr::OB},  // FlowIdentifier
    {kPersonIdentificationCodeSequence, kCodeValue, Vr::SH},
    {kPersonIdentificationCodeSequence, kCodingSchemeDesignator, Vr::SH, "99SEKISHO"},
    {kPersonIdentificationCodeSequence, kCodeMeaning, Vr::LO},
    {kConceptNameCodeSequence, kCodeValue, Vr::SH, "121106"},
    {kConceptNameCodeSequence, kCodingSchemeDesignator, Vr::SH, "DCM"},
    {kConceptNameCodeSequence, kCodeMeaning, Vr::LO, "Comment"},
    {kConceptCodeSequence, kCodeValue, Vr::SH, "261665006"},
    {kConceptCodeSequence, kCodingSchemeDesignator, Vr::SH, "SCT"},
    {kConceptCodeSequence, kCodeMeaning, Vr::LO, "Unknown"},
    {kVerifyingObserverSequence, Tag{0x0040, 0xA027}, Vr::LO},  // VerifyingOrganization
    {kVerifyingObserverSequence, Tag{0x0040, 0xA030}, Vr::DT},  // VerificationDateTime
    {kVerifyingObserverSequence, Tag{0x0040, 0xA075}, Vr::PN},  // VerifyingObserverName
    {kVerifyingObserverSequence, kVerifyingObserverIdentification, Vr::SQ},
    {kVerifyingObserverIdentification, kCodeValue, Vr::SH},
    {kVerifyingObserverIdentification, kCodingSchemeDesignator, Vr::SH, "99SEKISHO"},
    {kVerifyingObserverIdentification, kCodeMeaning, Vr::LO},
    {kContentSequence, Tag{0x0040, 0xA010}, Vr::CS, "CONTAINS"},  // RelationshipType
    {kContentSequence, Tag{0x0040, 0xA040}, Vr::CS, "TEXT"},      // ValueType
    {kContentSequence, kConceptNameCodeSequence, Vr::SQ},
    {kContentSequence, Tag{0x0040, 0xA160}, Vr::UT},  // TextValue
};

}  // namespace

std::span<const DummyItemElement> dummy_item_elements() { return kDummyItems; }

void write_dummy(ElementWriter& writer, Tag tag, Vr vr) {
  if (vr != Vr::SQ) return writer.element(tag, vr, dummy_value(vr));
  writer.begin_sequence(tag);
  writer.begin_item();
  for (const DummyItemElement& row : kDummyItems) {
    if (row.sequence != tag) continue;
    if (row.text.empty()) {
      write_dummy(writer, row.tag, row.vr);  // one level deep: see dummy_item_elements()
    } else {
      writer.text(row.tag, row.vr, row.text);
    }
  }
  writer.end_item();
  writer.end_sequence();
}

void write_concept_name(ElementWriter& writer, const CodedName& name) {
  writer.begin_sequence(kConceptNameCodeSequence);
  writer.begin_item();
  writer.text(kCodeValue, Vr::SH, name.code);
  writer.text(kCodingSchemeDesignator, Vr::SH, "DCM");
  writer.text(kCodeMeaning, Vr::LO, name.meaning);
  writer.end_item();
  writer.end_sequence();
}

}  // namespace sekisho::anonymization
