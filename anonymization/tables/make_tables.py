# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the masking tables of this folder into the constexpr arrays behind anonymization/tables.h.

usage: make_tables.py TABLES_FOLDER ps3.6-dict.tsv tables_data.h

Refuses a row whose tag and keyword do not go together in PS3.6, and a tag that two tables decide.
"""

import csv
import pathlib
import re
import sys

BASIC = {
    "X": "remove",
    "Z": "empty",
    "D": "dummy",
    "U": "remap_uid",
    "X/Z": "remove_or_empty",
    "X/D": "remove_or_dummy",
    "Z/D": "empty_or_dummy",
    "X/Z/D": "remove_empty_or_dummy",
    "X/Z/U*": "remove_empty_or_remap_uid",
}
DECISIONS = {"keep": "keep", "remove": "remove", "empty": "empty", "dummy": "dummy", "remap": "remap_uid"}


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_dictionary(path):
    with open(path, encoding="utf-8") as file:
        rows = (line.split("\t") for line in file if not line.startswith("#"))
        return {row[0]: row[1] for row in rows}


def single_tags(rows):
    return [row for row in rows if re.fullmatch("[0-9A-F]{8}", row["tag"])]


def check_keywords(rows, keywords):
    for row in rows:
        if keywords.get(row["tag"]) != row["keyword"]:
            sys.exit(f"{row['tag']} is not {row['keyword']} in PS3.6")


def check_distinct(*tables):
    tags = [row["tag"] for rows in tables for row in rows]
    twice = sorted({tag for tag in tags if tags.count(tag) > 1})
    if twice:
        sys.exit(f"decided more than once: {', '.join(twice)}")


def array(kind, name, items):
    lines = ",\n".join(f"    {item}" for item in items)
    return f"inline constexpr {kind} {name}[] = {{\n{lines}}};\n"


def main(folder, dictionary, target):
    folder = pathlib.Path(folder)
    keywords = read_dictionary(dictionary)
    confidentiality = single_tags(read(folder / "ps3.15-table-e1-1.tsv"))
    structural = read(folder / "structural-ui-attributes.tsv")
    beyond = read(folder / "beyond-table-e1-1.tsv")
    uids = sorted(row["uid"] for row in read(folder / "well-known-uids.tsv"))
    check_keywords(structural + beyond, keywords)
    check_distinct(confidentiality, structural, beyond)

    basic = sorted((row["tag"], BASIC[row["basic"]]) for row in confidentiality)
    decided = sorted((row["tag"], DECISIONS[row["policy"]]) for row in structural + beyond)
    text = [
        "// Made by anonymization/tables/make_tables.py.\n"
        "// The attributes and UIDs are facts of the DICOM standard, (c) NEMA.\n"
        "#pragma once\n"
        '#include "anonymization/tables.h"\n'
        "namespace sekisho::anonymization::table {\n",
        array(
            "ConfidentialityRow",
            "kConfidentiality",
            (f"{{core::dicom::Tag{{0x{tag}}}, BasicAction::{action}}}" for tag, action in basic),
        ),
        array(
            "DecisionRow",
            "kDecisions",
            (f"{{core::dicom::Tag{{0x{tag}}}, Decision::{action}}}" for tag, action in decided),
        ),
        array("std::string_view", "kWellKnownUids", (f'"{uid}"' for uid in uids)),
        "}  // namespace sekisho::anonymization::table\n",
    ]
    pathlib.Path(target).write_text("".join(text), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
