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
constexpr Tag kStudyTime{0x0008, 0x0030};
constexpr Tag kAccessionNumber{0x0008, 0x0050};
constexpr Tag kModality{0x0008, 0x0060};
constexpr Tag kReferringPhysicianName{0x0008, 0x0090};
constexpr Tag kStudyDescription{0x0008, 0x1030};
constexpr Tag kPatientName{0x0010, 0x0010};
constexpr Tag kPatientBirthDate{0x0010, 0x0030};
constexpr Tag kPatientSex{0x0010, 0x0040};

/// Takes what is not known yet.
class Words {
 public:
  explicit Words(StudyDescription& said) : said_(said) {}

  void read(const core::dicom::CheckedFile& file) {
    core::dicom::Replay walk = file.replay_header();
    TextReader reader;
    for (Token token = walk.next(); token.kind != Token::Kind::end; token = walk.next()) {
      reader.see(token);
      if (token.depth > 0 || token.kind != Token::Kind::element) continue;
      if (token.tag > kPatientSex) break;
      take(token, reader);
    }
  }
  void finish() {
    for (const std::string& modality : modalities_) {
      std::string& modalities = said_.words.modalities;
      modalities.append(modalities.empty() ? "" : "\\").append(modality);
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
    if (tag == kStudyDate) return &said_.words.date;
    if (tag == kStudyTime) return &said_.time;
    if (tag == kAccessionNumber) return &said_.accession;
    if (tag == kReferringPhysicianName) return &said_.referring;
    if (tag == kStudyDescription) return &said_.words.description;
    if (tag == kPatientName) return &said_.words.patient_name;
    if (tag == kPatientBirthDate) return &said_.birth_date;
    return tag == kPatientSex ? &said_.sex : nullptr;
  }

  StudyDescription& said_;
  std::set<std::string, std::less<>> modalities_;
};

}  // namespace

StudyDescription describe_study(core::DicomStore& store, const core::StudyListing& study,
                                const core::Demand& demand) {
  StudyDescription said;
  said.words.patient_id = study.key.patient_id;
  said.words.study_uid = study.key.study.str();
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

audit::StudyWords study_words(core::DicomStore& store, const core::StudyListing& study,
                              const core::Demand& demand) {
  return describe_study(store, study, demand).words;
}

}  // namespace sekisho::disclosure
