// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/dicom/character_set.h"
#include "core/dicom/vr.h"
#include "core/dicom/walker.h"

namespace sekisho::anonymization {

/// The constant that stands in for a value (PS3.15 Table E.1-1a, D), valid for its VR: text in
/// ASCII, so that it means the same in every character set; a single zero for numbers and bytes,
/// of even length, the same in either byte order. Empty for SQ.
core::ByteView dummy_value(core::dicom::Vr vr);

/// Whether an element that the dictionary gives one VR may come under another: text of one kind is
/// read alike, numbers of one kind and size are, and UN says nothing.
bool may_be_written_as(core::dicom::Vr dictionary, core::dicom::Vr file);

/// The size in bytes of one of the values that a VR counts in; 1 for text and bytes.
std::size_t unit_size(core::dicom::Vr vr);

/// How many bytes are turned round together where the byte order changes: an AT is two words.
std::size_t word_size(core::dicom::Vr vr);

/// Whether the bytes can be values of this VR: sizes that fit, and of ages, dates, numbers, codes,
/// UIDs and the like the form, so that nobody's name or telephone number passes for one. Text that
/// depends on the character set, and plain bytes, always can.
bool is_well_formed(core::dicom::Vr vr, core::ByteView value);

/// What an element says, without padding; nothing where it is not what its tag says, for then it
/// does not stay.
std::string_view stated_text(const core::dicom::Token& token);

/// Text of which only words stay that name no one (clean_descriptor()), each value for itself, in
/// the character set it came in. What that cannot say, other than as it stood, goes.
std::string cleaned_text(core::ByteView text, core::dicom::Vr vr,
                         std::string_view specific_character_set);

/// A person name without its phonetic group, and without a first group that holds kana itself
/// (PS3.5 §6.2.1, §H.3), or may hold it in bytes that the character set reads as Latin-1. Cuts only
/// where the bytes say for certain that a delimiter stands. `nullopt` where they do not, and where
/// readers differ on delimiters (PS3.5 §6.1.2.5.3) and one of them would show kana in what is left.
std::optional<std::string> without_phonetic(core::ByteView name,
                                            const core::dicom::CharacterSet& charset);

/// Of a UI value: whether one of its values names an object, as archives do, and has not the form
/// of a UID (PS3.5 §9.1). Somebody may have typed it.
bool holds_odd_uid(core::ByteView value);

}  // namespace sekisho::anonymization
