// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/transfer_syntax.h"

#include <gtest/gtest.h>

namespace sekisho::core::dicom {
namespace {

TransferSyntax syntax(std::string_view uid) { return TransferSyntax::from_uid(uid).value(); }

TEST(TransferSyntax, ImplicitVrLittleEndian) {
  EXPECT_EQ(syntax(kImplicitVrLittleEndian).vr, VrCoding::implicit_vr);
  EXPECT_EQ(syntax(kImplicitVrLittleEndian).order, ByteOrder::little);
  EXPECT_EQ(syntax(kImplicitVrLittleEndian).pixels, PixelCoding::native);
}

TEST(TransferSyntax, ExplicitVrBigEndian) {
  EXPECT_EQ(syntax(kExplicitVrBigEndian).vr, VrCoding::explicit_vr);
  EXPECT_EQ(syntax(kExplicitVrBigEndian).order, ByteOrder::big);
}

TEST(TransferSyntax, OnlyTheDeflatedOnesAreDeflated) {
  EXPECT_EQ(syntax(kDeflatedExplicitVrLittleEndian).compression, Compression::deflated);
  EXPECT_EQ(syntax("1.2.840.10008.1.2.4.95").compression, Compression::deflated);
  EXPECT_EQ(syntax("1.2.840.10008.1.2.8.1").compression, Compression::none);
  EXPECT_EQ(syntax("1.2.840.10008.1.2.8.1").pixels, PixelCoding::encapsulated);
}

TEST(TransferSyntax, WhatNobodyKnowsIsExplicitLittleEndianAndEncapsulated) {
  for (const char* uid : {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.999", "2.25.42"}) {
    EXPECT_EQ(syntax(uid).vr, VrCoding::explicit_vr) << uid;
    EXPECT_EQ(syntax(uid).order, ByteOrder::little) << uid;
    EXPECT_EQ(syntax(uid).pixels, PixelCoding::encapsulated) << uid;
    EXPECT_EQ(syntax(uid).compression, Compression::none) << uid;
  }
}

TEST(TransferSyntax, PaddingIsNoPartOfTheUid) {
  EXPECT_EQ(syntax(std::string_view("1.2.840.10008.1.2\0", 18)).uid, kImplicitVrLittleEndian);
}

TEST(TransferSyntax, TextThatIsNoUidIsRefused) {
  EXPECT_FALSE(TransferSyntax::from_uid(""));
  EXPECT_FALSE(TransferSyntax::from_uid("JPEG"));
  EXPECT_FALSE(TransferSyntax::from_uid("1.2..3"));
}

}  // namespace
}  // namespace sekisho::core::dicom
