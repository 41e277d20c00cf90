// SPDX-License-Identifier: GPL-3.0-or-later
#include "oracle/dcmtk_masker.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "anonymization/masking/date_shift.h"
#include "anonymization/masking/dates.h"
#include "anonymization/masking/earlier_statement.h"
#include "anonymization/masking/element_writer.h"
#include "anonymization/masking/kept_value.h"
#include "anonymization/masking/listed_codes.h"
#include "anonymization/masking/mask.h"
#include "anonymization/masking/masking_statement.h"
#include "anonymization/masking/private_blocks.h"
#include "anonymization/masking/replacement.h"
#include "anonymization/masking/structure_names.h"
#include "anonymization/tables.h"
#include "core/dicom/character_set.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/element_header.h"
#include "core/dicom/padding.h"
#include "core/dicom/walker.h"
#include "oracle/dcmtk_elements.h"
#include "oracle/dcmtk_report.h"

namespace sekisho::oracle {
namespace {

using anonymization::Action;
using anonymization::MaskError;
using anonymization::Part;
using anonymization::Profile;
using anonymization::Pseudonyms;
using anonymization::SopInstance;
using core::Bytes;
using core::ByteView;
using core::dicom::CharacterSet;
using core::dicom::DictionaryEntry;
using core::dicom::Tag;
using core::dicom::TransferSyntax;
using core::dicom::Vr;
using core::dicom::VrCoding;

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr Tag kSopInstanceUid{0x0008, 0x0018};
constexpr Tag kReferencedSopSequence{0x0008, 0x1199};
constexpr Tag kMeasuredValueSequence{0x0040, 0xA300};
constexpr Tag kContentSequence{0x0040, 0xA730};
constexpr Tag kReferencedContentItemIdentifier{0x0040, 0xDB73};

/// PixelData stays outside, so that every encapsulated syntax reads as explicit little endian.
E_TransferSyntax dcmtk_syntax(const TransferSyntax& syntax) {
  if (syntax.vr == VrCoding::implicit_vr) return EXS_LittleEndianImplicit;
  return syntax.order == core::dicom::ByteOrder::big ? EXS_BigEndianExplicit
                                                     : EXS_LittleEndianExplicit;
}

std::unique_ptr<DcmDataset> read_dataset(ByteView bytes, E_TransferSyntax syntax) {
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  auto dataset = std::make_unique<DcmDataset>();
  dataset->transferInit();
  const OFCondition result = dataset->read(stream, syntax, EGL_noChange, DCM_MaxReadLength);
  dataset->transferEnd();
  if (result.bad() || stream.tell() != static_cast<offile_off_t>(bytes.size())) {
    throw MaskError("the data set cannot be read to its end");
  }
  return dataset;
}

/// An element in explicit VR little endian.
Bytes explicit_bytes(Tag tag, Vr vr, ByteView value) {
  constexpr std::size_t kRoomBytes = 16;
  core::ByteBuffer bytes(value.size() + kRoomBytes);
  anonymization::ElementWriter(bytes, VrCoding::explicit_vr, core::dicom::ByteOrder::little)
      .copy(tag, vr, value, core::dicom::ByteOrder::little);
  return bytes.copy();
}

/// The items of `element`, which is no leaf, in a sequence that is written as one.
std::unique_ptr<DcmElement> take_items(Tag tag, DcmElement& element) {
  auto sequence = std::make_unique<DcmSequenceOfItems>(dcmtk_tag(tag, Vr::SQ));
  auto& from = static_cast<DcmSequenceOfItems&>(element);
  while (from.card() > 0) append(*sequence, std::unique_ptr<DcmItem>(from.remove(0UL)));
  return sequence;
}

/// Items in implicit VR little endian (PS3.5 §6.2.2); null for what is none. What counts as
/// readable is the walker's to say, as it is with whole files.
std::unique_ptr<DcmElement> read_sequence(Tag tag, ByteView items) {
  const Bytes unknown = explicit_bytes(tag, Vr::UN, items);
  core::dicom::Walker walker(unknown, VrCoding::explicit_vr, core::dicom::ByteOrder::little,
                             {Tag{}, Tag{0xFFFF, 0xFFFF}});
  if (walker.next().kind != core::dicom::Token::Kind::sequence_begin) return nullptr;
  // Under a tag that DCMTK's dictionary knows as well.
  Bytes carried(core::dicom::kShortHeaderBytes);
  core::dicom::write16(carried.data(), kReferencedSopSequence.group(),
                       core::dicom::ByteOrder::little);
  core::dicom::write16(carried.data() + 2, kReferencedSopSequence.element(),
                       core::dicom::ByteOrder::little);
  core::dicom::write32(carried.data() + 4, static_cast<std::uint32_t>(items.size()),
                       core::dicom::ByteOrder::little);
  carried.insert(carried.end(), items.begin(), items.end());
  auto dataset = read_dataset(carried, EXS_LittleEndianImplicit);
  const std::unique_ptr<DcmElement> read(dataset->remove(0UL));
  return take_items(tag, *read);
}

/// An element out of such items, with the VR that our dictionary gives it.
std::unique_ptr<DcmElement> with_dictionary_vr(DcmElement& element) {
  const Tag tag = tag_of(element);
  const Bytes bytes = explicit_bytes(tag, core::dicom::implicit_vr(tag), value_of(element));
  return std::unique_ptr<DcmElement>(read_dataset(bytes, EXS_LittleEndianExplicit)->remove(0UL));
}

Bytes write_dataset(DcmDataset& dataset, E_TransferSyntax syntax, std::size_t expected_bytes) {
  constexpr std::size_t kSlackBytes = 4096;
  Bytes buffer(expected_bytes + kSlackBytes);
  Bytes written;
  DcmOutputBufferStream stream(buffer.data(), static_cast<offile_off_t>(buffer.size()));
  dataset.transferInit();
  OFCondition result;
  do {
    // The five-argument form without recalculation: there are no group lengths left.
    result = dataset.write(stream, syntax, EET_UndefinedLength, nullptr, EGL_noChange);
    void* begin = nullptr;
    offile_off_t size = 0;
    stream.flushBuffer(begin, size);
    const auto* bytes = static_cast<const core::Byte*>(begin);
    written.insert(written.end(), bytes, bytes + size);
  } while (result == EC_StreamNotifyClient);
  dataset.transferEnd();
  if (result.bad()) throw MaskError("the masked data set cannot be written");
  return written;
}

/// An item of the original and the place of its masked double.
struct Pending {
  std::unique_ptr<DcmItem> source;
  DcmItem* target;
  std::string charset;  ///< (0008,0005) of the item around it; its own takes precedence
  std::optional<ContentFate> content;  ///< of a content item
  std::string number;                  ///< stands in for those of the content item around it
  bool is_in_content = false;          ///< at whatever depth
};

/// The elements of an item in the order of their tags: malformed items are not, and DCMTK's
/// insertion is only quick at the end.
std::vector<std::unique_ptr<DcmElement>> take_elements(DcmItem& item) {
  std::vector<std::unique_ptr<DcmElement>> elements;
  elements.reserve(item.card());
  while (item.card() > 0) elements.emplace_back(item.remove(0UL));
  const auto by_tag = [](const auto& element) { return tag_of(*element); };
  if (!std::ranges::is_sorted(elements, {}, by_tag)) std::ranges::stable_sort(elements, {}, by_tag);
  return elements;
}

/// Where the items stood from which an element comes.
enum class Origin { sequence, unknown };

/// The element as what it is: a UN that is a sequence, and what stood in one. Null: nothing.
std::unique_ptr<DcmElement> as_what_it_is(std::unique_ptr<DcmElement> element, VrCoding coding,
                                          Origin& origin) {
  const Tag tag = tag_of(*element);
  const DictionaryEntry* entry = core::dicom::find(tag);
  const bool is_sequence = entry && entry->vr == Vr::SQ && !tag.is_private();
  if (is_sequence && coding == VrCoding::explicit_vr && vr_of(*element) == Vr::UN) {
    origin = Origin::unknown;
    if (!element->isLeaf()) return take_items(tag, *element);
    auto sequence = read_sequence(tag, value_of(*element));
    return sequence ? std::move(sequence) : std::move(element);
  }
  if (origin == Origin::sequence) return element;
  if (element->isLeaf()) return with_dictionary_vr(*element);
  return tag.is_private() ? nullptr : std::move(element);
}

/// Does so with all elements of the data set, in place.
void resolve_unknown(DcmItem& dataset, VrCoding coding) {
  std::vector<std::pair<DcmItem*, Origin>> pending{{&dataset, Origin::sequence}};
  while (!pending.empty()) {
    const auto [item, origin] = pending.back();
    pending.pop_back();
    for (auto& element : take_elements(*item)) {
      Origin inside = origin;
      element = as_what_it_is(std::move(element), coding, inside);
      if (!element) continue;
      if (item->insert(element.get()).bad()) continue;  // a second one of the same tag
      auto* sequence = dynamic_cast<DcmSequenceOfItems*>(element.release());
      for (unsigned long i = 0; sequence && i < sequence->card(); ++i) {
        pending.emplace_back(sequence->getItem(i), inside);
      }
    }
  }
}

class DatasetMasker {
 public:
  DatasetMasker(const Profile& profile, const Pseudonyms& pseudonyms, const TransferSyntax& syntax,
                std::optional<std::chrono::days> shift)
      : profile_(profile),
        pseudonyms_(pseudonyms),
        coding_(syntax.vr),
        order_(syntax.order),
        shift_(shift) {}

  /// Moves what may stay from `source` into `target`. The nesting is worked off from a list: no
  /// recursion.
  void mask(std::unique_ptr<DcmItem> source, DcmItem& target) {
    pending_.push_back({std::move(source), &target, {}, {}, {}, false});
    while (!pending_.empty()) {
      Pending next = std::move(pending_.back());
      pending_.pop_back();
      mask_item(std::move(next), &target);
    }
  }

  SopInstance sop_instance;

 private:
  enum class Items { any, content };

  void mask_item(Pending item, const DcmItem* root) {
    target_ = item.target;
    at_root_ = item.target == root;
    charset_ = std::move(item.charset);
    content_ = std::move(item.content);
    number_ = std::move(item.number);
    is_in_content_ = item.is_in_content;
    creators_.clear();
    code_ = at_root_ ? anonymization::CodeStanding::stray : code_in(*item.source);
    has_met_code_ = false;
    sizes_ = {};
    structure_numbers_.clear();
    for (auto& element : take_elements(*item.source)) {
      const Tag tag = tag_of(*element);
      if (at_root_ && anonymization::is_statement(tag)) continue;
      if (tag.group() == core::dicom::kPixelData.group()) continue;
      if (tag == kSpecificCharacterSet) charset_ = core::as_text(value_of(*element));
      // A second element of the same tag finds the place taken.
      if (auto masked = mask_element(std::move(element))) insert(*target_, std::move(masked));
    }
  }

  std::unique_ptr<DcmElement> mask_element(std::unique_ptr<DcmElement> element) {
    const Tag tag = tag_of(*element);
    if (anonymization::is_private_creator(tag)) return mask_creator(*element);
    if (tag.is_private()) return mask_private(std::move(element));
    const DictionaryEntry* entry = core::dicom::find(tag);
    // Rules name dictionary elements only; one that a stored profile names and this program's
    // dictionary does not know is unknown here.
    if (!entry) return nullptr;
    return mask_as(action_for(tag), std::move(element), *entry);
  }

  Action action_for(Tag tag) const {
    if (!content_ || !may_hold_value(tag)) return profile_.action_for(tag);
    if (tag == content_->value) return content_->action;
    const bool is_measured = content_->value == kMeasuredValueSequence;
    const bool is_number = is_measured && content_->action == Action::keep && may_hold_number(tag);
    return is_number ? profile_.action_for(tag) : Action::remove;
  }

  std::unique_ptr<DcmElement> mask_as(Action action, std::unique_ptr<DcmElement> element,
                                      const DictionaryEntry& entry) {
    const Tag tag = tag_of(*element);
    const bool is_leaf = element->isLeaf();
    const bool is_references = tag == kReferencedSopSequence && content_;
    switch (action) {
      case Action::keep:
        return is_leaf && entry.vr == Vr::UI && anonymization::holds_odd_uid(value_of(*element))
                   ? remap(*element, Uids::odd)
                   : keep(std::move(element), entry);
      case Action::keep_listed:
        return keep_listed(std::move(element), entry);
      case Action::keep_coded:
        return is_leaf ? keep_coded(std::move(element), entry) : nullptr;
      case Action::clean_content:
        return is_leaf ? nullptr : keep(std::move(element), entry, Items::content);
      case Action::remove:
        return nullptr;
      case Action::empty:
        return make_empty(tag, entry.vr);
      case Action::dummy:
        return is_references && !is_leaf ? keep(std::move(element), entry)
                                         : make_dummy(tag, entry.vr);
      case Action::clean_text_or_dummy:
      case Action::clean_text:
        return clean(*element, entry.vr, action);
      case Action::pseudonymise:
        return is_leaf ? pseudonymise(*element, entry) : nullptr;
      case Action::remap_uid:
        return is_leaf ? remap(*element, Uids::all) : nullptr;
      case Action::drop_phonetic:
        return drop_phonetic(*element);
      case Action::shift_date:
        return is_leaf ? shift(*element, entry.vr) : make_empty(tag, entry.vr);
      case Action::cap_age:
        return is_leaf ? cap(*element, entry.vr) : keep(std::move(element), entry);
      case Action::replace:
        return make_text(tag, entry.vr, profile_.replacement(tag));
    }
    return nullptr;
  }

  std::unique_ptr<DcmElement> mask_creator(DcmElement& element) {
    const Tag tag = tag_of(element);
    const Bytes value = value_of(element);
    std::string creator(anonymization::creator_name(value));
    if (!creators_.emplace(tag, creator).second) creators_[tag].clear();
    if (!profile_.keeps_some_of(creator, tag.group())) return nullptr;
    return make_text(tag, Vr::LO, creator);
  }

  std::unique_ptr<DcmElement> mask_private(std::unique_ptr<DcmElement> element) {
    const Tag tag = tag_of(*element);
    const auto creator =
        creators_.find(Tag{tag.group(), static_cast<std::uint16_t>(tag.element() >> 8)});
    if (creator == creators_.end() || creator->second.empty()) return nullptr;
    const auto* rule = profile_.private_rule(creator->second, tag);
    if (!rule) return nullptr;
    if (rule->action == Action::remap_uid) return remap(*element, Uids::all);
    if (rule->vr == Vr::UI && element->isLeaf() && anonymization::holds_odd_uid(value_of(*element)))
      return remap(*element, Uids::odd);
    return keep(std::move(element),
                {tag,
                 {},
                 rule->vr,
                 false,
                 anonymization::private_multiplicity(creator->second, rule->tag)});
  }

  /// Only what is what its tag says: a sequence under any other VR, text under a number's tag and
  /// the like could carry anything.
  std::unique_ptr<DcmElement> keep(std::unique_ptr<DcmElement> element,
                                   const DictionaryEntry& entry, Items items = Items::any) {
    const Vr vr = entry.vr;
    const Tag tag = tag_of(*element);
    if (vr == Vr::SQ) {
      if (!is_sequence(*element)) return nullptr;
      return is_local_title(*element) ? make_dummy(tag, vr) : enter(*element, items);
    }
    if (!element->isLeaf()) return is_items(*element) ? make_missing(tag, vr) : nullptr;
    auto kept = kept_of(std::move(element), entry);
    if (!kept) return make_missing(tag, vr);
    if (anonymization::is_structure_number(tag)) {
      structure_numbers_[tag] =
          anonymization::structure_number(tag, value_of(*kept), core::dicom::ByteOrder::little)
              .value_or("");
    }
    if (content_ && tag == kReferencedContentItemIdentifier) return write_reference();
    if (!number_.empty()) {
      if (tag == Tag{0x0040, 0xA30A}) return make_text(tag, vr, number_);
      if (may_hold_number(tag)) return nullptr;
    }
    if (at_root_ && tag == kSopInstanceUid) {
      sop_instance.original = core::Uid::parse(core::as_text(value_of(*kept)));
      sop_instance.masked = sop_instance.original;
    }
    return kept;
  }

  /// A sequence under another VR is a value that is none; fragments are nothing.
  static bool is_items(DcmElement& element) {
    return element.ident() == EVR_SQ && !dynamic_cast<DcmPixelSequence*>(&element);
  }

  static std::unique_ptr<DcmElement> make_missing(Tag tag, Vr vr) {
    const auto text = anonymization::text_for_missing(tag);
    if (!text) return nullptr;
    return text->empty() ? make_empty(tag, vr) : make_text(tag, vr, *text);
  }

  /// The element, or one with what may stay of its value; null if nothing may.
  std::unique_ptr<DcmElement> kept_of(std::unique_ptr<DcmElement> element,
                                      const DictionaryEntry& entry) {
    const Tag tag = tag_of(*element);
    const Vr file_vr = vr_of(*element);
    const Vr given_vr = coding_ == VrCoding::explicit_vr ? file_vr : entry.vr;
    const Bytes value = in_order_of_file(value_of(*element), file_vr);
    std::string made;
    const auto kept = anonymization::kept_value({tag, entry.vr, entry.vm},
                                                {given_vr, order_, value}, sizes_, made);
    if (!kept) return nullptr;
    sizes_.note(tag, *kept, order_);
    if (std::ranges::equal(*kept, value)) return element;
    const Bytes shown =
        explicit_bytes(tag, given_vr, in_order_of_file(Bytes(kept->begin(), kept->end()), file_vr));
    return std::unique_ptr<DcmElement>(read_dataset(shown, EXS_LittleEndianExplicit)->remove(0UL));
  }

  /// Back and forth between little endian and the order in which bytes stand in the file.
  Bytes in_order_of_file(Bytes value, Vr vr) const {
    if (order_ == core::dicom::ByteOrder::little) return value;
    const std::size_t word = anonymization::word_size(vr);
    for (std::size_t at = 0; at + word <= value.size(); at += word) {
      std::reverse(value.begin() + static_cast<std::ptrdiff_t>(at),
                   value.begin() + static_cast<std::ptrdiff_t>(at + word));
    }
    return value;
  }

  std::unique_ptr<DcmElement> keep_listed(std::unique_ptr<DcmElement> element,
                                          const DictionaryEntry& entry) {
    if (!element->isLeaf()) return nullptr;
    const bool is_code = coding_ != VrCoding::explicit_vr ||
                         anonymization::may_be_written_as(entry.vr, vr_of(*element));
    const auto listed =
        is_code ? anonymization::without_unlisted_codes(tag_of(*element), value_of(*element))
                : std::optional<std::string>();
    if (listed && listed->empty()) {
      const auto missing = anonymization::text_for_missing(tag_of(*element)).value_or("");
      return missing.empty() ? make_empty(tag_of(*element), entry.vr)
                             : make_text(tag_of(*element), entry.vr, missing);
    }
    if (listed) element = make_text(tag_of(*element), entry.vr, *listed);
    return keep(std::move(element), entry);
  }

  std::unique_ptr<DcmElement> keep_coded(std::unique_ptr<DcmElement> element,
                                         const DictionaryEntry& entry) {
    using anonymization::CodeStanding;
    const bool is_first = !std::exchange(has_met_code_, true);
    if (code_ == CodeStanding::listed) return keep(std::move(element), entry);
    if (code_ != CodeStanding::local || !is_first || tag_of(*element) > Tag{0x0008, 0x0104}) {
      return nullptr;
    }
    insert(*target_, make_text(Tag{0x0008, 0x0100}, Vr::SH, "261665006"));
    insert(*target_, make_text(Tag{0x0008, 0x0102}, Vr::SH, "SCT"));
    return make_text(Tag{0x0008, 0x0104}, Vr::LO, "Unknown");
  }

  bool is_local_title(DcmElement& element) const {
    const bool is_title = at_root_ && tag_of(element) == Tag{0x0040, 0xA043};
    if (!is_title || profile_.content_rules().empty()) return false;
    auto& sequence = static_cast<DcmSequenceOfItems&>(element);
    for (unsigned long i = 0; i < sequence.card(); ++i) {
      if (is_local_code(*sequence.getItem(i))) return true;
    }
    return false;
  }

  std::unique_ptr<DcmElement> enter(DcmElement& element, Items items) {
    const Tag tag = tag_of(element);
    auto& source = static_cast<DcmSequenceOfItems&>(element);
    auto target = std::make_unique<DcmSequenceOfItems>(dcmtk_tag(tag, Vr::SQ));
    bool has_lost = false;
    if (items == Items::content && source.card() > 0 && !plan_.knows(*source.getItem(0))) {
      plan_.add(source, at_root_ && tag == kContentSequence, profile_);
    }
    while (source.card() > 0) {
      std::unique_ptr<DcmItem> item(source.remove(0UL));
      const ContentFate* fate = items == Items::content ? plan_.find(*item) : nullptr;
      const bool is_lost = items == Items::content ? !fate : is_in_content_ && is_local_code(*item);
      has_lost |= is_lost;
      if (is_lost) continue;
      DcmItem& masked = append(*target, std::make_unique<DcmItem>());
      Pending next{std::move(item), &masked, charset_, {}, number_, is_in_content_};
      if (fate) {
        next.content = *fate;
        next.number = fate->number;
        next.is_in_content = true;
      }
      pending_.push_back(std::move(next));
    }
    const bool is_of_report = is_in_content_ || tag == kContentSequence;
    if (!has_lost || target->card() > 0 || !is_of_report) return target;
    const bool is_name = tag == Tag{0x0040, 0xA043} && content_ && content_->refers_to.empty();
    if (!is_name) return nullptr;
    name_anew(*target);
    return target;
  }

  /// What an item is called whose own name was a local code.
  void name_anew(DcmSequenceOfItems& names) const {
    static const std::map<std::string, std::pair<std::string, std::string>> kNames = {
        {"COMPOSITE", {"121112", "Source of Measurement"}},
        {"IMAGE", {"121112", "Source of Measurement"}},
        {"WAVEFORM", {"121112", "Source of Measurement"}},
        {"SCOORD", {"111030", "Image Region"}},
        {"SCOORD3D", {"111030", "Image Region"}},
    };
    const auto found = kNames.find(content_->value_type);
    const auto [code, meaning] = found != kNames.end()
                                     ? found->second
                                     : std::pair<std::string, std::string>{"121106", "Comment"};
    DcmItem& item = append(names, std::make_unique<DcmItem>());
    insert(item, make_text(Tag{0x0008, 0x0100}, Vr::SH, code));
    insert(item, make_text(Tag{0x0008, 0x0102}, Vr::SH, "DCM"));
    insert(item, make_text(Tag{0x0008, 0x0104}, Vr::LO, meaning));
  }

  std::unique_ptr<DcmElement> write_reference() const {
    const auto& position = content_->refers_to;
    if (position.empty()) return nullptr;
    auto element = make_empty(kReferencedContentItemIdentifier, Vr::UL);
    static_cast<void>(element->putUint32Array(position.data(), position.size()));
    return element;
  }

  std::unique_ptr<DcmElement> shift(DcmElement& element, Vr vr) {
    const Tag tag = tag_of(element);
    const Bytes value = value_of(element);
    const auto shifted = shift_
                             ? anonymization::shifted_date(core::as_text(value), vr,
                                                           anonymization::DateMove::forth, *shift_)
                             : std::nullopt;
    return shifted ? make_text(tag, vr, *shifted) : make_empty(tag, vr);
  }

  std::unique_ptr<DcmElement> clean(DcmElement& element, Vr vr, Action action) {
    const Tag tag = tag_of(element);
    const Bytes value = value_of(element);
    const auto* structure = anonymization::find_structure_name(tag);
    const std::string cleaned = !element.isLeaf() ? std::string()
                                : structure
                                    ? anonymization::cleaned_structure_name(
                                          *structure, CharacterSet(charset_).to_utf8(value, vr),
                                          structure_numbers_[structure->number])
                                    : anonymization::cleaned_text(value, vr, charset_);
    if (!cleaned.empty()) return make_text(tag, vr, cleaned);
    return action == Action::clean_text ? make_empty(tag, vr) : make_dummy(tag, vr);
  }

  std::unique_ptr<DcmElement> cap(DcmElement& element, Vr vr) {
    const Tag tag = tag_of(element);
    const Bytes value = value_of(element);
    const auto capped = anonymization::capped_age(core::as_text(value));
    return capped ? make_text(tag, vr, *capped) : make_empty(tag, vr);
  }

  std::unique_ptr<DcmElement> pseudonymise(DcmElement& element, const DictionaryEntry& entry) {
    const Bytes value = value_of(element);
    std::string text = CharacterSet(charset_).to_utf8(value, entry.vr);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
    text.erase(0, text.find_first_not_of(' '));
    if (text.empty()) return make_empty(entry.tag, entry.vr);
    return make_text(entry.tag, entry.vr, pseudonyms_.identifier(entry.keyword, text));
  }

  enum class Uids : std::uint8_t { all, odd };

  /// Values that are no UIDs name nothing; with one of them the whole element goes.
  std::unique_ptr<DcmElement> remap(DcmElement& element, Uids which) {
    const Tag tag = tag_of(element);
    const Bytes value = value_of(element);
    if (value.empty()) return make_empty(tag, Vr::UI);
    std::string masked;
    std::string_view rest = core::as_text(value);
    while (true) {
      const auto end = std::min(rest.find('\\'), rest.size());
      const auto original = core::Uid::parse(rest.substr(0, end));
      if (!original) return nullptr;
      const bool stays = which == Uids::odd && original->is_standard();
      const core::Uid shown = stays ? *original : pseudonyms_.uid(*original);
      if (at_root_ && tag == kSopInstanceUid) sop_instance = {original, shown};
      masked += shown.text();
      if (end == rest.size()) return make_text(tag, Vr::UI, masked);
      masked += '\\';
      rest.remove_prefix(end + 1);
    }
  }

  std::unique_ptr<DcmElement> drop_phonetic(DcmElement& element) {
    const Tag tag = tag_of(element);
    if (!element.isLeaf()) return make_dummy(tag, Vr::PN);
    const auto kept = anonymization::without_phonetic(value_of(element), CharacterSet(charset_));
    return kept ? make_text(tag, Vr::PN, *kept) : make_dummy(tag, Vr::PN);
  }

  const Profile& profile_;
  const Pseudonyms& pseudonyms_;
  const VrCoding coding_;
  const core::dicom::ByteOrder order_;
  const std::optional<std::chrono::days> shift_;
  std::vector<Pending> pending_;
  // Of the item that is being masked.
  DcmItem* target_ = nullptr;
  bool at_root_ = false;
  std::string charset_;
  std::optional<ContentFate> content_;
  std::string number_;
  bool is_in_content_ = false;
  anonymization::CodeStanding code_ = anonymization::CodeStanding::stray;
  bool has_met_code_ = false;
  ReportPlan plan_;  ///< of the content items entered last
  std::map<Tag, std::string> creators_;
  anonymization::SizesOfBytes sizes_;             ///< of the item
  std::map<Tag, std::string> structure_numbers_;  ///< of the elements that number a structure
};

/// The first element of that tag, where it was read as text; without padding.
std::optional<std::string> text_of(DcmItem& item, Tag tag) {
  DcmElement* found = nullptr;
  for (DcmObject* each = item.nextInContainer(nullptr); each != nullptr && found == nullptr;
       each = item.nextInContainer(each)) {
    auto* element = dynamic_cast<DcmElement*>(each);
    if (element != nullptr && tag_of(*element) == tag) found = element;
  }
  if (found == nullptr || !found->isLeaf() || !core::dicom::is_text(vr_of(*found))) return {};
  const Bytes value = value_of(*found);
  return std::string(core::dicom::without_padding(core::as_text(value)));
}

anonymization::EarlierStatement earlier_statement_in(DcmItem& dataset) {
  anonymization::EarlierStatement earlier;
  earlier.identity_removed = text_of(dataset, anonymization::kIdentityRemoved) == "YES";
  earlier.temporal_information =
      text_of(dataset, anonymization::kTemporalInformation).value_or(std::string());
  anonymization::append_values(text_of(dataset, anonymization::kMethod).value_or(std::string()),
                               earlier.method);
  DcmSequenceOfItems* codes = nullptr;
  const DcmTagKey tag(anonymization::kMethodCodes.group(), anonymization::kMethodCodes.element());
  if (dataset.findAndGetSequence(tag, codes).bad() || codes == nullptr) return earlier;
  for (unsigned long i = 0; i < codes->card(); ++i) {
    const auto code = text_of(*codes->getItem(i), Tag{0x0008, 0x0100});
    const auto scheme = text_of(*codes->getItem(i), Tag{0x0008, 0x0102});
    if (code && scheme == "DCM") earlier.codes.push_back(*code);
  }
  return earlier;
}

}  // namespace

MaskedDataset mask_dataset(ByteView dataset, const TransferSyntax& syntax, Part part,
                           const Profile& profile, const Pseudonyms& pseudonyms) {
  // Otherwise it takes spaces out of UIDs as it reads them.
  dcmEnableAutomaticInputDataCorrection.set(OFFalse);
  const E_TransferSyntax dcmtk = dcmtk_syntax(syntax);
  DatasetMasker masker(profile, pseudonyms, syntax,
                       profile.shifts_dates()
                           ? anonymization::date_shift_of(dataset, syntax, profile, pseudonyms)
                           : std::nullopt);
  DcmDataset masked;
  auto original = read_dataset(dataset, dcmtk);
  resolve_unknown(*original, syntax.vr);
  const anonymization::EarlierStatement earlier = earlier_statement_in(*original);
  masker.mask(std::move(original), masked);
  if (part == Part::header) {
    insert_statement(masked, anonymization::joined(profile.statement(), earlier,
                                                   anonymization::PixelClaim::none));
  }
  return {write_dataset(masked, dcmtk, dataset.size()), masker.sop_instance};
}

}  // namespace sekisho::oracle
