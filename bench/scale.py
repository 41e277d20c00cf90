#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What thousands of live shares cost, a share of a patient with thousands of images, and a directory of
100,000 recipients, which is asked without Orthanc.

Every figure stands beside a limit; ratio > 1 means that it is within. The data are CT images of 64 x 64
(16 kB a file), made anew: SHARES studies of 20 images, each a share of its own for one clinic, and one
patient of 100 studies with 200 images each, whose share another clinic has. Times are medians of warm
answers on one connection of the plain listener, unless the row says otherwise; memory is what Orthanc's
resident set grew by since before the first request.
Writes OUT: [{Name, Ours, Peer, Unit, Ratio, Under}] as bench.py does, "Peer" being the limit.
"""
import argparse
import concurrent.futures
import contextlib
import io
import json
import pathlib
import subprocess
import sys
import time

import numpy
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "demo"))
import network  # noqa: E402
from clients import DICOM, INSTANCE_UID, JSON, SERIES_UID, STUDY_UID, Door, milliseconds  # noqa: E402
from figures import write_figures  # noqa: E402
from launch import (Archive, OrthancProcess, Staff, free_port, orthanc_configuration,  # noqa: E402
                    rfc3339, sekisho_configuration, Authority)

CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2"
ARC = "2.999.1000499"
LISTING_AGE_SECONDS = 11  # after which a listing is asked for anew


# --- what is in the archive -------------------------------------------------------------------


class Images:
    """Makes DICOM files of nobody, alike but for what tells them apart."""

    def __init__(self):
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = CT_IMAGE_STORAGE
        self.dataset = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
        self.dataset.is_little_endian, self.dataset.is_implicit_VR = True, False
        pixels = numpy.random.default_rng(20261130).integers(0, 4096, (64, 64), numpy.uint16)
        for name, value in {
                "SOPClassUID": CT_IMAGE_STORAGE, "Modality": "CT", "StudyDate": "20260102",
                "StudyTime": "101500", "SeriesDate": "20260102", "SeriesTime": "101600",
                "PatientBirthDate": "19580317", "PatientSex": "F", "AccessionNumber": "A1",
                "StudyID": "1", "StudyDescription": "Thorax", "Manufacturer": "Nobody",
                "PatientPosition": "HFS", "Rows": 64, "Columns": 64, "SamplesPerPixel": 1,
                "PhotometricInterpretation": "MONOCHROME2", "BitsAllocated": 16, "BitsStored": 12,
                "HighBit": 11, "PixelRepresentation": 0, "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
                "PixelData": pixels.tobytes() + bytes(8192)[:8192 - pixels.nbytes]}.items():
            setattr(self.dataset, name, value)
        self.dataset.add_new(0x00291010, "UN", bytes(7000))  # as scanners add: 16 kB a file

    def file(self, patient, study, series, number):
        """The bytes of one; UIDs come from the four numbers alone."""
        dataset = self.dataset
        dataset.PatientID, dataset.PatientName = f"P{patient}", f"Nobody^{patient}"
        dataset.StudyInstanceUID = f"{ARC}.{patient}.{study}"
        dataset.SeriesInstanceUID = f"{dataset.StudyInstanceUID}.{series}"
        dataset.SOPInstanceUID = f"{dataset.SeriesInstanceUID}.{number}"
        dataset.SeriesNumber, dataset.InstanceNumber = str(series), str(number)
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        content = io.BytesIO()
        pydicom.dcmwrite(content, dataset, write_like_original=False)
        return content.getvalue()


def study_uid(patient, study=1):
    return f"{ARC}.{patient}.{study}"


# --- the server -------------------------------------------------------------------------------


class Hospital:
    """An Orthanc with Sekisho, started anew as often as wanted with what it has."""

    def __init__(self, state, build):
        certificate, key = Authority(state / "certificates").issue(
            "gateway", "serverAuth", ("localhost", "127.0.0.1"))
        self.plain_port = free_port()
        sekisho = sekisho_configuration(state, free_port(), certificate, key,
                                        PlainListener={"Address": "127.0.0.1", "Port": self.plain_port})
        self.orthanc = OrthancProcess(state, orthanc_configuration(
            state, free_port(), "staff", "bench", [build / "libOrthancSekisho.so"], Sekisho=sekisho))
        self.staff = Staff(self.orthanc.url, self.orthanc.credentials)
        self.archive = Archive(self.orthanc.url, self.orthanc.credentials)
        self.images = Images()

    def start(self):
        self.orthanc.start()
        self.orthanc.wait_until(lambda: self.orthanc.answers() and self.staff.door_is_open())

    def restart(self):
        self.orthanc.stop()
        self.start()

    def store(self, numbers):
        """Images by (patient, study, series, number)."""
        for each in numbers:
            self.archive.store(self.images.file(*each))

    def clinic(self, name):
        """A recipient: its id and a door at its own root."""
        recipient = self.staff.new_recipient(name)["ID"]
        token = self.staff.new_token(recipient, rfc3339(86400))["Token"]
        return recipient, Door(name, self.plain_port, "/dicom-web", token, orthanc=self.orthanc)

    def share(self, recipient, level, uid):
        return self.staff.new_share(recipient, {"Level": level, "Uids": [uid]}, Profile="ps3.15-basic",
                                    Assurance="password", Permissions=["view", "download"])

    def share_patient(self, recipient, patient_id):
        """Looks at what would leave, then shares it; how many milliseconds each took."""
        body = {"Recipient": recipient, "Scope": {"Level": "Patient", "PatientID": patient_id},
                "Profile": "ps3.15-basic", "Assurance": "password",
                "Permissions": ["view", "download"]}
        preview, seen = elapsed(lambda: self.staff.call("POST", "/shares/preview", body))
        if "Acknowledgement" in seen:
            body["Acknowledgement"] = seen["Acknowledgement"]
        return preview, elapsed(lambda: self.staff.call("POST", "/shares", body))[0]

    def list_through_orthanc(self, patient_id):
        """What Orthanc's own REST API says of every instance of a patient."""
        session, url = self.archive.session, self.archive.url
        (patient,) = session.post(f"{url}/tools/lookup", data=patient_id).json()
        for study in session.get(f"{url}{patient['Path']}/studies").json():
            session.get(f"{url}/studies/{study['ID']}/instances").raise_for_status()

    def megabytes(self):
        status = pathlib.Path(f"/proc/{self.orthanc.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6


def elapsed(act):
    """Milliseconds of one call, and its answer."""
    begin = time.monotonic()
    answer = act()
    return (time.monotonic() - begin) * 1e3, answer


def values(rows, tag):
    return [row[tag]["Value"][0] for row in rows]


# --- figures ----------------------------------------------------------------------------------


def first_instance(door, connection):
    """The path of some image of the clinic's, below its last study."""
    study = values(json.loads(door.get("/studies", connection=connection)), STUDY_UID)[-1]
    series = values(json.loads(door.get(f"/studies/{study}/series", connection=connection)),
                    SERIES_UID)[0]
    path = f"/studies/{study}/series/{series}/instances"
    return f"{path}/{values(json.loads(door.get(path, connection=connection)), INSTANCE_UID)[0]}"


def median_of(door, path, accept=JSON, repeats=21):
    with contextlib.closing(door.connection()) as connection:
        times = sorted(elapsed(lambda: door.get(path, accept, connection))[0] for _ in range(repeats))
    return times[len(times) // 2]


def measure_shares(figures, hospital, counts):
    """Live shares of one clinic, one study of 20 images each; of 1,000 studies if there are more."""
    patients = range(1000, 1000 + min(counts[-1], 1000))
    hospital.store((patient, 1, 1, number) for patient in patients for number in range(20))
    recipient, door = hospital.clinic("Many shares")
    for before, count in zip([0, *counts], counts):
        for number in range(before, count):
            hospital.share(recipient, "Study", study_uid(patients[number % len(patients)]))
        measure_live_shares(figures, hospital, count, door)


def measure_live_shares(figures, hospital, count, door):
    hospital.restart()
    idle = hospital.megabytes()
    with contextlib.closing(door.connection()) as connection:
        first, _ = elapsed(lambda: door.get("/studies", connection=connection))
        path = first_instance(door, connection)
    figures.add(f"{count} live shares: first /studies", "ms", first, 2 * count)
    figures.add(f"{count} live shares: /studies", "ms", median_of(door, "/studies"), 0.04 * count)
    figures.add(f"{count} live shares: one instance", "ms", median_of(door, path, DICOM), 5)
    figures.add(f"{count} live shares: memory", "MB", hospital.megabytes() - idle, 0.1 * count)


def measure_patient(figures, hospital, studies, images):
    """One share of a patient: `studies` with `images` each, in two series."""
    patient, name = studies, f"{studies} studies, {studies * images} images"
    hospital.store((patient, study, 1 + number % 2, number)
                   for study in range(studies) for number in range(images))
    recipient, door = hospital.clinic(name)
    preview, creation = hospital.share_patient(recipient, f"P{patient}")
    figures.add(f"{name}: preview", "ms", preview, 0.1 * studies * images)
    figures.add(f"{name}: creation after a preview", "ms", creation, 50)
    figures.add(f"{name}: first /studies", "ms", milliseconds(door, "/studies", 1), 600)
    figures.add(f"{name}: /studies", "ms", median_of(door, "/studies"), 0.15 * studies)
    figures.add(f"{name}: first /instances?limit=50", "ms",
                milliseconds(door, "/instances?limit=50", 1), 600)
    figures.add(f"{name}: /instances?limit=50", "ms", median_of(door, "/instances?limit=50"), 15)
    with contextlib.closing(door.connection()) as connection:
        path = first_instance(door, connection)
    figures.add(f"{name}: one instance", "ms", median_of(door, path, DICOM), 5)
    time.sleep(LISTING_AGE_SECONDS)
    figures.add(f"{name}: /studies after a pause", "ms", milliseconds(door, "/studies", 1), 50)
    hospital.store([(patient, 0, 1, images)])
    figures.add(f"{name}: /studies after one more image", "ms", milliseconds(door, "/studies", 1), 20)
    another, others_door = hospital.clinic(f"{name}, another")
    hospital.share_patient(another, f"P{patient}")
    figures.add(f"{name}: first /studies, the slowest of eight at once", "ms",
                slowest_of_eight(others_door), 600)
    hospital.restart()
    alone = elapsed(lambda: hospital.list_through_orthanc(f"P{patient}"))[0]
    hospital.restart()
    figures.add(f"{name}: first /studies after a start, against Orthanc's listing", "ms",
                milliseconds(door, "/studies", 1), alone)
    hospital.restart()
    figures.add(f"{name}: the same, the slowest of eight at once", "ms", slowest_of_eight(door), alone)


def measure_directory(figures, build, directory, recipients):
    """What staff ask of so many recipients."""
    done = subprocess.run([build / "bench/bench_directory", directory, str(recipients)],
                          capture_output=True, text=True, check=True)
    times = json.loads(done.stdout)
    times.pop("filling, seconds")
    alone = times.pop("one more among none")
    name = f"{recipients} recipients: "
    figures.add(f"{name}one more, against one of the first", "ms", times.pop("one more among all"), 2 * alone)
    for question, median in times.items():
        figures.add(name + question, "ms", median, 50)


def slowest_of_eight(door):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return max(pool.map(lambda _: milliseconds(door, "/studies", 1), range(8)))


def measure_everything(figures, options, state):
    if options.recipients:
        (state / "directory").mkdir()
        measure_directory(figures, options.build, state / "directory", options.recipients)
    hospital = Hospital(state, options.build)
    hospital.start()
    try:
        for studies, images in options.patients:
            measure_patient(figures, hospital, studies, images)
        if options.shares:
            measure_shares(figures, hospital, options.shares)
    finally:
        hospital.orthanc.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="what is measured")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where the figures go")
    parser.add_argument("--shares", type=int, nargs="*", default=[1000, 10000],
                        help="so many live shares, ascending")
    parser.add_argument("--patients", type=lambda text: tuple(map(int, text.split("x"))), nargs="*",
                        default=[(100, 200), (250, 2), (300, 2)], help="STUDIESxIMAGES")
    parser.add_argument("--recipients", type=int, default=100000, help="so many in the directory; 0: none")
    network.add_argument(parser)
    options = parser.parse_args()
    write_figures(options, "limit", measure_everything)
    print(f"Ratio > 1: within the limit. Written to {options.out}")


if __name__ == "__main__":
    main()
