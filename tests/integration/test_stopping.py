# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody's work keeps Orthanc from stopping, and nobody is worked for who has gone."""
import concurrent.futures
import http.client
import struct
import time
import zlib

import pytest
import requests
from pydicom.uid import DeflatedExplicitVRLittleEndian

import films
from clinic import answer_of, path_of
from launch import Staff, StaffError
from samples import item, sequence
from test_budgets import STOW, StructureSets, upload_of_empty_parts
from test_returns import RETURNS, derived, part10, siblings

STOPPED_WITHIN_SECONDS = 15
IDLE_WITHIN_SECONDS = 5
PROFILE = "ps3.15-basic"
OTHER_PROFILE = {"Name": PROFILE, "Options": ["RetainModifiedDates"]}  # of which nothing is known
PARTS = 2000
CUT = (OSError, http.client.HTTPException)  # what a client sees of it


class Cinema:
    """A hospital in which several things take long. `known` is a study of which all is known that a
    share has to know of it; of `unknown` most came after it was shared."""

    def __init__(self, hospital, small):
        self.hospital = hospital
        self.clinic = hospital.clinic()
        self.known, self.unknown = films.Films(40), films.Films(40)
        films.store(hospital, self.clinic, self.known, PROFILE)
        first, *others = self.unknown.files()
        hospital.archive.store(first)
        self.root = self._share(self.known)
        self.fresh_root = self._share(self.unknown)
        (row,) = self.clinic.get(f"{self.root}/studies").json()
        self.study = f"{self.root}/studies/{row['0020000D']['Value'][0]}"
        plans = StructureSets(4)
        for file in [*others, *plans.files()]:
            hospital.archive.store(file)
        self.plans_root = self._share(plans, Profile="none")
        hospital.archive.store_files(small.files())
        self.clinic.root = self._share(small, Permissions=RETURNS)
        report = derived(self.clinic)
        self.reports = siblings(report, PARTS)
        self.deflated = [_many_empty_items(report)] * 4
        self.instances = self.count_instances()

    def _share(self, study, **more):
        share = self.hospital.share(self.clinic, study, **{"Profile": PROFILE, **more})
        return share["DicomWebRoot"]

    def count_instances(self):
        archive = self.hospital.archive
        return archive.session.get(f"{archive.url}/statistics").json()["CountInstances"]

    # --- what is under way ----------------------------------------------------------------------
    # Each does its work again and again until it is cut: a fast machine is through with one at once.

    def search(self):
        self._ask(f"{self.root}/instances?PatientComments=x*")

    def first_look(self):
        self._ask(f"{self.fresh_root}/studies")

    def metadata(self):
        self._ask(f"{self.study}/metadata")

    def retrieval(self):
        self.clinic.download(self.study).read_slowly_until_cut(1_000_000, limit_seconds=60)

    def preview(self):
        staff = Staff(self.hospital.orthanc.url, self.hospital.orthanc.credentials)
        try:
            while True:
                staff.call("POST", "/shares/preview", {
                    "Recipient": self.clinic.recipient, "Profile": OTHER_PROFILE,
                    "Scope": {"Level": "Study", "Uids": [self.unknown.uid]}})
        except StaffError as error:
            assert error.status == 503
        except requests.ConnectionError:
            pass

    def upload(self):
        try:
            self.clinic.store(self.clinic.root, *self.reports)
            raise AssertionError("it was over before Orthanc was stopped")
        except CUT:
            pass

    def empty_parts(self):
        self._again_and_again(lambda: self.clinic.post(
            f"{self.clinic.root}/studies", upload_of_empty_parts(10_000), STOW))

    def deflated_parts(self):
        self._again_and_again(lambda: self.clinic.store(self.clinic.root, *self.deflated))

    def search_in_plans(self):
        self._ask(f"{self.plans_root}/instances?PatientComments=plan*")

    @staticmethod
    def _again_and_again(work):
        try:
            while True:
                work()
        except CUT:
            pass

    def _ask(self, target):
        """What is answered is kept; of the answer that is cut, an intent may be on record."""
        def ask():
            download = self.clinic.download(target)
            try:
                if download.status == 503:
                    raise ConnectionAbortedError("Orthanc stops")
                assert download.status == 200
                while download.read_some():
                    pass
            finally:
                download.close()
        self.clinic.ledger.doubtful_intents += 1
        self._again_and_again(ask)


def _many_empty_items(report):
    """A part of 100 kB that inflates to 64 MB, which are eight million items."""
    report.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    whole = part10(report)
    meta_end = 144 + struct.unpack_from("<I", whole, 140)[0]
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    content = sequence(0x0040, 0xA730, item() * (8 << 20))
    return whole[:meta_end] + deflate.compress(content) + deflate.flush()


@pytest.fixture(scope="module")
def one_cinema(hospitals, small):
    hospital = hospitals.new(sekisho={"PixelPolicy": films.PIXEL_POLICY}).open()
    return Cinema(hospital, small)


@pytest.fixture
def cinema(one_cinema):
    """Open, whatever became of the test before."""
    if not one_cinema.hospital.should_run:
        one_cinema.hospital.open()
    return one_cinema


READERS = ["search", "first_look", "metadata", "retrieval"]


@pytest.mark.parametrize("works", [
    pytest.param(READERS, id="readers"),
    pytest.param(["preview"], id="preview"),
    pytest.param(["upload"], id="upload"),
    pytest.param(["empty_parts"] * 8, id="empty_parts"),
    pytest.param(["deflated_parts"] * 8, id="deflated_parts"),
    pytest.param(["search_in_plans"] * 6, id="search_in_plans")])
def test_orthanc_stops_soon_whatever_is_under_way(cinema, works, patience):
    hospital = cinema.hospital
    with concurrent.futures.ThreadPoolExecutor(len(works)) as pool:
        before = hospital.cpu_seconds()
        running = [pool.submit(getattr(cinema, work)) for work in works]
        hospital.wait_until_it_works(before)
        assert not any(work.done() for work in running)
        begin = time.monotonic()
        hospital.close()  # which wants the exit code 0
        took = time.monotonic() - begin
        for work in running:
            work.result()
    print(f"Orthanc stopped after {took:.1f} s")
    assert took < STOPPED_WITHIN_SECONDS * patience
    verdict = hospital.audit("verify", "--data", hospital.data, "--json", check=True)
    assert '"unfinished":0' in verdict.stdout.replace(" ", ""), "everything has its outcome"
    entries = hospital.entries()
    assert entries[-1]["event"] == "service.stop"
    hospital.open()
    stored = [entry for entry in entries
              if entry["event"] == "return.end" and entry["outcome"] == 0]
    assert cinema.count_instances() - cinema.instances == len(stored), "what is stored is on record"


def test_who_gives_up_waiting_is_not_worked_for(cinema, patience):
    """Eight who give up would keep all workers for a minute."""
    hospital = cinema.hospital
    before = hospital.cpu_seconds()
    connections = [cinema.clinic.connect() for _ in range(8)]
    for connection in connections:
        connection.request("GET", path_of(f"{cinema.root}/instances?PatientComments=x*"),
                           headers=cinema.clinic.headers())
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
