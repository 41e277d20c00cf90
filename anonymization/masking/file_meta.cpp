// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masking/file_meta.h"

#include <cstring>

#include "anonymization/masking/element_writer.h"
#include "core/dicom/element_header.h"

namespace sekisho::anonymization {
namespace {

using core::Byte;
using core::dicom::ByteOrder;
using core::dicom::Tag;
using core::dicom::Vr;
using core::dicom::VrCoding;

constexpr std::size_t kPreambleBytes = 128;
constexpr std::string_view kImplementationClassUid = "2.25.8748015730710083030970200270871525647";
constexpr std::string_view kImplementationVersionName = "SEKISHO_" SEKISHO_VERSION;
static_assert(kImplementationVersionName.size() <= 16);

}  // namespace

void append_file_meta(core::ByteBuffer& out, std::string_view sop_class,
                      std::string_view sop_instance, std::string_view transfer_syntax,
                      std::string_view private_information) {
  constexpr Byte kVersion[] = {0, 1};
  constexpr Byte kLengthComesLater[] = {0, 0, 0, 0};
  std::memset(out.extend(kPreambleBytes), 0, kPreambleBytes);
  out.append(core::as_bytes("DICM"));
  ElementWriter elements(out, VrCoding::explicit_vr, ByteOrder::little);
  elements.element(Tag{0x0002, 0x0000}, Vr::UL, kLengthComesLater);
  const std::size_t begin = out.size();
  elements.element(Tag{0x0002, 0x0001}, Vr::OB, kVersion);
  elements.text(Tag{0x0002, 0x0002}, Vr::UI, sop_class);
  elements.text(Tag{0x0002, 0x0003}, Vr::UI, sop_instance);
  elements.text(Tag{0x0002, 0x0010}, Vr::UI, transfer_syntax);
  elements.text(Tag{0x0002, 0x0012}, Vr::UI, kImplementationClassUid);
  elements.text(Tag{0x0002, 0x0013}, Vr::SH, kImplementationVersionName);
  if (!private_information.empty()) {
    elements.text(Tag{0x0002, 0x0100}, Vr::UI, kImplementationClassUid);
    elements.text(Tag{0x0002, 0x0102}, Vr::OB, private_information);
  }
  const std::size_t length = out.size() - begin;
  core::dicom::write32(out.last(length + sizeof(kLengthComesLater)).data(),
                       static_cast<std::uint32_t>(length), ByteOrder::little);
}

}  // namespace sekisho::anonymization
