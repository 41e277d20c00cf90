// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/dcmtk_elements.h"

#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <string>

#include "anonymization/replacement.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;

constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kCodingSchemeDesignator{0x0008, 0x0102};
constexpr Tag kCodeMeaning{0x0008, 0x0104};
constexpr Tag kPatientIdentityRemoved{0x0012, 0x0062};
constexpr Tag kDeidentificationMethod{0x0012, 0x0063};
constexpr Tag kDeidentificationMethodCodeSequence{0x0012, 0x0064};
constexpr Tag kLongitudinalTemporalInformationModified{0x0028, 0x0303};

/// PS3.16 CID 7050, as far as profiles use it.
struct MethodCode {
  std::string_view value;
  std::string_view meaning;
};
constexpr MethodCode kMethodCodes[] = {
    {"113100", "Basic Application Confidentiality Profile"},
};

/// What the single item of a dummy sequence holds, so that it is the kind of item that its IOD asks
/// for: a text, or the dummy of the VR. Sequences not named here get an empty item.
struct DummyItemElement {
  Tag sequence;
  Tag tag;
  Vr vr;
  std::string_view text = {};
};
constexpr Tag kConceptNameCodeSequence{0x0040, 0xA043};
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
    {kVerifyingObserverIdentification, kCodeValue, Vr::SH},
    {kVerifyingObserverIdentification, kCodingSchemeDesignator, Vr::SH, "99SEKISHO"},
    {kVerifyingObserverIdentification, kCodeMeaning, Vr::LO},
    {kVerifyingObserverSequence, Tag{0x0040, 0xA027}, Vr::LO},  // VerifyingOrganization
    {kVerifyingObserverSequence, Tag{0x0040, 0xA030}, Vr::DT},  // VerificationDateTime
    {kVerifyingObserverSequence, Tag{0x0040, 0xA075}, Vr::PN},  // VerifyingObserverName
    {kVerifyingObserverSequence, kVerifyingObserverIdentification, Vr::SQ},
    {kContentSequence, Tag{0x0040, 0xA010}, Vr::CS, "CONTAINS"},  // RelationshipType
    {kContentSequence, Tag{0x0040, 0xA040}, Vr::CS, "TEXT"},      // ValueType
    {kContentSequence, kConceptNameCodeSequence, Vr::SQ},
    {kContentSequence, Tag{0x0040, 0xA160}, Vr::UT},  // TextValue
};

/// Values of one kind are read alike, whatever their VR says precisely.
enum class Kind { text, person_name, code, number, date_or_time, age, uid, bytes, sequence };
Kind kind_of(Vr vr) {
  switch (vr) {
    case Vr::AE:
    case Vr::LO:
    case Vr::LT:
    case Vr::SH:
    case Vr::ST:
    case Vr::UC:
    case Vr::UR:
    case Vr::UT:
      return Kind::text;
    case Vr::PN:
      return Kind::person_name;
    case Vr::CS:
      return Kind::code;
    case Vr::DS:
    case Vr::IS:
      return Kind::number;
    case Vr::DA:
    case Vr::DT:
    case Vr::TM:
      return Kind::date_or_time;
    case Vr::AS:
      return Kind::age;
    case Vr::UI:
      return Kind::uid;
    case Vr::SQ:
      return Kind::sequence;
    default:
      return Kind::bytes;
  }
}

/// DCMTK's plain newDicomElement() would take the VR from its own dictionary.
std::unique_ptr<DcmElement> new_element(const DcmTag& tag) {
  DcmElement* element = nullptr;
  if (DcmItem::newDicomElementWithVR(element, tag).bad()) throw std::bad_alloc();
  return std::unique_ptr<DcmElement>(element);
}

std::unique_ptr<DcmElement> make_dummy_sequence(Tag tag) {
  auto sequence = std::make_unique<DcmSequenceOfItems>(dcmtk_tag(tag, Vr::SQ));
  auto item = std::make_unique<DcmItem>();
  for (const DummyItemElement& row : kDummyItems) {
    if (row.sequence != tag) continue;
    // One level deep: no dummy item holds a sequence whose own item holds another.
    insert(*item,
           row.text.empty() ? make_dummy(row.tag, row.vr) : make_text(row.tag, row.vr, row.text));
  }
  append(*sequence, std::move(item));
  return sequence;
}

std::string joined(const std::vector<std::string>& values) {
  std::string all;
  for (const std::string& value : values) all.append(all.empty() ? "" : "\\").append(value);
  return all;
}

std::unique_ptr<DcmElement> make_method_codes(const std::vector<std::string>& codes) {
  auto sequence =
      std::make_unique<DcmSequenceOfItems>(dcmtk_tag(kDeidentificationMethodCodeSequence, Vr::SQ));
  for (const std::string& code : codes) {
    const auto known = std::ranges::find(kMethodCodes, code, &MethodCode::value);
    if (known == std::end(kMethodCodes)) continue;
    auto item = std::make_unique<DcmItem>();
    insert(*item, make_text(kCodeValue, Vr::SH, known->value));
    insert(*item, make_text(kCodingSchemeDesignator, Vr::SH, "DCM"));
    insert(*item, make_text(kCodeMeaning, Vr::LO, known->meaning));
    append(*sequence, std::move(item));
  }
  return sequence;
}

}  // namespace

Tag tag_of(const DcmElement& element) {
  const DcmTag& tag = element.getTag();
  return Tag{tag.getGroup(), tag.getElement()};
}

Vr vr_of(DcmElement& element) {
  const char* letters = DcmVR(element.getVR()).getVRName();
  return core::dicom::parse_vr(letters[0], letters[1]).value_or(Vr::UN);
}

bool is_sequence(DcmElement& element) {
  return element.ident() == EVR_SQ && element.getTag().getEVR() == EVR_SQ;
}

core::Bytes value_of(DcmElement& element) {
  if (!element.isLeaf()) return {};
  core::Bytes value(element.getLength());
  if (!value.empty()) {
    const OFCondition read = element.getPartialValue(
        value.data(), 0, static_cast<Uint32>(value.size()), nullptr, EBO_LittleEndian);
    if (read.bad()) value.clear();
  }
  return value;
}

bool may_be_written_as(Vr dictionary, Vr file) {
  return kind_of(dictionary) == kind_of(file) || file == Vr::UN;
}

DcmTag dcmtk_tag(Tag tag, Vr vr) {
  return DcmTag(tag.group(), tag.element(), DcmVR(std::string(core::dicom::name(vr)).c_str()));
}

std::unique_ptr<DcmElement> make_empty(Tag tag, Vr vr) { return new_element(dcmtk_tag(tag, vr)); }

std::unique_ptr<DcmElement> make_text(Tag tag, Vr vr, std::string_view text) {
  auto element = make_empty(tag, vr);
  if (element->putString(text.data(), static_cast<Uint32>(text.size())).bad()) {
    throw std::bad_alloc();
  }
  return element;
}

std::unique_ptr<DcmElement> make_dummy(Tag tag, Vr vr) {
  if (vr == Vr::SQ) return make_dummy_sequence(tag);
  const std::string_view text = dummy_text(vr);
  if (!text.empty()) return make_text(tag, vr, text);
  constexpr Uint8 kBytes[] = {0, 0};
  constexpr Uint16 kWord = 0;
  auto element = make_empty(tag, vr);
  const OFCondition put = vr == Vr::OW ? element->putUint16Array(&kWord, 1)
                                       : element->putUint8Array(std::data(kBytes), 2);
  if (put.bad()) throw std::bad_alloc();
  return element;
}

DcmItem& append(DcmSequenceOfItems& sequence, std::unique_ptr<DcmItem> item) {
  if (sequence.append(item.get()).bad()) throw std::bad_alloc();
  return *item.release();
}

void insert(DcmItem& item, std::unique_ptr<DcmElement> element) {
  if (item.insert(element.get()).good()) static_cast<void>(element.release());
}

bool is_statement(Tag tag) {
  return tag == kPatientIdentityRemoved || tag == kDeidentificationMethod ||
         tag == kDeidentificationMethodCodeSequence ||
         tag == kLongitudinalTemporalInformationModified;
}

void insert_statement(DcmItem& dataset, const Statement& statement) {
  insert(dataset,
         make_text(kPatientIdentityRemoved, Vr::CS, statement.identity_removed ? "YES" : "NO"));
  insert(dataset, make_text(kDeidentificationMethod, Vr::LO, joined(statement.method)));
  if (!statement.method_codes.empty()) {
    insert(dataset, make_method_codes(statement.method_codes));
  }
  insert(dataset, make_text(kLongitudinalTemporalInformationModified, Vr::CS,
                            statement.temporal_information));
}

}  // namespace sekisho::anonymization
