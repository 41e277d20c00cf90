#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the direction of dependencies: which folder may include which, who may use a library, and
that inside a folder nothing includes what includes it. There, x.h and x.cpp are one room.

Prints one line for each wrong include and for each ring of rooms, and exits with 1. `--self-test`
plants wrong includes and rings in a temporary tree and shows that each is found.
"""
import pathlib
import re
import sys

import checking

# docs/architecture.md: access beside sharing, on mail and core; openid on outbound and core; plugin -> gateway | staff, gateway | plugin -> web, gateway -> dicomweb -> http, dicomweb | staff ->
# disclosure -> sharing | anonymization | audit -> core, anonymization -> imaging -> core, and witness, a program of its own beside the plugin, on audit and http.
MAY_INCLUDE = {
    "core": set(),
    "outbound": {"core"},
    "mail": {"core", "outbound"},
    "openid": {"core", "outbound"},
    "access": {"core", "mail"},
    "http": {"core"},
    "sharing": {"core"},
    "imaging": {"core"},
    "anonymization": {"core", "imaging"},
    "audit": {"core"},
    "disclosure": {"core", "imaging", "sharing", "anonymization", "audit"},
    "returns": {"core", "sharing", "audit", "disclosure"},
    "dicomweb": {"core", "http", "imaging", "sharing", "anonymization", "audit", "disclosure", "returns"},
    "web": set(),
    "gateway": {"web", "access", "core", "http", "imaging", "openid", "sharing", "anonymization", "audit", "disclosure", "returns", "dicomweb"},
    "staff": {"access", "core", "imaging", "mail", "openid", "sharing", "anonymization", "audit", "disclosure", "returns"},
    "witness": {"core", "http", "audit"},
    "plugin": {"access", "core", "http", "imaging", "mail", "openid", "outbound", "sharing", "anonymization", "audit", "disclosure",
               "returns", "dicomweb", "gateway", "staff", "web"},
}

# A library and the folders that may know it.
ONLY_IN = [
    (re.compile(r"^orthanc/|^OrthancCPlugin\.h$"), {"plugin"}),
    (re.compile(r"^boost/(asio|beast)"), {"http"}),
    (re.compile(r"^curl/"), {"outbound"}),
    (re.compile(r"^(dcmtk/|openjpeg)"), {"imaging"}),
    (re.compile(r"^(pango/|cairo)"), {"audit"}),
    (re.compile(r"^(gif_lib|png|turbojpeg)\.h$"), {"imaging"}),
    (re.compile(r"^(argon2|fido|zxcvbn)\.h$|^fido/"), {"access"}),
    (re.compile(r"^utf8proc\.h$"), {"core"}),
    (re.compile(r"^(SQLiteCpp/|sqlite3\.h$)"), {"access", "core", "sharing", "audit", "returns"}),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def problems_of(root):
    """Yields "file:line: what is wrong" for the product's sources below `root`."""
    for folder in MAY_INCLUDE:
        for source in sources_of(folder, root):
            yield from problems_in(source, folder, root)
    yield from rings_of(root)


def sources_of(folder, root):
    return (each for each in sorted((root / folder).rglob("*")) if each.suffix in (".cpp", ".h"))


def includes_of(source):
    """Yields line number and target for each include of a file."""
    text = source.read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(2)


def problems_in(source, folder, root):
    for number, target in includes_of(source):
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


def rings_of(root):
    """Yields one line for each ring: the shortest way round through its first room."""
    rooms = rooms_of(root)
    for ring in strongly_connected(rooms):
        if len(ring) == 1:
            continue
        way = shortest_way_round(min(ring), rooms)
        steps = list(zip(way, way[1:]))
        text = way[0] + "".join(f" -> {to} ({rooms[room][to]})" for room, to in steps)
        yield f"{rooms[way[0]][way[1]]}: a ring of {len(ring)} rooms: {text}"


def rooms_of(root):
    """Room → the other rooms that it includes → where it does so first."""
    rooms = {}
    for folder in MAY_INCLUDE:
        for source in sources_of(folder, root):
            room = str(source.relative_to(root).with_suffix(""))
            others = rooms.setdefault(room, {})
            for number, target in includes_of(source):
                beside = source.parent / target
                found = beside if beside.is_file() else root / target
                other = str(found.relative_to(root).with_suffix(""))
                if other != room and found.is_file():
                    others.setdefault(other, f"{source.relative_to(root)}:{number}")
    return {room: {to: at for to, at in others.items() if to in rooms}
            for room, others in rooms.items()}


def strongly_connected(graph):
    """The components of a graph: nodes that reach each other. Tarjan, SIAM J. Comput. 1 (1972)."""
    order, lowest, stack, components = {}, {}, [], []

    def visit(node):
        order[node] = lowest[node] = len(order)
        stack.append(node)
        for other in graph[node]:
            if other not in order:
                visit(other)
                lowest[node] = min(lowest[node], lowest[other])
            elif other in stack:
                lowest[node] = min(lowest[node], order[other])
        if lowest[node] == order[node]:
            begin = stack.index(node)
            components.append(stack[begin:])
            del stack[begin:]

    for node in graph:
        if node not in order:
            visit(node)
    return components


def shortest_way_round(room, rooms):
    """From `room`, which is in a ring, back to itself, breadth first."""
    ways = [[room]]
    seen = set()
    for way in ways:
        for other in rooms[way[-1]]:
            if other == room:
                return way + [room]
            if other not in seen:
                seen.add(other)
                ways.append(way + [other])
    raise ValueError(f"{room} is in no ring")


def self_test():
    wrong = [
        ("core/a.h", '#include "sharing/share.h"'),
        ("sharing/a.cpp", '#include "audit/event.h"'),
        ("sharing/b.cpp", '#include "access/session.h"'),
        ("access/a.cpp", '#include "sharing/recipient.h"'),
        ("access/b.cpp", '#include "audit/event.h"'),
        ("gateway/e.cpp", "#include <argon2.h>"),
        ("imaging/a.cpp", '#include "anonymization/masking/mask.h"'),
        ("audit/b.cpp", '#include "imaging/refusal.h"'),
        ("anonymization/a.cpp", '  #  include "sharing/share.h"'),
        ("audit/deep/a.cpp", '#include "dicomweb/reply.h"'),
        ("dicomweb/a.cpp", '#include "gateway/gateway.h"'),
        ("disclosure/a.cpp", '#include "dicomweb/reply.h"'),
        ("disclosure/b.cpp", '#include "http/body.h"'),
        ("gateway/a.cpp", '#include "plugin/config.h"'),
        ("gateway/b.cpp", "#include <orthanc/OrthancCPlugin.h>"),
        ("gateway/d.cpp", '#include "staff/api.h"'),
        ("staff/a.cpp", '#include "plugin/config.h"'),
        ("staff/b.cpp", "#include <orthanc/OrthancCPlugin.h>"),
        ("staff/c.cpp", '#include "gateway/options.h"'),
        ("witness/b.cpp", "#include <curl/curl.h>"),
        ("dicomweb/b.cpp", "#include <boost/beast/http.hpp>"),
        ("dicomweb/c.cpp", "#include <dcmtk/dcmdata/dcdatset.h>"),
        ("anonymization/b.cpp", "#include <openjpeg.h>"),
        ("gateway/c.cpp", "#include <SQLiteCpp/Database.h>"),
        ("plugin/c.cpp", "#include <cairo-pdf.h>"),
        ("witness/a.cpp", '#include "sharing/share.h"'),
        ("witness/c.cpp", '#include "gateway/gateway.h"'),
        ("gateway/d.cpp", "#include <boost/asio.hpp>"),
        ("http/a.cpp", '#include "dicomweb/reply.h"'),
        ("http/b.cpp", '#include "sharing/share.h"'),
        ("plugin/b.cpp", '#include "witness/witness.h"'),
        ("core/b.cpp", '#include "tests/support/dicom_builder.h"'),
        ("core/c.cpp", '#include "../sharing/share.h"'),
    ]
    # Each is reported at its first member, once.
    rings = [
        [("core/ring/two.h", '#include "core/ring/zwei.h"'),
         ("core/ring/zwei.h", '#include "core/ring/two.h"')],
        # No header includes in a circle; the rooms do.
        [("audit/ring/face.cpp", '#include "audit/ring/face.h"\n#include "audit/ring/part.h"'),
         ("audit/ring/face.h", ""),
         ("audit/ring/part.h", '#include "audit/ring/face.h"')],
        [("gateway/ring/a.h", '#include "gateway/ring/b.h"'),
         ("gateway/ring/b.cpp", '#include "gateway/ring/b.h"\n#include "c.h"'),
         ("gateway/ring/b.h", ""),
         ("gateway/ring/c.cpp", '#include "gateway/ring/a.h"'),
         ("gateway/ring/c.h", "")],
        # Across folders inside one of ours.
        [("plugin/ring/deep/in.cpp", '#include "plugin/ring/out.h"'),
         ("plugin/ring/deep/in.h", ""),
         ("plugin/ring/out.cpp", '#include "plugin/ring/deep/in.h"'),
         ("plugin/ring/out.h", "")],
    ]
    right = [
        ("sharing/room/a.cpp", '#include "sharing/room/a.h"\n#include "sharing/room/b.h"'),
        ("sharing/room/a.h", '#include "sharing/room/c.h"'),
        ("sharing/room/b.h", '#include "sharing/room/c.h"'),
        ("sharing/room/c.h", ""),
        # The same name in another folder is another room.
        ("sharing/room/deep/a.h", ""),
        ("sharing/room/deep/b.h", '#include "sharing/room/b.h"'),
        ("sharing/room/d.h", '#include "sharing/room/a.h"'),
        ("sharing/room/deep/c.h", '#include "sharing/room/d.h"'),
        ("plugin/a.cpp", '#include "gateway/gateway.h"\n#include <orthanc/OrthancCPlugin.h>'),
        ("http/ok.cpp", "#include <boost/asio.hpp>\n// #include \"plugin/config.h\""),
        ("imaging/ok.cpp", "#include <dcmtk/dcmdata/dctk.h>\n#include <vector>"),
    ]
    files = [(name, f"#pragma once\n{text}") for name, text in wrong + sum(rings, []) + right]
    found = checking.files_with_problems(problems_of, files)
    expected = {name for name, _ in wrong} | {ring[0][0] for ring in rings}
    missed = expected - set(found)
    invented = [name for name in found if name not in expected or found.count(name) > 1]
    for name in sorted(missed):
        print(f"self-test: the wrong include or the ring in {name} was not found")
    for name in sorted(set(invented)):
        print(f"self-test: a right include in {name} was reported, or a wrong one twice")
    return not missed and not invented


if __name__ == "__main__":
    sys.exit(checking.run(__doc__, problems_of, self_test,
                          "includes: none is wrong, and there is no ring"))
