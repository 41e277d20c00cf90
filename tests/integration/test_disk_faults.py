# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes and syncs of the log's database that fail: nothing is served, nothing is lost.

strace (ptrace) makes a chosen call fail as a full or a broken disk would."""
import contextlib
import random
import re
import signal
import subprocess

import pytest

from access_log import Log
from reader import unrecorded, Reader
from test_access_log import opened

ERRORS = ("ENOSPC", "EIO")
CALLS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate")
SMALL, LARGE = 200, 3_000  # entries; the second writes the write-ahead log back
FEW, MANY = 6, 200         # calls that fail in one run of the tests, and in ./dev soak


def strace(data, *rest, inject=()):
    files = [part for name in ("audit.db", "audit.db-wal")
             for part in ("-P", str(data / name))]
    # LeakSanitizer, where there is one, cannot work beside another that traces.
    return ["strace", "-f", "-E", "ASAN_OPTIONS=detect_leaks=0", *files,
            "-e", f"trace={','.join(CALLS)}",
            *(part for fault in inject for part in ("-e", f"inject={fault}")), *map(str, rest)]


@pytest.fixture
def faulty_calls(build, tmp_path, pytestconfig):
    """Calls on the database of a log that grows to a size, by name and number, at random."""
    def calls(size):
        (tmp_path / f"counted-{size}").mkdir()
        log = Log(tmp_path / f"counted-{size}", build)
        trace = tmp_path / f"trace-{size}"
        subprocess.run(strace(log.data, "-o", trace, build / "tests/tools/grow_log", log.data, size),
                       check=True, capture_output=True)
        counted = {}
        for thread, name in re.findall(r"^(\d+) +(\w+)\(", trace.read_text(), re.MULTILINE):
            counted[thread, name] = counted.get((thread, name), 0) + 1
        every = [(name, number + 1) for name in CALLS
                 for number in range(max([counted[key] for key in counted if key[1] == name],
                                         default=0))]
        assert {"pwrite64", "fdatasync"} <= {name for name, _ in every}
        count = MANY if pytestconfig.getoption("--many-faults") else FEW
        return random.Random(size).sample(every, min(count, len(every)))
    return calls


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_log_is_sound_and_goes_on_after_any_write_or_sync_that_failed(build, tmp_path, size,
                                                                        faulty_calls):
    (tmp_path / "new").mkdir()
    new = Log(tmp_path / "new", build)
    faults = broken = 0
    for number, (call, when) in enumerate(faulty_calls(size)):
        error = ERRORS[number % len(ERRORS)]
        log = new.copy(tmp_path / f"{call}-{when}")
        done = subprocess.run(
            strace(log.data, "-o", "/dev/null", build / "tests/tools/grow_log", log.data, size,
                   inject=[f"{call}:error={error}:when={when}"]), capture_output=True, text=True)
        faults += 1
        broken += done.returncode != 0
        assert done.returncode in (0, 1), done.stderr
        assert log.verdict() == 0, f"{call} {when} {error}: {log.command('verify').stdout}"
        before = log.size()
        assert done.returncode == 1 or before >= size, "what was flushed is there"
        log.grow_to(before + 10)
        assert log.verdict() == 0 and log.size() == before + 10
    assert broken > 0
    print(f"{size} entries: {faults} calls failed, {broken} of them broke the log")


@contextlib.contextmanager
def failing_disk(hospital, fault):
    """The process's log meets this fault from now on."""
    process = subprocess.Popen(strace(hospital.data, "-o", "/dev/null", "-p",
                                      hospital.orthanc.process.pid, inject=[fault]),
                               stderr=subprocess.PIPE, text=True)
    try:
        assert "attached" in process.stderr.readline()
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def faults_of_a_request(many):
    """What no room is, and what is worse. A sync that failed says nothing of what is on the disk,
    whatever the reason that it gives."""
    writes, syncs = (range(1, 31), range(1, 4)) if many else ((8,), (1,))
    no_room = [f"pwrite64:error=ENOSPC:when={when}+" for when in writes]
    return no_room, [f"pwrite64:error=EIO:when={when}+" for when in writes] + [
        f"fdatasync:error={error}:when={when}+" for error in ERRORS for when in syncs]


def test_writes_without_room_shut_the_door_until_there_is_room(hospitals, small, pytestconfig):
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    clinic = opened(hospital, small)
    faults, _ = faults_of_a_request(pytestconfig.getoption("--many-faults"))
    for fault in faults:
        reader = Reader(clinic, clinic.root, 1)
        search = f"{reader.root}/studies"
        with failing_disk(hospital, fault):
            notes = [reader.read(search) for _ in range(20)]
            assert hospital.staff.status()["Log"]["Condition"] == "full"
        assert notes[-1].status == 503, fault
        served = [note.status for note in notes]
        assert served == sorted(served), f"{fault}: as long as there is no room"
        hospital.orthanc.wait_until(lambda: reader.read(search).status == 200)
        assert hospital.staff.status()["Problems"] == []
        done = hospital.audit("verify", "--data", hospital.data)
        assert done.returncode == 0, f"{fault}: {done.stdout}"
        assert unrecorded(hospital, reader.notes) == [], fault
    hospital.close()


def test_a_failed_write_or_sync_shuts_the_door_until_the_next_start(hospitals, small, pytestconfig):
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    clinic = opened(hospital, small)
    _, faults = faults_of_a_request(pytestconfig.getoption("--many-faults"))
    for fault in faults:
        reader = Reader(clinic, clinic.root, 1)
        search = f"{reader.root}/studies"
        with failing_disk(hospital, fault):
            notes = [reader.read(search) for _ in range(20)]
        assert notes[-1].status == 503, fault
        served = [note.status for note in notes]
        assert served == sorted(served), f"{fault}: once broken, the log stays broken"
        assert reader.read(search).status == 503, f"{fault}: the disk is well, the log is not"
        assert hospital.orthanc.answers() and "broken" in str(hospital.staff.status()["Problems"])
        hospital.close()
        done = hospital.audit("verify", "--data", hospital.data)
        assert done.returncode == 0, f"{fault}: {done.stdout}"
        assert unrecorded(hospital, reader.notes) == [], fault
        hospital.open()
        assert reader.read(search).status == 200, fault
    hospital.close()
    print(f"{len(faults)} faults of a running server")
