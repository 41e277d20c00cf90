// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/walker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "support/dicom_builder.h"

namespace sekisho::core::dicom {
namespace {

using tests::DatasetBuilder;
using tests::Length;

constexpr Tag kReferencedImages{0x0008, 0x1140};
constexpr Tag kPatientName{0x0010, 0x0010};
constexpr Tag kPatientId{0x0010, 0x0020};
constexpr Tag kPrivateCreator{0x0029, 0x0010};
constexpr Tag kPrivate{0x0029, 0x1010};

Walker a_walker(const DatasetBuilder& dataset, std::string_view uid = kExplicitVrLittleEndian) {
  const TransferSyntax syntax = TransferSyntax::from_uid(uid).value();
  return Walker(dataset.dataset(), syntax.vr, syntax.order);
}

/// The walk as text: "00100010=PN 00081140[{00100020=LO}]".
std::string walk(Walker walker) {
  std::string path;
  const auto add = [&](const std::string& text) {
    const bool follows_element = !path.empty() && path.back() != '{';
    path += (follows_element ? " " : "") + text;
  };
  while (true) {
    const Token step = walker.next();
    switch (step.kind) {
      case Token::Kind::element:
        add(step.tag.hex() + '=' + std::string(name(step.vr)));
        break;
      case Token::Kind::sequence_begin:
        add(step.tag.hex() + '[');
        break;
      case Token::Kind::item_begin:
        path += '{';
        break;
      case Token::Kind::item_end:
        path += '}';
        break;
      case Token::Kind::sequence_end:
        path += ']';
        break;
      case Token::Kind::fragments:
        add(step.tag.hex() + "=fragments");
        break;
      case Token::Kind::end:
        return path;
      case Token::Kind::defect:
        return "defect: " + std::string(walker.defect().reason);
    }
  }
}

std::string walk(const DatasetBuilder& dataset, std::string_view uid = kExplicitVrLittleEndian) {
  return walk(a_walker(dataset, uid));
}

constexpr std::string_view kNativeSyntaxes[] = {kExplicitVrLittleEndian, kImplicitVrLittleEndian,
                                                kExplicitVrBigEndian};

/// Items in items, `depth` of them, as the content of a sequence.
Bytes nested_items(int depth, Length length, std::string_view uid) {
  DatasetBuilder dataset(uid);
  dataset.begin_item(length);
  for (int i = 1; i < depth; ++i)
    dataset.begin_sequence(kReferencedImages, length).begin_item(length);
  for (int i = 1; i < depth; ++i) dataset.end_item().end_sequence();
  return dataset.end_item().dataset();
}

TEST(Walker, AnEmptyDataSetEndsAtOnce) { EXPECT_EQ(walk(DatasetBuilder()), ""); }

TEST(Walker, WalksEverySyntaxWithDefinedAndUndefinedLengths) {
  for (const std::string_view uid : kNativeSyntaxes) {
    for (const Length length : {Length::defined, Length::undefined}) {
      DatasetBuilder dataset(uid);
      dataset.begin_sequence(kReferencedImages, length)
          .begin_item(length)
          .text(kPatientId, Vr::LO, "a")
          .begin_sequence(Tag{0x0040, 0xA170}, length)
          .end_sequence()
          .end_item()
          .begin_item(length)
          .end_item()
          .end_sequence()
          .text(kPatientName, Vr::PN, "Yamada^Tarou");
      EXPECT_EQ(walk(dataset, uid), "00081140[{00100020=LO 0040A170[]}{}] 00100010=PN") << uid;
    }
  }
}

TEST(Walker, TokensSayWhereTheyAreAndHowDeep) {
  DatasetBuilder dataset;
  dataset.text(Tag{0x0008, 0x0060}, Vr::CS, "CT")
      .begin_sequence(kReferencedImages)
      .begin_item()
      .text(kPatientId, Vr::LO, "ab")
      .end_item()
      .end_sequence();
  Walker walker = a_walker(dataset);
  const Token modality = walker.next();
  EXPECT_EQ(modality.offset, 0U);
  EXPECT_EQ(modality.value_offset, 8U);
  EXPECT_EQ(as_text(modality.value), "CT");
  const Token sequence = walker.next();
  EXPECT_EQ(sequence.offset, 10U);
  EXPECT_EQ(sequence.value_offset, 22U);
  EXPECT_EQ(sequence.vr, Vr::SQ);
  EXPECT_EQ(sequence.depth, 0);
  const Token item = walker.next();
  EXPECT_EQ(item.tag, kReferencedImages);
  EXPECT_EQ(item.offset, 22U);
  EXPECT_EQ(item.value_offset, 30U);
  EXPECT_EQ(item.depth, 1);
  const Token id = walker.next();
  EXPECT_EQ(id.depth, 1);
  EXPECT_EQ(as_text(id.value), "ab");
  const Token item_end = walker.next();
  EXPECT_EQ(item_end.kind, Token::Kind::item_end);
  EXPECT_EQ(item_end.tag, kReferencedImages);
  EXPECT_EQ(item_end.offset, 40U);
  EXPECT_EQ(item_end.value_offset, 48U);
  const Token sequence_end = walker.next();
  EXPECT_EQ(sequence_end.kind, Token::Kind::sequence_end);
  EXPECT_EQ(sequence_end.depth, 0);
  EXPECT_EQ(walker.next().kind, Token::Kind::end);
  EXPECT_EQ(walker.next().kind, Token::Kind::end);
}

TEST(Walker, EveryCutIsNoticed) {
  for (const std::string_view uid : kNativeSyntaxes) {
    DatasetBuilder dataset(uid);
    dataset.begin_sequence(kReferencedImages)
        .begin_item(Length::defined)
        .text(kPatientId, Vr::LO, "abcd")
        .end_item()
        .end_sequence();
    const TransferSyntax syntax = TransferSyntax::from_uid(uid).value();
    for (std::size_t size = 1; size < dataset.dataset().size(); ++size) {
      // A copy of that size, so that a sanitizer sees reads behind its end.
      const Bytes cut(dataset.dataset().begin(),
                      dataset.dataset().begin() + static_cast<std::ptrdiff_t>(size));
      Walker walker(cut, syntax.vr, syntax.order);
      Token step = walker.next();
      while (step.kind != Token::Kind::end && step.kind != Token::Kind::defect) {
        step = walker.next();
      }
      EXPECT_EQ(step.kind, Token::Kind::defect) << size;
      EXPECT_TRUE(walker.wants_more()) << size;
    }
  }
}

TEST(Walker, ALengthMayNotLeaveItsContainer) {
  DatasetBuilder inner;
  inner.header(kPatientId, Vr::LO, 100);
  DatasetBuilder dataset;
  dataset.begin_sequence(kReferencedImages)
      .begin_item(Length::defined)
      .raw(inner.dataset())
      .end_item()
      .end_sequence()
      .bytes(Tag{0x0042, 0x0011}, Vr::OB, Bytes(200));
  EXPECT_EQ(walk(dataset), "defect: an element is longer than what it stands in");
  Walker walker = a_walker(dataset);
  while (walker.next().kind != Token::Kind::defect) {
  }
  EXPECT_FALSE(walker.wants_more());
}

TEST(Walker, AnOpenItemInsideADefinedSequenceIsADefect) {
  DatasetBuilder dataset;
  dataset.begin_sequence(kReferencedImages, Length::defined)
      .header(kPatientId, Vr::LO, 0)  // is taken for an item
      .end_sequence();
  EXPECT_EQ(walk(dataset), "defect: something else where an item belongs");
  DatasetBuilder whole;
  whole.bytes(kReferencedImages, Vr::SQ,
              nested_items(1, Length::undefined, kExplicitVrLittleEndian));
  EXPECT_EQ(walk(whole), "00081140[{}]");
  Bytes item = nested_items(1, Length::undefined, kExplicitVrLittleEndian);
  item.resize(kShortHeaderBytes);
  DatasetBuilder unclosed;
  unclosed.bytes(kReferencedImages, Vr::SQ, item).text(kPatientId, Vr::LO, "ab");
  EXPECT_EQ(walk(unclosed), "defect: the data end inside an element");
}

TEST(Walker, DelimitersBelongWhereTheyMatch) {
  const Bytes item_delimiter{0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0};
  const Bytes sequence_delimiter{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0};
  const Bytes item{0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0};
  for (const Bytes& stray : {item_delimiter, sequence_delimiter, item}) {
    EXPECT_EQ(walk(DatasetBuilder().raw(stray)),
              "defect: an item or delimiter where an element belongs");
  }
  // In containers of defined length.
  EXPECT_EQ(walk(DatasetBuilder().bytes(kReferencedImages, Vr::SQ, sequence_delimiter)),
            "defect: something else where an item belongs");
  EXPECT_EQ(walk(DatasetBuilder()
                     .begin_sequence(kReferencedImages)
                     .begin_item(Length::defined)
                     .raw(item_delimiter)
                     .end_item()
                     .end_sequence()),
            "defect: an item or delimiter where an element belongs");
  // The wrong one of the two.
  EXPECT_EQ(walk(DatasetBuilder().begin_sequence(kReferencedImages).begin_item().end_sequence()),
            "defect: an item or delimiter where an element belongs");
}

TEST(Walker, ADelimiterHasNoLength) {
  const Bytes long_delimiter{0xFE, 0xFF, 0xDD, 0xE0, 2, 0, 0, 0, 1, 1};
  DatasetBuilder dataset;
  dataset.begin_sequence(kReferencedImages).raw(long_delimiter);
  EXPECT_EQ(walk(dataset), "defect: a delimiter with a length");
}

TEST(Walker, TopLevelTagsAscendStrictly) {
  EXPECT_EQ(walk(DatasetBuilder().us(Tag{0x0028, 0x0011}, 1).us(Tag{0x0028, 0x0010}, 1)),
            "defect: elements are not in ascending order");
  EXPECT_EQ(walk(DatasetBuilder().us(Tag{0x0028, 0x0010}, 1).us(Tag{0x0028, 0x0010}, 1)),
            "defect: elements are not in ascending order");
}

TEST(Walker, MetaAndCommandElementsAreNoPartOfADataSet) {
  const std::string refused = "defect: an element of a group that is not allowed here";
  EXPECT_EQ(walk(DatasetBuilder().text(Tag{0x0002, 0x0010}, Vr::UI, "1.2")), refused);
  EXPECT_EQ(walk(DatasetBuilder().us(Tag{0x0000, 0x0100}, 1)), refused);
  EXPECT_EQ(walk(DatasetBuilder()
                     .begin_sequence(kReferencedImages)
                     .begin_item()
                     .text(Tag{0x0002, 0x0010}, Vr::UI, "1.2")
                     .end_item()
                     .end_sequence()),
            refused);
}

TEST(Walker, GroupLengthsAndPaddingAreElements) {
  DatasetBuilder dataset;
  dataset.bytes(Tag{0x0008, 0x0000}, Vr::UL, Bytes{0, 0, 0, 0})
      .bytes(Tag{0xFFFC, 0xFFFC}, Vr::OB, Bytes(6));
  EXPECT_EQ(walk(dataset), "00080000=UL FFFCFFFC=OB");
}

TEST(Walker, AVrThatDoesNotExistIsRefused) {
  DatasetBuilder dataset;
  dataset.raw(Bytes{0x10, 0x00, 0x10, 0x00, 'X', 'X', 2, 0, 'a', 'b'});
  EXPECT_EQ(walk(dataset), "defect: a value representation that does not exist");
}

TEST(Walker, OnlySequencesAndPixelDataHaveNoLength) {
  EXPECT_EQ(walk(DatasetBuilder().header(Tag{0x0042, 0x0011}, Vr::OB, kUndefinedLength)),
            "defect: an undefined length where none is allowed");
  EXPECT_EQ(walk(DatasetBuilder().header(kPixelData, Vr::UT, kUndefinedLength)),
            "defect: an undefined length where none is allowed");
  EXPECT_EQ(
      walk(DatasetBuilder(kImplicitVrLittleEndian).header(kPatientName, Vr::PN, kUndefinedLength),
           kImplicitVrLittleEndian),
      "defect: an undefined length where none is allowed");
}

TEST(Walker, AnIconMayBeEncapsulated) {
  DatasetBuilder dataset;
  dataset.begin_sequence(Tag{0x0088, 0x0200})
      .begin_item()
      .encapsulated(kPixelData, {Bytes{1, 2}, Bytes{3, 4, 5, 6}})
      .us(Tag{0x7FE1, 0x1000}, 1)
      .end_item()
      .end_sequence();
  EXPECT_EQ(walk(dataset), "00880200[{7FE00010=fragments 7FE11000=US}]");
}

TEST(Walker, FragmentsAreItemsOfDefinedLengthUntilTheDelimiter) {
  const auto with_fragments = [](const DatasetBuilder& content) {
    return DatasetBuilder().header(kPixelData, Vr::OB, kUndefinedLength).raw(content.dataset());
  };
  EXPECT_EQ(walk(with_fragments(DatasetBuilder().begin_item())),
            "defect: an undefined length where none is allowed");
  EXPECT_EQ(walk(with_fragments(DatasetBuilder().us(Tag{0x0028, 0x0010}, 1))),
            "defect: something else where an item belongs");
  EXPECT_EQ(walk(with_fragments(DatasetBuilder().begin_item(Length::defined).end_item())),
            "defect: the data end inside an element");
}

TEST(Walker, UnknownSequencesOfUndefinedLengthAreImplicit) {
  DatasetBuilder content(kImplicitVrLittleEndian);
  content.begin_item()
      .text(kPatientId, Vr::LO, "ab")
      .begin_sequence(kReferencedImages)
      .end_sequence()
      .end_item();
  const Bytes delimiter{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0};
  DatasetBuilder dataset;
  dataset.header(kPrivate, Vr::UN, kUndefinedLength)
      .raw(content.dataset())
      .raw(delimiter)
      .us(Tag{0x0030, 0x0010}, 1);
  EXPECT_EQ(walk(dataset), "00291010[{00100020=LO 00081140[]}] 00300010=US");
}

TEST(Walker, UnknownSequencesInBigEndianDataAreRefused) {
  DatasetBuilder dataset(kExplicitVrBigEndian);
  dataset.begin_sequence(kPrivate, Length::undefined, Vr::UN);
  EXPECT_EQ(walk(dataset, kExplicitVrBigEndian),
            "defect: a sequence of unknown VR in big endian data");
}

TEST(Walker, PrivateImplicitElementsOfUndefinedLengthAreSequences) {
  DatasetBuilder dataset(kImplicitVrLittleEndian);
  dataset.text(kPrivateCreator, Vr::LO, "X")
      .begin_sequence(kPrivate)
      .begin_item()
      .end_item()
      .end_sequence();
  EXPECT_EQ(walk(dataset, kImplicitVrLittleEndian), "00290010=LO 00291010[{}]");
}

TEST(Walker, StopsWhereItsRangeEnds) {
  DatasetBuilder dataset;
  dataset.us(Tag{0x0028, 0x0010}, 1).header(kPixelData, Vr::OW, 1000);
  Walker walker(dataset.dataset(), VrCoding::explicit_vr, ByteOrder::little,
                {Tag{0x0003, 0}, Tag{0x7FDF, 0xFFFF}});
  EXPECT_EQ(walker.next().tag, (Tag{0x0028, 0x0010}));
  const Token end = walker.next();
  EXPECT_EQ(end.kind, Token::Kind::end);
  EXPECT_EQ(end.offset, 10U);
}

TEST(Walker, TheHighestTagIsNoEnd) {
  EXPECT_EQ(walk(DatasetBuilder().us(Tag{0xFFFF, 0xFFFF}, 1).us(Tag{0xFFFF, 0xFFFF}, 1)),
            "defect: elements are not in ascending order");
}

// Nesting. Nothing deeper than kMaxDepth passes, whatever the sequence is written as.

TEST(Walker, NestsAsDeepAsAllowedAndNoDeeper) {
  for (const std::string_view uid : kNativeSyntaxes) {
    for (const Length length : {Length::defined, Length::undefined}) {
      for (const int depth : {kMaxDepth, kMaxDepth + 1, 50, 3000}) {
        DatasetBuilder dataset(uid);
        dataset.begin_sequence(kReferencedImages, length)
            .raw(nested_items(depth, length, uid))
            .end_sequence();
        const bool is_refused = walk(dataset, uid) == "defect: sequences are nested too deeply";
        EXPECT_EQ(is_refused, depth > kMaxDepth) << uid << ' ' << depth;
      }
    }
  }
}

/// Of a known sequence that is written as UN of defined length.
DatasetBuilder a_known_un(ByteView content, std::string_view uid = kExplicitVrLittleEndian) {
  DatasetBuilder dataset(uid);
  dataset.bytes(kReferencedImages, Vr::UN, content);
  return dataset;
}

TEST(Walker, EntersAKnownSequenceInAUn) {
  DatasetBuilder items(kImplicitVrLittleEndian);
  items.begin_item()
      .text(kPatientId, Vr::LO, "ab")
      .begin_sequence(Tag{0x0040, 0xA170}, Length::defined)
      .end_sequence()
      .end_item();
  for (std::string_view uid : {kExplicitVrLittleEndian, kExplicitVrBigEndian}) {
    EXPECT_EQ(walk(a_known_un(items.dataset(), uid), uid), "00081140[{00100020=LO 0040A170[]}]");
    EXPECT_EQ(walk(a_known_un({}, uid), uid), "00081140[]");
  }
}

TEST(Walker, SaysInWhichByteOrderAValueIs) {
  DatasetBuilder items(kImplicitVrLittleEndian);
  items.begin_item().text(kPatientId, Vr::LO, "ab").end_item();
  DatasetBuilder dataset = a_known_un(items.dataset(), kExplicitVrBigEndian);
  dataset.text(kPatientName, Vr::PN, "Yamada^Tarou");
  Walker walker = a_walker(dataset, kExplicitVrBigEndian);
  for (Token token = walker.next(); token.kind != Token::Kind::end; token = walker.next()) {
    if (token.kind != Token::Kind::element) continue;
    EXPECT_EQ(token.order == ByteOrder::little, token.tag == kPatientId);
  }
}

TEST(Walker, DoesNotEnterAUnThatIsNoWholeSequence) {
  for (std::size_t cut : {1, 4, 9}) {
    Bytes content = nested_items(2, Length::defined, kImplicitVrLittleEndian);
    content.resize(content.size() - cut);
    EXPECT_EQ(walk(a_known_un(content)), "00081140=UN") << cut;
  }
  const Bytes items_and_more = nested_items(1, Length::defined, kImplicitVrLittleEndian);
  for (std::string_view more : {"x", "some more"}) {
    Bytes content = items_and_more;
    content.insert(content.end(), more.begin(), more.end());
    EXPECT_EQ(walk(a_known_un(content)), "00081140=UN") << more;
  }
  EXPECT_EQ(walk(a_known_un(core::as_bytes("CANARY"))), "00081140=UN");
}

TEST(Walker, UnsThatAreSequencesNestNoDeeperEither) {
  for (int depth : {kMaxDepth, kMaxDepth + 1}) {
    const std::string path =
        walk(a_known_un(nested_items(depth, Length::defined, kImplicitVrLittleEndian)));
    EXPECT_EQ(path == "defect: sequences are nested too deeply", depth > kMaxDepth) << path;
  }
}

/// One way to write a sequence that not every parser takes for one.
struct Disguise {
  std::string_view name;
  std::string_view syntax;  ///< of the data set
  Tag tag;
  Vr vr;
  std::string_view content_syntax;
};

constexpr Disguise kDisguises[] = {
    {"UN", kExplicitVrLittleEndian, kPrivate, Vr::UN, kImplicitVrLittleEndian},
    {"UN holding explicit VR", kExplicitVrLittleEndian, kPrivate, Vr::UN, kExplicitVrLittleEndian},
    {"OB of a known sequence", kExplicitVrLittleEndian, kReferencedImages, Vr::OB,
     kExplicitVrLittleEndian},
    {"private and implicit", kImplicitVrLittleEndian, kPrivate, Vr::UN, kImplicitVrLittleEndian},
    {"UN in big endian", kExplicitVrBigEndian, kPrivate, Vr::UN, kImplicitVrLittleEndian},
    {"UN in and holding big endian", kExplicitVrBigEndian, kPrivate, Vr::UN, kExplicitVrBigEndian},
};

TEST(Walker, DisguisedSequencesNestNoDeeperEither) {
  for (const Disguise& disguise : kDisguises) {
    for (const Length length : {Length::defined, Length::undefined}) {
      for (const int depth : {1, kMaxDepth, kMaxDepth + 1, 50}) {
        DatasetBuilder dataset(disguise.syntax);
        dataset.bytes(disguise.tag, disguise.vr,
                      nested_items(depth, length, disguise.content_syntax));
        const std::string path = walk(dataset, disguise.syntax);
        if (depth > kMaxDepth) {
          EXPECT_EQ(path, "defect: sequences are nested too deeply") << disguise.name << depth;
        } else {
          EXPECT_EQ(path, disguise.tag.hex() + '=' + std::string(name(disguise.vr)))
              << disguise.name << depth;
        }
      }
    }
  }
}

TEST(Walker, DisguisesInsideDisguisesAddUp) {
  const auto onion = [](int layers) {
    Bytes content = nested_items(1, Length::defined, kImplicitVrLittleEndian);
    for (int i = 1; i < layers; ++i) {
      DatasetBuilder wrapped(kImplicitVrLittleEndian);
      wrapped.begin_item(Length::defined).bytes(kPrivate, Vr::UN, content).end_item();
      content = wrapped.dataset();
    }
    return DatasetBuilder().bytes(kPrivate, Vr::UN, content);
  };
  EXPECT_EQ(walk(onion(kMaxDepth)), "00291010=UN");
  EXPECT_EQ(walk(onion(kMaxDepth + 1)), "defect: sequences are nested too deeply");
}

TEST(Walker, DisguisedNestingCountsFromWhereItStands) {
  const auto at_depth = [](int outer, int inner) {
    DatasetBuilder dataset;
    for (int i = 0; i < outer; ++i) dataset.begin_sequence(kReferencedImages).begin_item();
    dataset.bytes(kPrivate, Vr::UN,
                  nested_items(inner, Length::undefined, kImplicitVrLittleEndian));
    for (int i = 0; i < outer; ++i) dataset.end_item().end_sequence();
    return walk(dataset).substr(0, 6);
  };
  EXPECT_NE(at_depth(10, 6), "defect");
  EXPECT_EQ(at_depth(10, 7), "defect");
  EXPECT_EQ(at_depth(16, 1), "defect");
}

TEST(Walker, ManyItemsSideBySideAreNotDeep) {
  DatasetBuilder items(kImplicitVrLittleEndian);
  for (int i = 0; i < 1000; ++i) items.begin_item(Length::defined).us(kPatientId, 1).end_item();
  EXPECT_EQ(walk(DatasetBuilder().bytes(kPrivate, Vr::UN, items.dataset())), "00291010=UN");
  EXPECT_EQ(walk(DatasetBuilder(kImplicitVrLittleEndian).bytes(kPrivate, Vr::UN, items.dataset()),
                 kImplicitVrLittleEndian),
            "00291010=UN");
}

TEST(Walker, AValueThatBeginsWithAnItemTagByChancePasses) {
  Bytes chance{0xFE, 0xFF, 0x00, 0xE0};
  for (int i = 0; i < 1000; ++i) chance.push_back(static_cast<Byte>(i * 37));
  for (const std::string_view uid : kNativeSyntaxes) {
    DatasetBuilder dataset(uid);
    dataset.bytes(kPrivate, Vr::UN, chance).us(Tag{0x0030, 0x0010}, 1);
    EXPECT_EQ(walk(dataset, uid).substr(0, 11), "00291010=UN") << uid;
  }
}

TEST(Walker, AKnownValueThatBeginsWithAnItemTagIsNoSequenceToAnybody) {
  const Bytes deep = nested_items(50, Length::undefined, kImplicitVrLittleEndian);
  EXPECT_EQ(walk(DatasetBuilder().bytes(Tag{0x0042, 0x0011}, Vr::OB, deep)), "00420011=OB");
}

TEST(Walker, ADamagedSequenceWithManyItemsIsRefused) {
  Bytes deep = nested_items(50, Length::undefined, kImplicitVrLittleEndian);
  deep.resize(deep.size() - 4);
  deep[8] = 0xFF;  // the first inner tag becomes something that fails early
  for (const std::string_view uid : {kExplicitVrLittleEndian, kImplicitVrLittleEndian}) {
    EXPECT_EQ(walk(DatasetBuilder(uid).bytes(kPrivate, Vr::UN, deep), uid).substr(0, 6), "defect")
        << uid;
  }
}

// DCMTK, whose private dictionary may call the element a sequence, leaves it at the delimiter and
// goes on with the bytes behind, wherever these lead.
TEST(Walker, NestingBehindAValueThatALenientParserLeavesEarlyIsRefused) {
  const Bytes delimiter{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0};
  const auto with_items_behind = [&](int items) {
    DatasetBuilder hidden(kImplicitVrLittleEndian);
    hidden.begin_sequence(kReferencedImages)
        .raw(nested_items(items, Length::undefined, kImplicitVrLittleEndian))
        .end_sequence();
    DatasetBuilder dataset(kImplicitVrLittleEndian);
    dataset.bytes(kPrivate, Vr::UN, delimiter).bytes(Tag{0x0042, 0x0011}, Vr::OB, hidden.dataset());
    return dataset;
  };
  EXPECT_EQ(walk(with_items_behind(kMaxDepth), kImplicitVrLittleEndian), "00291010=UN 00420011=OB");
  EXPECT_EQ(walk(with_items_behind(kMaxDepth + 1), kImplicitVrLittleEndian),
            "defect: a damaged sequence may hide deep nesting");
  const DatasetBuilder harmless = with_items_behind(1);
  Walker walker = a_walker(harmless, kImplicitVrLittleEndian);
  EXPECT_FALSE(walker.met_unclean_value());
  walker.next();
  EXPECT_TRUE(walker.met_unclean_value());
}

// The item of one private element swallows the next for a lenient parser: depth by a chain.
TEST(Walker, AChainOfOpenEndedPrivateValuesIsRefused) {
  const Bytes open_item{0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF};
  const auto chain = [&](int links) {
    DatasetBuilder dataset(kImplicitVrLittleEndian);
    for (int i = 0; i < links; ++i) {
      const auto group = static_cast<std::uint16_t>(0x0009 + 2 * i);
      dataset.text(Tag{group, 0x0010}, Vr::LO, "FDMS 1.0")
          .bytes(Tag{group, 0x1010}, Vr::UN, open_item);
    }
    return walk(dataset, kImplicitVrLittleEndian);
  };
  EXPECT_NE(chain(kMaxDepth).substr(0, 6), "defect");
  EXPECT_EQ(chain(kMaxDepth + 1), "defect: a damaged sequence may hide deep nesting");
}

TEST(Walker, WorkGrowsWithSizeWhateverIsNestedOrDoubtful) {
  // Megabytes of values that all have to be read twice or counted through.
  const Bytes delimiter{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0};
  DatasetBuilder dataset(kImplicitVrLittleEndian);
  dataset.begin_sequence(kReferencedImages).begin_item();
  for (int i = 0; i < 200'000; ++i) dataset.bytes(kPrivate, Vr::UN, delimiter);
  dataset.end_item().end_sequence();
  Bytes onion = dataset.dataset();
  for (int i = 0; i < 12; ++i) {
    DatasetBuilder wrapped(kImplicitVrLittleEndian);
    wrapped.begin_item(Length::defined).bytes(kPrivate, Vr::UN, onion).end_item();
    onion = wrapped.dataset();
  }
  dataset.bytes(kPrivate, Vr::UN, onion);
  const auto begin = std::chrono::steady_clock::now();
  walk(dataset, kImplicitVrLittleEndian);
  // Linear work takes 0.2 s, quadratic work many minutes, on a machine however busy.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

}  // namespace
}  // namespace sekisho::core::dicom
