// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/address.h"

#include <gtest/gtest.h>

namespace sekisho::mail {
namespace {

TEST(Address, IsWhatEveryServerTakes) {
  for (const char* good :
       {"sato@kita-clinic.example", "Dr.Sato+ct@mail.kita.example", "a@b", "o'neil@x.example",
        "post@localhost", "0!#$%&'*+-/=?^_`{|}~@x.example"}) {
    EXPECT_EQ(parse_address(good), good);
  }
  const std::string longest = std::string(64, 'a') + '@' + std::string(63, 'b') + '.' +
                              std::string(63, 'c') + '.' + std::string(61, 'd');
  EXPECT_EQ(longest.size(), 254U);
  EXPECT_EQ(parse_address(longest), longest);
}

TEST(Address, IsNothingThatCouldBeginALineOrNameAnother) {
  for (const std::string bad : {"",
                                "@",
                                "sato",
                                "sato@",
                                "@kita.example",
                                "a b@kita.example",
                                "a@kita example",
                                "a@kita.example ",
                                " a@kita.example",
                                "a@kita.example\r\nBcc: x@evil.example",
                                "a@kita.example\nBcc: x@evil.example",
                                "a\r\n@kita.example",
                                "a@kita.example\r",
                                "a\t@b.c",
                                "a@b@c",
                                "a,b@kita.example",
                                "a@kita.example,b@kita.example",
                                "a@kita.example;b@c.d",
                                "Sato <a@kita.example>",
                                "<a@kita.example>",
                                "a@kita.example>",
                                "\"a b\"@kita.example",
                                "\"a\"@kita.example",
                                "a(comment)@kita.example",
                                "a@[10.0.0.1]",
                                "a@[IPv6:::1]",
                                ".a@kita.example",
                                "a.@kita.example",
                                "a..b@kita.example",
                                "a@.kita.example",
                                "a@kita..example",
                                "a@kita.example.",
                                "a@-kita.example",
                                "a@kita-.example",
                                "a@kita_clinic.example",
                                "佐藤@kita.example",
                                "sato@北.example",
                                "a\\@b.c",
                                "a:b@c.d",
                                "a@b.c%0d%0aBcc:x@y.z"}) {
    EXPECT_FALSE(parse_address(bad)) << bad;
  }
  EXPECT_FALSE(parse_address(std::string_view("a\0@b.c", 6)));
  EXPECT_FALSE(parse_address(std::string_view("a@b.c\0", 6)));
  EXPECT_FALSE(parse_address(std::string(65, 'a') + "@kita.example"));
  EXPECT_FALSE(parse_address("a@" + std::string(64, 'b') + ".example"));
  EXPECT_FALSE(parse_address(std::string(64, 'a') + '@' + std::string(63, 'b') + '.' +
                             std::string(63, 'c') + '.' + std::string(62, 'd')));
}

}  // namespace
}  // namespace sekisho::mail
