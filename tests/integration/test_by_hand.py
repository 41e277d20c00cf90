# SPDX-License-Identifier: GPL-3.0-or-later
"""The page says how to check a log without our programs: its commands, in more than one shell."""
import csv
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess

import pytest

from access_log import Log

FORMATS = pathlib.Path(__file__).resolve().parents[2] / "docs/formats"
ENTRIES = 700  # two full tiles and a part of one


@pytest.fixture(scope="module")
def log(build, tmp_path_factory):
    """A log whose key was rotated."""
    log = Log(tmp_path_factory.mktemp("log"), build)
    log.grow_to(300)
    log.run("rotate-key")
    log.grow_to(ENTRIES)
    return log


@pytest.fixture
def copy(log, tmp_path):
    """What the page wants: a copy of the directory, and the script."""
    shutil.copy(FORMATS / "check_log.py", shutil.copytree(log.data, tmp_path / "copy"))
    return tmp_path / "copy"


def commands():
    """The blocks of shell commands below "Checking by hand"."""
    page = (FORMATS / "audit.md").read_text(encoding="utf-8")
    (section,) = re.findall(r"^## Checking by hand\n(.*?)^## ", page, re.DOTALL | re.MULTILINE)
    return re.findall(r"^```sh.*?\n(.*?)^```", section, re.DOTALL | re.MULTILINE)


def run(shell, block, directory):
    return subprocess.run([shell, "-eu"], input=block, cwd=directory, capture_output=True,
                          text=True, timeout=60)


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_tree_signature_and_history_are_checked_with_the_page_alone(log, copy, shell):
    exported = csv.DictReader(log.run("export", "--format", "csv").splitlines())
    patient = next(row["patients"] for row in exported if row["patients"])
    tree, signature, history = (run(shell, block.replace("P1001", patient), copy)
                                for block in commands())
    assert tree.returncode == 0, tree.stdout + tree.stderr
    assert f"The {ENTRIES} entries are the ones" in tree.stdout and log.checkpoint() in tree.stdout
    assert "Signature Verified Successfully" in signature.stdout, signature.stderr
    assert history.returncode == 0, history.stderr
    told = log.run("history", "--patient", patient).splitlines()[1:]
    assert [json.loads(entry)["seq"] for entry in history.stdout.splitlines()] == [
        int(line.split("\t")[0]) for line in told]


@pytest.mark.parametrize("change", [
    "UPDATE audit_entry SET entry = replace(entry, '\"outcome\":0', '\"outcome\":4') WHERE seq = 650",
    "UPDATE audit_entry SET entry = replace(entry, '\"outcome\":0', '\"outcome\":4') WHERE seq = 0",
    "UPDATE audit_entry SET aside = replace(aside, '\"salt\":', '\"sald\":') WHERE seq = 650",
    "DELETE FROM audit_entry WHERE seq = 300",
    f"DELETE FROM audit_entry WHERE seq = {ENTRIES - 1}",
    "UPDATE audit_entry SET seq = -seq WHERE seq = 5"])
def test_a_log_that_was_changed_is_found_out_with_the_page_alone(copy, change):
    database = sqlite3.connect(copy / "audit.db")
    for (trigger,) in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    assert database.execute(change).rowcount == 1
    database.commit()
    database.close()
    tree = run("sh", commands()[0], copy)
    assert tree.returncode == 1 and "NOT SOUND" in tree.stderr, tree.stdout


def test_a_head_of_another_key_is_found_out_with_the_page_alone(copy, build, tmp_path):
    directory = tmp_path / "other"
    directory.mkdir()
    other = Log(directory, build)
    shutil.copy(other.data / "audit.pub", copy / "audit.pub")
    signature = run("sh", commands()[1], copy)
    assert signature.returncode != 0 and "Successfully" not in signature.stdout
