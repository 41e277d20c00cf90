// SPDX-License-Identifier: GPL-3.0-or-later
#include "dicomweb/answer_bulk_data.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dicomweb/answer_parts.h"
#include "dicomweb/desk.h"
#include "dicomweb/pixel_media.h"
#include "dicomweb/value_path.h"
#include "imaging/pixel_elements.h"

namespace sekisho::dicomweb {
namespace {

using anonymization::Masked;

bool has_pixels_at(const Masked& instance, const ValuePath& path) {
  const auto elements = imaging::read_pixel_elements(instance.pixels(), instance.transfer_syntax());
  const auto* element = imaging::find_element(elements, path.tag);
  return element != nullptr && imaging::is_pixel_element(*element);
}

/// Native ones are one value; of compressed ones each frame is a part (PS3.18 §8.7.3.3.2).
std::optional<PartsAnswer> pixels_of(const Masked& instance) {
  const auto index = frames_of(instance);
  if (index == nullptr) return std::nullopt;
  if (index->value_bytes() > 0) return native_answer(instance, index);
  if (!index->size_of(index->count() - 1)) return std::nullopt;
  std::vector<std::uint32_t> frames(index->count());
  std::iota(frames.begin(), frames.end(), 0U);
  return frames_answer(instance, index, std::move(frames));
}

std::optional<PartsAnswer> value_of(const Masked& instance, const ValuePath& path) {
  const core::dicom::Dataset parts[] = {instance.header(), instance.trailer()};
  auto value = find_value(parts, path);
  if (!value) return std::nullopt;
  std::vector<PartContent> only;
  only.push_back(PartContent::of_bytes(*std::move(value)));
  return PartsAnswer{
      0, {{kOctetStream, Packing::multipart}, {kOctetStream, Packing::single}}, std::move(only)};
}

}  // namespace

Reply answer_bulk_data(Desk& desk, Call& call) {
  const auto path = parse_value_path(call.target.value);
  auto found = desk.find(call);
  if (auto* reply = std::get_if<Reply>(&found)) return std::move(*reply);
  auto& granted = std::get<Granted>(found);
  const Masked& instance = *granted.first();
  std::optional<PartsAnswer> answer;
  if (path) {
    const bool is_of_pixels = path->items.empty() && has_pixels_at(instance, *path);
    answer = is_of_pixels ? pixels_of(instance) : value_of(instance, *path);
  }
  if (!answer) return desk.deny(call, Denial::out_of_scope);
  return send_parts(desk, call, std::move(granted), *std::move(answer));
}

}  // namespace sekisho::dicomweb
