// SPDX-License-Identifier: GPL-3.0-or-later
#include "oracle/dcmtk_masker.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <memory>

#include "anonymization/mask.h"
#include "anonymization/replacement.h"
#include "anonymization/statement.h"
#include "core/dicom/character_set.h"
#include "core/dicom/dictionary.h"
#include "oracle/dcmtk_elements.h"

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

class DatasetMasker {
 public:
  DatasetMasker(const Profile& profile, const Pseudonyms& pseudonyms, VrCoding coding)
      : profile_(profile), pseudonyms_(pseudonyms), coding_(coding) {}

  /// Moves what may stay from `source` into `target`. The nesting is worked off from a list: no
  /// recursion.
  void mask(std::unique_ptr<DcmItem> source, DcmItem& target) {
    pending_.push_back({std::move(source), &target, {}});
    while (!pending_.empty()) {
      Pending next = std::move(pending_.back());
      pending_.pop_back();
      mask_item(std::move(next), &target);
    }
  }

  SopInstance sop_instance;

 private:
  void mask_item(Pending item, const DcmItem* root) {
    target_ = item.target;
    at_root_ = item.target == root;
    charset_ = std::move(item.charset);
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
    const DictionaryEntry* entry = core::dicom::find(tag);
    // Rules name dictionary elements only; one that a stored profile names and this program's
    // dictionary does not know is unknown here.
    if (!entry) return nullptr;
    switch (profile_.action_for(tag)) {
      case Action::keep:
        return keep(std::move(element), entry->vr);
      case Action::remove:
        return nullptr;
      case Action::empty:
        return make_empty(tag, entry->vr);
      case Action::dummy:
        return make_dummy(tag, entry->vr);
      case Action::pseudonymise:
        return pseudonymise(*element, *entry);
      case Action::remap_uid:
        return remap(*element);
      case Action::drop_phonetic:
        return drop_phonetic(*element);
      case Action::shift_date:
      case Action::cap_age:
      case Action::clean_text:
        return make_empty(tag, entry->vr);
      case Action::clean_text_or_dummy:
      case Action::clean_content:
      case Action::replace:
        return make_dummy(tag, entry->vr);
    }
    return nullptr;
  }

  /// Only what is what its tag says: a sequence under any other VR, text under a number's tag and
  /// the like could carry anything.
  std::unique_ptr<DcmElement> keep(std::unique_ptr<DcmElement> element, Vr vr) {
    if (vr == Vr::SQ) return is_sequence(*element) ? enter(*element) : nullptr;
    if (!element->isLeaf()) return nullptr;
    if (coding_ == VrCoding::explicit_vr && !anonymization::may_be_written_as(vr, vr_of(*element)))
      return nullptr;
    if (!anonymization::is_well_formed(vr, value_of(*element))) return nullptr;
    if (at_root_ && tag_of(*element) == kSopInstanceUid) {
      sop_instance.original = core::Uid::parse(core::as_text(value_of(*element)));
      sop_instance.masked = sop_instance.original;
    }
    return element;
  }

  std::unique_ptr<DcmElement> enter(DcmElement& element) {
    auto& source = static_cast<DcmSequenceOfItems&>(element);
    auto target = std::make_unique<DcmSequenceOfItems>(dcmtk_tag(tag_of(element), Vr::SQ));
    while (source.card() > 0) {
      std::unique_ptr<DcmItem> item(source.remove(0UL));
      DcmItem& masked = append(*target, std::make_unique<DcmItem>());
      pending_.push_back({std::move(item), &masked, charset_});
    }
    return target;
  }

  std::unique_ptr<DcmElement> pseudonymise(DcmElement& element, const DictionaryEntry& entry) {
    const Bytes value = value_of(element);
    std::string text = CharacterSet(charset_).to_utf8(value, entry.vr);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.pop_back();
    text.erase(0, text.find_first_not_of(' '));
    if (text.empty()) return make_empty(entry.tag, entry.vr);
    return make_text(entry.tag, entry.vr, pseudonyms_.identifier(entry.keyword, text));
  }

  /// Values that are no UIDs name nothing; with one of them the whole element goes.
  std::unique_ptr<DcmElement> remap(DcmElement& element) {
    const Tag tag = tag_of(element);
    const Bytes value = value_of(element);
    if (value.empty()) return make_empty(tag, Vr::UI);
    std::string masked;
    std::string_view rest = core::as_text(value);
    while (true) {
      const auto end = std::min(rest.find('\\'), rest.size());
      const auto original = core::Uid::parse(rest.substr(0, end));
      if (!original) return nullptr;
      const core::Uid shown = pseudonyms_.uid(*original);
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
  std::vector<Pending> pending_;
  // Of the item that is being masked.
  DcmItem* target_ = nullptr;
  bool at_root_ = false;
  std::string charset_;
};

}  // namespace

MaskedDataset mask_dataset(ByteView dataset, const TransferSyntax& syntax, Part part,
                           const Profile& profile, const Pseudonyms& pseudonyms) {
  // Otherwise it takes spaces out of UIDs as it reads them.
  dcmEnableAutomaticInputDataCorrection.set(OFFalse);
  const E_TransferSyntax dcmtk = dcmtk_syntax(syntax);
  DatasetMasker masker(profile, pseudonyms, syntax.vr);
  DcmDataset masked;
  masker.mask(read_dataset(dataset, dcmtk), masked);
  if (part == Part::header) insert_statement(masked, profile.statement());
  return {write_dataset(masked, dcmtk, dataset.size()), masker.sop_instance};
}

}  // namespace sekisho::oracle
