# SPDX-License-Identifier: GPL-3.0-or-later
"""Two archives that differ only in masked values answer every query with the same bytes."""
import io
import pathlib
import random
import sys
from urllib.parse import quote

import pydicom
import pytest

from samples import SERIES_UID, STUDY_UID, value

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "data"))
from make_pixel_canaries import image, places  # noqa: E402

QUERIES = 300
JSON = "application/dicom+json"
# One share, and so one key, shows first the one archive and then the other. UIDs, PatientID and
# AccessionNumber have pseudonyms that show whether they are equal, so they are equal here.
OTHER_VALUES = {
    "PatientName": "Tsukinowa^Hotaru=月輪^蛍", "PatientBirthDate": "19991231", "PatientAge": "024Y",
    "PatientAddress": "Elsewhere 1", "OtherPatientNames": "Nobody^Else", "StudyDate": "20191105",
    "StudyTime": "235959", "SeriesDate": "20191106", "ContentDate": "20191107",
    "StudyDescription": "another description", "SeriesDescription": "another series",
    "ReferringPhysicianName": "Yamabuki^Ren", "InstitutionName": "Another Hospital",
    "OperatorsName": "Somebody^Else", "ImageComments": "another comment", "ProtocolName": "other"}
KEYS = ["PatientName", "PatientID", "PatientBirthDate", "StudyDate", "StudyTime", "AccessionNumber",
        "StudyDescription", "SeriesDescription", "ReferringPhysicianName", "Modality",
        "ModalitiesInStudy", "SeriesNumber", "InstanceNumber", "00100030", "00080080", "Rows",
        "OtherPatientIDs", "InstitutionName", "StudyInstanceUID", "SOPClassUID", "Nonsense"]
FIELDS = ["all", *KEYS]


def twin_of(file):
    dataset = pydicom.dcmread(file)
    for keyword, text in OTHER_VALUES.items():
        setattr(dataset, keyword, text)
    content = io.BytesIO()
    dataset.save_as(content, write_like_original=True)
    return content.getvalue()


def patterns(dataset):
    """Values to ask for: those of both archives, whole, as wildcards and as ranges, and others."""
    texts = ["", "*", "?", "20150101-20231231", "-20200101", "19800101-", "1", "CT", "5,7"]
    for keyword, other in OTHER_VALUES.items():
        for text in (str(dataset.get(keyword, "")), other):
            texts += [text, f"{text[:3]}*", f"*{text[-4:]}", f"?{text[1:]}"]
            if text.isdigit() and len(text) == 8:
                texts += [f"{text}-", f"-{text}", f"{text}-{text}"]
    return texts + ["", "*"] * (len(texts) // 2)  # what finds something, as often as what does not


def queries(dataset, study, series):
    """Always the same: generated from a seed."""
    choice = random.Random(20240117)
    texts = patterns(dataset)
    paths = ["/studies", "/series", "/instances", f"/studies/{study}/series",
             f"/studies/{study}/instances", f"/studies/{study}/series/{series}/instances"]
    for _ in range(QUERIES):
        parts = [f"{choice.choice(KEYS)}={quote(choice.choice(texts))}"
                 for _ in range(choice.choice([0, 1, 1, 1, 2]))]
        parts += [f"includefield={choice.choice(FIELDS)}" for _ in range(choice.choice([0, 1, 2]))]
        parts += [f"{name}={choice.choice([0, 1, 2, 5, 100])}" for name in ("limit", "offset")
                  if choice.random() < 0.3]
        if choice.random() < 0.1:
            parts.append(f"fuzzymatching={choice.choice(['true', 'false', 'maybe'])}")
        yield f"{choice.choice(paths)}?{'&'.join(parts)}"


@pytest.fixture(scope="module")
def hospital(hospitals, small):
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    return hospital


def answers(clinic, targets):
    """Status, type and body of each, in order."""
    got = [clinic.get(clinic.root + target, Accept=JSON) for target in targets]
    return [(answer.target, answer.status, answer.headers.get("content-type"),
             answer.headers.get("etag"), answer.body) for answer in got]


def replace_archive(hospital, study):
    session, url = hospital.archive.session, hospital.orthanc.url
    for entry in session.post(f"{url}/tools/lookup", data=study.uid).json():
        if entry["Type"] == "Study":
            session.delete(f"{url}/studies/{entry['ID']}").raise_for_status()
    for file in study.files():
        assert hospital.archive.store(twin_of(file))["Status"] == "Success"


def test_what_differs_only_in_masked_values_is_answered_alike(hospital, small):
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    row = clinic.get(f"{clinic.root}/series").json()[0]
    study, series = value(row, STUDY_UID), value(row, SERIES_UID)
    targets = list(queries(pydicom.dcmread(small.files()[0]), study, series))
    targets += [f"/studies/{study}/metadata", f"/studies/{study}/series/{series}/metadata"]
    first = answers(clinic, targets)
    replace_archive(hospital, small)
    second = answers(clinic, targets)
    different = [one[0] for one, other in zip(first, second) if one != other]
    assert different == []
    found = [one for one in first if one[1] == 200 and one[4] != b"[]"]
    refused = [one for one in first if one[1] == 400]
    print(f"{len(targets)} queries: {len(found)} find something, {len(refused)} are refused")
    assert len(found) > 50 and len(found) < len(first) - 50


def test_without_a_mask_the_two_archives_differ(hospital, small):
    """What was compared above would show a difference."""
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="none")["DicomWebRoot"]
    (row,) = clinic.get(f"{clinic.root}/studies?includefield=all").json()
    assert value(row, "00100010")["Alphabetic"] == "Tsukinowa^Hotaru"


PICTURES = "1.2.826.0.1.3680043.9.17"


class Pictures:
    """The images of make_pixel_canaries, as a share wants to know them."""

    uid = PICTURES

    def __init__(self, words):
        self.files = [image(PICTURES, f"{PICTURES}.1", f"{PICTURES}.1.{number + 1}", place)
                      for number, place in enumerate(places(words).values())]


def pictures_of(clinic):
    """What leaves of each: all of its file."""
    row = clinic.get(f"{clinic.root}/series").json()[0]
    series = f"{clinic.root}/studies/{value(row, STUDY_UID)}/series/{value(row, SERIES_UID)}"
    answer = clinic.get(series, Accept='multipart/related; type="application/dicom"; transfer-syntax=*')
    return answer.parts(), clinic.get(f"{series}/metadata").body


def test_what_differs_only_in_what_pixels_say_beside_the_picture_is_answered_alike(hospitals):
    """Comments, tables, bytes behind the end: longer ones too."""
    hospital, clinic = hospitals.new().open(), None
    seen = []
    for words in (b"ZQPIXELCANARY", b"ANOTHER^SECRET77", b"THIRD^PATIENT"):
        pictures = Pictures(words)
        for file in pictures.files:
            assert hospital.archive.store(file)["Status"] in ("Success", "AlreadyStored")
        if clinic is None:
            clinic = hospital.clinic()
            clinic.root = hospital.share(clinic, pictures, Profile="ps3.15-basic")["DicomWebRoot"]
        seen.append(pictures_of(clinic))
        assert len(seen[-1][0]) == len(pictures.files)
        session, url = hospital.archive.session, hospital.orthanc.url
        for entry in session.post(f"{url}/tools/lookup", data=PICTURES).json():
            session.delete(f"{url}/studies/{entry['ID']}").raise_for_status()
    assert seen[0] == seen[1] == seen[2]
