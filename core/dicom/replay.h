// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/demand.h"
#include "core/dicom/walker.h"

namespace sekisho::core::dicom {

/// A Token without its view: where it lies in bytes of less than 4 GiB.
struct Step {
  explicit Step(const Token& token)
      : kind(token.kind),
        depth(token.depth),
        vr(token.vr),
        tag(token.tag),
        offset(static_cast<std::uint32_t>(token.offset)),
        value_offset(static_cast<std::uint32_t>(token.value_offset)),
        length(static_cast<std::uint32_t>(token.value.size())),
        order(token.order) {}

  Token::Kind kind;
  std::uint8_t depth;
  Vr vr;
  Tag tag;
  std::uint32_t offset;
  std::uint32_t value_offset;
  std::uint32_t length;
  ByteOrder order;
};

/// How an item or a sequence ends.
constexpr Token::Kind end_kind(Token::Kind begin) {
  return begin == Token::Kind::item_begin ? Token::Kind::item_end : Token::Kind::sequence_end;
}

/// Whether the sequence or item that `begun` began ends with `token`; where the walk ends before
/// that, it ends there.
inline bool is_end_of(const Token& begun, const Token& token) {
  return (token.kind == end_kind(begun.kind) && token.depth == begun.depth) ||
         token.kind == Token::Kind::end || token.kind == Token::Kind::defect;
}

/// Walks on to the end of the walk, over bytes of less than 4 GiB; the last step is `end` or
/// `defect`, unless there are `most` steps before. Throws DemandOver.
std::vector<Step> record(Walker& walker, std::uint64_t most = UINT64_MAX,
                         const Demand& demand = {});

/// Walks again what was walked before, at a fifth of the cost: nothing is read or checked anew. A
/// copy is a place to look ahead from. One thread.
class Replay {
 public:
  /// `steps` are of these bytes, not empty, and end as record() says; both outlive this and the
  /// tokens.
  Replay(ByteView dataset, std::span<const Step> steps)
      : dataset_(dataset), next_(&steps.front()), last_(&steps.back()) {}

  /// As Walker::next(): after the last step the same again.
  Token next() {
    const Step& step = *next_;
    if (next_ != last_) ++next_;
    return {.kind = step.kind,
            .vr = step.vr,
            .depth = step.depth,
            .order = step.order,
            .tag = step.tag,
            .offset = step.offset,
            .value_offset = step.value_offset,
            .value = {dataset_.data() + step.value_offset, step.length}};
  }
  /// Goes behind the end of the sequence or item that next() has just begun; no further than to the
  /// last step, where there is no such end.
  void leave(const Token& begun) {
    const Token::Kind end = end_kind(begun.kind);
    while (next_ != last_ && (next_->kind != end || next_->depth != begun.depth)) ++next_;
    if (next_ != last_) ++next_;
  }
  /// Goes to the first step of the top level that is of `tag` or behind it; to the last, where
  /// there is none.
  void skip_before(Tag tag) {
    while (next_ != last_ && (next_->depth != 0 || next_->tag < tag)) ++next_;
  }

 private:
  ByteView dataset_;
  const Step* next_;
  const Step* last_;
};

}  // namespace sekisho::core::dicom
