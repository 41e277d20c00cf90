#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds docs/security.md and docs/asvs.md to their word: each row of a table whose last column is
"shown by" names tests, files or pages that exist.

A test is named `test_sign_in.py::test_x`, `test_sign_in.py` (all of its tests) or `Suite.Name`
(GoogleTest); a file by its path from the root; a page by a link. In docs/asvs.md each requirement has
one of three verdicts, and what is met is shown by something. Prints one line for each claim that is not
kept, and exits with 1. `--self-test` plants claims of each kind and shows that those that are not kept
are found.
"""
import re
import sys

import checking

THREATS, REQUIREMENTS = "docs/security.md", "docs/asvs.md"
LAST_COLUMN = "shown by"
NOTHING = "–"
VERDICTS = ("met", "open", "not applicable")
GOOGLE_TEST = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)")
PYTHON_TEST = re.compile(r"^def (test_\w+)\(", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")


def rows_of(page):
    """(line, cells) of each row of the tables that claim something."""
    is_in_table = False
    for number, line in enumerate(page.splitlines(), start=1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            is_in_table = False
        elif cells[-1] == LAST_COLUMN:
            is_in_table = True
        elif is_in_table and not re.fullmatch(r"[-| ]+", line):
            yield number, cells


def tests_in(root):
    """Every name that a test may be called by."""
    found = set()
    for file in (root / "tests").rglob("*"):
        if file.suffix in (".cpp", ".h"):
            found |= {f"{suite}.{name}" for suite, name in GOOGLE_TEST.findall(file.read_text("utf-8"))}
        elif file.suffix == ".py" and file.name.startswith("test_"):
            names = PYTHON_TEST.findall(file.read_text("utf-8"))
            found |= {file.name} | {f"{file.name}::{name}" for name in names}
    return found


def is_there(root, tests, what):
    link = LINK.fullmatch(what)
    if link:
        return (root / "docs" / link[1]).is_file()
    name = what.strip("`")
    return what == f"`{name}`" and (name in tests or (root / name).is_file())


def problems_of_row(root, tests, cells):
    if cells[-1] != NOTHING:
        for what in re.split(r", (?=[`\[])", cells[-1]):
            if not is_there(root, tests, what):
                yield f"{what} is no test, file or page"


def problems_of(root):
    tests = tests_in(root)
    for page in (THREATS, REQUIREMENTS):
        rows = list(rows_of((root / page).read_text("utf-8")))
        if not rows:
            yield f"{page}: no table of what is shown"
        seen = set()
        for number, cells in rows:
            for problem in problems_of_row(root, tests, cells):
                yield f"{page}:{number}: {problem}"
            if page == THREATS:
                if cells[-1] == NOTHING:
                    yield f"{page}:{number}: shown by nothing"
                continue
            if not re.fullmatch(r"\d+\.\d+\.\d+", cells[0]) or cells[0] in seen:
                yield f"{page}:{number}: {cells[0]} is no requirement, or stands here twice"
            seen.add(cells[0])
            if cells[2] not in VERDICTS:
                yield f"{page}:{number}: {cells[2]} is no verdict"
            elif cells[2] == "met" and cells[-1] == NOTHING:
                yield f"{page}:{number}: met, and shown by nothing"


def self_test():
    files = [("tests/unit/a_test.cpp", "TEST_F(ADoor,\n       Shuts) {}"),
             ("tests/integration/test_door.py", "def test_it_shuts(door):"),
             ("docs/access.md", ""), ("gateway/routes.h", "")]
    threats = ("| case | shown by |", "| --- | --- |")
    requirements = ("| no. | what | verdict | how | shown by |", "| --- | --- | --- | --- | --- |")
    kept_threat, kept_requirement = "| x | `ADoor.Shuts` |", "| 1.2.3 | x | met | y | `gateway/routes.h` |"

    def problems(threat=(), requirement=()):
        return len(checking.files_with_problems(problems_of, [
            *files, (THREATS, "\n".join((*threats, kept_threat, *threat))),
            (REQUIREMENTS, "\n".join((*requirements, kept_requirement, *requirement)))]))

    kept = problems(
        ["| x | `test_door.py::test_it_shuts`, `test_door.py`, [access](access.md#sessions) |"],
        ["| 1.2.4 | x | open | y | – |", "| 1.2.5 | x | not applicable | y | – |"])
    found = {"a test that is gone": problems(["| x | `ADoor.Opens` |"]),
             "a Python test that is gone": problems(["| x | `test_door.py::test_it_opens` |"]),
             "a page that is gone": problems(["| x | [gone](gone.md) |"]),
             "a file that is gone": problems(["| x | `gateway/gone.h` |"]),
             "words": problems(["| x | a review |"]),
             "one of two": problems(["| x | `ADoor.Shuts`, `ADoor.Opens` |"]),
             "a threat without a test": problems(["| x | – |"]),
             "met by nothing": problems(requirement=["| 1.2.4 | x | met | y | – |"]),
             "another verdict": problems(requirement=["| 1.2.4 | x | mostly | y | – |"]),
             "twice": problems(requirement=[kept_requirement])}
    wrong = [kind for kind, number in found.items() if number != 1] + ["what is kept"] * kept
    print("\n".join(f"wrong: {kind}" for kind in wrong) or "each kind is found")
    return not wrong


if __name__ == "__main__":
    sys.exit(checking.run(__doc__, problems_of, self_test, "all that is claimed is there"))
