// SPDX-License-Identifier: GPL-3.0-or-later
#include "disclosure/study_words.h"

#include <algorithm>
#include <set>

#include "core/dicom/checked_file.h"
#include "core/dicom/text_reader.h"

namespace sekisho::disclosure {
namespace {

using core::dicom::Tag;
using core::dicom::TextReader;
using core::dicom::Token;

constexpr std::size_t kMostSeries = 16;

// PS3.6 2026c.
constexpr Tag kStudyDate{0x0008, 0x0020};
constexpr Tag kModality{0x0008, 0x0060};
constexpr Tag kStudyDescription{0x0008, 0x1030};
constexpr Tag kPatientName{0x0010, 0x0010};

/// Takes what is not known yet.
class Words {
 public:
  explicit Words(audit::StudyWords& words) : words_(words) {}

  void read(const core::dicom::CheckedFile& file) {
    core::dicom::Replay walk = file.replay_header();
    TextReader reader;
    for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
      reader.see(token);
      if (token.depth > 0 || token.kind != Token::Kind::element) continue;
      if (token.tag > kPatientName) break;
      take(token, reader);
    }
  }
  void finish() {
    for (const std::string& modality : modalities_) {
      words_.modalities.append(words_.modalities.empty() ? "" : "\\").append(modality);
    }
  }

 private:
  void take(const Token& token, TextReader& reader) {
    std::string scratch;
    if (token.tag == kModality) {
      const std::string_view modality = reader.text(token, scratch);
      if (!modality.empty()) modalities_.emplace(modality);
      return;
    }
    std::string* const known = place_of(token.tag);
    if (known != nullptr && known->empty()) *known = reader.text(token, scratch);
  }
  std::string* place_of(Tag tag) {
    if (tag == kStudyDate) return &words_.date;
    if (tag == kStudyDescription) return &words_.description;
    return tag == kPatientName ? &words_.patient_name : nullptr;
  }

  audit::StudyWords& words_;
  std::set<std::string, std::less<>> modalities_;
};

}  // namespace

audit::StudyWords study_words(core::DicomStore& store, const core::StudyListing& study,
                              const core::Demand& demand) {
  audit::StudyWords said{.patient_id = study.key.patient_id, .study_uid = study.key.study.str()};
  Words words(said);
  const std::size_t read = std::min(study.series.size(), kMostSeries);
  for (std::size_t i = 0; i < read; ++i) {
    const core::ListedSeries& series = study.series[i];
    if (series.instances.empty()) continue;
    demand.ask();
    auto file = store.open({{study.key, series.series}, series.instances.front().instance});
    if (!file) continue;
    const auto checked = core::dicom::CheckedFile::check_or_mend(std::move(*file), demand);
    if (const auto* sound = std::get_if<core::dicom::CheckedFile>(&checked)) words.read(*sound);
  }
  words.finish();
  return said;
}

}  // namespace sekisho::disclosure
