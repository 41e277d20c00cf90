// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/explicit_dataset.h"

#include "mask_support.h"
#include "support/sample_files.h"

namespace sekisho::anonymization {
namespace {

using namespace tests;
using core::dicom::kExplicitVrBigEndian;
using core::dicom::kExplicitVrLittleEndian;
using core::dicom::kImplicitVrLittleEndian;
using core::dicom::TransferSyntax;

constexpr std::string_view kOthers[] = {kImplicitVrLittleEndian, kExplicitVrBigEndian};

std::optional<Bytes> explicit_of(const Bytes& dataset, std::string_view uid) {
  const auto syntax = *TransferSyntax::from_uid(uid);
  core::ByteBuffer out;
  if (!append_explicit(out, {dataset, syntax.vr, syntax.order})) return std::nullopt;
  return out.copy();
}

/// A number of `size` bytes in the order of the syntax.
Bytes number(std::string_view syntax, std::size_t size, std::uint64_t value) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(value >> (8 * i));
  if (syntax == kExplicitVrBigEndian) std::ranges::reverse(bytes);
  return bytes;
}
Bytes joined(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// One element of each kind of value, as a stranger to the masker writes it.
Bytes everything(std::string_view syntax) {
  DatasetBuilder builder(syntax);
  builder.text(Tag{0x0008, 0x0008}, Vr::CS, R"(ORIGINAL\PRIMARY)")
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3")
      .begin_sequence(Tag{0x0008, 0x1140})
      .begin_item()
      .text(Tag{0x0008, 0x1155}, Vr::UI, "1.2.4")
      .begin_sequence(Tag{0x0040, 0xA170})
      .begin_item()
      .text(Tag{0x0008, 0x0100}, Vr::SH, "113080")
      .end_item()
      .end_sequence()
      .end_item()
      .begin_item()
      .end_item()
      .end_sequence()
      .text(Tag{0x0009, 0x0010}, Vr::LO, "ACME 1.1")
      .bytes(Tag{0x0018, 0x9073}, Vr::FD, number(syntax, 8, 0x4009'21FB'5444'2D18))
      .bytes(Tag{0x0028, 0x0009}, Vr::AT,
             joined(number(syntax, 2, 0x0018), number(syntax, 2, 0x1063)))
      .us(Tag{0x0028, 0x0103}, 1)
      .bytes(Tag{0x0028, 0x0106}, Vr::SS, number(syntax, 2, 0xFC00))
      .bytes(Tag{0x0028, 0x9001}, Vr::UL, number(syntax, 4, 0x0102'0304))
      .bytes(Tag{0x0066, 0x0016}, Vr::OF,
             joined(number(syntax, 4, 0x3F80'0000), number(syntax, 4, 0x4049'0FDB)))
      .bytes(Tag{0x6000, 0x3000}, Vr::OW,
             joined(number(syntax, 2, 0x0A5C), number(syntax, 2, 0xF00D)));
  return builder.dataset();
}

// PS3.5 §7.3, §A.1 to §A.3: the same values, whatever they were written in.
TEST(ExplicitDataset, SaysTheSame) {
  for (const std::string_view syntax : kOthers) {
    EXPECT_EQ(explicit_of(everything(syntax), syntax), everything(kExplicitVrLittleEndian))
        << syntax;
  }
}

// PS3.5 §6.2.2: what nobody knows the VR of is UN, and its bytes are what they were.
TEST(ExplicitDataset, UnknownValuesKeepTheirBytes) {
  const Bytes value = {1, 2, 3, 4};
  DatasetBuilder implicit{kImplicitVrLittleEndian};
  implicit.text(Tag{0x0009, 0x0010}, Vr::LO, "ACME 1.1").bytes(Tag{0x0009, 0x1001}, Vr::US, value);
  DatasetBuilder expected;
  expected.text(Tag{0x0009, 0x0010}, Vr::LO, "ACME 1.1").bytes(Tag{0x0009, 0x1001}, Vr::UN, value);
  EXPECT_EQ(explicit_of(implicit.dataset(), kImplicitVrLittleEndian), expected.dataset());
  DatasetBuilder big{kExplicitVrBigEndian};
  big.text(Tag{0x0009, 0x0010}, Vr::LO, "ACME 1.1").bytes(Tag{0x0009, 0x1001}, Vr::UN, value);
  EXPECT_EQ(explicit_of(big.dataset(), kExplicitVrBigEndian), expected.dataset());
}

// Explicit VR says the VR of a private element, whose words are turned round like others.
TEST(ExplicitDataset, PrivateValuesOfAKnownVrAreTurned) {
  DatasetBuilder big{kExplicitVrBigEndian};
  big.text(Tag{0x0009, 0x0010}, Vr::LO, "ACME 1.1").us(Tag{0x0009, 0x1001}, 0x0102);
  DatasetBuilder expected;
  expected.text(Tag{0x0009, 0x0010}, Vr::LO, "ACME 1.1").us(Tag{0x0009, 0x1001}, 0x0102);
  EXPECT_EQ(explicit_of(big.dataset(), kExplicitVrBigEndian), expected.dataset());
}

// PS3.5 §6.2.2: a value that the length field of its VR has no room for.
TEST(ExplicitDataset, LongValuesOfShortVrsAreUnknown) {
  const Bytes value(70'000, '1');
  DatasetBuilder implicit{kImplicitVrLittleEndian};
  implicit.bytes(Tag{0x0020, 0x4000}, Vr::LT, value);
  DatasetBuilder expected;
  expected.bytes(Tag{0x0020, 0x4000}, Vr::UN, value);
  EXPECT_EQ(explicit_of(implicit.dataset(), kImplicitVrLittleEndian), expected.dataset());
}

// PS3.5 §7.2: they would count other bytes.
TEST(ExplicitDataset, GroupLengthsGo) {
  DatasetBuilder implicit{kImplicitVrLittleEndian};
  implicit.bytes(Tag{0x0008, 0x0000}, Vr::UL, Bytes{14, 0, 0, 0})
      .text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3");
  DatasetBuilder expected;
  expected.text(Tag{0x0008, 0x0018}, Vr::UI, "1.2.3");
  EXPECT_EQ(explicit_of(implicit.dataset(), kImplicitVrLittleEndian), expected.dataset());
}

TEST(ExplicitDataset, WhoDoesNotWaitIsNotWorkedFor) {
  DatasetBuilder implicit{kImplicitVrLittleEndian};
  for (std::uint16_t i = 0; i < 4000; ++i)
    implicit.us(Tag{0x0029, static_cast<std::uint16_t>(0x1000 + i)}, i);
  core::ByteBuffer out;
  const auto syntax = *TransferSyntax::from_uid(kImplicitVrLittleEndian);
  const core::Demand over({}, [] { return false; });
  EXPECT_THROW(append_explicit(out, {implicit.dataset(), syntax.vr, syntax.order}, over),
               core::DemandOver);
}

/// What a data set says, element by element; values as little endian readers print their bytes.
std::vector<std::string> said(ByteView dataset, const TransferSyntax& syntax) {
  std::vector<std::string> lines;
  const core::dicom::Dataset all{dataset, syntax.vr, syntax.order};
  core::dicom::for_each_token(all, [&](const core::dicom::Token& token) {
    const bool is_element = token.kind == core::dicom::Token::Kind::element;
    if (is_element && token.tag.element() == 0) return;
    Bytes value(token.value.begin(), token.value.end());
    // Bytes of numbers are turned when they are in big endian order, whatever their words are.
    if (value.size() % 2 != 0) value.push_back(core::dicom::is_text(token.vr) ? ' ' : '\0');
    std::ranges::sort(value);
    lines.push_back(std::to_string(static_cast<int>(token.kind)) + ' ' +
                    std::to_string(token.depth) + ' ' + std::to_string(token.tag.value) + ' ' +
                    std::string(is_element ? core::as_text(value) : ""));
  });
  return lines;
}

// Files that others wrote: what comes out is walked to its end, and says the same.
TEST(ExplicitFile, OfEverySampleSaysTheSame) {
  std::size_t rewritten = 0;
  for (const auto& path : sekisho::tests::sample_files()) {
    auto file = CheckedFile::check(core::StoredFile::in_memory(sekisho::tests::content_of(path)));
    const auto* sound = std::get_if<CheckedFile>(&file);
    if (sound == nullptr || !core::dicom::has_explicit_form(sound->transfer_syntax())) continue;
    for (const Profile& profile : {profile_of(R"("none")"), basic()}) {
      std::optional<Masked> masked;
      try {
        masked.emplace(mask(*sound, profile, a_share()));
      } catch (const MaskError&) {
        continue;
      }
      const TransferSyntax before = masked->transfer_syntax();
      const auto expected = said(masked->header().bytes, before);
      if (before.uid == kExplicitVrLittleEndian || !masked->write_explicitly({})) continue;
      const CheckedFile again = checked(bytes_of(*masked));
      EXPECT_EQ(again.transfer_syntax().uid, kExplicitVrLittleEndian) << path;
      EXPECT_EQ(said(again.header(), again.transfer_syntax()), expected) << path;
      EXPECT_EQ(again.pixel_size(), masked->pixel_size()) << path;
      ++rewritten;
    }
  }
  EXPECT_TRUE(sekisho::tests::sample_files().empty() || rewritten >= 20) << rewritten;
}

// File meta information names both (PS3.10 §7.1): a file that does not say so stays as it is.
TEST(ExplicitFile, NeedsAName) {
  DatasetBuilder nameless{kImplicitVrLittleEndian};
  nameless.text(Tag{0x0008, 0x0060}, Vr::CS, "CT");
  Masked masked = mask(checked(nameless.part10("", "")), profile_of(R"("none")"), a_share());
  const Bytes before = bytes_of(masked);
  EXPECT_FALSE(masked.write_explicitly({}));
  EXPECT_EQ(bytes_of(masked), before);
  EXPECT_EQ(masked.transfer_syntax().uid, kImplicitVrLittleEndian);
}

}  // namespace
}  // namespace sekisho::anonymization
