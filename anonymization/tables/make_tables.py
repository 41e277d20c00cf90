# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns the masking tables of this folder into the constexpr arrays behind anonymization/tables.h.

usage: make_tables.py TABLES_FOLDER ps3.6-dict.tsv tables_data.h

Refuses a dictionary element without a decision, a decision without an element or a reason, and one
that Table E.1-1 does not allow.
"""

import csv
import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).parents[2] / "core/dicom/tables"))
sys.dont_write_bytecode = True
from make_dictionary import multiplicity_literal  # noqa: E402

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
# Column names of Table E.1-1 and headings of Table E.3.4-1, by the enumerators of Option.
COLUMNS = {
    "rtn_uids": "retain_uids",
    "rtn_dev_id": "retain_device_identity",
    "rtn_inst_id": "retain_institution_identity",
    "rtn_pat_chars": "retain_patient_characteristics",
    "rtn_long_full_dates": "retain_full_dates",
    "rtn_long_modif_dates": "retain_modified_dates",
    "clean_desc": "clean_descriptors",
    "clean_struct_cont": "clean_structured_content",
    "clean_graph": "clean_graphics",
}
CONTENT_COLUMNS = {
    "Rtn. UIDs Opt.": "retain_uids",
    "Rtn. Dev. Id. Opt.": "retain_device_identity",
    "Rtn. Inst. Id. Opt.": "retain_institution_identity",
    "Rtn. Pat. Chars. Opt.": "retain_patient_characteristics",
    "Rtn. Long. Full Dates Opt.": "retain_full_dates",
    "Rtn. Long. Modif. Dates Opt.": "retain_modified_dates",
    "Clean Desc. Opt.": "clean_descriptors",
}
DECISIONS = {
    "keep": "keep",
    "remove": "remove",
    "empty": "empty",
    "dummy": "dummy",
    "remap": "remap_uid",
    "pseudonym": "pseudonymise",
    "cleaned": "clean",
    "listed": "keep_listed",
    "coded": "keep_coded",
}
# What the Basic Profile column lets us decide; removing is never laxer. X/Z/U* is entered ("keep").
ALLOWED = {
    "X": set(),
    "Z": {"empty"},
    "D": {"dummy"},
    "U": {"remap"},
    "X/Z": {"empty"},
    "X/D": {"dummy"},
    "Z/D": {"empty", "dummy", "pseudonym"},
    "X/Z/D": {"empty", "dummy"},
    "X/Z/U*": {"keep"},
}
# Where we do otherwise (PS3.15 Table E.1-1a note: what the object cannot do without takes a value).
OTHERWISE = {
    ("00080050", "pseudonym"),  # AccessionNumber, Z
    ("00081111", "keep"),  # ReferencedPerformedProcedureStepSequence, X/Z/D: a sequence of references
    ("00100010", "dummy"),  # PatientName, Z
    ("006A0003", "remap"),  # AnnotationGroupUID, D
    ("00700082", "dummy"),  # PresentationCreationDate, X, of Type 1
    ("00700083", "dummy"),  # PresentationCreationTime, X, of Type 1
}


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


def check_decisions(decisions, keywords, confidentiality, reasons):
    tags = [row["tag"] for row in decisions]
    if tags != sorted(set(tags)):
        sys.exit("decisions.tsv is not sorted, or decides twice")
    if set(tags) != set(keywords):
        sys.exit(f"dictionary and decisions.tsv differ: {sorted(set(tags) ^ set(keywords))}")
    basic = {row["tag"]: row["basic"] for row in confidentiality}
    for row in decisions:
        tag, decision, reason = row["tag"], row["decision"], row["reason"]
        if decision not in DECISIONS or reason not in reasons:
            sys.exit(f"{tag}: no such decision or reason: {decision} {reason}")
        if reason == "table" and tag not in basic:
            sys.exit(f"{tag} is no row of Table E.1-1")
        is_allowed = decision == "remove" or decision in ALLOWED.get(basic.get(tag), DECISIONS)
        if not is_allowed and (tag, decision) not in OTHERWISE:
            sys.exit(f"{tag}: Table E.1-1 does not allow {decision}")


def code_terms(rows, decisions):
    """Of every element (tag 0) first; the value that a term is for, 0 for any."""
    listed = {row["tag"] for row in decisions if row["decision"] in ("listed", "empty")}
    for row in rows:
        if row["element"] != "*" and row["element"] not in listed:
            sys.exit(f"{row['element']} has terms but is not listed")
        if row["term"] != row["term"].upper() or len(row["term"]) > 16:
            sys.exit(f"no code: {row['term']}")
    keys = [("0" if row["element"] == "*" else row["element"], row["value"] or "0", row["term"]) for row in rows]
    if len(set(keys)) != len(keys):
        sys.exit("a term is listed twice")
    return (f'{{core::dicom::Tag{{0x{tag}}}, {value}, "{term}"}}' for tag, value, term in sorted(keys))


def without_shadowed(decisions):
    """An exact tag comes before one with x in it, as in the dictionary; x is written 0."""
    exact = {row["tag"] for row in decisions}
    rows = [row | {"tag": row["tag"].replace("x", "0")} for row in decisions]
    shadowed = [row["tag"].replace("x", "0") in exact and "x" in row["tag"] for row in decisions]
    return sorted((row for row, gone in zip(rows, shadowed) if not gone), key=lambda row: row["tag"])


def option_set(names):
    return "{" + ", ".join(f"Option::{name}" for name in names.split()) + "}"


def check_marks(rows, columns):
    marks = {row[column] for row in rows for column in columns}
    if not marks <= {"", "K", "C"}:
        sys.exit(f"option columns hold {sorted(marks)}")


def check_quantities(rows):
    for row in rows:
        if row["Quantity"] not in ({"age", "number"} if row["Value Type"] == "NUM" else {""}):
            sys.exit(f"{row['Code Value']} is no {row['Quantity'] or 'quantity'}")


def options(row, columns, mark):
    """The options whose column says `mark`, as an initializer of OptionSet."""
    return "{" + ", ".join(f"Option::{option}" for column, option in columns.items() if row[column] == mark) + "}"


def marks(row, columns):
    return f"{options(row, columns, 'K')}, {options(row, columns, 'C')}"


def private_tag(text):
    """(gggg,xxee) as gggg00ee."""
    group, element = re.fullmatch(r"\((\w{4}),xx(\w{2})\)", text).groups()
    return f"{group}00{element}".upper()


def private_rows(rows):
    """Creator, tag, VR, VM; the first VR where there are several, UN where the table gives none."""
    keys = sorted(
        (row["private_creator"], private_tag(row["tag"]), row["vr"].split("/")[0] or "UN", row["vm"] or "1-n")
        for row in rows
    )
    if len({key[:2] for key in keys}) != len(keys):
        sys.exit("a safe private attribute is listed twice")
    return (f'{{"{creator}", core::dicom::Tag{{0x{tag}}}, core::dicom::Vr::{vr}, core::dicom::{multiplicity_literal(vm)}}}'
            for creator, tag, vr, vm in keys)


def content_rows(rows):
    def key(row):
        return row["Coding Scheme Designator"], row["Code Value"], row["Value Type"]

    for row in sorted(rows, key=key):
        words = ", ".join(f'"{word}"' for word in key(row))
        # Of the numbers that the standard retains Subject Age is the only one.
        is_age = "true" if row["Value Type"] == "NUM" and row.get("Quantity", "age") == "age" else "false"
        is_ours = "true" if "Quantity" in row else "false"
        yield (f"{{{words}, BasicAction::{BASIC[row['Basic Prof.']]}, {marks(row, CONTENT_COLUMNS)}, {is_age}, "
               f"{is_ours}}}")


def check_words(rows):
    listed = [row["word"] for row in rows]
    twice = sorted({word for word in listed if listed.count(word) > 1})
    if twice:
        sys.exit(f"words of descriptions listed twice: {', '.join(twice)}")
    for row in rows:
        known = row["class"] in {"alone", "beside", "never", "unit"}
        if not known or row["sense"] not in {None, "turn", "side", "state"}:
            sys.exit(f"{row['word']} has a class or a sense that is none")


def words(rows, column, kind):
    """The words of one class or sense as C++ strings, in the order of their bytes."""
    listed = sorted((row["word"] for row in rows if row[column] == kind), key=lambda word: word.encode())
    return (f'"{word}"' for word in listed)


def structures(rows):
    """Names of structures as they are compared: without underscores, in capitals."""
    keys = sorted(row["name"].replace("_", "").upper() for row in rows)
    if len(set(keys)) != len(keys):
        sys.exit("a structure is listed twice")
    return (f'"{key}"' for key in keys)


def array(kind, name, items):
    lines = ",\n".join(f"    {item}" for item in items)
    return f"inline constexpr {kind} {name}[] = {{\n{lines}}};\n"


def main(folder, dictionary, target):
    folder = pathlib.Path(folder)
    keywords = read_dictionary(dictionary)
    confidentiality = single_tags(read(folder / "ps3.15-table-e1-1.tsv"))
    decisions = read(folder / "decisions.tsv")
    reasons = read(folder / "decision-reasons.tsv")
    uids = sorted(row["uid"] for row in read(folder / "well-known-uids.tsv"))
    safe_private = read(folder / "ps3.15-table-e3-10-1-safe-private.tsv")
    content = read(folder / "ps3.15-table-e3-4-1-sr-concepts.tsv")
    beyond_content = read(folder / "beyond-table-e3-4-1.tsv")
    check_quantities(beyond_content)
    content += [dict.fromkeys(CONTENT_COLUMNS, "") | row for row in beyond_content]
    descriptors = read(folder / "descriptor-words.tsv")
    check_words(descriptors)
    schemes = sorted(row["designator"] for row in read(folder / "coding-schemes.tsv"))
    named = {row["Coding Scheme Designator"] for row in content}
    if not named <= set(schemes):
        sys.exit(f"coding schemes of concepts that are not listed: {sorted(named - set(schemes))}")
    check_marks(confidentiality, COLUMNS)
    check_marks(content, CONTENT_COLUMNS)
    reason_names = [row["reason"] for row in reasons]
    check_decisions(decisions, keywords, confidentiality, reason_names)

    basic = sorted(confidentiality, key=lambda row: row["tag"])
    terms = read(folder / "code-terms.tsv")
    text = [
        "// Made by anonymization/tables/make_tables.py.\n"
        "// The attributes and UIDs are facts of the DICOM standard, (c) NEMA.\n"
        "#pragma once\n"
        '#include "anonymization/tables.h"\n'
        "namespace sekisho::anonymization::table {\n",
        array(
            "ConfidentialityRow",
            "kConfidentiality",
            (
                f"{{core::dicom::Tag{{0x{row['tag']}}}, BasicAction::{BASIC[row['basic']]}, {marks(row, COLUMNS)}}}"
                for row in basic
            ),
        ),
        array(
            "DecisionReason",
            "kReasons",
            (
                f'{{"{row["reason"]}", "{row["sentence"]}", {option_set(row["keep"])}, {option_set(row["clean"])}}}'
                for row in reasons
            ),
        ),
        array(
            "DecisionRow",
            "kDecisions",
            (
                f"{{core::dicom::Tag{{0x{row['tag']}}}, Decision::{DECISIONS[row['decision']]}, "
                f"{reason_names.index(row['reason'])}}}"
                for row in without_shadowed(decisions)
            ),
        ),
        array("CodeTermRow", "kCodeTerms", code_terms(terms, decisions)),
        array("SafePrivateRow", "kSafePrivate", private_rows(safe_private)),
        array("ContentRow", "kContent", content_rows(content)),
        array("std::string_view", "kWordsAlone", words(descriptors, "class", "alone")),
        array("std::string_view", "kWordsBeside", words(descriptors, "class", "beside")),
        array("std::string_view", "kUnits", words(descriptors, "class", "unit")),
        array("std::string_view", "kTurns", words(descriptors, "sense", "turn")),
        array("std::string_view", "kSides", words(descriptors, "sense", "side")),
        array("std::string_view", "kStates", words(descriptors, "sense", "state")),
        array("std::string_view", "kStructures", structures(read(folder / "structure-names.tsv"))),
        array("std::string_view", "kCodingSchemes", (f'"{scheme}"' for scheme in schemes)),
        array("std::string_view", "kWellKnownUids", (f'"{uid}"' for uid in uids)),
        "}  // namespace sekisho::anonymization::table\n",
    ]
    pathlib.Path(target).write_text("".join(text), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
