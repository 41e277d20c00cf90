// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/character_set.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "core/dicom/checked_file.h"

namespace sekisho::core::dicom {
namespace {

using namespace std::string_literals;

std::string in_utf8(std::string_view terms, std::string_view value, Vr vr = Vr::PN) {
  return CharacterSet(terms).to_utf8(as_bytes(value), vr);
}

TEST(CharacterSet, AsciiIsItselfInEverySet) {
  for (const char* terms : {"", "ISO_IR 100", "ISO_IR 192", "GB18030", "GBK", "ISO_IR 144",
                            "\\ISO 2022 IR 87", "ISO 2022 IR 6\\ISO 2022 IR 149", "nonsense"}) {
    EXPECT_EQ(in_utf8(terms, "Yamada^Tarou \\x~"), "Yamada^Tarou \\x~") << terms;
  }
}

TEST(CharacterSet, PaddingAndControlCharactersStay) {
  EXPECT_EQ(in_utf8("ISO_IR 100", "a\0b\r\n "s, Vr::LT), "a\0b\r\n "s);
}

struct Example {
  const char* terms;
  const char* bytes;
  const char* text;
};

// Checked against pydicom 2.3 and Python's codecs.
TEST(CharacterSet, ReadsSingleByteSets) {
  constexpr Example kExamples[] = {
      {"ISO_IR 100", "Buc^J\xE9r\xF4me", "Buc^Jérôme"},
      {"ISO_IR 101", "\xA1\xB3", "Ął"},
      {"ISO_IR 109", "\xA1\xB1", "Ħħ"},
      {"ISO_IR 110", "\xC0\xAB", "ĀĢ"},
      {"ISO_IR 144", "\xBB\xEE\xDA", "Люк"},
      {"ISO_IR 127", "\xE2\xC8\xC7\xE6\xEA^\xE4\xE6\xD2\xC7\xD1", "قباني^لنزار"},
      {"ISO_IR 126", "\xC4\xE9\xEF\xED\xF5\xF3\xE9\xEF\xF2", "Διονυσιος"},
      {"ISO_IR 138", "\xF9\xF8\xE5\xEF^\xE3\xE1\xE5\xF8\xE4", "שרון^דבורה"},
      {"ISO_IR 148", "\xDD\xFE", "İş"},
      {"ISO_IR 203", "\xA4\xBD", "€œ"},
      {"ISO_IR 166", "\xE4\xB7\xC2", "ไทย"},
      {"ISO_IR 13", "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3", "ﾔﾏﾀﾞ^ﾀﾛｳ"},
      {"ISO 2022 IR 100", "\xE9", "é"},
  };
  for (const Example& example : kExamples) {
    EXPECT_EQ(in_utf8(example.terms, example.bytes), example.text) << example.terms;
  }
}

TEST(CharacterSet, ReadsCodeExtensions) {
  constexpr Example kExamples[] = {
      // PS3.5 Annex H, I, J and K.
      {"\\ISO 2022 IR 87",
       "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B",
       "Yamada^Tarou=山田^太郎=やまだ^たろう"},
      {"ISO 2022 IR 13\\ISO 2022 IR 87",
       "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J=\x1B$B$d$^$@\x1B(J^\x1B$B$?"
       "$m$&\x1B(J",
       "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"},
      {"\\ISO 2022 IR 149",
       "Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)"
       "C\xB1\xE6\xB5\xBF",
       "Hong^Gildong=洪^吉洞=홍^길동"},
      {"\\ISO 2022 IR 58",
       "Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB=", "Zhang^XiaoDong=张^小东="},
      {"ISO 2022 IR 6\\ISO 2022 IR 87", "\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B ", "やまだ^たろう "},
      {"\\ISO 2022 IR 87\\ISO 2022 IR 159", "\x1B$B;3\x1B$(D0!\x1B(B", "山丂"},
      {"ISO 2022 IR 100\\ISO 2022 IR 144", "\xE9 \x1B-L\xBB\xEE", "é Лю"},
      {"ISO 2022 IR 6\\ISO 2022 IR 126\\ISO 2022 IR 166", "\x1B-F\xC4\x1B-T\xE4\x1B-A\xE9", "Δไé"},
      {"\\ISO 2022 IR 101",
       "\x1B-B\xA1\x1B-C\xA1\x1B-D\xC0\x1B-G\xE2\x1B-H\xF9\x1B-M\xDD\x1B-b\xA4", "ĄĦĀقשİ€"},
  };
  for (const Example& example : kExamples) {
    EXPECT_EQ(in_utf8(example.terms, example.bytes), example.text) << example.terms;
  }
}

TEST(CharacterSet, ReadsSetsOfManyBytes) {
  EXPECT_EQ(in_utf8("ISO_IR 192", "王^小東"), "王^小東");
  EXPECT_EQ(in_utf8("GB18030", "\xCD\xF5^\xD0\xA1\xB6\xAB\x95\x32\x82\x36"), "王^小东𠀀");
  EXPECT_EQ(in_utf8("GBK", "\xCD\xF5^\xD0\xA1\xB6\xAB"), "王^小东");
}

TEST(CharacterSet, AByte5CInsideACharacterIsNoDelimiter) {
  EXPECT_EQ(in_utf8("GBK", "\x82\\\\\x81\\", Vr::LO), "俓\\乗");
  EXPECT_EQ(in_utf8("GB18030", "\x82\\\\\x81\\", Vr::LO), "俓\\乗");
  // JIS X 0208: 5C 21 is one character. PN: 3D and 5E too.
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "\x1B$B\\!\x1B(B\\a", Vr::LO), "棔\\a");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "\x1B$B=!^!\x1B(B=a"), "宗沺=a");
  // Shift-JIS, where ISO_IR 13 is said.
  EXPECT_EQ(in_utf8("ISO_IR 13", "\x83\\\x94\\\x95\\\\b", Vr::LO), "ソ能表\\b");
}

TEST(CharacterSet, DelimitersBringBackTheFirstSets) {
  const std::string terms = "ISO 2022 IR 100\\ISO 2022 IR 144";
  EXPECT_EQ(in_utf8(terms, "\x1B-L\xBB\\\xE9", Vr::LO), "Л\\é");
  EXPECT_EQ(in_utf8(terms, "\x1B-L\xBB^\xE9=\xE9", Vr::PN), "Л^é=é");
  EXPECT_EQ(in_utf8(terms, "\x1B-L\xBB^\xBB", Vr::LO), "Л^Л");
  EXPECT_EQ(in_utf8(terms, "\x1B-L\xBB\r\n\xE9", Vr::LT), "Л\r\né");
  EXPECT_EQ(in_utf8(terms, "\x1B-L\xBB\\\xBB", Vr::LT), "Л\\Л");
}

TEST(CharacterSet, AMissingEscapeBeforeADelimiterDoesNoHarm) {
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "\x1B$B;3ED^\x1B$BB@O:\x1B(B"), "山田^太郎");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "\x1B$B;3ED "), "山田 ");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 149", "\xC8\xAB^\xB1\xE6\xB5\xBF"), "홍^길동");
}

TEST(CharacterSet, RomajiHasAYenSignAndAnOverline) {
  EXPECT_EQ(in_utf8("ISO_IR 13", "1\\2~", Vr::LT), "1¥2‾");
  EXPECT_EQ(in_utf8("ISO_IR 13", "1\\2", Vr::LO), "1\\2");
}

TEST(CharacterSet, ReadsWhatJapaneseVendorsWroteBeyondTheStandard) {
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "\x1B$B-!|b\x1B(B"), "①髙");
  EXPECT_EQ(in_utf8("", "\x1B$B;3ED\x1B(B"), "山田");
  EXPECT_EQ(in_utf8("ISO 2022 IR 87", "\x1B$@;3ED\x1B(J"), "山田");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 13", "\x1B(I2\x1B(B"), "ｲ");
}

TEST(CharacterSet, TermsAreKnownInOtherSpellings) {
  for (const char* terms : {"ISO_IR 100", "ISO-IR 100", "ISO IR 100", "iso_ir 100 ", "ISO_IR_100",
                            "ISO 2022 IR 100", "ISO_2022-IR_100"}) {
    EXPECT_EQ(in_utf8(terms, "\xE9\xC3\xA9"), "éÃ©") << terms;
  }
}

TEST(CharacterSet, WithoutAKnownTermUtf8IsTriedBeforeLatin1) {
  for (const char* terms : {"", "nonsense", "\\\\", "ISO_IR 999"}) {
    EXPECT_EQ(in_utf8(terms, "山田"), "山田") << terms;
    EXPECT_EQ(in_utf8(terms, "J\xE9r\xF4me"), "Jérôme") << terms;
  }
}

TEST(CharacterSet, OnlyTextDependsOnIt) {
  EXPECT_EQ(in_utf8("ISO_IR 13", "A\\B~", Vr::CS), "A\\B~");
  EXPECT_EQ(in_utf8("GBK", "\xE9", Vr::CS), "é");
}

TEST(CharacterSet, BytesThatMeanNothingBecomeReplacementCharacters) {
  EXPECT_EQ(in_utf8("ISO_IR 192", "a\xFF\xE5\xB1"), "a\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(in_utf8("ISO_IR 192", "\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(in_utf8("ISO_IR 166", "\xFF"), "\uFFFD");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "\xE9"), "\uFFFD");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "\x1B$B;"), "\uFFFD");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "\x1B$B;\xE9;3"), "\uFFFD\uFFFD山");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "a\x1Bz"), "a\uFFFDz");
  EXPECT_EQ(in_utf8("\\ISO 2022 IR 87", "a\x1B"), "a\uFFFD");
  EXPECT_EQ(in_utf8("ISO_IR 13", "\x80\xA0\xFF"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(in_utf8("GB18030", "\x81"), "\uFFFD");
}

TEST(CharacterSet, EveryPairOfBytesGivesValidUtf8) {
  for (const char* terms : {"", "ISO_IR 13", "ISO_IR 166", "ISO_IR 192", "GB18030", "GBK",
                            "\\ISO 2022 IR 87", "\\ISO 2022 IR 149", "\\ISO 2022 IR 58"}) {
    const CharacterSet set(terms);
    const CharacterSet utf_8("ISO_IR 192");
    for (int pair = 0; pair < 0x10000; pair += 7) {
      const std::string value = "\x1B$B"s + static_cast<char>(pair >> 8) + static_cast<char>(pair);
      const std::string text = set.to_utf8(as_bytes(value), Vr::LO);
      ASSERT_EQ(utf_8.to_utf8(as_bytes(text), Vr::LO), text) << terms << ' ' << pair;
    }
  }
}

TEST(CharacterSet, OneObjectServesManyThreads) {
  const CharacterSet set("\\ISO 2022 IR 87");
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (int& count : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        if (set.to_utf8(as_bytes("\x1B$B;3ED\x1B(B"), Vr::PN) != "山田") ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

/// Of the first top-level element with this tag.
std::string value_of(const CheckedFile& file, Tag tag) {
  Walker walker(file.header(), file.transfer_syntax().vr, file.transfer_syntax().order);
  for (Token step = walker.next(); step.kind != Token::Kind::end; step = walker.next()) {
    if (step.depth == 0 && step.tag == tag) return std::string(as_text(step.value));
  }
  return {};
}

TEST(CharacterSet, ReadsThePatientNamesOfRealFiles) {
  const std::filesystem::path folder = "/usr/lib/python3/dist-packages/pydicom/data/charset_files";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "python3-pydicom is not installed";
  constexpr std::pair<const char*, const char*> kNames[] = {
      {"chrArab.dcm", "قباني^لنزار "},
      {"chrFren.dcm", "Buc^Jérôme"},
      {"chrFrenMulti.dcm", "Buc^Jérôme"},
      {"chrGerm.dcm", "Äneas^Rüdiger "},
      {"chrGreek.dcm", "Διονυσιος "},
      {"chrH31.dcm", "Yamada^Tarou=山田^太郎=やまだ^たろう"},
      {"chrH32.dcm", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"},
      {"chrHbrw.dcm", "שרון^דבורה"},
      {"chrI2.dcm", "Hong^Gildong=洪^吉洞=홍^길동"},
      {"chrJapMulti.dcm", "やまだ^たろう "},
      {"chrJapMultiExplicitIR6.dcm", "やまだ^たろう "},
      {"chrKoreanMulti.dcm", "김희중 "},
      {"chrRuss.dcm", "Люкceмбypг"},
      {"chrX1.dcm", "Wang^XiaoDong=王^小東= "},
      {"chrX2.dcm", "Wang^XiaoDong=王^小东="},
  };
  for (const auto& [name, expected] : kNames) {
    std::ifstream stream(folder / name, std::ios::binary);
    auto result =
        CheckedFile::check(StoredFile::in_memory({std::istreambuf_iterator<char>(stream), {}}));
    ASSERT_TRUE(std::holds_alternative<CheckedFile>(result)) << name;
    const auto& file = std::get<CheckedFile>(result);
    EXPECT_EQ(in_utf8(value_of(file, Tag{0x0008, 0x0005}), value_of(file, Tag{0x0010, 0x0010})),
              expected)
        << name;
  }
}

}  // namespace
}  // namespace sekisho::core::dicom
