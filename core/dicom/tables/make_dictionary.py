# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns ps3.6-dict.tsv into the constexpr tables behind core/dicom/dictionary.h.

usage: make_dictionary.py ps3.6-dict.tsv dictionary_table.h
"""

import sys

# What an x may stand for depends on the row: the group of curves and overlays repeats at even
# numbers only (PS3.5 §7.6), the others at any.
MASKS = {
    "50xx": 0xFF01FFFF,
    "60xx": 0xFF01FFFF,
}


def mask_of(pattern):
    by_group = MASKS.get(pattern[:4])
    if by_group is not None:
        return by_group
    return int("".join("0" if digit == "x" else "F" for digit in pattern), 16)


def multiplicity(vm):
    """least, most (0: without end), step. A stream of bytes or words has one value (PS3.5 §6.4), a
    private element may have none at all, as every element may that is empty."""
    first, _, last = vm.replace(" or 1", "").partition("-")
    least = max(int(first), 1)
    if last.endswith("n"):
        return least, 0, int(last[:-1] or 1)
    return least, int(last or first), 1


def multiplicity_literal(vm):
    return "Multiplicity::of({}, {}, {})".format(*multiplicity(vm))


def read_rows(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("#"):
                continue
            tag, keyword, vrs, vm, retired = line.rstrip("\n").split("\t")
            # Item delimiters and a few retired elements have no VR: there is nothing to look up.
            if not vrs:
                continue
            choices = vrs.split("/")
            vr = next((c for c in ("US", "OB") if c in choices), choices[0])
            yield tag, keyword, vr, retired == "Y", vm


def literal(tag, keyword, vr, retired, vm):
    value = tag.replace("x", "0")
    return f'{{Tag{{0x{value}}}, "{keyword}", Vr::{vr}, {str(retired).lower()}, {multiplicity_literal(vm)}}}'


def main(source, target):
    rows = sorted(read_rows(source), key=lambda row: row[0].replace("x", "0"))
    exact = [row for row in rows if "x" not in row[0]]
    repeating = [row for row in rows if "x" in row[0]]
    entries = exact + repeating
    by_keyword = sorted(
        (i for i, row in enumerate(entries) if row[1]), key=lambda i: entries[i][1]
    )
    masks = sorted({mask_of(row[0]) for row in repeating})
    out = [
        "// Made by core/dicom/tables/make_dictionary.py from ps3.6-dict.tsv.",
        "// The attributes are facts of the DICOM standard, (c) NEMA.",
        "#pragma once",
        "#include <cstdint>",
        '#include "core/dicom/dictionary.h"',
        "namespace sekisho::core::dicom::table {",
        f"inline constexpr std::size_t kExactCount = {len(exact)};",
        "/// Exact tags in their order, then repeating ones in theirs, every x as 0.",
        f"inline constexpr DictionaryEntry kEntries[{len(entries)}] = {{",
        *(f"    {literal(*row)}," for row in entries),
        "};",
        "/// For each repeating entry the bits that a tag must share with it.",
        f"inline constexpr std::uint32_t kRepeatingMasks[{len(repeating)}] = {{",
        *(f"    0x{mask_of(row[0]):08X}," for row in repeating),
        "};",
        "/// Every mask once.",
        f"inline constexpr std::uint32_t kMasks[{len(masks)}] = {{",
        *(f"    0x{mask:08X}," for mask in masks),
        "};",
        "/// Indices of entries in order of their keywords.",
        f"inline constexpr std::uint16_t kByKeyword[{len(by_keyword)}] = {{",
        *(f"    {index}," for index in by_keyword),
        "};",
        "}  // namespace sekisho::core::dicom::table",
        "",
    ]
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
