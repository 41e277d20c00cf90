# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces of what leaves by itself, and what a client has already, at the door of a real Orthanc.

RFC 9110 §13 and §14; over TLS, and in clear, where the kernel sends from the file.
"""
import http.client
import io

import pydicom
import pytest
from pydicom.data import get_testdata_file

from clinic import answer_of, path_of
from launch import free_port
from test_frames import instance_of, shared_alone, under_its_own_uids

ONE_FILE = "application/dicom"
BYTES = "application/octet-stream"


@pytest.fixture(scope="module")
def hospital(hospitals, small, large):
    """With a listener for a proxy on the same machine, too."""
    hospital = hospitals.new()
    hospital.plain_port = free_port()
    hospital.sekisho["PlainListener"] = {"Address": "127.0.0.1", "Port": hospital.plain_port}
    hospital.open()
    hospital.archive.store_files([*small.files(), large.files()[0]])
    return hospital


def in_clear(hospital, clinic):
    """As clinic.get(), through the listener without TLS."""
    def get(target, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", hospital.plain_port, timeout=60)
        try:
            connection.request("GET", path_of(target), headers=clinic.headers(headers))
            return clinic.ledger.keep(answer_of(connection.getresponse(), target))
        finally:
            connection.close()
    return get


@pytest.mark.parametrize("profile", ["none", "ps3.15-basic"])
def test_pieces_of_a_file_make_the_file(hospital, large, profile):
    clinic = hospital.clinic()
    root = hospital.share(clinic, large, Profile=profile)["DicomWebRoot"]
    instance = instance_of(clinic, root)
    whole = clinic.get(instance, Accept=ONE_FILE)
    size = len(whole.body)
    assert whole.status == 200 and whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"] == "no-store"
    step = size // 5 + 1
    for get in (clinic.get, in_clear(hospital, clinic)):
        pieces = []
        for first in range(0, size, step):
            piece = get(instance, Accept=ONE_FILE, Range=f"bytes={first}-{first + step - 1}",
                        If_Range=whole.headers["etag"])
            last = min(first + step, size) - 1
            assert piece.status == 206
            assert piece.headers["content-range"] == f"bytes {first}-{last}/{size}"
            assert int(piece.headers["content-length"]) == len(piece.body)
            pieces.append(piece.body)
        assert b"".join(pieces) == whole.body
    pydicom.dcmread(io.BytesIO(whole.body))


def test_the_first_bytes_of_a_jpeg_2000_frame_come_by_themselves(hospital):
    clinic = hospital.clinic()
    stored = under_its_own_uids(get_testdata_file("JPEG2000.dcm", download=False))
    frame = shared_alone(hospital, clinic, stored) + "/frames/1"
    whole = clinic.get(frame, Accept="image/jp2")
    assert whole.status == 200 and whole.body.startswith(b"\xff\x4f\xff\x51")
    begin = clinic.get(frame, Accept="image/jp2", Range="bytes=0-63")
    assert begin.status == 206 and begin.body == whole.body[:64]
    assert begin.headers["content-range"] == f"bytes 0-63/{len(whole.body)}"
    assert begin.headers["content-type"] == whole.headers["content-type"]
    end = clinic.get(frame, Accept="image/jp2", Range="bytes=-2")
    assert end.body == b"\xff\xd9"
    # Several frames are parts, and parts have no ranges.
    parts = clinic.get(frame, Accept="*/*", Range="bytes=0-63")
    assert parts.status == 200 and "etag" not in parts.headers


def test_what_a_client_has_is_not_sent_again(hospital, small):
    clinic = hospital.clinic()
    instance = instance_of(clinic, hospital.share(clinic, small)["DicomWebRoot"])
    for path, accept in (("", ONE_FILE), ("/frames/1", BYTES), ("/bulkdata/7FE00010", BYTES),
                         ("/rendered", "image/png"), ("/thumbnail", "image/jpeg")):
        first = clinic.get(instance + path, Accept=accept)
        again = clinic.get(instance + path, Accept=accept, If_None_Match=first.headers["etag"])
        assert (again.status, again.body) == (304, b""), path
        assert again.receipt == first.receipt, "both are of one viewing"
        beyond = clinic.get(instance + path, Accept=accept, Range=f"bytes={len(first.body)}-")
        assert beyond.status == 416
        assert beyond.headers["content-range"] == f"bytes */{len(first.body)}"


def test_a_tag_is_of_no_use_beyond_its_share(hospital, small):
    clinic = hospital.clinic()
    shares = [hospital.share(clinic, small, Profile="none") for _ in range(2)]
    tags = [clinic.get(instance_of(clinic, share["DicomWebRoot"]), Accept=ONE_FILE).headers["etag"]
            for share in shares]
    assert tags[0] != tags[1], "the same bytes, and nobody can tell"
    instance = instance_of(clinic, shares[0]["DicomWebRoot"])
    assert clinic.get(instance, Accept=ONE_FILE, If_None_Match=tags[1]).status == 200
    hospital.staff.revoke(shares[0]["ID"])
    assert clinic.get(instance, Accept=ONE_FILE, If_None_Match=tags[0]).status == 404
    assert clinic.get(instance, Accept=ONE_FILE, Range="bytes=0-9").status == 404


def test_the_log_says_that_an_answer_to_head_carried_nothing(hospital, small):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small)["DicomWebRoot"]
    study = instance_of(clinic, root).partition("/series/")[0]
    head = clinic.request("HEAD", study)
    assert head.status == 200 and head.body == b""
    end = hospital.outcome_of(head.receipt.number)
    assert (end["detail"], end["outcome"]) == ("header", 0)
    assert (end["instances"], end["bytes"]) == (0, 0)
