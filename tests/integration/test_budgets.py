# SPDX-License-Identifier: GPL-3.0-or-later
"""What one recipient asks for is bounded, whatever it sends, and the others are served."""
import concurrent.futures
import threading

import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from samples import INSTANCE_UID, STUDY_UID, element, item, sequence, value
from test_returns import RETURNS, STRUCTURE_SET, siblings

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
    """A study of structure sets with a header of 6 MB each."""

    CONTOURS, POINTS = 100, 12_000

    def __init__(self, count):
        self.count = count
        self.uid, self.series, self.patient = generate_uid(), generate_uid(), "RT-1"

    def files(self):
        """Their contours are put behind what pydicom writes: it would take seconds for them."""
        points = b"1.25\\" * self.POINTS
        contour = (element(0x3006, 0x0042, b"CS", b"CLOSED_PLANAR ") +
                   element(0x3006, 0x0050, b"DS", points[:-1] + b" "))
        region = sequence(0x3006, 0x0040, item(contour) * self.CONTOURS)
        contours = sequence(0x3006, 0x0039, item(region))
        return [head + contours for head in siblings(self._data(), self.count)]

    def _data(self):
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = STRUCTURE_SET
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
        data.is_little_endian, data.is_implicit_VR = True, False
        data.SOPClassUID = STRUCTURE_SET
        data.StudyDate, data.Modality = "20260131", "RTSTRUCT"
        data.PatientName, data.PatientID = "Yamada^Hanako", self.patient
        data.StudyInstanceUID, data.SeriesInstanceUID = self.uid, self.series
        data.PatientComments = "planned"
        return data


def test_searches_take_memory_by_what_they_answer(hospital, allowance_bytes):
    study = StructureSets(16)
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
