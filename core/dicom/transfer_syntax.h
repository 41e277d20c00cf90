// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sekisho::core::dicom {

enum class VrCoding { explicit_vr, implicit_vr };
enum class ByteOrder { little, big };
enum class PixelCoding { native, encapsulated };
enum class Compression { none, deflated };

/// How a data set is written down (PS3.5 §10).
struct TransferSyntax {
  std::string uid;
  VrCoding vr = VrCoding::explicit_vr;
  ByteOrder order = ByteOrder::little;
  PixelCoding pixels = PixelCoding::native;
  Compression compression = Compression::none;

  /// Every syntax of PS3.6 Table A-1 and any later or private one under the standard's rule that
  /// such a syntax is explicit VR little endian with encapsulated pixel data. `nullopt` for text
  /// that is no UID.
  static std::optional<TransferSyntax> from_uid(std::string_view uid);
};

/// Whether what is in it can be in explicit VR little endian too, by how it is written down alone:
/// the other syntaxes compress pixels, or have them elsewhere.
bool has_explicit_form(const TransferSyntax& syntax);

inline constexpr std::string_view kImplicitVrLittleEndian = "1.2.840.10008.1.2";
inline constexpr std::string_view kExplicitVrLittleEndian = "1.2.840.10008.1.2.1";
inline constexpr std::string_view kDeflatedExplicitVrLittleEndian = "1.2.840.10008.1.2.1.99";
inline constexpr std::string_view kExplicitVrBigEndian = "1.2.840.10008.1.2.2";

}  // namespace sekisho::core::dicom
