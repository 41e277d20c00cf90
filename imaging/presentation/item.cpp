// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/presentation/item.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/dicom/element_header.h"
#include "core/dicom/text_reader.h"

namespace sekisho::imaging {
namespace {

using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kPadding{" \0", 2};
  const auto first = text.find_first_not_of(kPadding);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kPadding) - first + 1);
}

std::optional<double> decimal(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  if (text.empty() || !is_whole) return std::nullopt;
  return number;
}

std::size_t number_bytes(Vr vr) {
  switch (vr) {
    case Vr::SS:
    case Vr::US:
      return 2;
    case Vr::FL:
    case Vr::SL:
    case Vr::UL:
      return 4;
    case Vr::FD:
      return 8;
    default:
      return 0;
  }
}

double binary(const core::Byte* at, Vr vr, core::dicom::ByteOrder order) {
  using core::dicom::read16;
  using core::dicom::read32;
  switch (vr) {
    case Vr::SS:
      return static_cast<std::int16_t>(read16(at, order));
    case Vr::US:
      return read16(at, order);
    case Vr::SL:
      return static_cast<std::int32_t>(read32(at, order));
    case Vr::UL:
      return read32(at, order);
    case Vr::FL:
      return std::bit_cast<float>(read32(at, order));
    default: {
      const bool is_big = order == core::dicom::ByteOrder::big;
      const std::uint64_t first = read32(at, order);
      const std::uint64_t second = read32(at + 4, order);
      return std::bit_cast<double>(is_big ? first << 32 | second : second << 32 | first);
    }
  }
}

}  // namespace

/// The walk is no deeper than core::dicom::kMaxDepth.
struct Item::Builder {
  Item top;
  std::vector<Item*> around{&top};
  std::size_t count = 0;

  void see(const Token& token) {
    using Kind = Token::Kind;
    if (++count > kMostItemElements) return;
    Item& item = *around.back();
    if (token.kind == Kind::element) item.elements_.push_back(token);
    if (token.kind == Kind::sequence_begin) item.sequences_.emplace_back(token.tag, 0);
    if (token.kind == Kind::item_begin) {
      around.push_back(&item.sequences_.back().second.emplace_back());
    }
    if (token.kind == Kind::item_end) around.pop_back();
  }
};

std::optional<Item> Item::of(const core::dicom::Dataset& dataset) {
  Builder builder;
  core::dicom::for_each_token(dataset, [&](const Token& token) { builder.see(token); });
  if (builder.count > kMostItemElements) return std::nullopt;
  return std::move(builder.top);
}

const Token* Item::element(Tag tag) const {
  const auto found = std::ranges::find(elements_, tag, &Token::tag);
  return found == elements_.end() ? nullptr : &*found;
}

std::string_view Item::text(Tag tag) const {
  const Token* const found = element(tag);
  if (found == nullptr) return {};
  const std::string_view text = core::as_text(found->value);
  return trimmed(text.substr(0, text.find('\\')));
}

std::vector<double> Item::numbers(Tag tag, std::size_t most) const {
  const Token* const found = element(tag);
  if (found == nullptr) return {};
  std::vector<double> all;
  bool are_sound = true;
  const auto take = [&](std::optional<double> number) {
    are_sound &= number && std::isfinite(*number);
    if (are_sound && all.size() < most) all.push_back(*number);
  };
  if (const std::size_t bytes = number_bytes(found->vr)) {
    for (std::size_t at = 0; at + bytes <= found->value.size(); at += bytes) {
      take(binary(found->value.data() + at, found->vr, found->order));
    }
  } else if (found->vr == Vr::DS || found->vr == Vr::IS) {
    core::dicom::for_each_value(core::as_text(found->value),
                                [&](std::string_view each) { take(decimal(each)); });
  }
  if (!are_sound) all.clear();
  return all;
}

std::vector<double> Item::places(Tag tag, std::size_t most) const {
  auto all = numbers(tag, most);
  for (double& place : all) place = std::clamp(place, -kFarAway, kFarAway);
  return all;
}

std::optional<double> Item::number(Tag tag) const {
  const auto all = numbers(tag, 1);
  if (all.empty()) return std::nullopt;
  return all.front();
}

const std::vector<Item>& Item::items(Tag tag) const {
  static const std::vector<Item> kNone;
  const auto found =
      std::ranges::find(sequences_, tag, [](const auto& each) { return each.first; });
  return found == sequences_.end() ? kNone : found->second;
}

}  // namespace sekisho::imaging
