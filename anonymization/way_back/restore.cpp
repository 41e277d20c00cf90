// SPDX-License-Identifier: GPL-3.0-or-later
#include "anonymization/way_back/restore.h"

#include <algorithm>
#include <array>
#include <string>

#include "anonymization/masking/date_shift.h"
#include "anonymization/masking/mask_error.h"
#include "anonymization/masking/masking_statement.h"
#include "anonymization/masking/study_identity.h"
#include "anonymization/way_back/restored_values.h"
#include "anonymization/way_back/return_mark.h"
#include "anonymization/way_back/transcriber.h"
#include "core/dicom/dictionary.h"
#include "core/dicom/padding.h"

namespace sekisho::anonymization {
namespace {

using core::Bytes;
using core::ByteView;
using core::dicom::CheckedFile;
using core::dicom::Replay;
using core::dicom::Tag;
using core::dicom::Token;
using core::dicom::Vr;

constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
constexpr Tag kSopInstanceUid{0x0008, 0x0018};
constexpr Tag kPatientIdentityRemoved{0x0012, 0x0062};
constexpr Tag kStudyInstanceUid{0x0020, 0x000D};
constexpr Tag kSeriesInstanceUid{0x0020, 0x000E};
constexpr Tag kIconImageSequence{0x0088, 0x0200};
constexpr std::string_view kUtf8 = "ISO_IR 192";
/// CheckedFile reads 64 MiB; what is of patient and study comes on top.
constexpr std::uint64_t kMostRestoredBytes = 48ULL << 20;

/// An element of the top level; empty where it is absent.
ByteView value_of(const CheckedFile& file, Tag wanted) {
  Replay walk = file.replay_header();
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.depth != 0 || token.kind != Token::Kind::element) continue;
    if (token.tag == wanted) return token.value;
    if (token.tag > wanted) break;
  }
  return {};
}

std::optional<core::Uid> uid_of(const CheckedFile& file, Tag tag) {
  return core::Uid::parse(core::as_text(value_of(file, tag)));
}

bool is_plain_ascii(ByteView value) {
  return std::ranges::all_of(value, [](core::Byte b) { return b < 0x80 && b != 0x1B; });
}

/// One of the two data sets, element by element of its top level.
class Source {
 public:
  explicit Source(const CheckedFile& file) : walk_(file.replay_header()) { advance(); }
  bool at_end() const { return token_.kind == Token::Kind::end; }
  Tag tag() const { return token_.tag; }
  void advance() { token_ = walk_.next(); }
  void copy_to(Transcriber& out) { out.copy(token_, walk_); }
  void skip() {
    if (token_.kind == Token::Kind::sequence_begin) walk_.leave(token_);
  }

 private:
  Replay walk_;
  Token token_;
};

class Restorer {
 public:
  Restorer(core::ByteBuffer& out, const CheckedFile& object, const CheckedFile& original,
           RestoredValues& values, const core::Demand& demand)
      : object_(object),
        original_(original),
        is_converted_(needs_conversion(object, original)),
        from_object_(out, object.transfer_syntax(),
                     core::as_text(value_of(object, kSpecificCharacterSet)), conversion(), &values,
                     demand),
        from_original_(out, object.transfer_syntax(),
                       core::as_text(value_of(original, kSpecificCharacterSet)), conversion(),
                       nullptr, demand) {}

  void run() {
    Source object(object_);
    Source original(original_);
    if (is_converted_) from_object_.writer().text(kSpecificCharacterSet, Vr::CS, kUtf8);
    while (!object.at_end()) {
      take_from_original(original, object.tag());
      take_from_object(object);
    }
    take_from_original(original, Tag{0xFFFF, 0xFFFF});
  }

 private:
  /// By what the reader knows of both: a look at the original's text would show in the report.
  static bool needs_conversion(const CheckedFile& object, const CheckedFile& original) {
    const auto charset = [](const CheckedFile& file) {
      return core::dicom::without_padding(core::as_text(value_of(file, kSpecificCharacterSet)));
    };
    return charset(object) != charset(original);
  }
  Transcriber::Text conversion() const {
    return is_converted_ ? Transcriber::Text::to_utf8 : Transcriber::Text::as_it_is;
  }

  /// What the original says of patient and study, up to the element `before`.
  void take_from_original(Source& original, Tag before) {
    if (!said_identity_ && before > kPatientIdentityRemoved) {
      take_from_original_up_to(original, kPatientIdentityRemoved);
      from_object_.writer().text(kPatientIdentityRemoved, Vr::CS, "NO");
      said_identity_ = true;
    }
    take_from_original_up_to(original, before);
  }

  void take_from_original_up_to(Source& original, Tag before) {
    while (!original.at_end() && original.tag() < before) {
      if (is_of_patient_or_study(original.tag())) {
        original.copy_to(from_original_);
      } else {
        original.skip();
      }
      original.advance();
    }
  }

  void take_from_object(Source& object) {
    const Tag tag = object.tag();
    const bool is_left_out = is_of_patient_or_study(tag) || is_statement(tag) ||
                             tag == kIconImageSequence || tag.element() == 0 ||
                             (is_converted_ && tag == kSpecificCharacterSet);
    if (is_left_out) {
      object.skip();
    } else {
      object.copy_to(from_object_);
    }
    object.advance();
  }

  const CheckedFile& object_;
  const CheckedFile& original_;
  const bool is_converted_;
  Transcriber from_object_;
  Transcriber from_original_;
  bool said_identity_ = false;
};

core::ByteBuffer part10_of(const CheckedFile& object, const CheckedFile& original,
                           const core::Uid& instance, RestoredValues& values,
                           const Pseudonyms& pseudonyms, const core::Demand& demand) {
  core::ByteBuffer out(object.source().size_bytes() + original.header().size());
  append_markable_file_meta(out, object.sop_class_uid(), instance.text(),
                            object.transfer_syntax().uid);
  Restorer(out, object, original, values, demand).run();
  demand.ask();
  object.source().read(object.pixel_offset(),
                       {out.extend(object.pixel_size()), object.pixel_size()});
  put_return_mark(out, pseudonyms);
  return out;
}

/// What the archive shall call a series or an instance of the reader's: as the reader does, unless
/// it has something by that name.
core::Uid archived_name(const core::Uid& readers, const WayBack& way) {
  const auto known = way.returned.find(readers);
  if (known != way.returned.end()) return known->second;
  return way.is_unknown(readers) ? readers : way.map.archived(readers);
}

/// Those in ASCII: others would have to be written in the object's character set.
void know_identifiers(RestoredValues& values, const CheckedFile& original, const Profile& profile) {
  Replay walk = original.replay_header();
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.depth != 0 || token.kind != Token::Kind::element || token.tag.is_private()) continue;
    const std::string_view value = core::dicom::without_padding(core::as_text(token.value));
    const bool is_known = !value.empty() && is_plain_ascii(token.value) &&
                          profile.action_for(token.tag) == Action::pseudonymise;
    if (is_known) values.know_identifier(token.tag, std::string(value));
  }
}

std::optional<std::chrono::days> shift_of(const CheckedFile& original, const WayBack& way) {
  if (!way.profile.shifts_dates()) return std::nullopt;
  return date_shift_of(original.header(), original.transfer_syntax(), way.profile, way.pseudonyms);
}

}  // namespace

std::string_view name(RestoreProblem problem) {
  constexpr std::array<std::string_view, 6> kNames = {"unknown-study", "unknown-reference",
                                                      "takes-a-place", "different-instance",
                                                      "unreadable",    "too-large"};
  return kNames[static_cast<std::size_t>(problem)];
}

void add_uids(ReverseMap& map, const CheckedFile& file) {
  Replay walk = file.replay_header();
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    if (token.kind != Token::Kind::element || token.vr != Vr::UI) continue;
    for_each_uid(token.value, [&](const core::Uid& uid) { map.add(uid); });
  }
}

std::optional<core::Uid> study_of_return(const CheckedFile& object, const ReverseMap& map) {
  const auto shown = uid_of(object, kStudyInstanceUid);
  return shown ? map.original(*shown) : std::nullopt;
}

std::uint64_t most_restored_bytes(const CheckedFile& object) {
  constexpr std::uint64_t kMostGrowth = 3;  // in UTF-8
  constexpr std::size_t kPseudonymBytes = 16;
  constexpr std::uint64_t kMostBytesBeside = 12 + 8;  // header and delimiters (PS3.5 §7.1.2, §7.5)
  std::uint64_t bytes = 0;
  Replay walk = object.replay_header();
  for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
    bytes += kMostBytesBeside;
    if (token.kind != Token::Kind::element) continue;
    if (token.vr == Vr::UI) {
      const auto values = 1 + std::ranges::count(core::as_text(token.value), '\\');
      bytes += static_cast<std::uint64_t>(values) * (kLongestUid + 1);
      continue;
    }
    const auto text = core::dicom::without_padding(core::as_text(token.value));
    const bool may_be_identifier = text.size() == kPseudonymBytes;
    bytes +=
        token.value.size() * (core::dicom::depends_on_character_set(token.vr) ? kMostGrowth : 1) +
        (may_be_identifier ? kLongestIdentifier : 0);
  }
  return bytes;
}

std::variant<Restored, RestoreProblem> restore(const CheckedFile& object,
                                               const CheckedFile& original, const WayBack& way,
                                               const core::Demand& demand) {
  const auto study = study_of_return(object, way.map);
  const auto series = uid_of(object, kSeriesInstanceUid);
  const auto instance = uid_of(object, kSopInstanceUid);
  if (!study || study != uid_of(original, kStudyInstanceUid)) return RestoreProblem::unknown_study;
  if (!series || !instance || instance->text() != object.sop_instance_uid()) {
    return RestoreProblem::different_instance;
  }
  const auto is_taken = [&](const core::Uid& uid) {
    return !way.returned.contains(uid) && (way.map.original(uid) || way.pseudonyms.is_own(uid));
  };
  if (is_taken(*series) || is_taken(*instance)) return RestoreProblem::takes_a_place;
  if (most_restored_bytes(object) > kMostRestoredBytes) return RestoreProblem::too_large;
  const ReturnedUids readers{*series, *instance};
  const ReturnedUids archived{archived_name(*series, way), archived_name(*instance, way)};
  RestoredValues values(way, readers, archived, shift_of(original, way));
  know_identifiers(values, original, way.profile);
  try {
    core::ByteBuffer part10 =
        part10_of(object, original, archived.instance, values, way.pseudonyms, demand);
    if (values.met_unknown_reference()) return RestoreProblem::unknown_reference;
    return Restored{std::move(part10), *study, readers, archived};
  } catch (const MaskError&) {
    return RestoreProblem::unreadable;
  }
}

}  // namespace sekisho::anonymization
