// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/dicom/transfer_syntax.h"
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

/// The steps of a walk over `dataset`, which is less than 4 GiB; the last is `end` or `defect`.
std::vector<Step> record(ByteView dataset, const TransferSyntax& syntax);

/// Walks again what was walked before, at a fifth of the cost: nothing is read or checked anew. A
/// copy is a place to look ahead from. One thread.
class Replay {
 public:
  /// `steps` are of these bytes and end as record() says; both outlive this and the tokens.
  Replay(ByteView dataset, std::span<const Step> steps) : dataset_(dataset), steps_(steps) {}

  /// As Walker::next(): after the last step the same again.
  Token next() {
    const Step& step = steps_.front();
    if (steps_.size() > 1) steps_ = steps_.subspan(1);
    return {.kind = step.kind,
            .vr = step.vr,
            .depth = step.depth,
            .order = step.order,
            .tag = step.tag,
            .offset = step.offset,
            .value_offset = step.value_offset,
            .value = {dataset_.data() + step.value_offset, step.length}};
  }

 private:
  ByteView dataset_;
  std::span<const Step> steps_;
};

}  // namespace sekisho::core::dicom
