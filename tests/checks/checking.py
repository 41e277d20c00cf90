# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of this folder have in common: how they are called, and how they plant what they find."""
import argparse
import pathlib
import tempfile

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def run(description, problems_of, self_test, all_is_well):
    """The exit status of a check. `problems_of` gives a line for each problem below a directory;
    with --self-test, `self_test` says whether each kind of problem is found."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--self-test", action="store_true")
    if parser.parse_args().self_test:
        return 0 if self_test() else 1
    problems = list(problems_of(REPOSITORY))
    print("\n".join(problems) if problems else all_is_well)
    return 1 if problems else 0


def files_with_problems(problems_of, files):
    """Of a tree of files, (name, text) each: those with a problem, one as often as it has one."""
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        for name, text in files:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(f"{text}\n", encoding="utf-8")
        return [line.split(":")[0] for line in problems_of(root)]
