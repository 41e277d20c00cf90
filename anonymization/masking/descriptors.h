// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "anonymization/masking/judged_word.h"

namespace sekisho::anonymization {

/// Whether a word of a description is kept wherever it stands: of the vocabulary in
/// tables/descriptor-words.tsv and no person's name, or a number of at most four digits with its
/// unit ("5mm", "1.5T"). UTF-8, any case.
bool is_descriptor_word(std::string_view utf8_word);

/// What is left of a description when only known words stay, and never the contrary of what it said
/// (PS3.15 §E.3.5, "values of similar meaning"): English words, runs of Japanese that consist of
/// known words to the last character, numbers with units; words that could also be names ("Head",
/// "右") only beside one that could not. Bare numbers go: they could be dates, telephone and
/// patient numbers.
///
/// Where a word goes that nobody knows, it may have denied what stands beside it. So words for what
/// may be there or not (contrast, findings, implants) go with it; and the whole text goes where it
/// denies, doubts, compares or says which side of something that does not all stay.
///
/// Order and separations stay; full-width letters become ASCII. Of nothing known nothing is left,
/// and nothing of more than 64 KiB: an LT has 10,240 characters (PS3.5 Table 6.2-1). Never longer
/// than the original; cleaning twice equals cleaning once.
std::string clean_descriptor(std::string_view utf8, Repertoire repertoire = Repertoire::unicode);

}  // namespace sekisho::anonymization
