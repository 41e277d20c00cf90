# SPDX-License-Identifier: GPL-3.0-or-later
"""Behind a TCP load balancer everybody is who they are: networks, limits and the access log."""
import contextlib
import copy
import socket
import time

import pytest

from load_balancer import LoadBalancer

BALANCER, CLINIC, STRANGER, CROWD = "127.0.0.9", "127.0.0.2", "127.0.0.3", "127.0.0.4"
CONNECTIONS_PER_ADDRESS = 8
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def header_for(client):
    """What a proxy says ahead of a connection from `client` (PROXY protocol, version 2, TCP4)."""
    ends = socket.inet_aton(client) + socket.inet_aton("127.0.0.1") + b"\xc0\x01\x01\xbb"
    return SIGNATURE + b"\x21\x11" + len(ends).to_bytes(2, "big") + ends


@pytest.fixture(scope="module")
def hospital(hospitals, small):
    """One that takes the load balancer's word."""
    hospital = hospitals.new(
        sekisho={"Limits": {"ConnectionsPerAddress": CONNECTIONS_PER_ADDRESS}})
    hospital.sekisho["Gateway"]["ProxyPeers"] = [f"{BALANCER}/32"]
    hospital.open()
    hospital.archive.store_files(small.files())
    return hospital


@pytest.fixture(scope="module", params=["", "proxy-v2-options crc32c,unique-id"],
                ids=["as_documented", "with_a_checksum"])
def balancer(request, hospital, tmp_path_factory):
    balancer = LoadBalancer(tmp_path_factory.mktemp("balancer"), hospital.gateway_port, BALANCER,
                            request.param).start()
    yield balancer
    balancer.close()


@pytest.fixture(scope="module")
def clinic(hospital, small):
    """A clinic that is served from its own address alone. It comes straight."""
    clinic = hospital.clinic(source=CLINIC, networks=[f"{CLINIC}/32"])
    clinic.root = hospital.share(clinic, small)["DicomWebRoot"]
    return clinic


def through(balancer, visitor, source=None):
    """The same visitor, who comes through the load balancer, and perhaps from elsewhere."""
    other = copy.copy(visitor)
    other.url, other._source = balancer.url, source or visitor._source
    return other


def handshake(hospital, clinic, source, ahead=b""):
    """Straight to the gateway: sends bytes, then shakes hands and asks. What came back, or ""."""
    with contextlib.suppress(OSError), socket.create_connection(
            ("127.0.0.1", hospital.gateway_port), timeout=30, source_address=(source, 0)) as plain:
        plain.sendall(ahead)
        with clinic.tls().wrap_socket(plain, server_hostname="localhost") as tls:
            tls.sendall(f"GET /dicom-web/studies HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                        f"Bearer {clinic.token}\r\nConnection: close\r\n\r\n".encode("ascii"))
            return b"".join(iter(lambda: tls.recv(65536), b""))
    return b""


def last_entry(hospital, event):
    return [entry for entry in hospital.entries() if entry["event"] == event][-1]


def test_a_clinic_is_served_from_its_own_address_and_the_log_has_that(hospital, balancer, clinic):
    answer = through(balancer, clinic).get(f"{clinic.root}/studies")
    assert answer.status == 200 and len(answer.json()) == 1
    assert last_entry(hospital, "query")["source"] == CLINIC


def test_a_stolen_token_is_worth_nothing_from_elsewhere_behind_the_load_balancer(
        hospital, balancer, clinic):
    assert through(balancer, clinic, source=STRANGER).get("/dicom-web/studies").status == 404
    denial = last_entry(hospital, "denial")
    assert (denial["source"], denial["detail"]) == (STRANGER, "foreign_network")


def test_whole_studies_come_through(balancer, clinic, small):
    clinic = through(balancer, clinic)
    study = clinic.get("/dicom-web/studies").json()[0]["0020000D"]["Value"][0]
    whole = clinic.get(f"/dicom-web/studies/{study}",
                       Accept='multipart/related; type="application/dicom"')
    assert whole.status == 200 and len(whole.parts()) == len(small.files())


def test_whoever_is_no_configured_proxy_cannot_borrow_a_clinics_address(hospital, clinic):
    before = len(hospital.entries())
    assert handshake(hospital, clinic, STRANGER, header_for(CLINIC)) == b""
    assert handshake(hospital, clinic, CLINIC, header_for(CLINIC)) == b"", "the clinic itself neither"
    assert len(hospital.entries()) == before
    assert clinic.get("/dicom-web/studies").status == 200


def test_the_load_balancer_is_served_no_other_way(hospital, clinic):
    assert handshake(hospital, clinic, BALANCER) == b""
    told = [line for line in hospital.orthanc.log().splitlines() if f"the proxy at {BALANCER}" in line]
    assert len(told) == 1 and "send-proxy-v2" in told[0]
    assert handshake(hospital, clinic, BALANCER, header_for(CLINIC)).startswith(b"HTTP/1.1 200 ")
    clinic.ledger.unseen_intents += 1


def test_health_checks_leave_no_trace(hospital, balancer):
    before, lines = len(hospital.entries()), hospital.orthanc.log().count("gateway:")
    deadline = time.monotonic() + 20
    while "L4OK" not in balancer.checked():
        assert time.monotonic() < deadline, f"{balancer.checked()}\n{balancer.log()}"
        time.sleep(0.05)
    assert len(hospital.entries()) == before
    assert hospital.orthanc.log().count("gateway:") == lines


def test_a_crowd_at_one_address_keeps_nobody_else_out(balancer, clinic):
    crowd = through(balancer, clinic, source=CROWD)
    with contextlib.ExitStack() as inside:
        for _ in range(CONNECTIONS_PER_ADDRESS):
            inside.enter_context(crowd.raw_socket())
        with pytest.raises(OSError):
            crowd.raw_socket()
        assert through(balancer, clinic).get("/dicom-web/studies").status == 200
        neighbours = through(balancer, clinic, source=STRANGER)
        for _ in range(CONNECTIONS_PER_ADDRESS):
            inside.enter_context(neighbours.raw_socket())


def test_the_log_says_whose_word_is_taken(hospital):
    assert last_entry(hospital, "service.start")["facts"]["proxies"] == f"{BALANCER}/32"
