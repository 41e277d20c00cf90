#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recomputes the tree of an access log from its entries, and compares with each what it commits to:
python3 check_log.py audit.db

It uses nothing of Sekisho and nothing but Python. It prints the checkpoint in audit.db and ends
with 0 if the entries are the ones that it covers, with 1 and a sentence if they are not. Whether
the log's key signed that checkpoint is another question (audit.md, "Checking by hand").
"""
import base64
import hashlib
import os
import sqlite3
import sys


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaves(database):
    """The hash of each entry in its order; of one that was pruned, what its tile has of it."""
    (before,) = database.execute("SELECT coalesce(max(before), 0) FROM audit_pruned").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    aside = "aside" if version > 4 else "NULL"
    place = 0
    for seq, entry, aside in database.execute(
            f"SELECT seq, entry, {aside} FROM audit_entry ORDER BY seq"):
        for pruned in range(place, min(seq, before)):
            tile = database.execute("SELECT hashes FROM audit_tile WHERE level = 0 AND place = ?",
                                    (pruned // 256,)).fetchone()
            yield tile[0][pruned % 256 * 32:][:32]
        place = max(place, min(seq, before))
        if seq != place:
            sys.exit(f"NOT SOUND: entry {place} is missing")
        committed = entry[10:74] if entry.startswith(b'{"aside":"') else b""  # version 1: to nothing
        if committed != (sha256(aside).hex().encode() if aside else b""):
            sys.exit(f"NOT SOUND: the aside of entry {seq} is not the one that it commits to")
        yield sha256(b"\0", entry)
        place += 1


def tree(hashes):
    """RFC 6962 §2.1: how many leaves there are, and the root over them."""
    size, edge = 0, []
    for node in hashes:
        full = size  # each 1 at the end is a subtree that the leaf completes
        while full & 1:
            node, full = sha256(b"\1", edge.pop(), node), full >> 1
        edge.append(node)
        size += 1
    root = edge.pop()
    while edge:
        root = sha256(b"\1", edge.pop(), root)
    return size, root


def main(file):
    # Without a write-ahead log beside it, the file is all there is and may be read-only.
    how = "mode=ro" if os.path.exists(file + "-wal") else "immutable=1"
    database = sqlite3.connect(f"file:{file}?{how}", uri=True)
    database.text_factory = bytes
    database.execute("BEGIN")  # one state of the log, while it goes on
    (note,) = database.execute("SELECT checkpoint FROM audit_head").fetchone()
    size, root = note.split(b"\n")[1:3]
    found, made = tree(leaves(database))
    print(note.decode(), end="")
    if found != int(size):
        sys.exit(f"NOT SOUND: there are {found} entries")
    if made != base64.b64decode(root):
        sys.exit(f"NOT SOUND: the entries give the root {base64.b64encode(made).decode()}")
    print(f"The {found} entries are the ones that this checkpoint covers.")


if __name__ == "__main__":
    main(sys.argv[1])
