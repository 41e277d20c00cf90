// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/report_page.h"

#include <gmock/gmock.h>

#include "support/dicom_builder.h"

namespace sekisho::dicomweb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::DatasetBuilder;
using tests::Tag;
using tests::Vr;

constexpr Tag kContent{0x0040, 0xA730};

DatasetBuilder& name(DatasetBuilder& report, std::string_view meaning) {
  return report.begin_sequence(Tag{0x0040, 0xA043})
      .begin_item()
      .text(Tag{0x0008, 0x0100}, Vr::SH, "121071")
      .text(Tag{0x0008, 0x0102}, Vr::SH, "DCM")
      .text(Tag{0x0008, 0x0104}, Vr::LO, meaning)
      .end_item()
      .end_sequence();
}

std::string page_of(const DatasetBuilder& report) {
  const core::dicom::Dataset parts[] = {
      {report.dataset(), core::dicom::VrCoding::explicit_vr, core::dicom::ByteOrder::little}};
  return report_page(parts);
}

DatasetBuilder a_report(std::string_view text) {
  DatasetBuilder report;
  report.text(Tag{0x0008, 0x0005}, Vr::CS, "ISO_IR 192")
      .text(Tag{0x0010, 0x0010}, Vr::PN, "Yamada^Tarou=山田^太郎")
      .text(Tag{0x0040, 0xA040}, Vr::CS, "CONTAINER");
  name(report, "Radiology Report").begin_sequence(kContent).begin_item();
  report.text(Tag{0x0040, 0xA010}, Vr::CS, "CONTAINS").text(Tag{0x0040, 0xA040}, Vr::CS, "TEXT");
  name(report, "Finding").text(Tag{0x0040, 0xA160}, Vr::UT, text);
  report.end_item().end_sequence();
  return report;
}

TEST(ReportPage, SaysWhatTheReportSaysUnderItsNames) {
  const std::string page = page_of(a_report("No acute finding. 異常なし"));
  EXPECT_THAT(page, HasSubstr("<title>Radiology Report</title>"));
  EXPECT_THAT(page, HasSubstr("<h1>Radiology Report</h1>"));
  EXPECT_THAT(page, HasSubstr("<b>Finding:</b> No acute finding. 異常なし</p>"));
  EXPECT_THAT(page, HasSubstr("Yamada^Tarou=山田^太郎"));
}

TEST(ReportPage, TextThatLooksLikeAPageIsText) {
  const std::string page =
      page_of(a_report("</p><script>alert('x')</script><img src=\"//evil\" onerror=x>&amp;"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;x&#39;)"));
  EXPECT_THAT(page, HasSubstr("&amp;amp;"));
}

TEST(ReportPage, NumbersHaveTheirUnitsAndImagesTheirUids) {
  DatasetBuilder report;
  report.text(Tag{0x0040, 0xA040}, Vr::CS, "CONTAINER").begin_sequence(kContent).begin_item();
  report.text(Tag{0x0040, 0xA040}, Vr::CS, "NUM");
  name(report, "Diameter")
      .begin_sequence(Tag{0x0040, 0xA300})
      .begin_item()
      .begin_sequence(Tag{0x0040, 0x08EA})
      .begin_item()
      .text(Tag{0x0008, 0x0100}, Vr::SH, "mm")
      .text(Tag{0x0008, 0x0104}, Vr::LO, "millimetre")
      .end_item()
      .end_sequence()
      .text(Tag{0x0040, 0xA30A}, Vr::DS, "12.5")
      .end_item()
      .end_sequence()
      .begin_sequence(kContent)
      .begin_item()
      .begin_sequence(Tag{0x0008, 0x1199})
      .begin_item()
      .text(Tag{0x0008, 0x1155}, Vr::UI, "2.25.77")
      .end_item()
      .end_sequence()
      .text(Tag{0x0040, 0xA040}, Vr::CS, "IMAGE")
      .end_item()
      .end_sequence()
      .end_item()
      .end_sequence();
  const std::string page = page_of(report);
  EXPECT_THAT(page, HasSubstr("<b>Diameter:</b> 12.5 mm</p>"));
  EXPECT_THAT(page, HasSubstr("<code>2.25.77</code>"));
  EXPECT_THAT(page, HasSubstr("<h1>レポート Report</h1>")) << "one without a name";
}

TEST(ReportPage, CodesOfOtherSequencesAreNoValues) {
  DatasetBuilder report;
  report.text(Tag{0x0040, 0xA040}, Vr::CS, "CONTAINER");
  report.begin_sequence(Tag{0x0040, 0xA504}).begin_item();
  name(report, "Template").end_item().end_sequence();
  EXPECT_THAT(page_of(report), Not(HasSubstr("Template")));
}

}  // namespace
}  // namespace sekisho::dicomweb
