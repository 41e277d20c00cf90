// SPDX-License-Identifier: GPL-3.0-or-later
#include "sharing/certificate_name.h"

#include <gtest/gtest.h>

namespace sekisho::sharing {
namespace {

std::optional<CertificateName> subject(std::string_view text) {
  return parse_certificate_name(NameKind::subject, text);
}

TEST(CertificateSubject, IsTheSameInAllItsSpellings) {
  const auto expected = subject("CN=viewer,OU=Radiology,O=Kita Clinic,C=JP");
  ASSERT_TRUE(expected);
  EXPECT_EQ(expected->text, "CN=viewer,OU=Radiology,O=Kita Clinic,C=JP");
  for (const std::string_view text : {"CN=viewer, OU=Radiology, O=Kita Clinic, C=JP",
                                      "cn = Viewer,ou=RADIOLOGY,O=kita  clinic,C=jp",
                                      "2.5.4.3=viewer,OU=Radiology,O=Kita\\20Clinic,C=JP",
                                      "commonName=viewer,OU=Radiology,O=Kita Clinic,C=JP",
                                      "CN=#0C06766965776572,OU=Radiology,O=Kita Clinic,C=JP",
                                      "CN=#1306766965776572 ,OU=Radiology,O=Kita Clinic,C=JP"}) {
    const auto other = subject(text);
    ASSERT_TRUE(other) << text;
    EXPECT_EQ(other->key, expected->key) << text;
  }
}

TEST(CertificateSubject, IsAnotherWhereAnythingDiffers) {
  const auto expected = subject("CN=viewer,O=Kita Clinic");
  ASSERT_TRUE(expected);
  for (const std::string_view text :
       {"O=Kita Clinic,CN=viewer", "CN=viewer", "CN=viewer,O=Kita Clinic,C=JP",
        "CN=viewer+O=Kita Clinic", "CN=viewer\\,O=Kita Clinic", "CN=viewer\\+O\\=Kita Clinic",
        "OU=viewer,O=Kita Clinic", "CN=viewer,O=KitaClinic",
        "CN=viewer,O=Kita Clinic,O=Kita Clinic", "CN=ｖｉｅｗｅｒ,O=Kita Clinic"}) {
    const auto other = subject(text);
    ASSERT_TRUE(other) << text;
    EXPECT_NE(other->key, expected->key) << text;
  }
  EXPECT_EQ(subject("CN=a+OU=b,O=c")->key, subject("OU=b+CN=a,O=c")->key) << "a set has no order";
}

TEST(CertificateSubject, KeepsNamesReadable) {
  EXPECT_EQ(subject("CN=港クリニック,O=a\\,b")->text, "CN=港クリニック,O=a\\,b");
  EXPECT_EQ(subject("CN=a\\20")->text, "CN=a\\ ");
}

TEST(CertificateSubject, IsRefusedWhereItIsNone) {
  for (const std::string_view text : {"",
                                      "viewer",
                                      "CN",
                                      "CN=",
                                      "CN=viewer,",
                                      ",CN=viewer",
                                      "CN=viewer,,O=a",
                                      "CN=viewer+",
                                      "CN=a;O=b",
                                      "CN=\"a\"",
                                      "CN=a<b",
                                      "CN=a\\",
                                      "CN=a\\zz",
                                      "CN=a\\0",
                                      "CN=a\\00b",
                                      "CN=a\\0Ab",
                                      "NoSuchType=a",
                                      "1.2.x=a",
                                      "=a",
                                      "CN=#",
                                      "CN=#zz",
                                      "CN=#0C05766965",
                                      "CN=#020101",
                                      "CN=#0500",
                                      "CN=\\ff",
                                      "CN=\xff",
                                      "/CN=viewer/O=Kita Clinic"}) {
    EXPECT_FALSE(subject(text)) << text;
  }
  EXPECT_FALSE(subject("CN=" + std::string(kLongestCertificateName, 'a')));
}

TEST(CertificateAlternativeName, IsComparedAsItsKindIs) {
  const auto same = [](NameKind kind, std::string_view a, std::string_view b) {
    return parse_certificate_name(kind, a)->key == parse_certificate_name(kind, b)->key;
  };
  EXPECT_TRUE(same(NameKind::dns, "Viewer.Kita.example", "viewer.kita.EXAMPLE"));
  EXPECT_TRUE(same(NameKind::email, "sato@Kita.example", "sato@kita.example"));
  EXPECT_FALSE(same(NameKind::email, "Sato@kita.example", "sato@kita.example"));
  EXPECT_FALSE(same(NameKind::uri, "https://Kita.example/", "https://kita.example/"));
  EXPECT_NE(parse_certificate_name(NameKind::uri, "a:b")->key,
            parse_certificate_name(NameKind::subject, "CN=a:b")->key);
  EXPECT_NE(parse_certificate_name(NameKind::dns, "a.example")->key,
            parse_certificate_name(NameKind::uri, "dns:a.example")->key);
}

TEST(CertificateAlternativeName, IsOneWholeName) {
  for (const std::string_view host :
       {"", "*.kita.example", ".example", "a..b", "a.", "a b", "a/b", "é"}) {
    EXPECT_FALSE(parse_certificate_name(NameKind::dns, host)) << host;
  }
  for (const std::string_view mail :
       {"", "sato", "@a.example", "sato@", "sato@*.example", "a@b@c.example"}) {
    EXPECT_FALSE(parse_certificate_name(NameKind::email, mail)) << mail;
  }
  for (const std::string_view uri : {"", "a", ":a", "a:", "urn:a b", "urn:a\n"}) {
    EXPECT_FALSE(parse_certificate_name(NameKind::uri, uri)) << uri;
  }
}

TEST(NameKind, HasTheNamesThatTheApiKnows) {
  for (const NameKind kind : {NameKind::subject, NameKind::uri, NameKind::dns, NameKind::email}) {
    EXPECT_EQ(parse_name_kind(name(kind)), kind);
  }
  EXPECT_FALSE(parse_name_kind("ip"));
}

}  // namespace
}  // namespace sekisho::sharing
