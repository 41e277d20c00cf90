#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs clang-tidy and prints its findings, each once, and nothing else.

    tidy.py --build DIR [FILE ...]

Without files: every .cpp; clang-tidy guesses how one is compiled that DIR/compile_commands.json does
not have (the fuzzers). With files: the units among them, and for each
header one unit that includes it, where the header's findings show. Files of other kinds are passed
over; a changed .clang-tidy means everything. Exits with 1 if anything was found. `--self-test` plants
a finding and shows that it is found, and with our own .clang-tidy a member that is read without the
mutex that guards it.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

CLANG_TIDY = "clang-tidy-22"
ROOT = pathlib.Path(__file__).resolve().parents[2]
UNGUARDED = """#include "core/mutex.h"
class Counter {
 public:
  int next() { return ++count_; }

 private:
  sekisho::core::Mutex mutex_;
  int count_ SEKISHO_GUARDED_BY(mutex_) = 0;
};
int next_of(Counter& counter) { return counter.next(); }
"""
HELD = "const sekisho::core::MutexLock lock(mutex_); "
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
FINDING = re.compile(r"^\S.*: (?:error|warning): .*\[[\w.,-]+\]$")


def sources_of(root, suffix):
    return sorted(path for path in root.rglob(f"*{suffix}")
                  if not path.relative_to(root).parts[0].startswith("build"))


class Readers:
    """Which unit a header is best read through."""

    def __init__(self, root, units):
        self.root, self.units = root, set(units)
        self.includers = {}  # file: those that include it, directly
        for source in [*units, *sources_of(root, ".h")]:
            for name in INCLUDE.findall(source.read_text(encoding="utf-8")):
                for base in (root, root / "tests", source.parent):
                    self.includers.setdefault(base / name, []).append(source)

    def unit_for(self, header):
        """Its own .cpp, else the first that includes it by the fewest steps; None: nobody does."""
        own = header.with_suffix(".cpp")
        if own in self.units:
            return own
        seen, front = {header}, [header]
        while front:
            front = [source for file in front for source in self.includers.get(file, [])
                     if source not in seen]
            seen.update(front)
            for source in front:
                if source in self.units:
                    return source
        return None


def wanted_units(root, units, files):
    """The units to be read for `files`, in order, each once."""
    files = [(root / file).resolve() for file in files]
    if not files or any(file.name == ".clang-tidy" for file in files):
        return units
    readers = Readers(root, units)
    wanted = {file for file in files if file in readers.units}
    wanted |= {readers.unit_for(file) for file in files if file.suffix == ".h" and file.exists()}
    return [unit for unit in units if unit in wanted]


def tidy(build, unit):
    """What clang-tidy says of one unit: None if nothing."""
    done = subprocess.run([CLANG_TIDY, "-p", build, "--quiet", unit], capture_output=True, text=True,
                          check=False)
    if done.returncode == 0:
        return None
    return done.stdout if FINDING.search(done.stdout.partition("\n")[0]) else done.stdout + done.stderr


def blocks_of(text):
    """A finding and the lines that belong to it, one after the other."""
    block = []
    for line in text.splitlines():
        if FINDING.match(line) and block:
            yield "\n".join(block)
            block = []
        block.append(line)
    if block:
        yield "\n".join(block)


def report(build, units):
    """Prints what is found; true if that is nothing."""
    seen, clean = set(), True
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for said in pool.map(lambda unit: tidy(build, unit), units):
            for block in blocks_of(said or ""):
                clean = False
                finding = block.partition("\n")[0]
                if finding not in seen:  # a header's shows in every unit that includes it
                    seen.add(finding)
                    print(block, flush=True)
    return clean


def self_test():
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory).resolve()
        texts = {".clang-tidy": "Checks: '-*,modernize-use-nullptr'\nWarningsAsErrors: '*'\n"
                                "HeaderFilterRegex: '.*'\n",
                 "wrong.h": "inline int* none() { return 0; }\n",
                 "user.cpp": '#include "wrong.h"\nint* user() { return none(); }\n',
                 "other.cpp": "int other() { return 1; }\n",
                 "ours/.clang-tidy": (ROOT / ".clang-tidy").read_text(encoding="utf-8"),
                 "ours/unguarded.cpp": UNGUARDED,
                 "ours/guarded.cpp": UNGUARDED.replace("return", HELD + "return", 1)}
        (root / "ours").mkdir()
        for name, text in texts.items():
            (root / name).write_text(text, encoding="utf-8")
        commands = [{"directory": str(root), "command": f"c++ -std=c++20 -I{ROOT} -c {name}",
                     "file": str(root / name)}
                    for name in texts if name.endswith(".cpp")]
        (root / "compile_commands.json").write_text(json.dumps(commands), encoding="utf-8")
        units = sources_of(root, ".cpp")
        chosen = [unit.name for unit in wanted_units(root, units, ["wrong.h"])]
        ok = (chosen == ["user.cpp"] and not report(root, [root / "user.cpp"]) and
              report(root, [root / "other.cpp"]) and
              not report(root, [root / "ours/unguarded.cpp"]) and
              report(root, [root / "ours/guarded.cpp"]) and
              wanted_units(root, units, [".clang-tidy", "wrong.h"]) == units and
              wanted_units(root, units, ["README.md"]) == [])
    print(f"self-test: {'the planted findings were found' if ok else f'wrong, read {chosen}'}")
    return ok


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    if options.self_test:
        return 0 if self_test() else 1
    units = wanted_units(ROOT, sources_of(ROOT, ".cpp"), options.files)
    return 0 if report(options.build, units) else 1


if __name__ == "__main__":
    sys.exit(main())
