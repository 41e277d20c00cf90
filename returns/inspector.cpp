// SPDX-License-Identifier: GPL-3.0-or-later
#include "returns/inspector.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "core/database_error.h"
#include "core/pause.h"
#include "disclosure/settle_returns.h"
#include "returns/archived.h"
#include "returns/document.h"
#include "returns/events.h"

namespace sekisho::returns {
namespace {

using audit::EventCode;
using audit::Outcome;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kAtOnce = 200;
/// Signatures change: what staff release later than this is scanned again before it is stored.
constexpr hours kVerdictHolds{1};
/// So long it is known what became of an object of which nothing else is left.
constexpr std::chrono::days kRemembered{90};
constexpr std::string_view kRule = "rule";
constexpr std::string_view kArchive = "archive";
constexpr std::string_view kScanner = "scanner";
/// PS3.6 Table A-1: the classes of encapsulated documents.
constexpr std::string_view kEncapsulatedDocuments = "1.2.840.10008.5.1.4.1.1.104.";

Decision decided_by(std::string_view who, core::Time now, std::string reason = {}) {
  return {std::string(who), std::move(reason), now};
}

}  // namespace

/// That nobody else works at the object; false where somebody does.
class Inspector::Claim {
 public:
  Claim(Inspector& inspector, UploadId id) : inspector_(inspector), id_(std::move(id)) {
    const core::MutexLock lock(inspector_.mutex_);
    holds_ = inspector_.claimed_.insert(id_).second;
  }
  ~Claim() {
    if (!holds_) return;
    const core::MutexLock lock(inspector_.mutex_);
    inspector_.claimed_.erase(id_);
  }
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;
  explicit operator bool() const { return holds_; }

 private:
  Inspector& inspector_;
  const UploadId id_;
  bool holds_ = false;
};

Inspector::Inspector(const disclosure::Ports& ports, Quarantine& quarantine, Scanner scanner,
                     InspectorOptions options)
    : ports_(ports),
      quarantine_(quarantine),
      scanner_(std::move(scanner)),
      options_(std::move(options)),
      trouble_(ports_.report, "What comes back is scanned again.") {}

Taken Inspector::receive(Upload& upload, core::ByteView part10,
                         const std::function<bool()>& is_live) {
  upload.id = UploadId::random();
  upload.size_bytes = part10.size();
  upload.received_at = ports_.clock();
  Entry entry = quarantine_.ask(upload, part10);
  if (entry == Entry::free) {
    upload.receipt =
        ports_.log.append(recipients_event(upload, EventCode::return_receive)).id().text();
    // It may have ended while the log was written.
    if (!is_live()) return Taken::ended;
    ports_.shares.add_returned(upload.share, upload.returned(), upload.received_at);
    if (!is_put_down(ports_.shares, upload.share, upload.returned())) return Taken::other;
    entry = quarantine_.receive(upload, part10);
  }
  {
    const core::MutexLock lock(mutex_);
    if (entry == Entry::free || entry == Entry::full) is_full_ = entry == Entry::full;
  }
  switch (entry) {
    case Entry::free:
      return Taken::in;
    case Entry::known:
      if (auto known = quarantine_.find_open(upload)) upload = *std::move(known);
      return Taken::in;
    case Entry::apart:
      return Taken::infected;
    case Entry::other:
      return Taken::other;
    case Entry::full:
      break;
  }
  return Taken::full;
}

State Inspector::settle(const UploadId& id, core::ByteView part10, const core::Demand& demand) {
  const Claim claim(*this, id);
  auto upload = quarantine_.find(id);
  if (!upload) throw core::DatabaseError("returns.db has lost an upload");
  if (!claim) return upload->state;
  return settle(*std::move(upload), part10, demand);
}

State Inspector::settle(Upload upload, core::ByteView part10, const core::Demand& demand) {
  const UploadId id = upload.id;
  for (;;) {
    demand.ask();
    const bool goes_on = upload.state == State::received || upload.state == State::released;
    if (!goes_on || step(upload, part10, demand) != Progress::on) break;
    upload = quarantine_.find(id).value();
  }
  return quarantine_.find(id).value().state;
}

bool Inspector::wants_scan(const Upload& upload) const {
  if (!scanner_) return false;
  return !upload.scan || ports_.clock() - upload.scan->scanned_at > kVerdictHolds;
}

/// One change of state, on record before it is made.
Inspector::Progress Inspector::step(const Upload& upload, core::ByteView part10,
                                    const core::Demand& demand) {
  if (upload.scan && upload.scan->verdict != Verdict::clean) return put_apart(upload);
  if (wants_scan(upload)) return scan(upload, part10, demand);
  if (upload.state == State::received) return decide(upload);
  return store(upload, part10, demand);
}

std::variant<Finding, ScannerTrouble> Inspector::ask(const Upload& upload, core::ByteView part10,
                                                     const core::Demand& demand) {
  auto answer = scanner_(part10, demand);
  const auto* finding = std::get_if<Finding>(&answer);
  const bool is_clean = finding != nullptr && finding->verdict == Verdict::clean;
  if (!is_clean || !upload.sop_class.starts_with(kEncapsulatedDocuments)) return answer;
  const core::Bytes document = document_in(part10, ports_.memory, demand);
  return document.empty() ? answer : scanner_(document, demand);
}

Inspector::Progress Inspector::scan(const Upload& upload, core::ByteView part10,
                                    const core::Demand& demand) {
  if (rests()) return Progress::later;
  const auto answer = ask(upload, part10, demand);
  if (const auto* trouble = std::get_if<ScannerTrouble>(&answer)) {
    note(*trouble);
    if (trouble->of == ScannerTrouble::Of::object) put_off(upload);
    return Progress::later;
  }
  note(std::nullopt);
  const auto& finding = std::get<Finding>(answer);
  audit::Event event = own_event(upload, EventCode::return_scan);
  event.detail = name(finding.verdict);
  if (!finding.signature.empty()) event.facts["signature"] = finding.signature;
  if (finding.verdict != Verdict::clean) event.outcome = Outcome::minor_failure;
  ports_.log.append(event);
  quarantine_.scanned(upload.id, {finding.verdict, finding.signature, ports_.clock()});
  return Progress::on;
}

Inspector::Progress Inspector::put_apart(const Upload& upload) {
  quarantine_.move(upload.id, upload.state, State::apart, decided_by(kScanner, ports_.clock()));
  ports_.report(core::Severity::warning, "share " + upload.share.text() + ", receipt " +
                                             upload.receipt +
                                             ": a returned object is kept apart, it is " +
                                             std::string(name(upload.scan->verdict)));
  return Progress::end;
}

Inspector::Progress Inspector::decide(const Upload& upload) {
  if (options_.rules.fate_of(upload) == Fate::hold) {
    quarantine_.move(upload.id, State::received, State::held, decided_by(kRule, ports_.clock()));
    return Progress::end;
  }
  audit::Event event = own_event(upload, EventCode::return_release);
  event.detail = kRule;
  ports_.log.append(event);
  quarantine_.move(upload.id, State::received, State::released, decided_by(kRule, ports_.clock()));
  return Progress::on;
}

/// Whether the archive has nothing in its series but what came back through this share.
bool Inspector::may_join(const Upload& upload) const {
  const core::SeriesKey& key = upload.key.series;
  const auto found = ports_.store.find_series(key.series);
  if (found.empty()) return true;
  if (found != std::vector{key}) return false;
  return std::ranges::any_of(ports_.shares.returned(upload.share),
                             [&](const sharing::ReturnedObject& each) {
                               return each.archived_series == key.series &&
                                      (each.stage == sharing::ReturnedObject::Stage::stored ||
                                       each.archived_instance == upload.key.instance);
                             });
}

/// Whether what the archive has by these UIDs came back through this share: its bytes say so, or
/// the share's mark in them.
bool Inspector::is_own(const Upload& upload, core::ByteView part10, const core::Demand& demand) {
  if (has_these_bytes(ports_.store, upload.key, part10)) return true;
  if (const auto key = ports_.shares.mask_key(upload.share)) {
    disclosure::settle_returns(ports_, upload.share, key->view(), demand);
  }
  return std::ranges::any_of(ports_.shares.returned(upload.share),
                             [&](const sharing::ReturnedObject& each) {
                               return each.archived_instance == upload.key.instance &&
                                      each.archived_series == upload.key.series.series &&
                                      each.stage == sharing::ReturnedObject::Stage::stored;
                             });
}

/// On record, then in the archive, then among what came back, then out of the quarantine. Cut off
/// in between it is done again: the archive says that it has it already.
Inspector::Progress Inspector::store(const Upload& upload, core::ByteView part10,
                                     const core::Demand& demand) {
  audit::Event event = recipients_event(upload, EventCode::return_begin);
  const audit::Receipt receipt = ports_.log.append(event);
  event.code = EventCode::return_end;
  event.intent = receipt.seq();
  try {
    const bool joins = may_join(upload);
    auto stored = core::DicomStore::Stored::already_there;
    if (joins) stored = ports_.store.store(upload.key, part10);
    const bool is_added = joins && stored == core::DicomStore::Stored::added;
    if (!is_added && (!joins || !is_own(upload, part10, demand))) {
      event.outcome = Outcome::minor_failure;
      event.detail = "failed";
      ports_.log.append(event);
      quarantine_.move(upload.id, State::released, State::rejected,
                       decided_by(kArchive, ports_.clock(), "Its UIDs are taken."));
      return Progress::end;
    }
    ports_.shares.confirm_returned(upload.share, upload.readers_instance, ports_.clock());
    event.detail = is_added ? "stored" : "already-there";
  } catch (const core::StoreError&) {
    event.outcome = Outcome::serious_failure;
    event.detail = "failed";
    ports_.log.append_later(event);
    ports_.report(core::Severity::warning,
                  "share " + upload.share.text() + ", receipt " + upload.receipt +
                      ": the archive did not take a returned object; it is tried again");
    put_off(upload);
    return Progress::later;
  }
  ports_.log.append_later(event);
  quarantine_.move(upload.id, State::released, State::stored,
                   upload.decision.value_or(decided_by(kRule, ports_.clock())));
  return Progress::end;
}

void Inspector::put_off(const Upload& upload) {
  quarantine_.put_off(upload.id,
                      ports_.clock() + core::pause_after(upload.failures, seconds(5), minutes(10)));
}

void Inspector::work(const core::Demand& demand) {
  for (const UploadId& id : quarantine_.due(ports_.clock(), kAtOnce)) {
    demand.ask();
    const Claim claim(*this, id);
    if (!claim) continue;
    const auto upload = quarantine_.find(id);
    if (!upload || (wants_scan(*upload) && rests())) continue;
    try {
      const auto memory = ports_.memory.take(upload->size_bytes, demand);
      const auto content = quarantine_.content(id);
      if (content) settle(*upload, content->view(), demand);
    } catch (const std::runtime_error&) {
      // Others have their turn before this one has it again.
      put_off(*upload);
      throw;
    }
  }
  delete_overdue();
}

void Inspector::delete_overdue() {
  const core::Time now = ports_.clock();
  for (const Upload& upload : quarantine_.overdue(now - options_.keep, kAtOnce)) {
    audit::Event event = own_event(upload, EventCode::return_delete);
    event.detail = name(upload.state);
    ports_.log.append(event);
    quarantine_.erase(upload.id, now);
  }
  quarantine_.forget(now - kRemembered);
}

void Inspector::note(const std::optional<ScannerTrouble>& trouble) {
  {
    const core::MutexLock lock(mutex_);
    again_at_.reset();
    if (!trouble) failures_ = 0;
    if (trouble && trouble->of == ScannerTrouble::Of::scanner) {
      again_at_ = ports_.clock() + core::pause_after(failures_++, seconds(1), minutes(1));
    }
  }
  trouble_.note(trouble ? "The scanner " + trouble->text + '.' : "",
                " What comes back waits in quarantine.");
}

bool Inspector::rests() const {
  const core::Time now = ports_.clock();
  const core::MutexLock lock(mutex_);
  // A clock that was set back holds up nothing.
  return again_at_ && now < *again_at_ && *again_at_ - now <= minutes(1);
}

bool Inspector::is_in_trouble() const { return !trouble_.text().empty(); }

ReturnsState Inspector::state() const {
  ReturnsState state;
  state.count = quarantine_.count();
  if (state.count.waiting > 0) state.trouble = trouble_.text();
  const core::MutexLock lock(mutex_);
  state.is_full = is_full_;
  return state;
}

}  // namespace sekisho::returns
