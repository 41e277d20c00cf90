# SPDX-License-Identifier: GPL-3.0-or-later
"""An older copy of the access log is found out at the next start."""
import shutil

import pytest


@pytest.fixture
def anchored(anchored, tmp_path):
    """The same closed, its directory copied."""
    assert anchored.staff.status()["Log"]["Anchored"] is True
    anchored.close()
    shutil.copytree(anchored.data, tmp_path / "backup")
    return anchored


def test_the_door_stays_shut_over_yesterdays_log(anchored, tmp_path):
    hospital, clinic = anchored, anchored.clinic_used
    hospital.open()
    assert clinic.get(f"{clinic.root}/studies").status == 200
    hospital.close()
    today = tmp_path / "today"
    shutil.move(hospital.data, today)
    shutil.copytree(tmp_path / "backup", hospital.data)

    hospital.orthanc.start()
    hospital.orthanc.wait_until(lambda: hospital.orthanc.answers() and
                                hospital.staff.status()["Problems"])
    assert "older than its anchor" in str(hospital.staff.status()["Problems"])
    assert not hospital.staff.door_is_open()
    assert hospital.orthanc.answers(), "the PACS goes on"
    hospital.close()

    shutil.rmtree(hospital.data)
    shutil.move(today, hospital.data)
    hospital.open()
    assert clinic.get(f"{clinic.root}/studies").status == 200
    hospital.close()
    hospital.check()


def test_a_wiped_data_directory_is_not_a_new_installation(anchored):
    hospital = anchored
    kept = hospital.data.with_name("kept")
    shutil.move(hospital.data, kept)
    hospital.orthanc.start()
    hospital.orthanc.wait_until(lambda: hospital.orthanc.answers() and
                                hospital.staff.status()["Problems"])
    assert "anchor" in str(hospital.staff.status()["Problems"])
    hospital.close()
    shutil.rmtree(hospital.data)
    shutil.move(kept, hospital.data)
    hospital.check()


def test_a_log_that_is_lost_is_followed_by_one_that_says_so(anchored, tmp_path):
    hospital, clinic = anchored, anchored.clinic_used
    old_key = (hospital.data / "audit.pub").read_text(encoding="ascii").strip()
    recover = ["recover", "--data", hospital.data, "--anchor", tmp_path / "anchor",
               "--origin", "localhost/second", "--reason", "the disk failed"]
    assert "nothing to recover" in hospital.audit(*recover).stderr
    hospital.open()
    assert clinic.get(f"{clinic.root}/studies").status == 200
    hospital.close()
    signed = len(hospital.entries())
    shutil.rmtree(hospital.data)
    shutil.copytree(tmp_path / "backup", hospital.data)
    left = len(hospital.entries())

    hospital.audit(*recover, check=True)
    (kept,) = hospital.data.glob("before-*")
    hospital.ledger.answers.clear()  # of the old log; the new one counts from 0
    hospital.open()
    assert hospital.staff.status()["Problems"] == []
    assert clinic.get(f"{clinic.root}/studies").status == 200
    facts = hospital.entries()[1]["facts"]
    assert (facts["old_key"], facts["reason"]) == (old_key, "the disk failed")
    assert (facts["anchor_size"], facts["found_size"]) == (str(signed), str(left))
    assert hospital.audit("verify", "--data", kept, "--key", old_key).returncode == 0
    history = hospital.audit("history", "--data", kept, "--recipient", clinic.recipient, check=True)
    assert "query" in history.stdout or "recipient.create" in history.stdout
    hospital.close()
    hospital.check()
