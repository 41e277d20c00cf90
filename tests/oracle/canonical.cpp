// SPDX-License-Identifier: GPL-3.0-or-later
#include "oracle/canonical.h"

#include <map>
#include <stdexcept>
#include <vector>

#include "core/dicom/walker.h"
#include "core/encoding.h"

namespace sekisho::oracle {
namespace {

using core::dicom::Token;

/// Text of one item: elements by tag.
using Item = std::map<core::dicom::Tag, std::string>;

std::string without_padding(core::ByteView value) {
  std::string_view text = core::as_text(value);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  return core::to_hex(core::as_bytes(text));
}

std::string joined(const Item& item) {
  std::string all;
  for (const auto& [tag, text] : item) all += tag.hex() + text + "\n";
  return all;
}

}  // namespace

std::string canonical(core::ByteView dataset, const core::dicom::TransferSyntax& syntax) {
  core::dicom::Walker walker(dataset, syntax.vr, syntax.order);
  std::vector<Item> items(1);          // the data set and the items that are open
  std::vector<std::string> sequences;  // likewise
  for (Token token = walker.next(); token.kind != Token::Kind::end; token = walker.next()) {
    switch (token.kind) {
      case Token::Kind::element:
      case Token::Kind::fragments:
        items.back().emplace(token.tag, std::string(core::dicom::name(token.vr)) + " " +
                                            without_padding(token.value));
        break;
      case Token::Kind::sequence_begin:
        sequences.emplace_back("SQ");
        break;
      case Token::Kind::item_begin:
        items.emplace_back();
        break;
      case Token::Kind::item_end:
        sequences.back() += " {\n" + joined(items.back()) + "}";
        items.pop_back();
        break;
      case Token::Kind::sequence_end:
        items.back().emplace(token.tag, std::move(sequences.back()));
        sequences.pop_back();
        break;
      default:
        throw std::runtime_error("a masked data set that cannot be walked");
    }
  }
  return joined(items.back());
}

}  // namespace sekisho::oracle
