// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the bytes are, CheckedFile::check() and check_or_mend() end, and what they accept keeps
// their promises.
#include <cstdlib>

#include "core/dicom/character_set.h"
#include "core/dicom/checked_file.h"
#include "core/stored_file.h"

namespace {

using namespace sekisho::core;
using namespace sekisho::core::dicom;

void require(bool ok) {
  if (!ok) std::abort();
}

/// Walks elements that were accepted: no defect, values inside, depth within its limit, begins and
/// ends in pairs.
void walk_again(ByteView elements, const TransferSyntax& syntax) {
  const CharacterSet japanese("\\ISO 2022 IR 87");
  Walker walker(elements, syntax.vr, syntax.order);
  int open = 0;
  for (Token step = walker.next(); step.kind != Token::Kind::end; step = walker.next()) {
    require(step.kind != Token::Kind::defect);
    require(step.depth <= kMaxDepth && step.value_offset <= elements.size());
    const bool begins =
        step.kind == Token::Kind::sequence_begin || step.kind == Token::Kind::item_begin;
    const bool ends = step.kind == Token::Kind::sequence_end || step.kind == Token::Kind::item_end;
    open += begins ? 1 : ends ? -1 : 0;
    require(open >= 0);
    if (!step.value.empty()) {
      require(step.value.data() == elements.data() + step.value_offset);
      require(step.value.size() <= elements.size() - step.value_offset);
    }
    if (step.value.size() < 64) japanese.to_utf8(step.value, step.vr);
  }
  require(open == 0);
}

/// What is mended is as sound as what was sound before, which is never refused for it.
void mend(ByteView bytes, const CheckedFile* sound) {
  const auto result = CheckedFile::check_or_mend(StoredFile::borrowed(bytes, nullptr));
  const auto* file = std::get_if<CheckedFile>(&result);
  require(file != nullptr || sound == nullptr);
  if (file == nullptr) return require(!std::get<Defect>(result).reason.empty());
  require(file->pixel_offset() + file->pixel_size() <= file->source().size_bytes());
  require(!file->sop_class_uid().empty() || sound != nullptr);
  walk_again(file->header(), file->transfer_syntax());
  walk_again(file->trailer(), file->transfer_syntax());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const auto result = CheckedFile::check(StoredFile::borrowed(bytes, nullptr));
  const auto* file = std::get_if<CheckedFile>(&result);
  mend(bytes, file);
  if (!file) {
    require(!std::get<Defect>(result).reason.empty());
    return 0;
  }
  require(!file->transfer_syntax().uid.empty());
  require(file->transfer_syntax().compression == Compression::none);
  const bool is_inflated = file->source().view().data() != data;
  const std::uint64_t begin = is_inflated ? 0 : file->meta().size();
  // File meta information that is another file's is forgotten.
  const bool is_forgotten = !is_inflated && file->meta().empty();
  require(is_forgotten || begin + file->header().size() == file->pixel_offset());
  require(file->pixel_offset() + file->pixel_size() + file->trailer().size() ==
          file->source().size_bytes());
  walk_again(file->header(), file->transfer_syntax());
  walk_again(file->trailer(), file->transfer_syntax());
  return 0;
}
