# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks that are full: nothing is served without its record, nothing is lost, and nobody restarts."""
import contextlib
import os
import subprocess
import time

import pytest

from clinic import path_of
from test_access_log import opened
from test_returns import RETURNS, derived, part10

STOPPED_WITHIN_SECONDS = 15


@pytest.fixture
def small_disk(tmp_path):
    """Makes file systems of a few megabytes: loop devices, else tmpfs, else a skip."""
    mounted = []

    def make(megabytes):
        place, image = tmp_path / f"disk-{len(mounted)}", tmp_path / f"disk-{len(mounted)}.img"
        place.mkdir()
        if os.geteuid() != 0:
            pytest.skip("mounting a small file system takes root")
        with open(image, "wb") as file:
            file.truncate(megabytes << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", image], check=True)
        ways = (["mount", "-o", "loop", image, place],
                ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place])
        if not any(subprocess.run(way, capture_output=True).returncode == 0 for way in ways):
            pytest.skip("neither a loop device nor a tmpfs can be mounted here")
        mounted.append(place)
        return place
    yield make
    for place in mounted:
        subprocess.run(["umount", place], check=True)


@pytest.fixture
def on_disk(hospitals, small_disk):  # which goes after this
    """A maker of hospitals that are closed before their disk is gone."""
    made = []

    def make(**more):
        made.append(hospitals.new(**more))
        return made[-1]
    yield make
    for hospital in made:
        if hospital.orthanc.is_running():
            hospital.close()


def fill(directory):
    """Takes every free byte of the file system; returns the file that took them."""
    filler = directory / "filler"
    with open(filler, "wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
    return filler


def events(hospital):
    return [entry["event"] for entry in hospital.entries()]


def test_while_the_disk_under_the_log_is_full_clinics_wait_and_staff_can_act(on_disk, small,
                                                                           small_disk):
    disk = small_disk(16)
    hospital = on_disk(data=disk / "sekisho").open()
    hospital.archive.store_files(small.files())
    clinic = opened(hospital, small)
    doomed = hospital.share(clinic, small, Profile="ps3.15-basic")
    assert clinic.get(f"{clinic.root}/studies").status == 200
    filler = fill(disk)
    answers = [clinic.get(f"{clinic.root}/studies") for _ in range(400)]
    assert answers[-1].status == 503, "what the log's file had left is used up by now"
    served = [answer.status for answer in answers]
    assert served == sorted(served), "as long as there is no room"
    assert small.survivors(b"".join(answer.body for answer in answers)) == []
    assert hospital.orthanc.answers()
    status = hospital.staff.status()
    assert status["Log"]["Condition"] == "saving" and "room" in str(status["Problems"])
    hospital.staff.revoke(doomed["ID"])  # with the reserve's room
    assert {"log.full", "share.revoke"} <= set(events(hospital))
    filler.unlink()
    hospital.orthanc.wait_until(lambda: clinic.get(f"{clinic.root}/studies").status == 200)
    status = hospital.staff.status()
    assert status["Log"]["Condition"] == "sound" and status["Problems"] == []
    assert events(hospital).count("log.restored") == 1
    hospital.check()


def test_a_log_without_a_reserve_goes_on_too_once_there_is_room(on_disk, small, small_disk):
    disk = small_disk(16)
    hospital = on_disk(data=disk / "sekisho", sekisho={
        "AuditReserveMegabytes": 0, "AuditAnchorDirectory": str(disk / "anchor")})
    (disk / "anchor").mkdir()
    hospital.open()
    hospital.archive.store_files(small.files())
    clinic = opened(hospital, small)
    for _ in range(2):
        filler = fill(disk)
        served = [clinic.get(f"{clinic.root}/studies").status for _ in range(400)]
        assert served[-1] == 503 and served == sorted(served)
        assert hospital.staff.status()["Log"]["Condition"] == "full"
        filler.unlink()
        hospital.orthanc.wait_until(lambda: clinic.get(f"{clinic.root}/studies").status == 200)
    assert hospital.staff.status()["Problems"] == []
    hospital.check()
    hospital.close()
    done = hospital.audit("verify", "--data", hospital.data)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("reserve", [0, 1])
def test_a_disk_that_is_full_at_the_start_keeps_the_door_shut_until_there_is_room(
        on_disk, small, small_disk, reserve):
    disk = small_disk(16)
    hospital = on_disk(data=disk / "sekisho",
                       sekisho={"AuditReserveMegabytes": reserve}).open()
    hospital.archive.store_files(small.files())
    clinic = opened(hospital, small)
    hospital.close()
    filler = fill(disk)
    hospital.orthanc.start()
    hospital.orthanc.wait_until(lambda: hospital.orthanc.answers() and
                                "once there is room" in str(hospital.staff.status()["Problems"]))
    assert not hospital.staff.door_is_open()
    filler.unlink()
    hospital.orthanc.wait_until(hospital.staff.door_is_open)
    hospital.should_run = True
    assert clinic.get(f"{clinic.root}/studies").status == 200
    assert hospital.staff.status()["Problems"] == []
    hospital.check()


def test_orthanc_stops_while_it_waits_for_room(on_disk, small_disk):
    disk = small_disk(16)
    hospital = on_disk(data=disk / "sekisho").open()
    hospital.close()
    filler = fill(disk)
    hospital.orthanc.start()
    hospital.orthanc.wait_until(lambda: hospital.orthanc.answers() and
                                "once there is room" in str(hospital.staff.status()["Problems"]))
    stop_soon(hospital)
    filler.unlink()
    hospital.open()


def test_orthanc_stops_while_the_disk_is_full(on_disk, small, small_disk):
    disk = small_disk(16)
    hospital = on_disk(data=disk / "sekisho", sekisho={"AuditReserveMegabytes": 0}).open()
    hospital.archive.store_files(small.files())
    clinic = opened(hospital, small)
    filler = fill(disk)
    while clinic.get(f"{clinic.root}/studies").status == 200:
        pass
    stop_soon(hospital)
    filler.unlink()
    done = hospital.audit("verify", "--data", hospital.data)
    assert done.returncode == 0, done.stdout + done.stderr
    hospital.open()


def stop_soon(hospital):
    begin = time.monotonic()
    hospital.close()  # which wants the exit code 0
    assert time.monotonic() - begin < STOPPED_WITHIN_SECONDS


@contextlib.contextmanager
def upload(clinic, megabytes):
    """A connection on which a body of that size was announced, and what the door says to it."""
    with clinic.raw_socket() as connection:
        connection.sendall(
            f"POST {path_of(clinic.root)}/studies HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {clinic.token}\r\nContent-Length: {megabytes << 20}\r\n"
            'Content-Type: multipart/related; type="application/dicom"; boundary=edge\r\n'
            "Expect: 100-continue\r\n\r\n".encode())
        yield connection, connection.recv(4096).decode()


def says_come_later(head):
    return head.startswith("HTTP/1.1 503 ") and "\r\nretry-after: " in head.lower()


def giving_back(hospital, study, name):
    clinic = hospital.clinic(name)
    clinic.root = hospital.share(clinic, study, Profile="ps3.15-basic",
                                 Permissions=RETURNS)["DicomWebRoot"]
    return clinic


def test_an_unfinished_upload_takes_no_room_from_another_clinic(on_disk, small, small_disk):
    disk = small_disk(96)
    hospital = on_disk(data=disk / "sekisho", sekisho={"Limits": {
        "ReturnMegabytes": 16, "SpoolMegabytesPerRecipient": 16, "SpoolMegabytes": 32,
        "SpoolFreeMegabytes": 16}}).open()
    hospital.archive.store_files(small.files())
    greedy, other = (giving_back(hospital, small, name) for name in ("Dr. Greedy", "Dr. Other"))
    with upload(greedy, 12) as (connection, head):
        assert head.startswith("HTTP/1.1 100 ")
        connection.sendall(bytes((12 << 20) - 1))
        with upload(greedy, 12) as (_, second):
            assert says_come_later(second), second
        assert other.get(f"{other.root}/studies").status == 200
        assert other.store(other.root, part10(derived(other))).status == 200
        with upload(other, 12) as (_, head):
            assert head.startswith("HTTP/1.1 100 ")
    fill(disk)
    with upload(other, 12) as (_, head):
        assert says_come_later(head), head
    (disk / "filler").unlink()
    hospital.check()


def test_a_spool_that_is_full_stops_uploads_and_nothing_else(on_disk, small, small_disk):
    disk = small_disk(16)
    hospital = on_disk(sekisho={"SpoolDirectory": str(disk / "spool"), "Limits": {
        "ReturnMegabytes": 64, "SpoolMegabytesPerRecipient": 64, "SpoolMegabytes": 64,
        "SpoolFreeMegabytes": 0}}).open()
    hospital.archive.store_files(small.files())
    greedy, other = (giving_back(hospital, small, name) for name in ("Dr. Greedy", "Dr. Other"))
    filler = fill(disk)
    with upload(greedy, 8) as (_, head):
        assert says_come_later(head), head
    pieces = (bytes(1 << 20) for _ in range(2))
    with contextlib.suppress(OSError):
        answer = greedy.post(f"{greedy.root}/studies", pieces, "multipart/related; "
                             'type="application/dicom"; boundary=edge')
        assert answer.status == 503 and answer.headers["retry-after"]
    for clinic in (greedy, other):
        assert clinic.get(f"{clinic.root}/studies").status == 200
        assert clinic.store(clinic.root, part10(derived(clinic))).status == 200, "a small one"
    filler.unlink()
    with upload(greedy, 8) as (_, head):
        assert head.startswith("HTTP/1.1 100 ")
    hospital.check()
