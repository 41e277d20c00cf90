// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/event.h"

namespace sekisho::audit {

/// How many bytes of each text an entry holds, as they stand between the quotes.
namespace limit {
inline constexpr std::size_t kAuthentication = 32;
inline constexpr std::size_t kSource = 64;
inline constexpr std::size_t kShare = 64;
inline constexpr std::size_t kRequest = 64;
inline constexpr std::size_t kIntendedUse = 256;
inline constexpr std::size_t kDetail = 128;
inline constexpr std::size_t kFact = 512;
inline constexpr std::size_t kAllFacts = 1024;
inline constexpr std::size_t kLeastFact = 16;
inline constexpr std::size_t kRecipient = 64;
inline constexpr std::size_t kName = 256;
inline constexpr std::size_t kOrganisation = 192;
inline constexpr std::size_t kActor = 256;
inline constexpr std::size_t kUserAgent = 256;
inline constexpr std::size_t kPatient = 256;
inline constexpr std::size_t kPurpose = 1536;  ///< 500 characters of Japanese, and to spare
inline constexpr std::size_t kQuery = 512;
inline constexpr std::size_t kUid = 128;
inline constexpr std::size_t kPatientName = 256;
inline constexpr std::size_t kDate = 16;
inline constexpr std::size_t kModalities = 64;
inline constexpr std::size_t kDescription = 192;
}  // namespace limit

/// What is encrypted under one subject's key. Views into an Event.
struct BoxText {
  std::string_view actor;
  std::string_view name;
  std::vector<const ObjectRef*> objects;  ///< sorted by_place; of one patient, each with a UID
  std::string_view organisation;
  std::string_view patient;
  std::string_view patient_name;
  std::string_view purpose;
  std::string_view query;
  std::string_view recipient;
  std::vector<const StudyWords*> studies;  ///< of studies among the objects, each once
  std::string_view user_agent;
};
/// The JSON object in the box.
std::string write_box_text(const BoxText& text);

/// A box as a reader finds it. Texts that were too long are the cut ones; a text that is absent is
/// empty. Every object carries the patient of the box.
struct OpenedBox {
  std::string actor;
  std::string name;
  std::vector<ObjectRef> objects;
  std::string organisation;
  std::string patient;
  std::string patient_name;
  std::string purpose;
  std::string query;
  std::string recipient;
  std::vector<StudyWords> studies;  ///< without the patient's name, which is the box's
  std::string user_agent;
};

/// Strict: what write_box_text() writes and nothing else.
std::optional<OpenedBox> read_box_text(std::string_view json);

/// The JSON object, of kAllFacts bytes at most: where they are too long together, each is cut to
/// its share. Throws std::invalid_argument for a name that is none, or for more than could be told.
std::string write_facts(const std::map<std::string, std::string>& facts);

/// The order of objects in an entry: patient, study, series, instance.
bool by_place(const ObjectRef& a, const ObjectRef& b);
bool same_place(const ObjectRef& a, const ObjectRef& b);
bool has_uid(const ObjectRef& object);

/// What the aside of an event without objects takes at most, its boxes not counted.
std::size_t frame_size(const Event& event);
/// What a box takes in an aside.
std::size_t box_size(const BoxText& text);
/// At most how much `object` adds to an aside in which `before` (or none) is the last one.
/// What is said of the whole `event` stands in the box of each patient.
std::size_t object_size(const ObjectRef& object, const ObjectRef* before, const Event& event);
/// At most how much `words` add to an aside that has an object of their study.
std::size_t words_size(const StudyWords& words);

}  // namespace sekisho::audit
