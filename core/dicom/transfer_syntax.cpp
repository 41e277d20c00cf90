// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dicom/transfer_syntax.h"

#include "core/uid.h"

namespace sekisho::core::dicom {
namespace {

struct Row {
  std::string_view uid;
  VrCoding vr;
  ByteOrder order;
  PixelCoding pixels;
  Compression compression;
};

using enum VrCoding;
using enum ByteOrder;
using enum PixelCoding;
using enum Compression;

/// GE's private "implicit VR big endian DLX": only the pixels are big endian. DCMTK knows it.
constexpr std::string_view kImplicitVrBigPixels = "1.2.840.113619.5.2";

/// The syntaxes of PS3.6 2026c Table A-1 that are not what all the others are: explicit VR little
/// endian with encapsulated pixel data (PS3.5 §A.4). The JPIP ones have no pixel data at all
/// (§A.6, §A.7), those of SMPTE ST 2110 have it elsewhere (PS3.22).
constexpr Row kExceptions[] = {
    {kImplicitVrLittleEndian, implicit_vr, little, native, none},
    {kExplicitVrLittleEndian, explicit_vr, little, native, none},
    {kDeflatedExplicitVrLittleEndian, explicit_vr, little, native, deflated},
    {kExplicitVrBigEndian, explicit_vr, big, native, none},
    {"1.2.840.10008.1.2.4.94", explicit_vr, little, native, none},       // JPIP Referenced
    {"1.2.840.10008.1.2.4.95", explicit_vr, little, native, deflated},   // … Deflate
    {"1.2.840.10008.1.2.4.204", explicit_vr, little, native, none},      // JPIP HTJ2K Referenced
    {"1.2.840.10008.1.2.4.205", explicit_vr, little, native, deflated},  // … Deflate
    {"1.2.840.10008.1.2.7.1", explicit_vr, little, native, none},        // SMPTE ST 2110-20
    {"1.2.840.10008.1.2.7.2", explicit_vr, little, native, none},
    {"1.2.840.10008.1.2.7.3", explicit_vr, little, native, none},  // SMPTE ST 2110-30
    {"1.2.840.10008.1.20", implicit_vr, little, native, none},     // Papyrus 3, retired
    {kImplicitVrBigPixels, implicit_vr, little, native, none},
};

}  // namespace

std::optional<TransferSyntax> TransferSyntax::from_uid(std::string_view text) {
  const std::optional<Uid> uid = Uid::parse(text);
  if (!uid || !uid->is_standard()) return std::nullopt;
  for (const Row& row : kExceptions) {
    if (row.uid == uid->text()) {
      return TransferSyntax{uid->str(), row.vr, row.order, row.pixels, row.compression};
    }
  }
  return TransferSyntax{uid->str(), explicit_vr, little, encapsulated, none};
}

bool has_explicit_form(const TransferSyntax& syntax) {
  return syntax.uid == kImplicitVrLittleEndian || syntax.uid == kExplicitVrLittleEndian ||
         syntax.uid == kExplicitVrBigEndian || syntax.uid == kImplicitVrBigPixels;
}

}  // namespace sekisho::core::dicom
