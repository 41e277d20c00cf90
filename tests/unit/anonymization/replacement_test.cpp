// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/replacement.h"

#include <gtest/gtest.h>

#include <random>

namespace sekisho::anonymization {
namespace {

using core::as_bytes;
using core::dicom::CharacterSet;
using core::dicom::Vr;

std::string kept(std::string_view name, std::string_view charset = "ISO_IR 192") {
  return without_phonetic(as_bytes(name), CharacterSet(charset)).value_or("refused");
}

TEST(Dummies, AreWhatTheirVrSays) {
  for (Vr vr : {Vr::AE, Vr::AS, Vr::CS, Vr::DA, Vr::DS, Vr::DT, Vr::IS, Vr::LO, Vr::LT, Vr::PN,
                Vr::SH, Vr::ST, Vr::TM, Vr::UC, Vr::UI, Vr::UR, Vr::UT}) {
    EXPECT_FALSE(dummy_value(vr).empty());
    EXPECT_LE(dummy_value(vr).size(), 16U);
    EXPECT_TRUE(is_well_formed(vr, dummy_value(vr)));
  }
  for (Vr vr : {Vr::AT, Vr::FD, Vr::OB, Vr::OV, Vr::OW, Vr::SS, Vr::UL, Vr::UN, Vr::UV}) {
    EXPECT_EQ(dummy_value(vr).size() % 2, 0U);
    EXPECT_TRUE(is_well_formed(vr, dummy_value(vr)));
    EXPECT_EQ(dummy_value(vr)[0], 0);
  }
  EXPECT_TRUE(dummy_value(Vr::SQ).empty());
}

TEST(WellFormed, IsWhatTheVrAllows) {
  EXPECT_TRUE(is_well_formed(Vr::DS, as_bytes("-1.5e3\\ 2 ")));
  EXPECT_FALSE(is_well_formed(Vr::DS, as_bytes("SMITH")));
  EXPECT_TRUE(is_well_formed(Vr::IS, as_bytes("12\\13")));
  EXPECT_FALSE(is_well_formed(Vr::IS, as_bytes("1.2.3")));
  EXPECT_TRUE(is_well_formed(Vr::CS, as_bytes("ORIGINAL\\PRIMARY ")));
  EXPECT_FALSE(is_well_formed(Vr::CS, as_bytes("山田")));
  EXPECT_TRUE(is_well_formed(Vr::UI, as_bytes(std::string_view("1.2.3\0", 6))));
  EXPECT_FALSE(is_well_formed(Vr::UI, as_bytes("1.2.SMITH")));
  EXPECT_TRUE(is_well_formed(Vr::US, as_bytes("abcd")));
  EXPECT_FALSE(is_well_formed(Vr::US, as_bytes("abc")));
  EXPECT_FALSE(is_well_formed(Vr::FD, as_bytes("abcd")));
  EXPECT_FALSE(is_well_formed(Vr::DA, as_bytes("SMITH")));
  EXPECT_TRUE(is_well_formed(Vr::LO, as_bytes("\xff\xfe")));
}

TEST(WellFormed, LetsNoSentenceAboutThePatientPassForACode) {
  for (const char* text :
       {"Yamada Taro, b. 1970-01-31, tel 03-1234-5678", "Yamada Taro, 54", "YAMADA^TARO",
        "ORIGINAL\\Yamada Taro, tel 03-1234-5678", "SEVENTEEN_LETTERS", "tel:03-1234-5678"}) {
    EXPECT_FALSE(is_well_formed(Vr::CS, as_bytes(text))) << text;
  }
  for (const char* text : {"", "ORIGINAL\\PRIMARY\\M_FFE\\M\\FFE ", "CT_SOM5 SPI ", "L/R",
                           "T1w-3D+", "SIXTEEN_LETTERS_", "\\ PRIMARY \\", "v1.2 "}) {
    EXPECT_TRUE(is_well_formed(Vr::CS, as_bytes(text))) << text;
  }
  EXPECT_FALSE(is_well_formed(Vr::CS, as_bytes(std::string_view("CT\0Sato", 7))));
  EXPECT_TRUE(is_well_formed(Vr::CS, as_bytes(std::string_view("PRIMARY\0", 8))));
  EXPECT_FALSE(is_well_formed(Vr::AE, as_bytes("Yamada Taro, b. 1970-01-31")));
  EXPECT_TRUE(is_well_formed(Vr::AE, as_bytes("PACS-1:11112")));
  EXPECT_FALSE(is_well_formed(Vr::UR, as_bytes("Yamada Taro")));
  EXPECT_TRUE(is_well_formed(Vr::UR, as_bytes("https://example.org/a?b=%20#c ")));
}

TEST(WellFormed, LetsNoTelephoneNumberPassForADateOrANumber) {
  for (Vr vr : {Vr::AS, Vr::DA, Vr::DS, Vr::DT, Vr::IS, Vr::TM}) {
    for (const char* text : {"03-1234-5678", "090-1234-5678", "+81-3-1234-5678", "03.1234.5678",
                             "20240117-20240118", "-", "."}) {
      EXPECT_FALSE(is_well_formed(vr, as_bytes(text))) << core::dicom::name(vr) << text;
    }
    EXPECT_TRUE(is_well_formed(vr, {}));
  }
  EXPECT_FALSE(is_well_formed(Vr::IS, as_bytes("8190123456789")));
  EXPECT_FALSE(is_well_formed(Vr::DA, as_bytes("0312345678")));
  EXPECT_FALSE(is_well_formed(Vr::AS, as_bytes("19700131")));
  EXPECT_FALSE(is_well_formed(Vr::UI, as_bytes(std::string(65, '1'))));
}

TEST(WellFormed, TakesWhatMachinesWrite) {
  for (const char* text : {"045Y", "45Y", "011D ", "045Y\\046Y"})
    EXPECT_TRUE(is_well_formed(Vr::AS, as_bytes(text))) << text;
  for (const char* text : {"20240117", "2024.01.17", "20240117\\20240118 "})
    EXPECT_TRUE(is_well_formed(Vr::DA, as_bytes(text))) << text;
  for (const char* text : {"09", "0915", "091532", "091532.1", "091532.104000", "09:15:32.104000",
                           "09:15", "091532\\\\0915 "})
    EXPECT_TRUE(is_well_formed(Vr::TM, as_bytes(text))) << text;
  for (const char* text : {"2024", "202401", "20240117", "20240117091532.104000+0900",
                           "20240117091532-0500", "2024011709 "})
    EXPECT_TRUE(is_well_formed(Vr::DT, as_bytes(text))) << text;
  for (const char* text :
       {"1", "-1.5", ".5", "5.", "+1E+10", "-0.12345678901234567e-05", "1\\\\ 2 "})
    EXPECT_TRUE(is_well_formed(Vr::DS, as_bytes(text))) << text;
  for (const char* text : {"1e", "e5", "1.2.3", "--1", "1 2", "1e5.5"})
    EXPECT_FALSE(is_well_formed(Vr::DS, as_bytes(text))) << text;
  for (const char* text : {"1", "-2147483648", "+7 ", "1\\2\\ 3"})
    EXPECT_TRUE(is_well_formed(Vr::IS, as_bytes(text))) << text;
}

TEST(WithoutPhonetic, CutsTheThirdGroup) {
  EXPECT_EQ(kept("Yamada^Tarou=山田^太郎=やまだ^たろう"), "Yamada^Tarou=山田^太郎");
  EXPECT_EQ(kept("Yamada^Tarou"), "Yamada^Tarou");
  EXPECT_EQ(kept("Yamada^Tarou==ヤマダ^タロウ"), "Yamada^Tarou=");
  EXPECT_EQ(kept("=山田^太郎=やまだ"), "=山田^太郎");
  EXPECT_EQ(kept("==やまだ"), "");
  EXPECT_EQ(kept(""), "");
  EXPECT_EQ(kept("a=b=c=d"), "a=b");
}

TEST(WithoutPhonetic, EmptiesAFirstGroupOfKana) {
  EXPECT_EQ(kept("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"), "=山田^太郎");
  EXPECT_EQ(kept("やまだ^たろう"), "");
  EXPECT_EQ(kept("Buc^Jérôme"), "Buc^Jérôme");
  // Half-width katakana of JIS X 0201 (PS3.5 §H.3.2).
  EXPECT_EQ(kept("\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J",
                 "ISO_IR 13\\ISO 2022 IR 87"),
            "=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J");
}

TEST(WithoutPhonetic, EmptiesKanaThatNoCharacterSetAnnounces) {
  for (const char* charset : {"", "ISO_IR 100", "ISO_IR 6", "ISO 2022 IR 100\\ISO 2022 IR 87",
                              "\\ISO 2022 IR 87", "unknown"}) {
    for (const char* name : {
             "\xd4\xcf\xc0\xde^\xc0\xdb\xb3",      // half-width: ﾔﾏﾀﾞ^ﾀﾛｳ
             "\xc6\xbc^\xcf\xb2",                  // ﾆｼ^ﾏｲ, by chance UTF-8
             "\xd4^\xd0",                          // ﾔ^ﾐ
             "YAMADA \xd4\xcf\xc0\xde",            // beside the Latin name
             "\xd4\xcf\xc0\xde(2)",                // with a number
             "\xa4\xe4\xa4\xde\xa4\xc0",           // EUC-JP: やまだ
             "\x83\x84\x83\x7d\x83\x5f^\x83\x5e",  // Shift-JIS: ヤマダ^タ
         }) {
      EXPECT_EQ(kept(name, charset), "") << charset << ' ' << name;
      EXPECT_EQ(kept(std::string(name) + "=B=C", charset), "=B") << charset << ' ' << name;
    }
  }
}

TEST(WithoutPhonetic, LeavesNamesInOtherScripts) {
  for (const char* charset : {"", "ISO_IR 100"}) {
    for (const char* name :
         {"M\xfcller^J\xfcrgen", "M\xdcLLER", "Buc^J\xe9r\xf4me", "\xc5ngstr\xf6m",
          "\xd6zt\xfcrk^A", "Andersson^Bo^\xd6", "O'\xc9toile", "Dupont^\xc9."}) {
      EXPECT_EQ(kept(name, charset), name) << charset;
    }
  }
  // UTF-8 without saying so.
  for (const char* name : {"Müller", "Øster^Åse", "山田^太郎", "Иванов^Иван"}) {
    EXPECT_EQ(kept(name, ""), name);
  }
  EXPECT_EQ(kept("\xb8\xd2\xd0\xdd", "ISO_IR 144"), "\xb8\xd2\xd0\xdd");  // Cyrillic
  EXPECT_EQ(kept("\xc1\xcb\xc5\xce", "ISO_IR 126"), "\xc1\xcb\xc5\xce");  // Greek
  EXPECT_EQ(kept("\x1b$)C\xb1\xe8", "\\ISO 2022 IR 149"), "\x1b$)C\xb1\xe8");
}

TEST(WithoutPhonetic, TakesNoHalfOfAKanjiForADelimiter) {
  // 0x3D is the first byte of many kanji in JIS X 0208: 春 is 3D 55.
  EXPECT_EQ(kept("Haru=\x1b$B=U\x1b(B=\x1b$B$O$k\x1b(B", "\\ISO 2022 IR 87"),
            "Haru=\x1b$B=U\x1b(B");
  // And the second of others: 3D 3D is 十.
  EXPECT_EQ(kept("A=\x1b$B==\x1b(B=x", "\\ISO 2022 IR 87"), "A=\x1b$B==\x1b(B");
}

TEST(WithoutPhonetic, RefusesWhatItCannotTellApart) {
  EXPECT_EQ(kept("A=\x1b$B=\x1b(B=x", "\\ISO 2022 IR 87"), "refused");  // half a pair
  EXPECT_EQ(kept("A=\x1b%G=x"), "refused");                             // unknown escape
  EXPECT_EQ(kept("A=B\\C=D=E"), "refused");  // two values, or half a character of GBK
}

TEST(WithoutPhonetic, RefusesNamesOfWhichOneReaderShowsKana) {
  constexpr std::string_view kJapanese = "\\ISO 2022 IR 87";
  // No return to ASCII before the delimiters, which are halves of pairs then.
  EXPECT_EQ(kept("Yamada^Tarou=\x1b$B;3ED^B@O:=\x1b$B$d$^$@\x1b(B", kJapanese), "refused");
  EXPECT_EQ(kept("Yamada^Tarou=\x1b$B;3ED^B@O:=\x1b$B$d$^$@!!$?$m$&\x1b(B", kJapanese), "refused");
  EXPECT_EQ(kept("Yamada^Tarou=\x1b$B;3ED^B@O:=$d$^$@\x1b(B", kJapanese), "refused");
  EXPECT_EQ(kept("=\x1b$B;3ED^B@O:=\xd4\xcf\xc0\xde", "ISO_IR 13\\ISO 2022 IR 87"), "refused");
  EXPECT_EQ(kept("A=\x1b$B;3\x1b$B$d$^\x1b(B", kJapanese), "refused");
  EXPECT_EQ(kept("A=\x1b$@;3ED^B@O:=\x1b$B%d%^\x1b(B", kJapanese), "refused");
  // Nothing is in doubt of these.
  EXPECT_EQ(kept("Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B", kJapanese),
            "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B");
  EXPECT_EQ(kept("A=\x1b$B$5$/$i\x1b(B=\x1b$B$5\x1b(B", kJapanese), "A=\x1b$B$5$/$i\x1b(B");
}

/// Kana among the pairs of a name, read by one who returns to ASCII at each byte of a delimiter, as
/// pydicom does, or at none.
bool reader_finds_kana(std::string_view name, bool returns_at_delimiters) {
  bool in_pairs = false;
  for (std::size_t i = 0; i < name.size();) {
    if (name.substr(i).starts_with("\x1b$B") || name.substr(i).starts_with("\x1b(B")) {
      in_pairs = name[i + 1] == '$';
      i += 3;
    } else if (!in_pairs || (returns_at_delimiters && (name[i] == '=' || name[i] == '^'))) {
      in_pairs = in_pairs && !(name[i] == '=' || name[i] == '^');
      ++i;
    } else {
      if (name[i] == '$' || name[i] == '%') return true;
      i += 2;
    }
  }
  return false;
}

TEST(WithoutPhonetic, ShowsNoReaderAPhoneticGroupOfKana) {
  std::mt19937 random(20261130);
  const auto pick = [&](std::initializer_list<std::string_view> of) {
    return std::string(of.begin()[random() % of.size()]);
  };
  int shown = 0;
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto words = [&](std::initializer_list<std::string_view> characters) {
      std::string text = "\x1b$B";
      for (unsigned size = 1 + random() % 3; size > 0; --size) text += pick(characters);
      text += pick({"\x1b(B", "\x1b(B", "", "!!"}) + pick({"^", "^", "=", ""});
      return text + pick({"\x1b$B", ""}) + pick(characters) + pick({"\x1b(B", "\x1b(B", ""});
    };
    const std::string name = pick({"Yamada^Tarou", "", "A"}) + "=" +
                             words({";3", "ED", "B@", "O:", "=U", "==", "3$", "^J"}) + "=" +
                             words({"$d", "$^", "$@", "%d", "!<"}) + pick({"", "\x1b(B"});
    const std::string result = kept(name, "\\ISO 2022 IR 87");
    ++(result == "refused" ? refused : shown);
    EXPECT_FALSE(reader_finds_kana(result, true)) << name;
    EXPECT_FALSE(reader_finds_kana(result, false)) << name;
  }
  EXPECT_GT(shown, 2'000);
  EXPECT_GT(refused, 2'000);
}

}  // namespace
}  // namespace sekisho::anonymization
