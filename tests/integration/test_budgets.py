# SPDX-License-Identifier: GPL-3.0-or-later
"""What one recipient asks for is bounded, whatever it sends, and the others are served."""
import concurrent.futures
import io
import threading

import pydicom
import pytest
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from samples import INSTANCE_UID, STUDY_UID, value
from test_returns import RETURNS, STRUCTURE_SET

STOW = 'multipart/related; type="application/dicom"; boundary=edge'
MOST_ENTRIES = 200


@pytest.fixture(scope="module")
def reader(hospital, small):
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic",
                                 Permissions=RETURNS)["DicomWebRoot"]
    return clinic


def upload_of_empty_parts(count):
    return b"--edge\r\nContent-Type: application/dicom\r\n\r\n\r\n" * count + b"--edge--"


@pytest.mark.parametrize("parts,status", [(10_000, 413), (2_000, 409)])
def test_uploads_of_empty_parts_neither_fill_the_log_nor_hold_the_others_up(
        hospital, reader, small, parts, status):
    other = hospital.clinic("Dr. Ito")
    root = hospital.share(other, small)["DicomWebRoot"]
    body = upload_of_empty_parts(parts)
    before = len(hospital.entries())
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        uploads = [pool.submit(reader.post, f"{reader.root}/studies", body, STOW)
                   for _ in range(8)]
        assert other.get(f"{root}/studies").status == 200
        assert {upload.result().status for upload in uploads} == {status}
    assert len(hospital.entries()) - before <= MOST_ENTRIES


class StructureSets:
    """A study of structure sets with a long header each."""

    COUNT, BYTES = 16, 6 << 20

    def __init__(self):
        self.uid, self.series, self.patient = generate_uid(), generate_uid(), "RT-1"

    def files(self):
        return [self._file() for _ in range(self.COUNT)]

    def _file(self):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = STRUCTURE_SET
        meta.MediaStorageSOPInstanceUID = generate_uid()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
        data.is_little_endian, data.is_implicit_VR = True, False
        data.SOPClassUID, data.SOPInstanceUID = STRUCTURE_SET, meta.MediaStorageSOPInstanceUID
        data.StudyDate, data.Modality = "20260131", "RTSTRUCT"
        data.PatientName, data.PatientID = "Yamada^Hanako", self.patient
        data.StudyInstanceUID, data.SeriesInstanceUID = self.uid, self.series
        data.PatientComments = "planned"
        contours = []
        for _ in range(self.BYTES // 60_000):
            contour = Dataset()
            contour.ContourGeometricType = "CLOSED_PLANAR"
            contour.ContourData = ["1.25"] * 12_000
            contours.append(contour)
        region = Dataset()
        region.ContourSequence = contours
        data.ROIContourSequence = [region]
        stream = io.BytesIO()
        pydicom.dcmwrite(stream, data, write_like_original=False)
        return stream.getvalue()


def test_searches_take_memory_by_what_they_answer(hospital, allowance_bytes):
    study = StructureSets()
    files = study.files()
    for file in files:
        hospital.archive.store(file)
    clinic = hospital.clinic()
    root = hospital.share(clinic, study, Profile="none")["DicomWebRoot"]
    target = f"{root}/instances?PatientComments=plan*&limit=1"
    (row,) = clinic.get(target).json()
    assert value(row, STUDY_UID) == study.uid and value(row, INSTANCE_UID)
    before = hospital.memory_bytes()
    most, over = before, threading.Event()

    def watch():
        nonlocal most
        while not over.wait(0.01):
            most = max(most, hospital.memory_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: clinic.get(target), range(6)))
    finally:
        over.set()
        watcher.join()
    assert [answer.status for answer in answers] == [200] * 6
    scope = sum(map(len, files))
    print(f"{scope / 1e6:.0f} MB in scope, six searches took {(most - before) / 1e6:.0f} MB")
    assert most - before < 3 * scope + allowance_bytes, "six times all headers would be more"
