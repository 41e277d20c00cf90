#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds a man page to what its program says of itself: check_man.py PROGRAM PAGE

Every command that `PROGRAM --help` lists stands in the page with the options that `PROGRAM COMMAND
--help` lists, every option has its paragraph, and the page has no others. Where mandoc is at hand,
it has nothing to warn of. Prints one line for each difference and exits with 1. `--self-test` renames
things in the page and shows that each is found.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

EVERYWHERE = {"--help", "--version"}


def help_of(program, *command):
    return subprocess.run([program, *command, "--help"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout


def listed(text, heading):
    """The first words below a heading of a help text."""
    below = text.partition(f"\n{heading}:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  (\S+)", below, re.MULTILINE)


def said_by(program):
    """{command: its options}"""
    commands = listed(help_of(program), "Commands")
    return {command: set(listed(help_of(program, command), "Options")) - EVERYWHERE
            for command in commands}


def section(page, name):
    return page.partition(f"\n.Sh {name}\n")[2].partition("\n.Sh ")[0]


def options_in(text):
    return {"-" + name for name in re.findall(r"\bFl (-[a-z-]+)", text)}


def written_in(page):
    """{command: its options} of the page; of all items about one command together."""
    found = {}
    for item in re.split(r"^\.It ", section(page, "COMMANDS"), flags=re.MULTILINE)[1:]:
        synopsis = item.partition("\n.Xc\n")[0]
        command = re.search(r"\.Cm (\S+)", synopsis).group(1)
        found.setdefault(command, set()).update(options_in(synopsis))
    return found


def differences(said, page):
    written = written_in(page)
    for command in sorted(said.keys() ^ written.keys()):
        yield f"{command}: only " + ("the help has it" if command in said else "the page has it")
    for command in sorted(said.keys() & written.keys()):
        for option in sorted(said[command] ^ written[command]):
            where = "the help" if option in said[command] else "the page"
            yield f"{command}: only {where} has {option}"
    explained = {"-" + name for name in
                 re.findall(r"^\.It Fl (-\S+)", section(page, "OPTIONS"), re.MULTILINE)}
    for option in sorted(explained ^ (set.union(*said.values()) | EVERYWHERE)):
        yield f"OPTIONS: {option} is " + ("no option" if option in explained else "missing")


def warnings(file):
    if shutil.which("mandoc") is None:
        return []
    return subprocess.run(["mandoc", "-T", "lint", "-W", "warning", file], stdout=subprocess.PIPE,
                          text=True).stdout.splitlines()


# What self_test() renames: a command, an option of it, and the explanation of an option.
DAMAGES = [(r"^\.Cm \S+$", ".Cm no-such"), (r"^\.Fl -\S+", ".Fl -no-such"),
           (r"^\.It Fl -\S+", ".It Fl -no-such")]


def self_test(said, page):
    """What is renamed in the page is missed by its old name and found by its new one."""
    before, heading, rest = page.partition("\n.Sh COMMANDS\n")
    for old, new in DAMAGES:
        damaged = before + heading + re.sub(old, new, rest, count=1, flags=re.MULTILINE)
        if len(list(differences(said, damaged))) < 2:
            yield f"not found: {new}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    page = arguments.page.read_text(encoding="utf-8")
    said = said_by(arguments.program)
    problems = list(differences(said, page)) + warnings(arguments.page)
    if arguments.self_test:
        problems += self_test(said, page)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
