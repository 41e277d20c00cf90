# SPDX-License-Identifier: GPL-3.0-or-later
"""Identifiers are planted among the bytes of pixels where no pixel is: none comes out, and the pictures do."""
import json
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "data"))
from make_pixel_canaries import CANARY, PLACES, WITHHELD, image  # noqa: E402
from samples import STUDY_UID, value  # noqa: E402

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
REFUSED = 3  # mask_file: a share would not show this file
STUDY = "1.2.826.0.1.3680043.9.7"
PROFILES = ["ps3.15-basic", {"Name": "ps3.15-basic", "Options": ["CleanPixelData", "CleanDescriptors"]},
            "patient-fields", "minimum-disclosure"]


def has_canary(answer):
    return CANARY[:12] in answer


@pytest.mark.parametrize("profile", PROFILES, ids=str)
def test_none_survives_in_the_file_of_any_place(build, tmp_path, profile):
    """What is let through, place by place, and what is withheld."""
    for number, (name, place) in enumerate([*PLACES.items(), *WITHHELD.items()]):
        file, out = tmp_path / f"{number}.dcm", tmp_path / f"{number}.masked.dcm"
        file.write_bytes(image(STUDY, STUDY + ".1", f"{STUDY}.1.{number + 1}", place))
        assert has_canary(file.read_bytes()), name
        done = subprocess.run([build / "tests/tools/mask_file", json.dumps(profile), file, out], check=False)
        assert done.returncode == (0 if name in PLACES else REFUSED), name
        assert name in WITHHELD or not has_canary(out.read_bytes()), name


class Images:
    """All of them in one study, as a share wants to know it."""

    uid = STUDY

    def __init__(self):
        places = [*PLACES.values(), *WITHHELD.values()]
        self.files = [image(STUDY, STUDY + ".1", f"{STUDY}.1.{number + 1}", place)
                      for number, place in enumerate(places)]


@pytest.fixture(scope="module")
def images(hospitals):
    hospital, made = hospitals.new().open(), Images()
    for file in made.files:
        hospital.archive.store(file)
    return hospital, made


@pytest.mark.parametrize("profile", ["ps3.15-basic", "patient-fields", "minimum-disclosure"])
def test_none_survives_in_any_answer(images, profile):
    hospital, made = images
    clinic = hospital.clinic()
    root = hospital.share(clinic, made, Profile=profile)["DicomWebRoot"]
    answers = [clinic.get(f"{root}/instances?includefield=all")]
    rows = answers[0].json()
    assert len(rows) == len(PLACES), "what nobody can look through does not exist"
    study = f"{root}/studies/{value(rows[0], STUDY_UID)}"
    for twice in (DICOM, DICOM):  # the second time nothing is looked through
        answers.append(clinic.get(study, Accept=twice))
        assert len(answers[-1].parts()) == len(PLACES)
    answers.append(clinic.get(f"{study}/metadata"))
    assert not any(has_canary(answer.body) for answer in answers)


def test_orthancs_anonymize_lets_most_of_them_out(images):
    """That they are found where they are."""
    hospital, made = images
    session, url = hospital.archive.session, hospital.orthanc.url
    survived = 0
    for each in session.get(f"{url}/instances", timeout=60).json():
        answer = session.post(f"{url}/instances/{each}/anonymize", json={}, timeout=60)
        survived += answer.ok and has_canary(answer.content)
    assert survived > len(made.files) / 2
