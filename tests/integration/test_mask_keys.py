# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of pseudonyms: kept over restarts, changed while downloads run, destroyed for good."""
import concurrent.futures
import json
import os
import shutil
import sqlite3
import stat

import pytest

from launch import StaffError
from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, read, value
from test_returns import RETURNS, derived, part10, stored


@pytest.fixture
def filled(hospitals, small):
    """A hospital of this test's own with the small study."""
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    return hospital


def shown_uids(clinic, share):
    """What the recipient sees as UIDs, by a search over all instances."""
    rows = clinic.get(f"{share['DicomWebRoot']}/instances").json()
    return sorted((value(row, STUDY_UID), value(row, SERIES_UID), value(row, INSTANCE_UID))
                  for row in rows)


def instance_path(share, uids):
    study, series, instance = uids
    return f"{share['DicomWebRoot']}/studies/{study}/series/{series}/instances/{instance}"


def refusal(hospital, path, body=None):
    with pytest.raises(StaffError) as refused:
        hospital.staff.call("POST", path, body or {})
    assert json.loads(refused.value.answer)["Error"]
    return refused.value.status


def restarted(hospital):
    hospital.close()
    hospital.check()
    return hospital.open()


def last_entry(hospital, event):
    return [entry for entry in hospital.entries() if entry["event"] == event][-1]


def test_after_a_restart_pseudonyms_lead_to_the_same_originals(filled, small):
    clinic = filled.clinic()
    share = filled.share(clinic, small, Profile="ps3.15-basic", Permissions=RETURNS)
    clinic.root = share["DicomWebRoot"]
    before = shown_uids(clinic, share)
    report = derived(clinic)  # made of what was seen before the restart
    content = clinic.get(instance_path(share, before[0]), accept="application/dicom").body
    restarted(filled)
    assert clinic.get(instance_path(share, before[0]), accept="application/dicom").body == content
    assert shown_uids(clinic, share) == before
    assert clinic.store(share["DicomWebRoot"], part10(report)).status == 200
    archived = stored(filled, report)
    assert archived.StudyInstanceUID == small.uid
    originals = {read(file.read_bytes()).SOPInstanceUID for file in small.files()}
    reference = archived.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0]
    assert reference.ReferencedSOPInstanceUID in originals


def test_the_key_file_is_for_orthanc_alone_and_no_key_stands_in_clear(filled, small):
    filled.share(filled.clinic(), small)
    mode = stat.S_IMODE((filled.data / "mask.key").stat().st_mode)
    assert mode == 0o600
    with sqlite3.connect(f"file:{filled.data / 'sharing.db'}?mode=ro", uri=True) as database:
        (columns,) = zip(*database.execute("SELECT name FROM pragma_table_info('share')"))
        assert "mask_key" not in columns
        assert database.execute("SELECT count(*), min(length(wrapped)) FROM share_key").fetchone() \
            == (1, 60)
    database.close()


def test_a_rotation_changes_no_pseudonym_and_cuts_no_download(filled, small):
    clinic = filled.clinic()
    share = filled.share(clinic, small)
    before = shown_uids(clinic, share)
    study = f"{share['DicomWebRoot']}/studies/{before[0][0]}"
    old_key = (filled.data / "mask.key").read_text("ascii")

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        downloads = [pool.submit(clinic.get, study) for _ in range(12)]
        for _ in range(4):
            answer = filled.staff.call("POST", "/mask-key/rotate", {})
            assert answer == {"Keys": 1}
        for download in downloads:
            assert len(download.result().parts()) == len(small.files())

    assert (filled.data / "mask.key").read_text("ascii") != old_key
    assert not (filled.data / "mask.key.next").exists()
    assert shown_uids(clinic, share) == before
    entries = [entry for entry in filled.entries() if entry["event"] == "mask_key.rotate"]
    assert len(entries) == 4 and len({entry["facts"]["wrapping"] for entry in entries}) == 4
    assert all(entry["authentication"] == "staff" for entry in entries)
    restarted(filled)
    assert shown_uids(clinic, share) == before


def test_a_power_cut_right_after_a_rotation_costs_nothing(filled, small):
    clinic = filled.clinic()
    share = filled.share(clinic, small)
    before = shown_uids(clinic, share)
    filled.staff.call("POST", "/mask-key/rotate", {})
    filled.power_cut()
    filled.open()
    assert shown_uids(clinic, share) == before


def test_the_key_of_a_share_in_use_is_kept(filled, small):
    clinic = filled.clinic()
    share = filled.share(clinic, small)
    assert refusal(filled, f"/shares/{share['ID']}/forget-key") == 409
    assert refusal(filled, f"/shares/{'0' * 32}/forget-key") == 404
    assert refusal(filled, f"/shares/{share['ID']}/forget-key", {"Reason": "x"}) == 400
    assert shown_uids(clinic, share)
    assert not [entry for entry in filled.entries() if entry["event"] == "share.forget_key"]


def test_a_destroyed_key_is_on_record_and_gone_from_the_files(filled, small):
    clinic = filled.clinic()
    share = filled.share(clinic, small, Permissions=RETURNS)
    kept = filled.share(clinic, small)
    before = shown_uids(clinic, share)
    kept_before = shown_uids(clinic, kept)
    clinic.root = share["DicomWebRoot"]
    report = part10(derived(clinic))
    filled.staff.revoke(share["ID"])
    with sqlite3.connect(filled.data / "sharing.db") as database:
        (box,) = database.execute("SELECT wrapped FROM share_key WHERE share = ?",
                                  (share["ID"],)).fetchone()
    database.close()
    answer = filled.staff.call("POST", f"/shares/{share['ID']}/forget-key", {})
    assert answer["Status"] == "revoked" and answer["KeyDestroyedAt"]
    for name in ("sharing.db", "sharing.db-wal"):
        assert box not in (filled.data / name).read_bytes()

    shown = filled.staff.call("GET", f"/shares/{share['ID']}")
    assert shown["KeyDestroyedAt"] == answer["KeyDestroyedAt"]
    again = filled.staff.call("POST", f"/shares/{share['ID']}/forget-key", {})
    assert again["KeyDestroyedAt"] == answer["KeyDestroyedAt"]
    entry = last_entry(filled, "share.forget_key")
    assert entry["share"] == share["ID"] and entry["hashes"]["patient"]
    for hospital in (filled, restarted(filled)):
        assert clinic.get(instance_path(share, before[0])).status == 404
        assert clinic.get(f"{share['DicomWebRoot']}/studies").status == 404
        assert clinic.store(share["DicomWebRoot"], report).status == 404
        assert shown_uids(clinic, kept) == kept_before
        assert "KeyDestroyedAt" not in hospital.staff.call("GET", f"/shares/{kept['ID']}")


@pytest.mark.parametrize("spoil", ["missing", "foreign", "readable", "backup"])
def test_the_wrong_key_file_shuts_the_door_and_is_not_made_anew(hospitals, small, spoil):
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files()[:1])
    clinic = hospital.clinic()
    share = hospital.share(clinic, small)
    before = shown_uids(clinic, share)
    hospital.close()
    key = hospital.data / "mask.key"
    saved = hospital.state / "saved.key"
    shutil.copy2(key, saved)
    if spoil == "missing":
        key.unlink()
    elif spoil == "foreign":
        key.write_text("ab" * 32 + "\n", "ascii")
    elif spoil == "readable":
        os.chmod(key, 0o640)
    else:
        hospital.open()
        hospital.staff.call("POST", "/mask-key/rotate", {})
        hospital.close()
        shutil.copy2(key, hospital.state / "rotated.key")
        shutil.copy2(saved, key)
        saved = hospital.state / "rotated.key"
    found = key.read_bytes() if key.exists() else None

    hospital.orthanc.start()
    hospital.orthanc.wait_until(
        lambda: hospital.staff.status()["Problems"] != ["Orthanc is starting."])
    (problem,) = hospital.staff.status()["Problems"]
    assert "mask.key" in problem and "from one backup" in problem
    assert str(hospital.data) not in problem
    assert hospital.orthanc.stop() == 0
    assert (key.read_bytes() if key.exists() else None) == found

    shutil.copy2(saved, key)
    os.chmod(key, 0o600)
    hospital.open()
    assert shown_uids(clinic, share) == before
