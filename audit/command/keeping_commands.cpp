// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/command/keeping_commands.h"

#include <fstream>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "audit/audit_log.h"
#include "audit/command/command_options.h"
#include "audit/error.h"
#include "audit/keeping/keeping.h"
#include "audit/keeping/proven_age.h"
#include "audit/place.h"
#include "audit/store/published_log.h"
#include "core/time.h"

namespace sekisho::audit {
namespace {

/// A log that the command writes to itself.
struct OpenLog {
  explicit OpenLog(const AuditPlace& place)
      : log(place, core::system_clock(), [](core::Severity, std::string_view) {}),
        keeping(log, place.database) {}
  AuditLog log;
  Keeping keeping;
};

Event by_command() {
  Event event;
  event.authentication = "staff";
  event.detail = "command";
  return event;
}

Person person_of(const Options& options) {
  const auto patient = options.find("--patient");
  const auto recipient = options.find("--recipient");
  if (patient.has_value() == recipient.has_value())
    throw UsageError("of which patient or recipient?");
  return patient ? Person{SubjectKind::patient, *patient}
                 : Person{SubjectKind::recipient, *recipient};
}

std::string case_of(const Options& options) {
  std::string number = options.get("--case");
  if (!is_case_number(number)) {
    throw UsageError("a case number is 1 to 64 of A-Z, a-z, 0-9, '.', '-', '_' and '/'");
  }
  return number;
}

ExitCode tell(Keeping::Result result, std::string_view done, std::ostream& out) {
  switch (result) {
    case Keeping::Result::done:
      out << done << '\n';
      return ExitCode::good;
    case Keeping::Result::held_already:
      out << "A hold is set already.\n";
      break;
    case Keeping::Result::not_held:
      out << "There is no hold.\n";
      break;
    case Keeping::Result::held:
      out << "There is a legal hold: end it first.\n";
      break;
    case Keeping::Result::unknown:
      out << "The log has nothing about them.\n";
      break;
  }
  return ExitCode::failed;
}

/// A verifier key on each line; empty lines and lines that begin with '#' are passed over.
std::vector<CosignatureVerifier> read_witnesses(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw UsageError("the file of the witnesses cannot be read");
  std::vector<CosignatureVerifier> witnesses;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    auto witness = CosignatureVerifier::parse(line);
    if (!witness) throw UsageError("the file of the witnesses has a line that is no witness's key");
    witnesses.push_back(*std::move(witness));
  }
  return witnesses;
}

std::chrono::years years_of(const Options& options) {
  const std::uint64_t years = options.find_number("--years").value_or(kUsualRetention.count());
  if (years < static_cast<std::uint64_t>(kShortestRetention.count()) || years > 100) {
    throw UsageError("entries are kept for 5 to 100 years");
  }
  return std::chrono::years(static_cast<int>(years));
}

}  // namespace

ExitCode hold(const Options& options, std::ostream& out, std::ostream&) {
  const Person person = person_of(options);
  const std::string number = case_of(options);
  OpenLog open(place_of(options));
  if (options.has("--end")) {
    return tell(open.keeping.end_hold(person, number, by_command()), "The hold has ended.", out);
  }
  const auto if_none =
      options.has("--even-if-none") ? Keeping::IfNone::hold : Keeping::IfNone::refuse;
  const auto held = open.keeping.hold(person, number, by_command(), if_none);
  const ExitCode code = tell(held.result, "The hold is set.", out);
  if (held.result == Keeping::Result::unknown) {
    out << "No hold is set. If the ID is right all the same, add --even-if-none.\n";
  } else {
    out << "It covers " << held.entries << (held.entries == 1 ? " entry" : " entries")
        << " by now, and all that follow.\n";
  }
  return code;
}

ExitCode shred(const Options& options, std::ostream& out, std::ostream&) {
  const Person person = person_of(options);
  const std::string number = case_of(options);
  OpenLog open(place_of(options));
  return tell(
      open.keeping.shred(person, number, by_command()),
      "The text is destroyed here. Copies of audit.db still have its key: destroy them too.", out);
}

ExitCode prune(const Options& options, std::ostream& out, std::ostream&) {
  const AuditPlace place = place_of(options);
  const auto witnesses = read_witnesses(options.get("--witnesses"));
  const std::uint64_t quorum = options.get_number("--quorum");
  if (quorum == 0 || quorum > witnesses.size()) {
    throw UsageError("a quorum is 1 to as many as there are witnesses");
  }
  const std::chrono::years years = years_of(options);
  const auto verifier = NoteVerifier::parse(read_first_line(place.verifier_key));
  if (!verifier) throw AuditError("audit.pub is not the verifier key of a log");
  const auto keys = PublishedLog(place.database).keys(*verifier).all();
  const auto age =
      proven_age(WitnessTimes(place.witness_times).notes(), keys, witnesses, quorum, years);
  if (!age) {
    out << "Of no entry it is proven that it is so old: nothing is removed.\n";
    return ExitCode::failed;
  }
  out << "A quorum had seen " << age->size << " entries by " << core::to_rfc3339(age->then)
      << ", and was heard last at " << core::to_rfc3339(age->now) << ".\n";
  if (options.has("--dry-run")) return ExitCode::good;
  OpenLog open(place);
  const auto pruned =
      open.keeping.prune(*age, years, std::numeric_limits<std::size_t>::max(), by_command());
  out << pruned.removed << " entries before " << pruned.before << " are removed.\n";
  return ExitCode::good;
}

}  // namespace sekisho::audit
