# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody's work keeps Orthanc from stopping, and nobody is worked for who has gone."""
import concurrent.futures
import http.client
import time

import pytest
import requests
from pydicom.uid import generate_uid

import films
from launch import StaffError
from test_returns import RETURNS, derived, part10

STOPPED_WITHIN_SECONDS = 15
IDLE_WITHIN_SECONDS = 5
PARTS = 2000  # the most that one request may have
PROFILE = "ps3.15-basic"


class Cinema:
    """A hospital where each of several things takes half a minute. `known` is a study of which all
    is known that a share has to know of it; of `unknown` most came after it was shared."""

    def __init__(self, hospital, small):
        self.hospital = hospital
        self.clinic = hospital.clinic()
        hospital.archive.store_files(small.files())
        self.known, unknown = films.Films(40), films.Films(40)
        films.store(hospital, self.clinic, self.known, PROFILE)
        first, *others = unknown.files()
        hospital.archive.store(first)
        self.share = hospital.share(self.clinic, self.known, Profile=PROFILE)
        self.fresh = hospital.share(self.clinic, unknown, Profile=PROFILE)
        self.returns = hospital.share(self.clinic, small, Profile=PROFILE, Permissions=RETURNS)
        (row,) = self.clinic.get(f"{self.share['DicomWebRoot']}/studies").json()
        self.study = f"{self.share['DicomWebRoot']}/studies/{row['0020000D']['Value'][0]}"
        for film in others:
            hospital.archive.store(film)

    # --- what is under way ----------------------------------------------------------------------

    def search(self):
        self._ask(f"{self.share['DicomWebRoot']}/instances?PatientComments=x*")

    def first_look(self):
        self._ask(f"{self.fresh['DicomWebRoot']}/studies")

    def metadata(self):
        # On record before the first byte, which comes with the first 64 KB.
        self.clinic.ledger.unseen_intents += 1
        self._ask(f"{self.study}/metadata")

    def retrieval(self):
        self.clinic.download(self.study).read_slowly_until_cut(1_000_000, limit_seconds=60)

    def upload(self):
        self.clinic.root = self.returns["DicomWebRoot"]
        report = derived(self.clinic)
        reports = []
        for _ in range(PARTS):
            report.SOPInstanceUID = report.file_meta.MediaStorageSOPInstanceUID = generate_uid()
            reports.append(part10(report))
        try:
            self.clinic.store(self.clinic.root, *reports)
        except (OSError, http.client.HTTPException):
            pass

    def preview(self):
        body = {"Recipient": self.clinic.recipient, "Profile": "minimum-disclosure",
                "Scope": {"Level": "Study", "Uids": [self.known.uid]}}
        with pytest.raises((StaffError, requests.ConnectionError)) as refused:
            self.hospital.staff.call("POST", "/shares/preview", body)
        if isinstance(refused.value, StaffError):
            assert refused.value.status == 503

    def _ask(self, target):
        """What is cut is no answer."""
        connection = self.clinic.connect()
        try:
            connection.request("GET", target.removeprefix(self.hospital.url),
                               headers=self.clinic.headers())
            answer = connection.getresponse()
            assert answer.status == 503, "it was over before Orthanc was stopped"
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()


@pytest.fixture(scope="module")
def cinema(hospitals, small):
    hospital = hospitals.new(sekisho={"PixelPolicy": films.PIXEL_POLICY}).open()
    return Cinema(hospital, small)


def returned(hospital, small):
    """How many reports the archive has beside the images."""
    archive = hospital.archive
    return len(archive.session.post(f"{archive.url}/tools/find", json={
        "Level": "Instance", "Query": {"StudyInstanceUID": small.uid}}).json()) - len(small.files())


def begun(hospital):
    return [entry for entry in hospital.entries() if entry["event"] == "return.begin"]


@pytest.mark.parametrize("work", ["search", "first_look", "metadata", "retrieval", "upload",
                                  "preview"])
def test_orthanc_stops_soon_whatever_is_under_way(cinema, work, small, patience):
    hospital = cinema.hospital
    before = hospital.cpu_seconds()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(getattr(cinema, work))
        hospital.wait_until_it_works(before)
        while work == "upload" and len(begun(hospital)) < 20:
            time.sleep(0.01)
        assert not running.done()
        begin = time.monotonic()
        hospital.close()  # which wants the exit code 0
        took = time.monotonic() - begin
        running.result()
    print(f"{work}: Orthanc stopped after {took:.1f} s")
    assert took < STOPPED_WITHIN_SECONDS * patience
    verdict = hospital.audit("verify", "--data", hospital.data, "--json", check=True)
    assert '"unfinished":0' in verdict.stdout.replace(" ", ""), "everything has its outcome"
    entries = hospital.entries()
    assert entries[-1]["event"] == "service.stop"
    hospital.open()
    stored = [entry for entry in entries
              if entry["event"] == "return.end" and entry.get("detail") == "stored"]
    assert returned(hospital, small) == len(stored)
    if work == "upload":
        rest = [entry["instances"] for entry in entries
                if entry.get("detail") == "return: nobody waits"]
        assert len(begun(hospital)) + sum(rest) == PARTS


def test_who_gives_up_waiting_is_not_worked_for(cinema, patience):
    """Eight who give up would keep all workers for a minute."""
    hospital = cinema.hospital
    before = hospital.cpu_seconds()
    connections = [cinema.clinic.connect() for _ in range(8)]
    for connection in connections:
        connection.request("GET", f"{cinema.share['DicomWebRoot']}/instances?PatientComments=x*"
                           .removeprefix(hospital.url), headers=cinema.clinic.headers())
    hospital.wait_until_it_works(before, seconds=2)
    for connection in connections:
        connection.close()
    deadline = time.monotonic() + IDLE_WITHIN_SECONDS * patience
    while True:
        worked = hospital.cpu_seconds()
        time.sleep(0.5)
        if hospital.cpu_seconds() - worked < 0.1:
            break
        assert time.monotonic() < deadline, "it still works for nobody"
