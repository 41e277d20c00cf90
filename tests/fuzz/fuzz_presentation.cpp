// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever stands in a presentation state, a small image by it is no picture or one of a size that
// anybody may ask for, with all of its cells.
#include <cstdint>
#include <cstdlib>

#include "imaging/presentation/render_presented.h"
#include "imaging/rendering/viewport.h"
#include "support/dicom_builder.h"

namespace {

using namespace sekisho;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;

constexpr const char* kImage = "1.2.3";

void require(bool ok) {
  if (!ok) std::abort();
}

/// What is malformed has been refused before anybody reads a state.
bool is_sound(core::ByteView bytes) {
  core::dicom::Walker walker(bytes, core::dicom::VrCoding::explicit_vr,
                             core::dicom::ByteOrder::little);
  auto token = walker.next();
  while (token.kind != Token::Kind::end && token.kind != Token::Kind::defect) token = walker.next();
  return token.kind == Token::Kind::end;
}

/// The elements behind what makes it a state for the image; which kind, the first byte says.
core::Bytes a_state(core::ByteView rest) {
  const char kinds[] = {'1', '2', '3'};
  const std::size_t kind = rest.empty() ? 0 : rest.front() % 3;
  tests::DatasetBuilder builder;
  builder.text(Tag{0x0008, 0x0016}, Vr::UI,
               std::string("1.2.840.10008.5.1.4.1.1.11.") + kinds[kind]);
  builder.begin_sequence(Tag{0x0008, 0x1115}).begin_item();
  builder.begin_sequence(Tag{0x0008, 0x1140}).begin_item();
  builder.text(Tag{0x0008, 0x1155}, Vr::UI, kImage).end_item().end_sequence();
  builder.end_item().end_sequence();
  if (!rest.empty()) builder.raw(rest.subspan(1));
  return builder.dataset();
}

imaging::DisplayAttributes an_image(imaging::ColourModel colours) {
  imaging::DisplayAttributes image;
  image.layout.rows = 5;
  image.layout.columns = 7;
  image.layout.samples = colours == imaging::ColourModel::rgb ? 3 : 1;
  image.layout.has_stored_bits = true;
  image.colours = colours;
  return image;
}

void show(const imaging::PresentationState& state, imaging::ColourModel colours,
          const std::optional<imaging::Room>& room) {
  const auto image = an_image(colours);
  const core::Bytes cells(static_cast<std::size_t>(image.layout.frame_bytes()), 100);
  const auto picture = imaging::render_presented(cells, image, state, kImage, 0, room);
  if (!picture) return;
  require(picture->width >= 1 && picture->width <= imaging::kMostViewportSide);
  require(picture->height >= 1 && picture->height <= imaging::kMostViewportSide);
  require(!room || (picture->width <= room->width && picture->height <= room->height));
  require(picture->cells.size() == picture->height * picture->row_bytes());
  require(imaging::presenting_bytes(image.layout, state, kImage, 0, room) >=
          2 * picture->cells.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const core::Bytes bytes = a_state({data, size});
  if (!is_sound(bytes)) return 0;
  const auto state = imaging::read_presentation_state(
      {bytes, core::dicom::VrCoding::explicit_vr, core::dicom::ByteOrder::little});
  if (!state) return 0;
  for (const auto colours : {imaging::ColourModel::black_is_least, imaging::ColourModel::rgb}) {
    show(*state, colours, imaging::Room{64, 48});
  }
  return 0;
}
