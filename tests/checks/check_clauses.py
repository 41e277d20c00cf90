#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds docs/dicomweb.md to its word: each clause of PS3.18 that its table claims is cited, by number,
in the file that the table names and in a test.

A citation is "PS3.18 §8.3.4.2", an edition between the two or further clauses behind it ("PS3.18 2024e
§8.3.4, §10.6.1") included. Prints one line for each claim that is not kept, and exits with 1.
`--self-test` plants claims of each kind and shows that those that are not kept are found.
"""
import re
import sys

import checking

PAGE = "docs/dicomweb.md"
HEADING = "| clause | what | where |"
CLAUSE = r"§[A-Z0-9]+(?:\.[0-9]+)*"
CITATION = re.compile(rf"PS3\.18(?: [0-9]{{4}}[a-e])? {CLAUSE}(?:(?:, | and |, and ){CLAUSE})*")
# What begins a line of a comment; a citation may go on in the next one.
LINE_OF_COMMENT = re.compile(r"\n\s*(?://[/!]?|#|\*)? *")


def clauses_in(text):
    """Every clause of PS3.18 that a text cites."""
    flat = LINE_OF_COMMENT.sub(" ", text)
    return {clause for citation in CITATION.findall(flat) for clause in re.findall(CLAUSE, citation)}


def rows_of(page):
    """(line, clause, file) of each row of the page's tables of clauses."""
    is_in_table = False
    for number, line in enumerate(page.splitlines(), start=1):
        if not line.startswith("|"):
            is_in_table = False
        elif line.strip() == HEADING:
            is_in_table = True
        elif is_in_table and not re.fullmatch(r"[-| ]+", line):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            yield number, cells[0].strip("`"), cells[-1].strip("`")


def cited_in(files):
    return set().union(*(clauses_in(file.read_text(encoding="utf-8")) for file in files), set())


def problems_of(root):
    rows = list(rows_of((root / PAGE).read_text(encoding="utf-8")))
    if not rows:
        yield f"{PAGE}: no table of clauses"
    in_tests = cited_in(file for file in sorted((root / "tests").rglob("*"))
                        if file.suffix in (".cpp", ".h", ".py")
                        and file.parent != root / "tests/checks")
    seen = set()
    for number, clause, where in rows:
        claim = f"{PAGE}:{number}: {clause}"
        if not re.fullmatch(CLAUSE, clause):
            yield f"{claim} is no clause"
        elif clause in seen:
            yield f"{claim} is claimed twice"
        elif not (root / where).is_file():
            yield f"{claim}: there is no file {where}"
        elif clause not in clauses_in((root / where).read_text(encoding="utf-8")):
            yield f"{claim} is not cited in {where}"
        elif clause not in in_tests:
            yield f"{claim} is cited in no test"
        seen.add(clause)


def self_test():
    kept = "a/kept.h", "/// As asked (PS3.18 2024e §8.1 and\n/// §8.2, §10.3)."
    test = "tests/some_test.cpp", "// PS3.18 §8.1, §8.2\n// PS3.18 §8.4"

    def problems(*rows):
        page = "\n".join((HEADING, "| --- | --- | --- |", *rows))
        return len(checking.files_with_problems(problems_of, [(PAGE, page), kept, test]))

    found = {
        "kept": problems("| §8.1 | x | `a/kept.h` |", "| §8.2 | x | `a/kept.h` |"),
        "not in a test": problems("| §10.3 | x | `a/kept.h` |"),
        "not in the file": problems("| §8.4 | x | `a/kept.h` |"),
        "part of a number": problems("| §8 | x | `a/kept.h` |"),
        "no file": problems("| §8.1 | x | `a/gone.h` |"),
        "no clause": problems("| 8.1 | x | `a/kept.h` |"),
        "twice": problems("| §8.1 | x | `a/kept.h` |", "| §8.1 | x | `a/kept.h` |"),
        "no table": problems()}
    wrong = [kind for kind, number in found.items() if number != (kind != "kept")]
    print("\n".join(f"wrong: {kind}" for kind in wrong) or "each kind is found")
    return not wrong


if __name__ == "__main__":
    sys.exit(checking.run(__doc__, problems_of, self_test, "each clause is cited"))
