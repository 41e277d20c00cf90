# SPDX-License-Identifier: GPL-3.0-or-later
"""Poisoned files that stand in the archive already: withheld, and the PACS lives."""
import struct

import pytest

from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, read, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
PIXEL_DATA = b"\xe0\x7f\x10\x00"


@pytest.fixture(scope="module")
def hospital(hospitals):
    """The tests spoil its archive. Orthanc must not remember what the files were before."""
    return hospitals.new(orthanc={"MaximumStorageCacheSize": 0}).open()


@pytest.fixture
def clinic(hospital, small):
    """Loads the study anew and shares it, masked."""
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    yield clinic
    for study in hospital.archive.session.get(f"{hospital.orthanc.url}/studies").json():
        hospital.archive.session.delete(f"{hospital.orthanc.url}/studies/{study}")


def stored_file(hospital, instance):
    """The file in Orthanc's storage directory that holds the instance with this UID."""
    found = hospital.archive.session.post(
        f"{hospital.orthanc.url}/tools/find",
        json={"Level": "Instance", "Expand": True, "Query": {"SOPInstanceUID": instance}}).json()
    uuid = found[0]["FileUuid"]
    return hospital.state / "storage" / uuid[:2] / uuid[2:4] / uuid


def nested(depth):
    """A private sequence, `depth` levels deep, of undefined lengths; it belongs before 7FE0."""
    level = struct.pack("<HH2sHI", 0x6101, 0x1099, b"SQ", 0, 0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    end = struct.pack("<HHIHHI", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)
    return level * depth + end * depth


def poison(path, depth):
    """Puts nested sequences before the pixel data; the size of the file stays what it was."""
    content = path.read_bytes()
    pixels = content.rindex(PIXEL_DATA + b"OW")
    bad = nested(depth)
    room = len(content) - pixels - len(bad) - 12
    padding = struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OW", 0, room) + b"\0" * room
    path.write_bytes(content[:pixels] + bad + padding)
    assert path.stat().st_size == len(content)


def instance_paths(clinic):
    return {f"{clinic.root}/studies/{value(row, STUDY_UID)}/series/{value(row, SERIES_UID)}"
            f"/instances/{value(row, INSTANCE_UID)}"
            for row in clinic.get(f"{clinic.root}/instances").json()}


def refused(clinic, small, paths):
    """Those of `paths` that are not served; what is served is whole and masked."""
    bad = set()
    for path in paths:
        answer = clinic.get(path, Accept=DICOM)
        if answer.status == 200:
            (part,) = answer.parts()
            dataset = read(part)
            assert len(dataset.PixelData) == 512 * 512 * 2
            assert dataset.PatientIdentityRemoved == "YES"
        else:
            assert small.survivors(answer.body) == []
            bad.add(path)
    return bad


@pytest.mark.parametrize("depth", [17, 300, 14_000])
def test_a_file_nested_too_deep_is_withheld_and_its_neighbours_are_served(
        hospital, clinic, small, depth):
    paths = instance_paths(clinic)
    assert refused(clinic, small, paths) == set()
    poison(stored_file(hospital, small.instances()[0]), depth)
    assert len(refused(clinic, small, paths)) == 1
    assert hospital.orthanc.answers()


def test_a_file_nested_as_deep_as_allowed_is_served(hospital, clinic, small):
    paths = instance_paths(clinic)
    poison(stored_file(hospital, small.instances()[0]), 16)
    for path in paths:
        assert clinic.get(path, Accept=DICOM).status == 200


@pytest.mark.parametrize("kept", [0, 100, 131, 140, 2_000, 5_000, 100_000])
def test_a_file_cut_short_is_withheld(hospital, clinic, small, kept):
    paths = instance_paths(clinic)
    file = stored_file(hospital, small.instances()[0])
    file.write_bytes(file.read_bytes()[:kept])
    assert len(refused(clinic, small, paths)) == 1
    study = next(iter(paths)).split("/series/")[0]
    for path, accept in ((study, DICOM), (f"{study}/metadata", "application/dicom+json")):
        answer = clinic.get(path, Accept=accept)
        assert answer.status != 200, "what lacks an image never looks complete"
        assert small.survivors(answer.body) == []


def test_a_file_that_is_gone_from_disk_is_withheld(hospital, clinic, small):
    paths = instance_paths(clinic)
    stored_file(hospital, small.instances()[0]).unlink()
    assert len(refused(clinic, small, paths)) == 1


def test_a_file_that_is_not_dicom_at_all_is_withheld(hospital, clinic, small):
    paths = instance_paths(clinic)
    file = stored_file(hospital, small.instances()[0])
    file.write_bytes(b"\xff" * file.stat().st_size)
    assert len(refused(clinic, small, paths)) == 1


def test_a_length_that_points_beyond_the_file_is_withheld(hospital, clinic, small):
    paths = instance_paths(clinic)
    file = stored_file(hospital, small.instances()[0])
    content = bytearray(file.read_bytes())
    at = content.rindex(PIXEL_DATA + b"OW") + 8
    content[at:at + 4] = struct.pack("<I", 0x7FFFFFFE)
    file.write_bytes(content)
    assert len(refused(clinic, small, paths)) == 1
