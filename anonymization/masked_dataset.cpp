// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/masked_dataset.h"

#include <algorithm>
#include <array>
#include <string>

#include "anonymization/dummy.h"
#include "anonymization/element_writer.h"
#include "anonymization/mask.h"
#include "anonymization/replacement.h"
#include "anonymization/statement.h"
#include "core/dicom/character_set.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/walker.h"

namespace sekisho::anonymization {
namespace {

using core::ByteView;
using core::dicom::CharacterSet;
using core::dicom::DictionaryEntry;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::TransferSyntax;
using core::dicom::Vr;
using core::dicom::VrCoding;
using core::dicom::Walker;

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr Tag kSopInstanceUid{0x0008, 0x0018};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  return text;
}

class DatasetMasker {
 public:
  DatasetMasker(core::Bytes& out, ByteView dataset, const TransferSyntax& syntax,
                const Profile& profile, const Pseudonyms& pseudonyms)
      : dataset_(dataset),
        coding_(syntax.vr),
        profile_(profile),
        pseudonyms_(pseudonyms),
        walker_(dataset, syntax.vr, syntax.order),
        writer_(out, syntax.vr, syntax.order) {}

  SopInstance mask(Part part) {
    next_statement_ = part == Part::header ? 0 : std::size(kStatementTags);
    for (Token token = walker_.next(); token.kind != Token::Kind::end; token = walker_.next()) {
      mask(token);
    }
    write_statement_before(Tag{0xFFFF, 0xFFFF});
    return std::move(sop_instance_);
  }

 private:
  /// An item that is being read; the data set is one.
  struct Item {
    ByteView charset;  ///< (0008,0005): its own, or that of the item around it
    Tag last;          ///< of its elements that were met, the highest
  };

  void mask(const Token& token) {
    switch (token.kind) {
      case Token::Kind::element:
      case Token::Kind::fragments:
        if (may_stay(token)) mask_element(token);
        return;
      case Token::Kind::sequence_begin:
        if (!may_stay(token) || !begin_sequence(token)) skip_sequence(token);
        return;
      case Token::Kind::item_begin:
        items_[token.depth] = {items_[token.depth - 1U].charset, Tag{}};
        return writer_.begin_item();
      case Token::Kind::item_end:
        return writer_.end_item();
      case Token::Kind::sequence_end:
        return writer_.end_sequence();
      case Token::Kind::end:
        return;
      case Token::Kind::defect:
        throw MaskError("the data set cannot be read to its end");
    }
  }

  /// Comes first for every element of an item. Pixel data inside an item are icons and the like; a
  /// second element of the same tag is nothing that the standard knows.
  bool may_stay(const Token& token) {
    Item& item = items_[token.depth];
    if (item.last == token.tag) return false;
    if (token.tag == kSpecificCharacterSet) {
      if (item.last > token.tag) throw MaskError("a character set comes after what is in it");
      item.charset = token.value;
    }
    item.last = std::max(item.last, token.tag);
    if (token.depth == 0) {
      write_statement_before(token.tag);
      if (is_statement(token.tag)) return false;
    }
    return token.tag.group() != core::dicom::kPixelData.group();
  }

  void write_statement_before(Tag tag) {
    while (next_statement_ < std::size(kStatementTags) && kStatementTags[next_statement_] < tag) {
      write_statement_element(writer_, profile_.statement(), next_statement_++);
    }
  }

  /// Whether the sequence is entered.
  bool begin_sequence(const Token& token) {
    const Action action = profile_.action_for(token.tag);
    const DictionaryEntry* entry =
        action == Action::remove ? nullptr : core::dicom::find(token.tag);
    if (!entry) return false;
    if (action == Action::keep && entry->vr == Vr::SQ && is_written_as_sequence(token)) {
      writer_.begin_sequence(token.tag);
      return true;
    }
    if (action == Action::empty) write_empty(token.tag, entry->vr);
    if (action == Action::dummy || action == Action::drop_phonetic) {
      write_dummy(writer_, token.tag, entry->vr);
    }
    return false;
  }

  /// Not a UN that turns out to be a sequence.
  bool is_written_as_sequence(const Token& token) const {
    return coding_ == VrCoding::implicit_vr || dataset_[token.offset + 4] == 'S';
  }

  void skip_sequence(const Token& begin) {
    Token token;
    do {
      token = walker_.next();
      if (token.kind == Token::Kind::defect) mask(token);
    } while (token.kind != Token::Kind::sequence_end || token.depth != begin.depth);
  }

  void mask_element(const Token& token) {
    const Action action = profile_.action_for(token.tag);
    if (action == Action::remove) return;
    // Rules name dictionary elements only; one that a stored profile names and this program's
    // dictionary does not know is unknown here.
    const DictionaryEntry* entry = core::dicom::find(token.tag);
    if (!entry) return;
    switch (action) {
      case Action::keep:
        return keep(token, entry->vr);
      case Action::remove:
        return;
      case Action::empty:
        return write_empty(token.tag, entry->vr);
      case Action::dummy:
        return write_dummy(writer_, token.tag, entry->vr);
      case Action::pseudonymise:
        return pseudonymise(token, *entry);
      case Action::remap_uid:
        return remap(token);
      case Action::drop_phonetic:
        return drop_phonetic(token);
      case Action::shift_date:
      case Action::cap_age:
      case Action::clean_text:
        return write_empty(token.tag, entry->vr);
      case Action::clean_text_or_dummy:
      case Action::clean_content:
      case Action::replace:
        return write_dummy(writer_, token.tag, entry->vr);
    }
  }

  /// Only what is what its tag says: a sequence under any other VR, text under a number's tag and
  /// the like could carry anything.
  void keep(const Token& token, Vr vr) {
    if (vr == Vr::SQ || token.kind != Token::Kind::element) return;
    if (coding_ == VrCoding::explicit_vr && !may_be_written_as(vr, token.vr)) return;
    if (!is_well_formed(vr, token.value)) return;
    if (is_sop_instance(token)) {
      sop_instance_.original = core::Uid::parse(core::as_text(token.value));
      sop_instance_.masked = sop_instance_.original;
    }
    writer_.element(token.tag, token.vr, token.value);
  }

  void write_empty(Tag tag, Vr vr) { writer_.element(tag, vr, {}); }

  void pseudonymise(const Token& token, const DictionaryEntry& entry) {
    const std::string utf8 = charset_of(token).to_utf8(token.value, entry.vr);
    const std::string_view text = trimmed(utf8);
    if (text.empty()) return write_empty(token.tag, entry.vr);
    writer_.text(token.tag, entry.vr, pseudonyms_.identifier(entry.keyword, text));
  }

  /// Values that are no UIDs name nothing; with one of them the whole element goes.
  void remap(const Token& token) {
    if (token.value.empty()) return write_empty(token.tag, Vr::UI);
    std::string masked;
    std::string_view rest = core::as_text(token.value);
    while (true) {
      const auto end = std::min(rest.find('\\'), rest.size());
      const auto original = core::Uid::parse(rest.substr(0, end));
      if (!original) return;
      const core::Uid shown = pseudonyms_.uid(*original);
      if (is_sop_instance(token)) sop_instance_ = {original, shown};
      masked += shown.text();
      if (end == rest.size()) break;
      masked += '\\';
      rest.remove_prefix(end + 1);
    }
    writer_.text(token.tag, Vr::UI, masked);
  }

  void drop_phonetic(const Token& token) {
    const auto kept = without_phonetic(token.value, charset_of(token));
    if (!kept) return write_dummy(writer_, token.tag, Vr::PN);
    writer_.text(token.tag, Vr::PN, *kept);
  }

  static bool is_sop_instance(const Token& token) {
    return token.depth == 0 && token.tag == kSopInstanceUid;
  }
  CharacterSet charset_of(const Token& token) const {
    return CharacterSet(core::as_text(items_[token.depth].charset));
  }

  const ByteView dataset_;
  const VrCoding coding_;
  const Profile& profile_;
  const Pseudonyms& pseudonyms_;
  Walker walker_;
  ElementWriter writer_;
  std::array<Item, core::dicom::kMaxDepth + 1> items_{};
  std::size_t next_statement_ = 0;
  SopInstance sop_instance_;
};

}  // namespace

SopInstance append_masked(core::Bytes& out, ByteView dataset, const TransferSyntax& syntax,
                          Part part, const Profile& profile, const Pseudonyms& pseudonyms) {
  return DatasetMasker(out, dataset, syntax, profile, pseudonyms).mask(part);
}

}  // namespace sekisho::anonymization
