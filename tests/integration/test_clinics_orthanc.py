# SPDX-License-Identifier: GPL-3.0-or-later
"""The clinic's own Orthanc, with Debian's orthanc-dicomweb as client, takes what is shared with it."""
import pathlib

import pytest

import odd_files
from examinations import Examination
from launch import Archive, OrthancProcess, free_port, orthanc_configuration
from samples import PYDICOM_FILES, STUDY_UID, value

DICOMWEB = pathlib.Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
# Orthanc 1.10.1 itself takes 15 s to find that it cannot read this one.
NOT_OF_ORTHANC = {"SC_rgb_jpeg.dcm"}
# Data sets without preamble and meta information, each the only one of its study.
BARE = ("ExplVR_BigEndNoMeta.dcm", "ExplVR_LitEndNoMeta.dcm", "rtstruct.dcm")


@pytest.fixture(scope="module")
def hospital(hospitals):
    return hospitals.new().open()


class ClinicsOrthanc:
    """An Orthanc that knows the roots of shares as DICOMweb servers."""

    def __init__(self, state, authority, token):
        self._servers = {}
        self._token = token
        self.orthanc = OrthancProcess(state, orthanc_configuration(
            state, free_port(), "clinic", "a clinic password", [DICOMWEB],
            HttpsCACertificates=str(authority.certificate),
            DicomWeb={"Enable": True, "Servers": self._servers}))
        self.archive = Archive(self.orthanc.url, self.orthanc.credentials)

    def knows(self, name, root):
        self._servers[name] = {"Url": f"{root}/", "HasDelete": False,
                               "HttpHeaders": {"Authorization": f"Bearer {self._token}"}}

    def start(self):
        self.orthanc.start().wait_until(self.orthanc.answers)

    def retrieve(self, name, study):
        """How many instances it received and stored; None where the retrieval failed."""
        url = f"{self.orthanc.url}/dicom-web/servers/{name}/retrieve"
        answer = self.archive.session.post(url, json={"Resources": [{"Study": study}]}, timeout=120)
        return int(answer.json()["ReceivedInstancesCount"]) if answer.ok else None


@pytest.fixture
def clinic(hospital, authority, tmp_path):
    clinic = hospital.clinic()
    clinic.orthanc = ClinicsOrthanc(tmp_path / "clinic", authority, clinic.token)
    yield clinic
    assert clinic.orthanc.orthanc.stop() == 0


def share_all(hospital, clinic, profile):
    """Shares each study of the archive; gives by Orthanc's id its UID, as shown, and its size."""
    shown = {}
    for identifier in hospital.archive.session.get(f"{hospital.orthanc.url}/studies").json():
        scope = {"Level": "Study", "OrthancIds": [identifier]}
        root = hospital.staff.new_share(clinic.recipient, scope, Profile=profile,
                                        Assurance="password")["DicomWebRoot"]
        rows = clinic.get(f"{root}/studies").json()
        if rows:
            clinic.orthanc.knows(identifier, root)
            shown[identifier] = (value(rows[0], STUDY_UID), value(rows[0], "00201208"))
    return shown


def take_all(hospital, clinic, shown):
    """What the clinic's Orthanc has of each study, after it was asked to retrieve all of them."""
    clinic.orthanc.start()
    taken = {identifier: clinic.orthanc.retrieve(identifier, study)
             for identifier, (study, _) in shown.items()}
    hospital.ledger.unseen_intents += len(shown)  # Orthanc keeps no receipts
    return taken


@pytest.mark.parametrize("profile", ["none", "patient-fields"])
def test_the_clinics_orthanc_takes_every_sample_study(hospital, clinic, profile):
    for file in sorted(PYDICOM_FILES.parent.rglob("*")):
        if file.suffix in ("", ".dcm") and file.is_file() and file.name not in NOT_OF_ORTHANC:
            hospital.archive.session.post(f"{hospital.orthanc.url}/instances", timeout=60,
                                          data=file.read_bytes())  # it may refuse
    shown = share_all(hospital, clinic, profile)
    assert len(shown) > 10
    sizes = {identifier: size for identifier, (_, size) in shown.items()}
    assert take_all(hospital, clinic, shown) == sizes


def test_the_clinics_orthanc_takes_data_sets_without_meta_information(hospitals, authority, tmp_path):
    taken = {}
    for name in BARE:
        hospital = hospitals.new().open()
        hospital.archive.store((PYDICOM_FILES / name).read_bytes())
        clinic = hospital.clinic()
        clinic.orthanc = ClinicsOrthanc(tmp_path / name, authority, clinic.token)
        (taken[name],) = take_all(hospital, clinic, share_all(hospital, clinic, "none")).values()
        clinic.orthanc.orthanc.stop()
        hospital.close()
    assert taken == dict.fromkeys(BARE, 1)


def test_the_clinics_orthanc_takes_what_is_sound_of_a_study_with_an_odd_file(hospitals, authority,
                                                                           tmp_path):
    hospital = hospitals.new().open()
    for number, how in enumerate(odd_files.ODD, 1):
        first, second, third = Examination(number, "CT", "20260115", "CHEST", images=3).files()
        hospital.archive.store(first)
        odd_files.store(hospital, how, second)
        hospital.archive.store(third)
    clinic = hospital.clinic()
    clinic.orthanc = ClinicsOrthanc(tmp_path / "clinic", authority, clinic.token)
    shown = share_all(hospital, clinic, "none")
    assert [size for _, size in shown.values()] == [3] * len(odd_files.ODD)
    taken = take_all(hospital, clinic, shown)
    clinic.orthanc.orthanc.stop()
    assert list(taken.values()) == [2] * len(odd_files.ODD)
    outcomes = [entry for entry in hospital.entries() if entry["event"] == "transfer.end"]
    assert all(entry["detail"] == "incomplete" for entry in outcomes) and outcomes
