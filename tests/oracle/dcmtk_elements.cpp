// SPDX-License-Identifier: GPL-3.0-or-later
#include "oracle/dcmtk_elements.h"

#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "anonymization/masking/dummy.h"
#include "anonymization/masking/replacement.h"

namespace sekisho::oracle {
namespace {

using core::dicom::Tag;
using core::dicom::Vr;

/// PS3.16 CID 7050, copied from the standard and not from the masker's table.
constexpr std::pair<std::string_view, std::string_view> kMethods[] = {
    {"113100", "Basic Application Confidentiality Profile"},
    {"113101", "Clean Pixel Data Option"},
    {"113102", "Clean Recognizable Visual Features Option"},
    {"113103", "Clean Graphics Option"},
    {"113104", "Clean Structured Content Option"},
    {"113105", "Clean Descriptors Option"},
    {"113106", "Retain Longitudinal Temporal Information Full Dates Option"},
    {"113107", "Retain Longitudinal Temporal Information Modified Dates Option"},
    {"113108", "Retain Patient Characteristics Option"},
    {"113109", "Retain Device Identity Option"},
    {"113110", "Retain UIDs Option"},
    {"113111", "Retain Safe Private Option"},
    {"113112", "Retain Institution Identity Option"},
};

constexpr Tag kCodeValue{0x0008, 0x0100};
constexpr Tag kCodingSchemeDesignator{0x0008, 0x0102};
constexpr Tag kCodeMeaning{0x0008, 0x0104};
constexpr Tag kPatientIdentityRemoved{0x0012, 0x0062};
constexpr Tag kDeidentificationMethod{0x0012, 0x0063};
constexpr Tag kDeidentificationMethodCodeSequence{0x0012, 0x0064};
constexpr Tag kLongitudinalTemporalInformationModified{0x0028, 0x0303};

/// DCMTK's plain newDicomElement() would take the VR from its own dictionary.
std::unique_ptr<DcmElement> new_element(const DcmTag& tag) {
  DcmElement* element = nullptr;
  if (DcmItem::newDicomElementWithVR(element, tag).bad()) throw std::bad_alloc();
  return std::unique_ptr<DcmElement>(element);
}

std::unique_ptr<DcmElement> make_dummy_sequence(Tag tag) {
  auto sequence = std::make_unique<DcmSequenceOfItems>(dcmtk_tag(tag, Vr::SQ));
  auto item = std::make_unique<DcmItem>();
  for (const anonymization::DummyItemElement& row : anonymization::dummy_item_elements()) {
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
    const auto* method =
        std::ranges::find(kMethods, code, [](const auto& row) { return row.first; });
    if (method == std::end(kMethods)) throw std::logic_error("no code of CID 7050: " + code);
    auto item = std::make_unique<DcmItem>();
    insert(*item, make_text(kCodeValue, Vr::SH, code));
    insert(*item, make_text(kCodingSchemeDesignator, Vr::SH, "DCM"));
    insert(*item, make_text(kCodeMeaning, Vr::LO, method->second));
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
  // DCMTK reads numbers from text.
  if (vr == Vr::AT) return make_text(tag, vr, "(0000,0000)");
  if (vr != Vr::OB && vr != Vr::OW && vr != Vr::UN) {
    return make_text(
        tag, vr, core::dicom::is_text(vr) ? core::as_text(anonymization::dummy_value(vr)) : "0");
  }
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

void insert_statement(DcmItem& dataset, const anonymization::Statement& statement) {
  insert(dataset,
         make_text(kPatientIdentityRemoved, Vr::CS, statement.identity_removed ? "YES" : "NO"));
  insert(dataset, make_text(kDeidentificationMethod, Vr::LO, joined(statement.method)));
  if (!statement.method_codes.empty()) {
    insert(dataset, make_method_codes(statement.method_codes));
  }
  insert(dataset, make_text(kLongitudinalTemporalInformationModified, Vr::CS,
                            statement.temporal_information));
}

}  // namespace sekisho::oracle
