// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/way_back/transcriber.h"

#include <string>

#include "anonymization/masking/mask_error.h"
#include "anonymization/way_back/restored_values.h"
#include "core/dicom/character_set.h"

namespace sekisho::anonymization {
namespace {

using core::dicom::Replay;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::TransferSyntax;
using core::dicom::Vr;

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr std::string_view kUnreadable = "\xEF\xBF\xBD";  // U+FFFD

}  // namespace

Transcriber::Transcriber(core::ByteBuffer& out, const TransferSyntax& to, std::string_view charset,
                         Text text, RestoredValues* values, const core::Demand& demand)
    : writer_(out, to.vr, to.order), text_(text), values_(values), asking_(demand) {
  charsets_.fill(charset);
}

void Transcriber::copy(const Token& first, Replay& walk) {
  copy_one(first);
  if (first.kind != Token::Kind::sequence_begin) return;
  Token token;
  do {
    token = walk.next();
    copy_one(token);
  } while (!core::dicom::is_end_of(first, token));
}

void Transcriber::copy_one(const Token& token) {
  asking_.step();
  switch (token.kind) {
    case Token::Kind::element:
      return copy_element(token);
    case Token::Kind::sequence_begin:
      return writer_.begin_sequence(token.tag);
    case Token::Kind::item_begin:
      charsets_[token.depth] = charsets_[token.depth - 1U];
      return writer_.begin_item();
    case Token::Kind::item_end:
      return writer_.end_item();
    case Token::Kind::sequence_end:
      return writer_.end_sequence();
    case Token::Kind::fragments:
      throw MaskError("encapsulated pixel data inside an item");
    case Token::Kind::end:
    case Token::Kind::defect:
      throw MaskError("the data set cannot be read to its end");
  }
}

void Transcriber::copy_element(const Token& token) {
  if (token.tag == kSpecificCharacterSet) {
    charsets_[token.depth] = core::as_text(token.value);
    if (text_ == Text::to_utf8) return;
  }
  if (token.tag.element() == 0) return;  // group lengths, which would be wrong
  if (values_ && token.vr == Vr::UI) {
    return writer_.text(token.tag, Vr::UI, values_->restored(token.tag, token.value));
  }
  if (values_) {
    if (const auto date = values_->restored_date(token.tag, token.vr, token.value)) {
      return writer_.text(token.tag, token.vr, *date);
    }
    if (const auto identifier = values_->restored_identifier(token.tag, token.value)) {
      return writer_.text(token.tag, token.vr, *identifier);
    }
  }
  if (core::dicom::depends_on_character_set(token.vr)) return copy_words(token);
  writer_.copy(token.tag, token.vr, token.value, token.order);
}

/// What the reader wrote is read whether or not it has to be converted: what is refused must not
/// tell in which characters the original is written (ADR 29).
void Transcriber::copy_words(const Token& token) {
  const bool is_read = values_ != nullptr || text_ == Text::to_utf8;
  if (!is_read) return writer_.copy(token.tag, token.vr, token.value, token.order);
  const std::string text =
      core::dicom::CharacterSet(charsets_[token.depth]).to_utf8(token.value, token.vr);
  if (values_ != nullptr && text.find(kUnreadable) != std::string::npos) {
    throw MaskError("text that its character set does not explain");
  }
  const core::ByteView words = text_ == Text::to_utf8 ? core::as_bytes(text) : token.value;
  writer_.copy(token.tag, token.vr, words, token.order);
}

}  // namespace sekisho::anonymization
