# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at random moments of a loaded server: what was answered is on record, always."""
import random
import threading

from reader import Reader, unrecorded
from test_access_log import opened

READERS = 4
SEED = 9


def verdict(hospital):
    done = hospital.audit("verify", "--data", hospital.data)
    return done.returncode, done.stdout


def one_life(hospital, readers, answers, seconds):
    """Kills the server so long after it began so many answers; what came, byte for byte."""
    for reader in readers:
        reader.start()
    while sum(len(reader.notes) for reader in readers) < answers:
        assert all(reader.is_alive() for reader in readers)
        threading.Event().wait(0.002)
    threading.Event().wait(seconds)
    hospital.power_cut()
    for reader in readers:
        reader.join(60)
        assert not reader.is_alive()
    return [note for reader in readers for note in reader.notes]


def test_no_byte_came_without_its_entry_however_the_server_was_killed(hospitals, small, pytestconfig):
    hospital = hospitals.new()
    chance = random.Random(SEED)
    clinic = None
    answers = whole = 0
    for life in range(pytestconfig.getoption("--kills")):
        hospital.open()
        if clinic is None:
            hospital.archive.store_files(small.files())
            clinic = opened(hospital, small)
        readers = [Reader(clinic, clinic.root, f"{SEED}-{life}-{number}")
                   for number in range(READERS)]
        notes = one_life(hospital, readers, chance.randint(1, 60), chance.uniform(0, 0.05))
        assert verdict(hospital)[0] == 0, f"life {life}: {verdict(hospital)[1]}"
        assert unrecorded(hospital, notes) == [], f"life {life}"
        answers += sum(note.status == 200 for note in notes)
        whole += sum(note.status == 200 and note.whole for note in notes)
    hospital.open()
    assert clinic.get(f"{clinic.root}/studies").status == 200
    hospital.close()
    assert whole > 0, "it was loaded"
    print(f"{answers} answers with data, {answers - whole} of them cut")
    print(hospital.audit("verify", "--data", hospital.data, "--json").stdout)
