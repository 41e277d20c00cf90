// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/rendered_document.h"

#include <algorithm>

#include "core/dicom/dataset.h"
#include "core/dicom/numbers.h"
#include "core/dicom/padding.h"
#include "dicomweb/report_page.h"

namespace sekisho::dicomweb {
namespace {

using core::dicom::Dataset;
using core::dicom::Tag;
using core::dicom::Token;

constexpr std::string_view kPdf = "application/pdf";
constexpr std::string_view kPage = "text/html";
constexpr std::string_view kEncapsulatedPdf = "1.2.840.10008.5.1.4.1.1.104.1";
/// Of structured reports and key object selections, and of nothing else (PS3.4 §B.5).
constexpr std::string_view kReports = "1.2.840.10008.5.1.4.1.1.88.";

constexpr Tag kDocument{0x0042, 0x0011};
constexpr Tag kDocumentLength{0x0042, 0x0015};

/// What an encapsulated document is.
struct Facts {
  core::ByteView document;
  std::optional<std::uint32_t> document_size;  ///< without the byte that makes it even
};

Facts facts_of(const Dataset& header) {
  Facts facts;
  core::dicom::for_each_token(header, [&](const Token& token) {
    if (token.kind != Token::Kind::element || token.depth != 0) return;
    if (token.tag == kDocument) {
      facts.document = token.value;
    } else if (token.tag == kDocumentLength && token.value.size() == 4) {
      facts.document_size = core::dicom::read_u32(token.value, token.order);
    }
  });
  return facts;
}

/// PS3.3 §C.24.2: its length says whether its last byte is padding.
std::string pdf_of(const Facts& facts) {
  core::ByteView pdf = facts.document;
  if (facts.document_size && *facts.document_size + 1 == pdf.size()) {
    pdf = pdf.first(*facts.document_size);
  }
  return std::string(core::as_text(pdf));
}

}  // namespace

std::string_view document_type(std::string_view sop_class) {
  if (sop_class == kEncapsulatedPdf) return kPdf;
  return sop_class.starts_with(kReports) ? kPage : std::string_view();
}

std::optional<Document> document_of(const anonymization::Masked& instance,
                                    const core::Demand& demand) {
  const std::string_view type = document_type(instance.sop_class());
  if (type.empty()) return std::nullopt;
  const Dataset parts[] = {instance.header(), instance.trailer()};
  if (type == kPage) return Document{kPage, report_page(parts, demand)};
  const Facts facts = facts_of(parts[0]);
  if (!core::as_text(facts.document).starts_with("%PDF-")) return std::nullopt;
  return Document{kPdf, pdf_of(facts)};
}

}  // namespace sekisho::dicomweb
