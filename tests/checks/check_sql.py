#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds SQL to the implementations of the stores: nobody else has a statement in a text, or a
connection to a database to run one on; and what a store is kept in is known where that is chosen alone.

Prints one line for each place, and exits with 1. `--self-test` plants such places in a temporary
tree and shows that each is found.
"""
import re
import sys

import checking

FOLDERS = ["access", "anonymization", "audit", "core", "demo", "disclosure", "dicomweb", "gateway", "http",
           "mail", "openid", "outbound", "plugin", "returns", "sharing", "staff", "witness"]

# Where SQL is at home: the stores on SQLite, and what core knows of SQLite's files.
AT_HOME = re.compile(r"^(access/sqlite|sharing/sqlite|audit/sqlite|returns/sqlite)/|^core/(database|database_copy|cache_file|rows)\.(h|cpp)$")

# Where an implementation is chosen. Everybody else knows the interfaces alone.
CHOICES = {"access/open_stores.cpp", "returns/open_quarantine.cpp", "sharing/open_stores.cpp", "audit/store/open_log.cpp"}

# What a statement begins with, or goes on with, in the capitals that this code writes it in.
SQL = re.compile(
    r"^\s*(SELECT\b|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|PRAGMA\b|CREATE (UNIQUE )?(TABLE|INDEX"
    r"|TRIGGER|VIEW)|DROP (TABLE|INDEX|TRIGGER|VIEW)|ALTER TABLE|BEGIN( IMMEDIATE| EXCLUSIVE)?$"
    r"|COMMIT$|ROLLBACK\b|SAVEPOINT\b|VACUUM\b|ATTACH\b|WITH \w+ AS|LISTEN \w+$|NOTIFY \w+|COPY \w+)"
    r"|\b(FROM|JOIN) \w+ (WHERE|ON|ORDER BY)\b|\bWHERE \w+ (=|<|>|<>|IS|IN)\b|\bORDER BY \w+")

# A string literal, raw or not; and what has quotation marks that begin none.
TOKEN = re.compile(r'R"(?P<mark>\w*)\((?P<raw>.*?)\)(?P=mark)"|"(?P<text>(?:[^"\\\n]|\\.)*)"'
                   r"|//[^\n]*|/\*.*?\*/|'(?:[^'\\\n]|\\.)+'", re.DOTALL)
CONNECTION = re.compile(r'^\s*#\s*include\s*["<]((core/database\.h)|SQLiteCpp/.*|sqlite3\.h'
                        r'|libpq-fe\.h)[">]', re.MULTILINE)

IMPLEMENTATION = re.compile(r'^\s*#\s*include\s*"((?:access|sharing|audit|returns)/sqlite/[^"]*)"', re.MULTILINE)


def problems_of(root):
    """Yields "file:line: what is wrong" for the product's sources below `root`."""
    for folder in FOLDERS:
        for source in sorted((root / folder).rglob("*")):
            name = str(source.relative_to(root))
            if source.suffix in (".cpp", ".h") and not AT_HOME.match(name):
                yield from problems_in(source.read_text(encoding="utf-8"), name)


def problems_in(text, name):
    if name not in CHOICES:
        for include in IMPLEMENTATION.finditer(text):
            yield f"{name}:{line_of(text, include.start(1))}: knows what a store is kept in ({include.group(1)})"
    for include in CONNECTION.finditer(text):
        yield f"{name}:{line_of(text, include.start(1))}: connects to a database ({include.group(1)})"
    for token in TOKEN.finditer(text):
        literal = token.group("raw") or token.group("text")
        if literal and SQL.search(literal):
            words = " ".join(literal.split())[:60]
            yield f"{name}:{line_of(text, token.start())}: SQL outside the stores' implementations: {words}"


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def self_test():
    wrong = [
        ("audit/verify/a.cpp", 'Statement all(database, "SELECT seq FROM audit_entry");'),
        ("audit/store/a.cpp", 'log.exec("BEGIN");'),
        ("core/a.cpp", 'database.exec("PRAGMA synchronous=OFF");'),
        ("sharing/a.cpp", 'sql += " AND id IN (SELECT share FROM share_object WHERE study = ?5)";'),
        ("sharing/b.cpp", 'sql += " ORDER BY seq DESC LIMIT ?8";'),
        ("plugin/a.cpp", 'constexpr char kTable[] = R"sql(\nCREATE TABLE t (x);\n)sql";'),
        ("staff/a.h", '#include "core/database.h"'),
        ("gateway/a.cpp", "#include <sqlite3.h>"),
        ("witness/a.cpp", "#include <SQLiteCpp/Statement.h>"),
        ("dicomweb/b.cpp", "#include <SQLiteCpp/Exception.h>"),
        ("disclosure/a.cpp", "const char quote = '\"';  // a quotation mark is no text\n"
                             'run("DELETE FROM share");'),
        ("gateway/b.cpp", '#include "access/sqlite/sqlite_person_store.h"'),
        ("plugin/d.h", '#include "sharing/sqlite/sqlite_share_store.h"'),
        ("audit/verify/b.cpp", '#include "audit/sqlite/schema.h"'),
        ("dicomweb/a.cpp", 'run("UPDATE share SET revoked_at = ?2");'),
    ]
    right = [
        ("sharing/sqlite/a.cpp", 'statements["SELECT 1 FROM recipient WHERE id = ?1"]'),
        ("audit/sqlite/a.h", '#include "core/database.h"'),
        ("sharing/open_stores.cpp", '#include "sharing/sqlite/sqlite_share_store.h"'),
        ("core/cache_file.cpp", 'database.exec("PRAGMA user_version");'),
        ("audit/keys/a.cpp", '// reads what "SELECT entry FROM audit_entry" gave'),
        ("anonymization/a.cpp", 'content.relationship == "SELECTED FROM";'),
        ("plugin/b.cpp", '#include "core/database_error.h"\nreturn "Update the file by hand.";'),
        ("staff/b.cpp", 'return Verb::remove;  // "DELETE"\nconst char* verb = "DELETE";'),
        ("http/a.cpp", "const char apostrophe = '\\'';\nreturn \"BEGIN with a slash\";"),
    ]
    found = checking.files_with_problems(problems_of, wrong + right)
    missed = {name for name, _ in wrong} - set(found)
    invented = [name for name in found if name not in dict(wrong)]
    for name in sorted(missed):
        print(f"self-test: the SQL or the connection in {name} was not found")
    for name in sorted(set(invented)):
        print(f"self-test: {name} was reported, and has neither")
    return not missed and not invented


if __name__ == "__main__":
    sys.exit(checking.run(__doc__, problems_of, self_test,
                          "SQL: none outside the implementations of the stores"))
