// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/rendered_document.h"

#include <gmock/gmock.h>

#include "anonymization/profiles/profile.h"
#include "support/dicom_builder.h"

namespace sekisho::dicomweb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::DatasetBuilder;
using tests::Tag;
using tests::Vr;

constexpr std::string_view kPdfClass = "1.2.840.10008.5.1.4.1.1.104.1";

DatasetBuilder an_object(std::string_view sop_class) {
  DatasetBuilder object;
  object.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0008, 0x0016}, Vr::UI, sop_class)
      .text(Tag{0x0008, 0x0018}, Vr::UI, "2.25.4")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "Yamada^Tarou")
      .text(Tag{0x0010, 0x0020}, Vr::LO, "P1")
      .text(Tag{0x0020, 0x000D}, Vr::UI, "2.25.2")
      .text(Tag{0x0020, 0x000E}, Vr::UI, "2.25.3");
  return object;
}

/// As a share with this profile shows it.
std::optional<Document> shown(const DatasetBuilder& object, std::string_view sop_class,
                              std::string_view profile = R"("none")") {
  const auto checked = core::dicom::CheckedFile::check(
      core::StoredFile::in_memory(object.part10(sop_class, "2.25.4")));
  const auto resolved = anonymization::resolve_profile(profile);
  const anonymization::Pseudonyms pseudonyms(core::Bytes(32, 1));
  return document_of(anonymization::mask(std::get<core::dicom::CheckedFile>(checked),
                                         std::get<anonymization::Profile>(resolved), pseudonyms));
}

DatasetBuilder a_pdf(std::string_view content) {
  DatasetBuilder object = an_object(kPdfClass);
  return object.bytes(Tag{0x0042, 0x0011}, Vr::OB, core::as_bytes(content))
      .text(Tag{0x0042, 0x0012}, Vr::LO, "application/pdf");
}

TEST(RenderedDocument, APdfIsThePdfWithoutThePaddingOfDicom) {  // PS3.3 §C.24.2
  const std::string pdf = "%PDF-1.4\n%%EOF\n";
  DatasetBuilder object = a_pdf(pdf + '\0');
  object.header(Tag{0x0042, 0x0015}, Vr::UL, 4)
      .raw(core::Bytes{static_cast<core::Byte>(pdf.size()), 0, 0, 0});
  const auto document = shown(object, kPdfClass);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->media_type, "application/pdf");
  EXPECT_EQ(document->content, pdf);
}

TEST(RenderedDocument, WhatIsNoPdfIsNotShownAsOne) {
  EXPECT_FALSE(shown(a_pdf("<html><script>alert(1)</script></html>  "), kPdfClass));
}

TEST(RenderedDocument, AReportIsAPageOfWhatLeaves) {
  constexpr std::string_view kBasicText = "1.2.840.10008.5.1.4.1.1.88.11";
  const DatasetBuilder report = an_object(kBasicText);
  const auto open = shown(report, kBasicText);
  ASSERT_TRUE(open);
  EXPECT_EQ(open->media_type, "text/html");
  EXPECT_THAT(open->content, HasSubstr("Yamada^Tarou"));
  const auto masked = shown(report, kBasicText, R"("ps3.15-basic")");
  ASSERT_TRUE(masked);
  EXPECT_THAT(masked->content, Not(HasSubstr("Yamada")));
}

TEST(RenderedDocument, AnImageIsNone) {
  constexpr std::string_view kCt = "1.2.840.10008.5.1.4.1.1.2";
  EXPECT_FALSE(shown(an_object(kCt), kCt));
  EXPECT_EQ(document_type(kCt), "");
}

}  // namespace
}  // namespace sekisho::dicomweb
