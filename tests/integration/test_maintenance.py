# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of a service that has a user of its own, as root and as an auditor handle it."""
import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time

import pytest

from access_log import ORIGIN

SERVICE, AUDITOR = 33, 65534  # www-data and nobody, as any two users that are not root
CASE = ("--case", "2026-0017", "--recipient", "a1b2c3d4e5f60718293a4b5c6d7e1001")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


class Place:
    """Directories of the service's user, and the commands where everybody can run them."""

    def __init__(self, root, build):
        self.root = root
        self.data, self.anchor = root / "data", root / "anchor"
        for directory in (self.data, self.anchor):
            directory.mkdir(0o700)
            os.chown(directory, SERVICE, SERVICE)
        for program in ("sekisho-audit", "tests/tools/grow_log"):
            shutil.copy(build / program, root)

    def command_line(self, user, program, *arguments, capabilities=()):
        return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *capabilities,
                self.root / program, *map(str, arguments)]

    def command(self, *arguments, **more):
        return subprocess.run(self.command_line(*arguments, **more), capture_output=True, text=True,
                              timeout=300, umask=0o077)

    def audit(self, user, *arguments):
        return self.command(user, "sekisho-audit", *arguments)

    def run(self, user, *arguments):
        done = self.audit(user, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def grow(self, size):
        done = self.command(SERVICE, "grow_log", self.data, size)
        assert done.returncode == 0, done.stderr

    def not_the_services(self):
        """What in its directories the service does not own."""
        return [str(file) for directory in (self.data, self.anchor)
                for file in [directory, *directory.rglob("*")] if file.lstat().st_uid != SERVICE]


@pytest.fixture
def place(build):
    with tempfile.TemporaryDirectory(prefix="sekisho-") as root:
        os.chmod(root, 0o755)
        place = Place(pathlib.Path(root), build)
        place.run(SERVICE, "init", "--data", place.data, "--origin", ORIGIN)
        place.grow(600)
        yield place


def test_the_service_goes_on_with_what_root_has_maintained(place):
    data, anchor = ("--data", place.data), ("--anchor", place.anchor)
    for act in (("anchor", *data, *anchor),
                ("hold", *data, *anchor, *CASE),
                ("hold", *data, *anchor, *CASE, "--end"),
                ("shred", *data, *anchor, *CASE),
                ("rotate-key", *data)):
        place.run(0, *act)
        assert place.not_the_services() == [], act
    place.run(SERVICE, "hold", *data, *anchor, *CASE)
    (place.data / "audit.key").unlink()
    place.run(0, "recover", *data, *anchor, "--origin", ORIGIN + "-2", "--reason", "a key was lost")
    assert place.not_the_services() == []
    place.run(SERVICE, "hold", *data, *anchor, *CASE, "--even-if-none")
    place.run(SERVICE, "verify", *data)


def let_the_auditor_read(place, *names):
    """What an administrator gives away: the directory, and of its files those named."""
    for path in (place.data, *(place.data / name for name in names)):
        os.chown(path, SERVICE, AUDITOR)
        os.chmod(path, 0o2750 if path.is_dir() else 0o640)


def reading_commands(place):
    data = ("--data", place.data)
    return (("verify", *data), ("export", *data, "--format", "csv", "--hashed"),
            ("receipt", *data, "--entry", "3"), ("prove", *data, "--size", "5"))


def state_of(directory):
    return {file.name: (file.stat().st_mtime_ns, file.stat().st_uid) for file in directory.iterdir()}


def test_an_auditor_who_may_only_read_reads(place):
    let_the_auditor_read(place, "audit.db", "audit.pub")
    before = state_of(place.data)
    for command in reading_commands(place):
        place.run(AUDITOR, *command)
    assert state_of(place.data) == before


def test_an_auditor_who_meets_the_service_in_the_middle_of_a_commit_waits(place):
    """Until it is done, what the service shares with readers looks as if a crash had left it."""
    let_the_auditor_read(place, "audit.db", "audit.pub")
    with contextlib.closing(sqlite3.connect(place.data / "audit.db")) as service:
        service.execute("SELECT count(*) FROM audit_entry").fetchall()
        with open(place.data / "audit.db-shm", "r+b", buffering=0) as shared:
            as_it_was = shared.read(1)
            os.pwrite(shared.fileno(), bytes([as_it_was[0] ^ 0xFF]), 0)
            reading = subprocess.Popen(place.command_line(
                AUDITOR, "sekisho-audit", "verify", "--data", place.data),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            time.sleep(0.2)
            assert reading.poll() is None, reading.communicate()
            os.pwrite(shared.fileno(), as_it_was, 0)
            _, trouble = reading.communicate(timeout=60)
            assert reading.returncode == 0, trouble


def test_reading_as_root_leaves_nothing_in_the_directory(place):
    before = state_of(place.data)
    for command in reading_commands(place):
        place.run(0, *command)
    assert state_of(place.data) == before


class Writer:
    """The service: writes until it is told to stop."""

    def __init__(self, place):
        self._place = place

    def __enter__(self):
        self._process = subprocess.Popen(
            ["setpriv", f"--reuid={SERVICE}", f"--regid={SERVICE}", "--clear-groups",
             self._place.root / "grow_log", self._place.data, "100000000", "4"],
            stdout=subprocess.DEVNULL, umask=0o077)
        log = self._place.data / "audit.db-wal"
        while not log.exists() or log.stat().st_size == 0:
            assert self._process.poll() is None
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()


def test_an_auditor_reads_beside_the_service_and_after_a_crash(place):
    let_the_auditor_read(place, "audit.db", "audit.pub")
    with Writer(place):
        for command in reading_commands(place):
            place.run(AUDITOR, *command)
            place.run(0, *command)
        sizes = [entries_of(place.run(AUDITOR, "verify", "--data", place.data)) for _ in range(2)]
        assert 600 < sizes[0] < sizes[1], "what is still in the write-ahead log is read too"
    assert (place.data / "audit.db-wal").stat().st_size > 0
    crashed = entries_of(place.run(AUDITOR, "verify", "--data", place.data))
    assert crashed >= sizes[1]
    (place.data / "audit.db-shm").unlink()  # as a copy without it
    before = state_of(place.data)
    for command in reading_commands(place):
        place.run(AUDITOR, *command)
    assert entries_of(place.run(AUDITOR, "verify", "--data", place.data)) == crashed
    assert state_of(place.data) == before
    place.run(0, "verify", "--data", place.data)
    assert place.not_the_services() == []


def entries_of(verdict):
    (line,) = [line for line in verdict.splitlines() if line.startswith("entries ")]
    return int(line.split()[1])


def test_an_auditor_is_told_what_they_may_not_read(place):
    let_the_auditor_read(place, "audit.pub")
    refused = place.audit(AUDITOR, "verify", "--data", place.data)
    assert refused.returncode != 0
    assert f"{place.data}/audit.db: Permission denied" in refused.stderr
    with Writer(place):
        let_the_auditor_read(place, "audit.db")
        refused = place.audit(AUDITOR, "verify", "--data", place.data)
        assert f"{place.data}/audit.db-wal: Permission denied" in refused.stderr, refused.stderr


def test_a_backup_user_who_may_only_read_makes_a_copy(place):
    to = place.root / "copies"
    to.mkdir()
    os.chown(to, AUDITOR, AUDITOR)
    before = state_of(place.data)
    # SQLite asks access(2), which forgets capabilities unless told otherwise.
    reader = ["--securebits=+no_setuid_fixup", "--inh-caps=+dac_read_search",
              "--ambient-caps=+dac_read_search"]
    done = place.command(AUDITOR, "sekisho-audit", "backup", "--data", place.data, "--to",
                         to / "copy", capabilities=reader)
    assert done.returncode == 0, done.stderr
    assert state_of(place.data) == before
    with Writer(place):
        done = place.command(AUDITOR, "sekisho-audit", "backup", "--data", place.data, "--to",
                             to / "beside", capabilities=reader)
    assert done.returncode == 0, done.stderr
    place.run(AUDITOR, "verify", "--data", to / "beside")


def test_what_root_restores_is_the_services(place):
    place.run(0, "backup", "--data", place.data, "--to", place.root / "copy")
    shutil.rmtree(place.data)
    place.data.mkdir(0o700)
    os.chown(place.data, SERVICE, SERVICE)
    place.run(0, "restore", "--copy", place.root / "copy", "--data", place.data)
    assert place.not_the_services() == []
    place.grow(700)
    place.run(SERVICE, "verify", "--data", place.data)
