# SPDX-License-Identifier: GPL-3.0-or-later
"""An older copy of the access log is found out at the next start."""
import shutil

import pytest

from test_access_log import opened


@pytest.fixture
def anchored(hospitals, tmp_path, small):
    """A hospital whose log has an anchor, with some entries, closed; its directory copied."""
    (tmp_path / "anchor").mkdir()
    hospital = hospitals.new(sekisho={"AuditAnchorDirectory": str(tmp_path / "anchor")}).open()
    hospital.archive.store_files(small.files())
    hospital.clinic_used = opened(hospital, small)
    assert hospital.staff.status()["Log"]["Anchored"] is True
    hospital.close()
    shutil.copytree(hospital.data, tmp_path / "backup")
    return hospital


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
