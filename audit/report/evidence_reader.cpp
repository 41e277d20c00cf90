// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/report/evidence_reader.h"

#include <algorithm>
#include <set>

#include "audit/entry/canonical_json.h"
#include "audit/error.h"
#include "audit/keys/key_files.h"
#include "audit/store/published_log.h"

namespace sekisho::audit::report {
namespace {

constexpr std::size_t kPage = 1000;

/// Which entries the report is made of.
class Selection {
 public:
  Selection(LogReader& log, const Question& question, std::uint64_t end, const Advance& advance)
      : log_(log), question_(question), end_(end), advance_(advance) {}

  void add_history(const Subject& patient) {
    std::uint64_t next = 0;
    while (true) {
      const auto page = log_.history(patient, next, kPage);
      for (const std::uint64_t seq : page) {
        if (seq < end_) add(seq);
      }
      if (page.size() < kPage || page.back() >= end_) break;
      next = page.back() + 1;
    }
    add_outcomes();
  }

  const std::set<std::uint64_t>& seqs() const { return seqs_; }
  std::uint64_t pruned() const { return pruned_; }

 private:
  void add(std::uint64_t seq) {
    auto found = log_.entry(seq);
    if (found && found->entry.intent) {
      // An outcome goes with what it is the outcome of, whenever that ended.
      if (seqs_.contains(*found->entry.intent)) seqs_.insert(seq);
      return;
    }
    std::uint64_t first = seq;
    if (found && found->entry.part > 1) {
      first -= found->entry.part - 1;
      found = log_.entry(first);
    }
    if (!found) {
      ++pruned_;
      return;
    }
    if (!question_.covers(found->entry.time)) return;
    seqs_.insert({first, seq});
    if (found->entry.event == event_name(EventCode::transfer_begin)) unfinished_.insert(first);
  }

  /// The end of a transfer names nobody, so that no index leads to it: it is looked for behind its
  /// beginning. Once the service has started anew it will not come any more.
  void add_outcomes() {
    std::uint64_t next = 0;
    while (!unfinished_.empty()) {
      next = std::max(next, *unfinished_.begin() + 1);
      const auto page = log_.entries(next, end_, kPage);
      if (page.empty()) return;
      advance_("report", page.front().entry.seq, end_);
      for (const ReadEntry& read : page) take_outcome(read.entry);
      next = page.back().entry.seq + 1;
    }
  }

  void take_outcome(const Entry& entry) {
    if (entry.event == event_name(EventCode::service_start)) {
      unfinished_.erase(unfinished_.begin(), unfinished_.lower_bound(entry.seq));
    } else if (entry.intent && unfinished_.erase(*entry.intent) > 0) {
      seqs_.insert(entry.seq);
    }
  }

  LogReader& log_;
  const Question& question_;
  const std::uint64_t end_;
  const Advance& advance_;
  std::set<std::uint64_t> seqs_;
  std::set<std::uint64_t> unfinished_;
  std::uint64_t pruned_ = 0;
};

/// As boxes spell it: what was too long is cut there.
std::string as_boxed(const std::string& patient) {
  std::string json;
  append_text(json, patient, limit::kPatient);
  return CanonicalReader(json).decoded_text();
}

/// What concerns other patients stays out.
OpenedBox opened_for(const std::string& patient, EntryText text) {
  OpenedBox opened;
  opened.actor = std::move(text.actor);
  opened.name = std::move(text.recipient_name);
  opened.recipient = std::move(text.recipient_id);
  opened.organisation = std::move(text.organisation);
  opened.user_agent = std::move(text.user_agent);
  for (ObjectRef& object : text.objects) {
    if (object.patient_id != patient) continue;
    opened.patient = patient;
    opened.purpose = text.purpose;
    if (has_uid(object)) opened.objects.push_back(std::move(object));
  }
  std::ranges::sort(opened.objects, by_place);
  for (StudyWords& words : text.studies) {
    if (words.patient_id != patient) continue;
    opened.patient_name = std::move(words.patient_name);
    if (!words.study_uid.empty()) opened.studies.push_back(std::move(words));
  }
  return opened;
}

}  // namespace

Evidence gather(const AuditPlace& place, const Question& question, const StoredHead& head,
                const Advance& advance) {
  Evidence evidence;
  evidence.software = "sekisho " SEKISHO_VERSION;
  evidence.question = question;
  evidence.checkpoint = head.checkpoint;
  evidence.patient =
      IndexKey(read_secret_key(place.index_key)).subject(SubjectKind::patient, question.patient);
  LogReader log(place.database);
  Selection selection(log, question, head.size, advance);
  selection.add_history(evidence.patient);
  evidence.pruned = selection.pruned();
  TextReader texts(place.database, WrappingKey(read_secret_key(place.wrapping_key)));
  const std::string patient = as_boxed(question.patient);
  const std::vector<std::uint64_t> seqs(selection.seqs().begin(), selection.seqs().end());
  for (LogProof& proof : PublishedLog(place.database).receipts_under(head.checkpoint, seqs)) {
    auto read = log.entry(proof.seq);
    if (!read || read->raw.leaf != proof.extra) {
      throw AuditError("the log has an entry that is none: run sekisho-audit verify");
    }
    OpenedBox opened = opened_for(patient, texts.open(read->entry));
    evidence.entries.push_back(
        {std::move(proof), std::move(read->raw.aside), std::move(read->entry), std::move(opened)});
  }
  return evidence;
}

}  // namespace sekisho::audit::report
