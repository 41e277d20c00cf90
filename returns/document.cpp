// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/document.h"

#include "core/dicom/checked_file.h"

namespace sekisho::returns {
namespace {

constexpr core::dicom::Tag kEncapsulatedDocument{0x0042, 0x0011};

}  // namespace

core::Bytes document_in(core::ByteView part10, core::MemoryBudget& memory,
                        const core::Demand& demand) {
  using core::dicom::CheckedFile;
  using core::dicom::Token;
  const auto taken = memory.take(core::dicom::memory_to_check(part10.size()), demand);
  const auto checked = CheckedFile::check(core::StoredFile::borrowed(part10, nullptr), demand);
  const auto* file = std::get_if<CheckedFile>(&checked);
  if (file == nullptr) return {};
  core::dicom::Replay walk = file->replay_header();
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.depth == 0 && token.kind == Token::Kind::element &&
        token.tag == kEncapsulatedDocument) {
      return {token.value.begin(), token.value.end()};
    }
  }
  return {};
}

}  // namespace sekisho::returns
