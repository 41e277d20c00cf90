# SPDX-License-Identifier: GPL-3.0-or-later
"""One file of a series is odd: the others arrive, the answer says so, and all of it is on record."""
import dataclasses
import json

import pytest

import odd_files
from examinations import PATIENT, Examination
from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, read, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
JSON = "application/dicom+json"
WARNING = '299 sekisho "Some of the instances could not be read and are not in this response."'
PROFILES = ("none", "patient-fields", "ps3.15-basic")


@pytest.fixture(scope="module")
def hospital(hospitals):
    return hospitals.new().open()


@dataclasses.dataclass
class Odd:
    """A study of three images in one series, the second of them odd, and a share of it."""

    uid: str
    clinic: object
    share: dict
    study: str  # paths
    series: str
    instances: list  # all three, the odd one last

    def get(self, path, accept=DICOM):
        return self.clinic.get(path, Accept=accept)


@pytest.fixture
def an_odd_one(hospital):
    numbers = iter(range(100, 200))

    def make(how, profile):
        made = Examination(next(numbers) + 100 * PROFILES.index(profile) + 1000 * list(odd_files.ODD).index(how),
                           "CT", "20260115", "CHEST", images=3)
        first, second, third = made.files()
        hospital.archive.store(first)
        odd_files.store(hospital, how, second)
        hospital.archive.store(third)
        clinic = hospital.clinic()
        share = hospital.share(clinic, made, Profile=profile)
        root = share["DicomWebRoot"]
        rows = clinic.get(f"{root}/instances").json()
        assert len(rows) == 3, "it is counted, so that its lack is seen"
        series = (f"{root}/studies/{value(rows[0], STUDY_UID)}/series/"
                  f"{value(rows[0], SERIES_UID)}")
        paths = [f"{series}/instances/{value(row, INSTANCE_UID)}" for row in rows]
        # Of an instance that cannot be read nothing is listed but its UIDs.
        paths.sort(key=lambda path: clinic.get(path, Accept=DICOM).status)
        return Odd(made.uid, clinic, share, series.split("/series/")[0], series, paths)
    return make


def staff_entries(hospital, share, event):
    found = hospital.staff.call("GET", f"/audit?share={share['ID']}&event={event}&limit=1000")
    return found["Entries"]


def files_of(hospital, odd):
    """The name in Orthanc's storage of the file that is odd."""
    found = hospital.archive.session.post(
        f"{hospital.orthanc.url}/tools/find",
        json={"Level": "Instance", "Expand": True,
              "Query": {"SOPInstanceUID": f"{odd.uid}.1.2"}}).json()
    return found[0]["FileUuid"]


def says_nothing_of_the_file(odd, answer):
    head = json.dumps(answer.headers)
    return f"{odd.uid}.1.2" not in head and PATIENT not in head and "alformed" not in head


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("how", odd_files.ODD)
def test_the_clinic_gets_the_two_other_images_of_the_series(hospital, an_odd_one, how, profile):
    odd = an_odd_one(how, profile)
    for path in (odd.study, odd.series):
        answer = odd.get(path)
        assert (answer.status, answer.whole) == (206, True)
        assert answer.headers["warning"] == WARNING
        assert says_nothing_of_the_file(odd, answer)
        images = [read(part) for part in answer.parts()]
        assert len(images) == 2 and all(len(image.PixelData) == 512 for image in images)
        begun = next(entry for entry in staff_entries(hospital, odd.share, "transfer.begin")
                     if entry["Seq"] == answer.receipt.number)
        assert begun["Facts"] == {"missing": "1"}
        assert [entry["Instance"] for entry in begun["Objects"] if "Instance" in entry] == [
            f"{odd.uid}.1.2"]
        ended = hospital.outcome_of(answer.receipt.number)
        assert (ended["detail"], ended["outcome"], ended["instances"]) == ("incomplete", 4, 2)
        assert ended["facts"] == {"missing": "1"}
    lines = [line for line in hospital.orthanc.log().splitlines() if odd.share["ID"] in line]
    assert any(f"file {files_of(hospital, odd)} is malformed" in line for line in lines)
    assert not any(odd.uid in line for line in lines), "the operator's log names no patient's UID"


@pytest.mark.parametrize("profile", PROFILES)
def test_the_viewer_gets_the_metadata_of_the_two_other_images(hospital, an_odd_one, profile):
    odd = an_odd_one("text-at-the-end", profile)
    for path in (odd.study, odd.series):
        answer = odd.get(f"{path}/metadata", JSON)
        assert (answer.status, answer.whole) == (206, True)
        assert answer.headers["warning"] == WARNING
        assert len(answer.json()) == 2
        entry = next(entry for entry in staff_entries(hospital, odd.share, "query")
                     if entry["Seq"] == answer.receipt.number)
        assert (entry["Detail"], entry["Outcome"], entry["Instances"]) == ("metadata", 4, 2)
        assert entry["Facts"] == {"missing": "1"}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_odd_image_alone_is_an_error_and_its_neighbours_are_not(an_odd_one, profile):
    odd = an_odd_one("two-character-sets", profile)
    assert [odd.get(path).status for path in odd.instances] == [200, 200, 500]
    assert [odd.get(f"{path}/metadata", JSON).status for path in odd.instances] == [200, 200, 500]
    assert odd.get(odd.instances[2], "application/dicom").status == 500


@pytest.mark.parametrize("profile", PROFILES)
def test_a_study_of_nothing_but_an_odd_file_is_an_error_and_no_cut(hospital, profile):
    made = Examination(9000 + PROFILES.index(profile), "MR", "20260115", "HEAD", images=1)
    odd_files.store(hospital, "text-at-the-end", made.files()[0])
    clinic = hospital.clinic()
    root = hospital.share(clinic, made, Profile=profile)["DicomWebRoot"]
    (row,) = clinic.get(f"{root}/instances").json()
    study = f"{root}/studies/{value(row, STUDY_UID)}"
    before = len(hospital.entries())
    for path, accept in ((study, DICOM), (f"{study}/series/{value(row, SERIES_UID)}", DICOM),
                         (f"{study}/metadata", JSON)):
        answer = clinic.get(path, Accept=accept)
        assert (answer.status, answer.whole) == (500, True)
        assert answer.json() == {"Error": answer.json()["Error"]} and answer.receipt is None
    assert not any(entry["event"] in ("transfer.begin", "query")
                   for entry in hospital.entries()[before:]), "nothing was about to leave"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("how", odd_files.MENDED)
def test_what_can_be_mended_arrives_with_the_others(hospital, how, profile):
    number = 20_000 + 100 * list(odd_files.MENDED).index(how) + PROFILES.index(profile)
    made = Examination(number, "CT", "20260115", "CHEST", images=3)
    first, second, third = made.files()
    hospital.archive.store(first)
    odd_files.store(hospital, how, second)
    hospital.archive.store(third)
    clinic = hospital.clinic()
    body = {"Recipient": clinic.recipient, "Scope": {"Level": "Study", "Uids": [made.uid]}, "Profile": profile}
    preview = hospital.staff.call("POST", "/shares/preview", body)
    assert (preview["Instances"], preview["Withheld"]) == (3, [])
    root = hospital.share(clinic, made, Profile=profile)["DicomWebRoot"]
    (row,) = clinic.get(f"{root}/studies?includefield=NumberOfStudyRelatedInstances").json()
    assert row["00201208"]["Value"] == [3]
    study = f"{root}/studies/{value(row, STUDY_UID)}"
    answer = clinic.get(study, Accept=DICOM)
    assert (answer.status, answer.whole) == (200, True)
    ended = hospital.outcome_of(answer.receipt.number)
    assert (ended["detail"], ended["instances"]) == ("complete", 3)
    images = [read(part) for part in answer.parts()]
    assert sorted(image.InstanceNumber for image in images) == [1, 2, 3]
    for image in images:
        tags = [element.tag for element in image]
        assert tags == sorted(set(tags)) and min(tags) > 0x00030000
        assert image.file_meta.MediaStorageSOPInstanceUID == image.SOPInstanceUID
        assert len(image.PixelData) == 512
    assert len(clinic.get(f"{study}/metadata", Accept=JSON).json()) == 3


ODD_UIDS = {"letters": ".12AB34", "hyphen": ".-1234567", "empty-component": "..5", "final-dot": "7.",
            "65-characters": ".".ljust(51, "7"), "leading-zeros": ".007"}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("how", ODD_UIDS)
def test_an_instance_is_shown_whatever_its_uid(hospital, how, profile):
    number = 50_000 + 10 * list(ODD_UIDS).index(how) + PROFILES.index(profile)
    made = Examination(number, "CT", "20260115", "CHEST", images=2)
    first, second = (read(file) for file in made.files())
    second.SOPInstanceUID = odd = made.uid + ODD_UIDS[how]
    second.file_meta.MediaStorageSOPInstanceUID = odd
    for image in (first, second):
        hospital.archive.store(odd_files.written(image))
    clinic = hospital.clinic()
    root = hospital.share(clinic, made, Profile=profile)["DicomWebRoot"]
    (row,) = clinic.get(f"{root}/studies?includefield=NumberOfStudyRelatedInstances").json()
    assert row["00201208"]["Value"] == [2]
    answer = clinic.get(f"{root}/studies/{value(row, STUDY_UID)}", Accept=DICOM)
    assert answer.status == 200
    shown = {str(read(part).SOPInstanceUID) for part in answer.parts()}
    assert len(shown) == 2
    is_standard = how == "leading-zeros"
    assert (odd in shown) == (profile == "none" or (is_standard and profile == "patient-fields"))
    assert hospital.outcome_of(answer.receipt.number)["instances"] == 2
    for instance in clinic.get(f"{root}/instances").json():
        path = f"{root}/studies/{value(instance, STUDY_UID)}/series/{value(instance, SERIES_UID)}"
        one = clinic.get(f"{path}/instances/{value(instance, INSTANCE_UID)}", Accept=DICOM)
        assert one.status == 200


def test_the_patient_reads_that_an_image_was_not_sent(hospital, an_odd_one, tmp_path):
    odd = an_odd_one("two-character-sets", "none")
    odd.get(odd.study)
    page = tmp_path / "report.html"
    hospital.audit("report", "--data", hospital.data, "--patient", PATIENT, "--lang", "en",
                   "--format", "html", "--to", page, check=True)
    page = page.read_text(encoding="utf-8")
    assert "sent, without images that could not be read" in page
    assert f"{odd.uid}.1.2" in page


def test_an_image_that_is_stored_again_and_sound_is_sent_again(hospital, an_odd_one):
    odd = an_odd_one("text-at-the-end", "ps3.15-basic")
    assert odd.get(odd.study).status == 206
    (identifier,) = hospital.archive.session.post(
        f"{hospital.orthanc.url}/tools/find",
        json={"Level": "Instance", "Query": {"SOPInstanceUID": f"{odd.uid}.1.2"}}).json()
    hospital.archive.session.delete(f"{hospital.orthanc.url}/instances/{identifier}")
    number = int(odd.uid.rsplit(".", 1)[1])
    hospital.archive.store(Examination(number, "CT", "20260115", "CHEST", images=3).files()[1])
    answer = odd.get(odd.study)
    assert answer.status == 200 and len(answer.parts()) == 3
