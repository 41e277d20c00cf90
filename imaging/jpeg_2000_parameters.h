// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/bytes.h"
#include "imaging/pixel_layout.h"

namespace sekisho::imaging::jpeg_2000 {

/// Markers (T.800 Table A.2, T.814 §A.1).
enum Marker : std::uint16_t {
  kStartOfCodeStream = 0xFF4F,      // SOC
  kCapabilities = 0xFF50,           // CAP
  kSize = 0xFF51,                   // SIZ
  kCodingDefault = 0xFF52,          // COD
  kCodingComponent = 0xFF53,        // COC
  kTilePartLengths = 0xFF55,        // TLM
  kPacketLengthsMain = 0xFF57,      // PLM
  kPacketLengths = 0xFF58,          // PLT
  kCorrespondingProfile = 0xFF59,   // CPF
  kQuantizationDefault = 0xFF5C,    // QCD
  kQuantizationComponent = 0xFF5D,  // QCC
  kRegionOfInterest = 0xFF5E,       // RGN
  kProgressionChange = 0xFF5F,      // POC
  kRegistration = 0xFF63,           // CRG
  kComment = 0xFF64,                // COM
  kStartOfTilePart = 0xFF90,        // SOT
  kStartOfData = 0xFF93,            // SOD
  kEndOfCodeStream = 0xFFD9,        // EOC
};

/// What SIZ says (T.800 §A.5.1).
struct Size {
  std::uint32_t components = 0;
  std::uint32_t tiles = 0;
  std::uint32_t precision = 0;  ///< the largest of all components
  bool is_signed = false;
};
/// `nullopt` for what is not the image that the data set declares, all components in full size.
std::optional<Size> read_size(core::ByteView payload, const PixelLayout& layout);

/// The parameters of one header, main or of a tile: each marker segment has the length that its
/// content needs, no byte more, and no more quantization steps than there are subbands.
class Parameters {
 public:
  explicit Parameters(const Size& size) : size_(size) {}

  /// Whether a COD, COC, QCD, QCC, RGN or POC segment is what it should be.
  bool see(std::uint16_t marker, core::ByteView payload);
  /// When all were seen: whether the steps fit the subbands; `main` is behind those of a tile.
  bool are_consistent(const Parameters* main) const;

 private:
  bool see_coding(core::ByteView style, bool has_precincts);
  bool see_coding_component(core::ByteView payload);
  bool see_quantization(std::optional<std::uint32_t> component, core::ByteView payload);
  bool see_progression_change(core::ByteView payload) const;
  /// Takes the number of a component from the front.
  std::optional<std::uint32_t> take_component(core::ByteView& payload) const;
  std::optional<std::uint32_t> levels_of(std::uint32_t component, const Parameters* main) const;

  const Size& size_;
  std::optional<std::uint32_t> levels_;               ///< of COD
  std::map<std::uint32_t, std::uint32_t> levels_of_;  ///< of COC
  std::optional<std::uint32_t> steps_;                ///< of QCD; 0: derived, one for all
  std::map<std::uint32_t, std::uint32_t> steps_of_;
};

/// Capabilities (T.800 §A.5.2): a word, and two bytes for each bit of it.
bool is_sound_capability(core::ByteView payload);

}  // namespace sekisho::imaging::jpeg_2000
