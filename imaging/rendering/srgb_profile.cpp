// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/rendering/srgb_profile.h"

#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

namespace sekisho::imaging {
namespace {

using core::Bytes;

constexpr std::size_t kHeaderBytes = 128;

void put16(Bytes& out, std::uint32_t number) {
  out.push_back(static_cast<core::Byte>(number >> 8 & 0xFF));
  out.push_back(static_cast<core::Byte>(number & 0xFF));
}
void put32(Bytes& out, std::uint32_t number) {
  put16(out, number >> 16);
  put16(out, number & 0xFFFF);
}
void put(Bytes& out, std::string_view text) {
  for (const char c : text) out.push_back(static_cast<core::Byte>(c));
}

/// s15Fixed16Number
void put_fixed(Bytes& out, double number) {
  put32(out, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(number * 65536))));
}

Bytes xyz(double x, double y, double z) {
  Bytes out;
  put(out, "XYZ ");
  put32(out, 0);
  for (const double each : {x, y, z}) put_fixed(out, each);
  return out;
}

/// parametricCurveType 3: IEC 61966-2-1.
Bytes curve() {
  Bytes out;
  put(out, "para");
  put32(out, 0);
  put16(out, 3);
  put16(out, 0);
  for (const double each : {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}) {
    put_fixed(out, each);
  }
  return out;
}

/// multiLocalizedUnicodeType with one record of ASCII.
Bytes text(std::string_view ascii) {
  constexpr std::uint32_t kRecordBytes = 12;
  constexpr std::uint32_t kTextAt = 28;
  Bytes out;
  put(out, "mluc");
  put32(out, 0);
  put32(out, 1);
  put32(out, kRecordBytes);
  put(out, "enUS");
  put32(out, static_cast<std::uint32_t>(2 * ascii.size()));
  put32(out, kTextAt);
  for (const char c : ascii) put16(out, static_cast<unsigned char>(c));
  while (out.size() % 4 != 0) out.push_back(0);
  return out;
}

using Tags = std::vector<std::pair<std::string_view, Bytes>>;

/// Primaries and white are those of sRGB, adapted to D50 by Bradford's method.
Tags tags(bool has_colours) {
  Tags all;
  all.emplace_back("desc", text(has_colours ? "sRGB" : "sRGB grey"));
  all.emplace_back("cprt", text("CC0"));
  all.emplace_back("wtpt", xyz(0.9642, 1.0, 0.8249));
  if (!has_colours) {
    all.emplace_back("kTRC", curve());
    return all;
  }
  all.emplace_back("rXYZ", xyz(0.436066, 0.222488, 0.013916));
  all.emplace_back("gXYZ", xyz(0.385147, 0.716873, 0.097076));
  all.emplace_back("bXYZ", xyz(0.143066, 0.060608, 0.714096));
  for (const char* each : {"rTRC", "gTRC", "bTRC"}) all.emplace_back(each, curve());
  // Out of the Bradford adaptation from D65.
  Bytes adaptation;
  put(adaptation, "sf32");
  put32(adaptation, 0);
  for (const double each : {1.047882, 0.022918, -0.050217, 0.029587, 0.990478, -0.017059, -0.009247,
                            0.015075, 0.751678}) {
    put_fixed(adaptation, each);
  }
  all.emplace_back("chad", std::move(adaptation));
  return all;
}

Bytes header(std::uint32_t size, bool has_colours) {
  Bytes out;
  put32(out, size);
  put32(out, 0);           // no preferred CMM
  put32(out, 0x04300000);  // version 4.3
  put(out, "mntr");
  put(out, has_colours ? "RGB " : "GRAY");
  put(out, "XYZ ");
  for (const std::uint32_t each : {2000U, 1U, 1U, 0U, 0U, 0U}) put16(out, each);
  put(out, "acsp");
  while (out.size() < 68) out.push_back(0);
  for (const double each : {0.9642, 1.0, 0.8249}) put_fixed(out, each);  // D50
  while (out.size() < kHeaderBytes) out.push_back(0);
  return out;
}

}  // namespace

Bytes srgb_profile(std::uint32_t samples) {
  const bool has_colours = samples == 3;
  const Tags all = tags(has_colours);
  constexpr std::size_t kEntryBytes = 12;
  Bytes table;
  Bytes data;
  const std::size_t data_at = kHeaderBytes + 4 + kEntryBytes * all.size();
  put32(table, static_cast<std::uint32_t>(all.size()));
  for (const auto& [name, content] : all) {
    put(table, name);
    put32(table, static_cast<std::uint32_t>(data_at + data.size()));
    put32(table, static_cast<std::uint32_t>(content.size()));
    data.insert(data.end(), content.begin(), content.end());
  }
  Bytes profile = header(static_cast<std::uint32_t>(data_at + data.size()), has_colours);
  profile.insert(profile.end(), table.begin(), table.end());
  profile.insert(profile.end(), data.begin(), data.end());
  return profile;
}

}  // namespace sekisho::imaging
