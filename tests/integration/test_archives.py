# SPDX-License-Identifier: GPL-3.0-or-later
"""A study taken home as one file: every program that reads ZIP archives finds the masked images in it, and nothing else."""
import io
import re
import shutil
import subprocess
import zipfile

import pydicom
import pytest

from samples import SERIES_UID, STUDY_UID, value

ZIP = "application/zip"
DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
NAME = re.compile(r"SE\d{6}/IM\d{6}\.dcm")


@pytest.fixture(scope="module")
def study(hospitals, small):
    """A clinic, its share's root and the study's path below it."""
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    row = clinic.get(f"{root}/series").json()[0]
    return clinic, f"{root}/studies/{value(row, STUDY_UID)}", value(row, SERIES_UID)


def test_it_holds_the_same_files_as_an_answer_in_parts(study, small):
    clinic, url, series = study
    for target in (url, f"{url}/series/{series}"):
        answer = clinic.get(target, Accept=ZIP)
        assert answer.status == 200 and answer.whole and answer.headers["content-type"] == ZIP
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            assert archive.testzip() is None
            assert all(NAME.fullmatch(name) for name in archive.namelist())
            files = [archive.read(name) for name in archive.namelist()]
        parts = clinic.get(target, Accept=DICOM).parts()
        assert sorted(files) == sorted(parts)
        assert small.survivors(answer.body) == []
    assert pydicom.dcmread(io.BytesIO(files[0])).SeriesInstanceUID == series


@pytest.mark.parametrize("command", [["unzip", "-t"], ["7z", "t"], ["bsdtar", "-tf"]], ids=lambda words: words[0])
def test_common_programs_find_nothing_wrong_with_it(study, tmp_path, command):
    if shutil.which(command[0]) is None:
        pytest.fail(f"{command[0]} is missing: ./dev setup installs it")
    clinic, url, _ = study
    file = tmp_path / "study.zip"
    file.write_bytes(clinic.get(url, Accept=ZIP).body)
    done = subprocess.run([*command, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_says_nothing_of_dates_and_is_the_same_each_time(study):
    clinic, url, _ = study
    first, second = (clinic.get(url, Accept=ZIP).body for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_share_that_may_only_be_looked_at_gives_none(hospitals, small):
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Permissions=["view"])["DicomWebRoot"]
    (row,) = clinic.get(f"{root}/studies").json()
    assert clinic.get(f"{root}/studies/{value(row, STUDY_UID)}", Accept=ZIP).status == 404
