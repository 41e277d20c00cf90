// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/command.h"

#include <signal.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "audit/proof/cosignature.h"
#include "audit/proof/note.h"
#include "core/mutex.h"
#include "witness/server.h"
#include "witness/state_file.h"
#include "witness/witness.h"

namespace sekisho::witness {
namespace {

using core::Options;
using core::UsageError;

audit::NoteVerifier read_log_key(const std::string& line_or_file) {
  std::string line = line_or_file;
  if (std::filesystem::exists(line_or_file)) std::getline(std::ifstream(line_or_file), line);
  auto key = audit::NoteVerifier::parse(line);
  if (!key) throw UsageError("--log " + line_or_file + " is no verifier key of a log");
  return *std::move(key);
}

std::string verifier_line(const State& state) {
  const auto cosigner = audit::Cosigner::parse(core::as_text(state.key.view()));
  if (!cosigner) throw StateError("the state holds no key of a witness");
  return cosigner->verifier().line();
}

ExitCode init(const Options& options, std::ostream& out, std::ostream&) {
  create_state(options.get("--state"), options.get("--name"));
  out << verifier_line(read_state(options.get("--state"))) << '\n';
  return ExitCode::good;
}

ExitCode show(const Options& options, std::ostream& out, std::ostream&) {
  const State state = read_state(options.get("--state"));
  out << verifier_line(state) << '\n';
  for (const auto& [origin, record] : state.logs) {
    out << "\nnewest cosigned checkpoint of " << origin << ":\n" << record.newest;
    if (record.fork) out << "\nFORK: the same log has also signed\n" << *record.fork;
  }
  return ExitCode::good;
}

/// SIGINT and SIGTERM, taken by nobody else from here on.
sigset_t block_ending_signals() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  return ending;
}

ExitCode run(const Options& options, std::ostream& out, std::ostream& err) {
  const auto address = Address::parse(options.get("--listen"));
  if (!address) throw UsageError("--listen wants ADDRESS:PORT, such as 127.0.0.1:8443");
  std::vector<audit::NoteVerifier> logs;
  for (const std::string& log : options.all("--log")) logs.push_back(read_log_key(log));
  std::optional<TlsFiles> tls;
  if (options.has("--certificate") || options.has("--certificate-key")) {
    tls = TlsFiles{options.get("--certificate"), options.get("--certificate-key")};
  }
  const sigset_t ending = block_ending_signals();
  core::Mutex report_mutex;
  const core::Log report = [&](core::Severity, std::string_view text) {
    const core::MutexLock lock(report_mutex);
    err << "sekisho-witness: " << text << std::endl;
  };
  const StateFile file(options.get("--state"));
  Witness witness(
      file.read(), std::move(logs), [&](const State& state) { file.replace(state); },
      core::system_clock(), report);
  const Server server(witness, *address, tls, core::system_clock(), report);
  out << "listening on port " << server.port() << " as " << witness.verifier().line() << std::endl;
  int signal = 0;
  ::sigwait(&ending, &signal);
  return ExitCode::good;
}

/// In the order of the alphabet.
constexpr core::OptionWord kWords[] = {
    {"--certificate", "FILE", "the certificate chain of the listener, PEM"},
    {"--certificate-key", "FILE", "its private key, PEM"},
    {"--listen", "ADDRESS:PORT",
     "where to answer, such as 10.20.0.5:8443; without a certificate on a loopback address alone"},
    {"--log", "LINE|FILE",
     "a log's verifier key, or a file that begins with it; once for each log, and twice for one "
     "that changes its key",
     core::OptionWord::Times::repeatable},
    {"--name", "NAME", "what the witness is known by for ever: witness.clinic.example/w1"},
    {"--state", "FILE", "the witness's key and all that it remembers"},
};

constexpr core::Command kCommands[] = {
    {"init", "make a witness", "--state FILE --name NAME",
     "Makes a witness and prints its verifier key, which the operators of logs want. A directory "
     "that is missing is made, for the owner alone: call this as the user who will run it.",
     init},
    {"show", "print what the witness remembers", "--state FILE",
     "Prints the verifier key, the newest cosigned checkpoint of each log, and forks.", show},
    {"run", "answer the logs until SIGTERM",
     "--state FILE --listen ADDRESS:PORT --log LINE|FILE ... "
     "[--certificate FILE --certificate-key FILE]",
     "Answers POST /add-checkpoint for the logs with these verifier keys, in clear only on a "
     "loopback address. Ends with SIGTERM.",
     run},
};

constexpr core::Program kProgram = {
    "sekisho-witness", "Cosigns the access logs of others, as long as they only grow.", kWords,
    kCommands,
    "Never restore the file of --state from a backup: the witness would forget what it has "
    "cosigned."};

}  // namespace

const core::Program& witness_program() { return kProgram; }

ExitCode run_command(std::span<const std::string_view> arguments, std::ostream& out,
                     std::ostream& err) {
  return core::run_program(kProgram, arguments, out, err);
}

}  // namespace sekisho::witness
