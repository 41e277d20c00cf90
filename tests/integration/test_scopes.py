# SPDX-License-Identifier: GPL-3.0-or-later
"""A share shows what is in its scope, and what is outside does not exist."""
import copy

import pydicom
from pydicom.filebase import DicomBytesIO

from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, read, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'


def new_image(study, series_uid, instance_uid, study_uid=None):
    """Another image of the same patient, as a modality would send it later."""
    dataset = copy.copy(pydicom.dcmread(study.files()[0]))
    dataset.SeriesInstanceUID, dataset.SOPInstanceUID = series_uid, instance_uid
    dataset.file_meta.MediaStorageSOPInstanceUID = instance_uid
    dataset.StudyInstanceUID = study_uid or dataset.StudyInstanceUID
    stream = DicomBytesIO()
    pydicom.dcmwrite(stream, dataset, write_like_original=False)
    return stream.getvalue()


def uids(clinic, root, level, tag):
    return {value(row, tag) for row in clinic.get(f"{root}/{level}").json()}


def opened(hospital, scope, **more):
    clinic = hospital.clinic()
    share = hospital.staff.new_share(clinic.recipient, scope, Profile="none", **more)
    return clinic, share["DicomWebRoot"]


def test_a_share_of_series_shows_these_series_only(hospital, small):
    clinic, root = opened(hospital, {"Level": "Series", "Uids": small.series[:2]})
    assert uids(clinic, root, "series", SERIES_UID) == set(small.series[:2])
    assert len(clinic.get(f"{root}/studies/{small.uid}", Accept=DICOM).parts()) == 6
    assert value(clinic.get(f"{root}/studies").json()[0], "00201206") == 2
    outside = clinic.get(f"{root}/studies/{small.uid}/series/{small.series[2]}")
    assert outside.status == 404


def test_a_share_of_instances_shows_these_instances_only(hospital, small):
    first, *others = small.instances(small.series[0])
    clinic, root = opened(hospital, {"Level": "Instance", "Uids": [first]})
    assert uids(clinic, root, "instances", INSTANCE_UID) == {first}
    path = f"{root}/studies/{small.uid}/series/{small.series[0]}/instances"
    assert len(clinic.get(f"{path}/{first}", Accept=DICOM).parts()) == 1
    assert clinic.get(f"{path}/{others[0]}", Accept=DICOM).status == 404


def test_a_series_that_comes_late_belongs_to_a_shared_study(hospital, small):
    clinic, root = opened(hospital, {"Level": "Study", "Uids": [small.uid]})
    whole, whole_root = opened(hospital, {"Level": "Series", "Uids": small.series})
    late = f"{small.uid}.77"
    assert late not in uids(clinic, root, "series", SERIES_UID)
    stored = hospital.archive.store(new_image(small, late, f"{late}.1"))
    try:
        assert late in uids(clinic, root, "series", SERIES_UID)
        series = clinic.get(f"{root}/studies/{small.uid}/series/{late}", Accept=DICOM)
        assert [read(part).SOPInstanceUID for part in series.parts()] == [f"{late}.1"]
        assert late not in uids(whole, whole_root, "series", SERIES_UID)
    finally:
        hospital.archive.session.delete(f"{hospital.orthanc.url}/instances/{stored['ID']}")
    assert late not in uids(clinic, root, "series", SERIES_UID)


def test_a_study_that_comes_late_belongs_to_a_shared_patient(hospital, small, utf8):
    clinic, root = opened(hospital, {"Level": "Patient", "PatientID": small.patient})
    late = f"{small.uid}.88"
    assert uids(clinic, root, "studies", STUDY_UID) == {small.uid}
    stored = hospital.archive.store(new_image(small, f"{late}.1", f"{late}.1.1", late))
    try:
        assert uids(clinic, root, "studies", STUDY_UID) == {small.uid, late}
        assert len(clinic.get(f"{root}/studies/{late}", Accept=DICOM).parts()) == 1
        assert clinic.get(f"{root}/studies/{utf8.uid}", Accept=DICOM).status == 404
    finally:
        hospital.archive.session.delete(f"{hospital.orthanc.url}/instances/{stored['ID']}")


def test_a_share_without_download_shows_searches_and_no_files(hospital, small):
    clinic, root = opened(hospital, {"Level": "Study", "Uids": [small.uid]}, Permissions=["view"])
    assert len(clinic.get(f"{root}/instances").json()) == 9
    assert clinic.get(f"{root}/studies/{small.uid}", Accept=DICOM).status == 404
