// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/native_xml.h"

#include <gmock/gmock.h>

namespace sekisho::dicomweb {
namespace {

using ::testing::HasSubstr;

/// What stands in the model.
std::string xml_of(std::string_view json) {
  std::string out;
  append_native_xml(out, json);
  const std::size_t begin = out.find("preserve\">") + 10;
  EXPECT_TRUE(out.ends_with("</NativeDicomModel>\n"));
  return out.substr(begin, out.find("</NativeDicomModel>") - begin);
}

TEST(NativeXml, ValuesAreNumberedAndEmptyOnesKeepTheirNumber) {  // PS3.19 Table A.1.5-2
  EXPECT_EQ(
      xml_of(R"({"00080008":{"vr":"CS","Value":["ORIGINAL",null,"AXIAL"]}})"),
      R"(<DicomAttribute tag="00080008" vr="CS" keyword="ImageType">)"
      R"(<Value number="1">ORIGINAL</Value><Value number="3">AXIAL</Value></DicomAttribute>)");
  EXPECT_EQ(xml_of(R"({"00280030":{"vr":"DS","Value":[0.50,1]},"00280010":{"vr":"US"}})"),
            R"(<DicomAttribute tag="00280030" vr="DS" keyword="PixelSpacing">)"
            R"(<Value number="1">0.50</Value><Value number="2">1</Value></DicomAttribute>)"
            R"(<DicomAttribute tag="00280010" vr="US" keyword="Rows"></DicomAttribute>)");
}

TEST(NativeXml, NamesAreTakenApart) {  // PS3.19 §A.1.5.1
  EXPECT_THAT(
      xml_of(
          R"({"00100010":{"vr":"PN","Value":[{"Alphabetic":"Yamada^Tarou^^Dr","Ideographic":"山田^太郎"}]}})"),
      HasSubstr(
          "<PersonName number=\"1\"><Alphabetic><FamilyName>Yamada</FamilyName><GivenName>"
          "Tarou</GivenName><NamePrefix>Dr</NamePrefix></Alphabetic><Ideographic>"
          "<FamilyName>山田</FamilyName><GivenName>太郎</GivenName></Ideographic></PersonName>"));
}

TEST(NativeXml, ItemsAreObjectsOfTheirOwn) {
  EXPECT_EQ(
      xml_of(R"({"00081140":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2"]}},{}]}})"),
      R"(<DicomAttribute tag="00081140" vr="SQ" keyword="ReferencedImageSequence">)"
      R"(<Item number="1"><DicomAttribute tag="00081155" vr="UI" )"
      R"(keyword="ReferencedSOPInstanceUID"><Value number="1">1.2</Value></DicomAttribute></Item>)"
      R"(<Item number="2"></Item></DicomAttribute>)");
}

TEST(NativeXml, PrivateAttributesAreToldByTheirCreator) {
  EXPECT_EQ(
      xml_of(R"({"00090010":{"vr":"LO","Value":["A&B"]},"00091002":{"vr":"SH","Value":["x"]}})"),
      R"(<DicomAttribute tag="00090010" vr="LO"><Value number="1">A&amp;B</Value>)"
      R"(</DicomAttribute><DicomAttribute tag="00090002" vr="SH" privateCreator="A&amp;B">)"
      R"(<Value number="1">x</Value></DicomAttribute>)");
}

TEST(NativeXml, BytesStandInItOrElsewhere) {
  EXPECT_THAT(xml_of(R"({"00282000":{"vr":"OB","InlineBinary":"AAEC"}})"),
              HasSubstr("<InlineBinary>AAEC</InlineBinary>"));
  EXPECT_THAT(xml_of(R"({"7FE00010":{"vr":"OW","BulkDataURI":"https://a/b?c=1&d"}})"),
              HasSubstr(R"(<BulkData uri="https://a/b?c=1&amp;d"/>)"));
}

TEST(NativeXml, WhatXmlCannotHaveDoesNotBreakIt) {  // XML 1.0 §2.2, §2.11
  EXPECT_THAT(xml_of("{\"00081030\":{\"vr\":\"LO\",\"Value\":[\"<a> \\\"b\\\" \\\\ "
                     "\\u001b\\u000d\\u000a\\u0009"
                     "\xEF\xBF\xBF\"]}}"),
              HasSubstr(">&lt;a&gt; &quot;b&quot; \\ \xEF\xBF\xBD&#13;\n\t\xEF\xBF\xBD</Value>"));
}

TEST(NativeXml, WhatIsNoObjectIsABug) {
  for (const char* text : {"", "{", R"({"0008":{}})", R"({"00080008":{"vr":"CS","Value":["a})",
                           R"({"00080008":{"Value":[]}})", "{}{}"}) {
    std::string out;
    EXPECT_THROW(append_native_xml(out, text), std::logic_error) << text;
  }
}

}  // namespace
}  // namespace sekisho::dicomweb
