// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/file_meta.h"

#include <string>

#include "core/dicom/tag.h"
#include "core/dicom/vr.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::Bytes;
using core::ByteView;
using core::dicom::Tag;
using core::dicom::Vr;

constexpr std::size_t kPreambleBytes = 128;
constexpr std::string_view kImplementationClassUid = "2.25.8748015730710083030970200270871525647";
constexpr std::string_view kImplementationVersionName = "SEKISHO_" SEKISHO_VERSION;
static_assert(kImplementationVersionName.size() <= 16);

void put16(Bytes& out, std::uint32_t number) {
  out.push_back(static_cast<Byte>(number & 0xFF));
  out.push_back(static_cast<Byte>((number >> 8) & 0xFF));
}

void put32(Bytes& out, std::uint32_t number) {
  put16(out, number & 0xFFFF);
  put16(out, number >> 16);
}

/// Explicit VR little endian, as all file meta information is.
void put_element(Bytes& out, Tag tag, Vr vr, ByteView value) {
  put16(out, tag.group());
  put16(out, tag.element());
  for (char letter : core::dicom::name(vr)) out.push_back(static_cast<Byte>(letter));
  if (core::dicom::has_long_length(vr)) {
    put16(out, 0);
    put32(out, static_cast<std::uint32_t>(value.size()));
  } else {
    put16(out, static_cast<std::uint32_t>(value.size()));
  }
  out.insert(out.end(), value.begin(), value.end());
}

void put_text(Bytes& out, Tag tag, Vr vr, std::string_view text) {
  std::string padded(text);
  if (padded.size() % 2 != 0) padded += vr == Vr::UI ? '\0' : ' ';
  put_element(out, tag, vr, core::as_bytes(padded));
}

}  // namespace

Bytes make_file_meta(std::string_view sop_class, std::string_view sop_instance,
                     std::string_view transfer_syntax) {
  constexpr Byte kVersion[] = {0, 1};
  Bytes group;
  put_element(group, Tag{0x0002, 0x0001}, Vr::OB, kVersion);
  put_text(group, Tag{0x0002, 0x0002}, Vr::UI, sop_class);
  put_text(group, Tag{0x0002, 0x0003}, Vr::UI, sop_instance);
  put_text(group, Tag{0x0002, 0x0010}, Vr::UI, transfer_syntax);
  put_text(group, Tag{0x0002, 0x0012}, Vr::UI, kImplementationClassUid);
  put_text(group, Tag{0x0002, 0x0013}, Vr::SH, kImplementationVersionName);
  Bytes length;
  put32(length, static_cast<std::uint32_t>(group.size()));

  Bytes meta(kPreambleBytes, 0);
  for (char letter : {'D', 'I', 'C', 'M'}) meta.push_back(static_cast<Byte>(letter));
  put_element(meta, Tag{0x0002, 0x0000}, Vr::UL, length);
  meta.insert(meta.end(), group.begin(), group.end());
  return meta;
}

}  // namespace sekisho::anonymization
