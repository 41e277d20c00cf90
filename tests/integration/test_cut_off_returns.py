# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 between Orthanc, which has an object, and sharing.db, which does not know that it has."""
import http.client
import sqlite3
import threading
import time

from samples import INSTANCE_UID, value
from test_returns import RETURNS, SEGMENTATION, derived, part10, stored

TRIES = 20
LIMIT_SECONDS = 60


def until(found, what):
    """What `found` gives once it gives something."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        if (result := found()):
            return result
        time.sleep(0.001)
    raise AssertionError(f"{what}: not within {LIMIT_SECONDS} s")


def stage(database, ds):
    """None where nothing was put down, else whether the object is known to be stored."""
    row = database.execute("SELECT stored_at IS NOT NULL FROM returned_object WHERE instance = ?",
                           [ds.SOPInstanceUID]).fetchone()
    return None if row is None else bool(row[0])


def shown(clinic):
    rows = clinic.get(f"{clinic.root}/instances").json()
    return [value(row, INSTANCE_UID) for row in rows]


def send_in_vain(clinic, content):
    """The answer never comes."""
    try:
        clinic.store(clinic.root, content)
    except (OSError, http.client.HTTPException):
        pass


def cut_off(hospital, clinic, database):
    """Kills the server between the two; the object, or None where it was too fast."""
    ds = derived(clinic, SEGMENTATION)
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows = ds.Columns = 4096
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
    ds.PixelData = bytes(16 << 20)  # the larger, the longer between the two
    ds["PixelData"].VR = "OB"
    sending = threading.Thread(target=send_in_vain, args=(clinic, part10(ds)))
    sending.start()
    until(lambda: stage(database, ds) is not None, "an object was received")
    database.execute("BEGIN IMMEDIATE")  # from now on nobody puts anything down
    is_in_time = stage(database, ds) is False
    if is_in_time:
        until(lambda: stored(hospital, ds) is not None, "Orthanc has the object")
        hospital.power_cut()
    database.execute("ROLLBACK")
    sending.join(LIMIT_SECONDS)
    return ds if is_in_time else None


def test_a_report_that_was_cut_off_behind_orthanc_is_its_readers_after_the_next_start(
        hospitals, small):
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic",
                                 Permissions=RETURNS)["DicomWebRoot"]
    database = sqlite3.connect(hospital.data / "sharing.db", isolation_level=None, timeout=30)
    ds = next(filter(None, (cut_off(hospital, clinic, database) for _ in range(TRIES))))
    assert stage(database, ds) is False
    hospital.open()
    assert ds.SOPInstanceUID in shown(clinic)
    assert stage(database, ds) is True
    # Sent again it is the same object, and there once.
    assert clinic.store(clinic.root, part10(ds)).status == 200
    assert shown(clinic).count(ds.SOPInstanceUID) == 1
    database.close()
