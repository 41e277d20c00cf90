// SPDX-License-Identifier: GPL-3.0-or-later
#include "witness/command.h"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/proof/cosignature.h"
#include "audit/proof/note.h"
#include "witness/server.h"
#include "witness/state_file.h"
#include "witness/witness.h"

namespace sekisho::witness {
namespace {

constexpr std::string_view kUsage =
    "usage: sekisho-witness init --state FILE --name NAME\n"
    "       sekisho-witness show --state FILE\n"
    "       sekisho-witness run  --state FILE --listen ADDRESS:PORT --log KEY|FILE ...\n"
    "                            [--certificate FILE --key FILE]\n"
    "\n"
    "init    makes a witness: FILE holds its key and all it remembers. NAME is what it is known "
    "by\n"
    "        for ever, such as witness.clinic.example/w1. Prints its verifier key.\n"
    "show    prints the verifier key, the newest cosigned checkpoint of each log, and forks.\n"
    "run     answers POST /add-checkpoint for the logs with these verifier keys (audit.pub), in\n"
    "        clear only on a loopback address. Ends with SIGTERM.\n"
    "\n"
    "Never restore FILE from a backup: the witness would forget what it has cosigned.\n";

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// "--name value" pairs; only those of `repeated` may be there more than once.
class Options {
 public:
  Options(std::span<const std::string_view> arguments, std::span<const std::string_view> known,
          std::string_view repeated = {}) {
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
      const std::string name(arguments[i]);
      if (std::ranges::find(known, name) == known.end()) throw UsageError("unknown: " + name);
      if (i + 1 == arguments.size()) throw UsageError(name + " wants a value");
      auto& values = values_[name];
      if (!values.empty() && name != repeated) throw UsageError(name + " is there twice");
      values.emplace_back(arguments[i + 1]);
    }
  }
  const std::vector<std::string>& all(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) throw UsageError(name + " is missing");
    return found->second;
  }
  const std::string& get(const std::string& name) const { return all(name).front(); }
  bool has(const std::string& name) const { return values_.contains(name); }

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

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

void init(std::span<const std::string_view> arguments, std::ostream& out, std::ostream&) {
  static constexpr std::string_view kKnown[] = {"--state", "--name"};
  const Options options(arguments, kKnown);
  create_state(options.get("--state"), options.get("--name"));
  out << verifier_line(read_state(options.get("--state"))) << '\n';
}

void show(std::span<const std::string_view> arguments, std::ostream& out, std::ostream&) {
  static constexpr std::string_view kKnown[] = {"--state"};
  const State state = read_state(Options(arguments, kKnown).get("--state"));
  out << verifier_line(state) << '\n';
  for (const auto& [origin, record] : state.logs) {
    out << "\nnewest cosigned checkpoint of " << origin << ":\n" << record.newest;
    if (record.fork) out << "\nFORK: the same log has also signed\n" << *record.fork;
  }
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

void run(std::span<const std::string_view> arguments, std::ostream& out, std::ostream& err) {
  static constexpr std::string_view kKnown[] = {"--state", "--listen", "--log", "--certificate",
                                                "--key"};
  const Options options(arguments, kKnown, "--log");
  const auto address = Address::parse(options.get("--listen"));
  if (!address) throw UsageError("--listen wants ADDRESS:PORT, such as 127.0.0.1:8443");
  std::vector<audit::NoteVerifier> logs;
  for (const std::string& log : options.all("--log")) logs.push_back(read_log_key(log));
  std::optional<TlsFiles> tls;
  if (options.has("--certificate") || options.has("--key")) {
    tls = TlsFiles{options.get("--certificate"), options.get("--key")};
  }
  const sigset_t ending = block_ending_signals();
  std::mutex report_mutex;
  const core::Log report = [&](core::Severity, std::string_view text) {
    const std::lock_guard lock(report_mutex);
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
}

struct Subcommand {
  std::string_view name;
  void (*run)(std::span<const std::string_view> arguments, std::ostream& out, std::ostream& err);
};
constexpr Subcommand kSubcommands[] = {{"init", init}, {"show", show}, {"run", run}};

}  // namespace

ExitCode run_command(std::span<const std::string_view> arguments, std::ostream& out,
                     std::ostream& err) {
  try {
    for (const Subcommand& subcommand : kSubcommands) {
      if (arguments.empty() || arguments.front() != subcommand.name) continue;
      subcommand.run(arguments.subspan(1), out, err);
      return ExitCode::good;
    }
    err << kUsage;
  } catch (const UsageError& error) {
    err << "sekisho-witness: " << error.what() << '\n' << kUsage;
  } catch (const std::exception& error) {
    err << "sekisho-witness: " << error.what() << '\n';
    return ExitCode::failed;
  }
  return ExitCode::misused;
}

}  // namespace sekisho::witness
