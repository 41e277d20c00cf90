#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the direction of dependencies: which folder may include which, and who may use a library.

Prints one line for each wrong include and exits with 1. `--self-test` plants wrong includes in a
temporary tree and shows that each is found.
"""
import argparse
import pathlib
import re
import sys
import tempfile

# docs/architecture.md: plugin -> gateway -> dicomweb -> sharing | anonymization | audit -> core, and
# witness, a program of its own beside the plugin, on audit and the gateway's HTTP server.
MAY_INCLUDE = {
    "core": set(),
    "sharing": {"core"},
    "anonymization": {"core"},
    "audit": {"core"},
    "dicomweb": {"core", "sharing", "anonymization", "audit"},
    "gateway": {"core", "sharing", "anonymization", "audit", "dicomweb"},
    "witness": {"core", "audit", "gateway"},
    "plugin": {"core", "sharing", "anonymization", "audit", "dicomweb", "gateway"},
}

# A library and the folders that may know it.
ONLY_IN = [
    (re.compile(r"^orthanc/|^OrthancCPlugin\.h$"), {"plugin"}),
    (re.compile(r"^boost/(asio|beast)"), {"gateway"}),
    (re.compile(r"^curl/"), {"plugin"}),
    (re.compile(r"^dcmtk/"), {"anonymization"}),
    (re.compile(r"^(pango/|cairo)"), {"audit"}),
    (re.compile(r"^(SQLiteCpp/|sqlite3\.h$)"), {"core", "sharing", "audit"}),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def problems_of(root):
    """Yields "file:line: what is wrong" for the product's sources below `root`."""
    for folder in MAY_INCLUDE:
        for source in sorted((root / folder).rglob("*")):
            if source.suffix in (".cpp", ".h"):
                yield from problems_in(source, folder, root)


def problems_in(source, folder, root):
    text = source.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        target = match.group(2)
        where = f"{source.relative_to(root)}:{number}"
        if ".." in pathlib.PurePosixPath(target).parts:
            yield f"{where}: {target} climbs out of its folder"
        other = target.split("/")[0]
        if other in ("tests", "bench"):
            yield f"{where}: product code includes {target}"
        if other in MAY_INCLUDE and other != folder and other not in MAY_INCLUDE[folder]:
            yield f"{where}: {folder} must not know {other} ({target})"
        for library, folders in ONLY_IN:
            if library.match(target) and folder not in folders:
                yield f"{where}: {target} belongs to {', '.join(sorted(folders))} alone"


def self_test():
    wrong = [
        ("core/a.h", '#include "sharing/share.h"'),
        ("sharing/a.cpp", '#include "audit/event.h"'),
        ("anonymization/a.cpp", '  #  include "sharing/share.h"'),
        ("audit/deep/a.cpp", '#include "dicomweb/reply.h"'),
        ("dicomweb/a.cpp", '#include "gateway/gateway.h"'),
        ("gateway/a.cpp", '#include "plugin/config.h"'),
        ("gateway/b.cpp", "#include <orthanc/OrthancCPlugin.h>"),
        ("witness/b.cpp", "#include <curl/curl.h>"),
        ("dicomweb/b.cpp", "#include <boost/beast/http.hpp>"),
        ("dicomweb/c.cpp", "#include <dcmtk/dcmdata/dcdatset.h>"),
        ("gateway/c.cpp", "#include <SQLiteCpp/Database.h>"),
        ("plugin/c.cpp", "#include <cairo-pdf.h>"),
        ("witness/a.cpp", '#include "sharing/share.h"'),
        ("plugin/b.cpp", '#include "witness/witness.h"'),
        ("core/b.cpp", '#include "tests/support/dicom_builder.h"'),
        ("core/c.cpp", '#include "../sharing/share.h"'),
    ]
    right = [
        ("plugin/a.cpp", '#include "gateway/gateway.h"\n#include <orthanc/OrthancCPlugin.h>'),
        ("gateway/ok.cpp", "#include <boost/asio.hpp>\n// #include \"plugin/config.h\""),
        ("anonymization/ok.cpp", "#include <dcmtk/dcmdata/dctk.h>\n#include <vector>"),
    ]
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        for name, text in wrong + right:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(f"#pragma once\n{text}\n", encoding="utf-8")
        found = {line.split(":")[0] for line in problems_of(root)}
    missed = {name for name, _ in wrong} - found
    invented = found - {name for name, _ in wrong}
    for name in sorted(missed):
        print(f"self-test: the wrong include in {name} was not found")
    for name in sorted(invented):
        print(f"self-test: a right include in {name} was reported")
    return not missed and not invented


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return 0 if self_test() else 1
    root = pathlib.Path(__file__).resolve().parents[2]
    problems = list(problems_of(root))
    print("\n".join(problems) if problems else "includes: every folder knows only whom it may")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
