# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody's work keeps Orthanc from stopping, and nobody is worked for who has gone."""
import concurrent.futures
import http.client
import time

import pytest

import films

STOPPED_WITHIN_SECONDS = 15
IDLE_WITHIN_SECONDS = 5
PROFILE = "ps3.15-basic"


class Cinema:
    """A hospital where each of several things takes half a minute. `known` is a study of which all
    is known that a share has to know of it; of `unknown` most came after it was shared."""

    def __init__(self, hospital):
        self.hospital = hospital
        self.clinic = hospital.clinic()
        self.known, unknown = films.Films(40), films.Films(40)
        films.store(hospital, self.clinic, self.known, PROFILE)
        first, *others = unknown.files()
        hospital.archive.store(first)
        self.share = hospital.share(self.clinic, self.known, Profile=PROFILE)
        self.fresh = hospital.share(self.clinic, unknown, Profile=PROFILE)
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
def cinema(hospitals):
    hospital = hospitals.new(sekisho={"PixelPolicy": films.PIXEL_POLICY}).open()
    return Cinema(hospital)


@pytest.mark.parametrize("work", ["search", "first_look", "metadata", "retrieval"])
def test_orthanc_stops_soon_whatever_is_under_way(cinema, work, patience):
    hospital = cinema.hospital
    before = hospital.cpu_seconds()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(getattr(cinema, work))
        hospital.wait_until_it_works(before)
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
