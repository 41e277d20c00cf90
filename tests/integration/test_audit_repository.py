# SPDX-License-Identifier: GPL-3.0-or-later
"""Every entry of the log reaches an audit record repository, whatever happens to either of them."""
import base64
import contextlib
import hashlib
import pathlib
import random
import socket
import ssl
import subprocess
import time

import pytest

from audit_repository import AuditRepository
from launch import Authority

SCHEMA = pathlib.Path(__file__).resolve().parents[1] / "data/dicom-audit.rnc"
MANY_ENTRIES = 600  # more than two sessions take
STOPPED_WITHIN_SECONDS = 15


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """An authority that nobody here trusts."""
    return Authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
def repository(tmp_path, authority):
    made = AuditRepository(tmp_path / "repository", authority)
    yield made
    made.close()


def settings(repository, authority, client_of=None, **more):
    certificate, key = (client_of or authority).issue("audit-client", "clientAuth")
    return {"AuditRepository": {
        "Host": "localhost", "Port": repository.port, "CaFile": str(authority.certificate),
        "CertificateFile": str(certificate), "KeyFile": str(key), "Identifiers": "opened", **more}}


def until(condition, seconds=30, told=lambda: "nothing more is known"):
    """Waits for something; `told` says how things stand if it does not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"this did not happen in time: {told()}"
        time.sleep(0.1)


def state_of(hospital):
    return hospital.staff.status()["AuditRepository"]


def seqs(repository):
    return [seq for seq in (message.seq() for message in repository.messages()) if seq is not None]


def has_all(repository, hospital):
    return set(seqs(repository)) == {entry["seq"] for entry in hospital.entries()}


def until_all_arrived(repository, hospital, seconds=30):
    def told():
        there, here = set(seqs(repository)), {entry["seq"] for entry in hospital.entries()}
        return (f"missing {sorted(here - there)[:10]} of {len(here)}, "
                f"foreign {sorted(there - here)[:10]}, {state_of(hospital)}, {repository.log()[-2000:]}")
    until(lambda: has_all(repository, hospital), seconds, told)


def visit(hospital, small):
    """A clinic that was given a study and looks at it."""
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    assert clinic.get(f"{root}/studies").status == 200
    return clinic


def opened(hospitals, small, sekisho):
    hospital = hospitals.new(sekisho=sekisho).open()
    hospital.archive.store_files(small.files())
    return hospital


def test_every_entry_arrives_once_in_order_and_by_the_schema(
        hospitals, repository, authority, small, tmp_path):
    repository.start()
    hospital = opened(hospitals, small, settings(repository, authority, EnterpriseSite="Kyoto"))
    clinic = visit(hospital, small)
    until_all_arrived(repository, hospital)
    messages = repository.messages()
    assert seqs(repository) == sorted(set(seqs(repository)))
    for number, message in enumerate(messages):
        assert message.header.startswith("DICOM+RFC3881 ") and " localhost " in message.header
        (tmp_path / f"{number}.xml").write_text(message.xml, encoding="utf-8")
    done = subprocess.run(["jing", "-c", SCHEMA, *tmp_path.glob("*.xml")], capture_output=True,
                          text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    (query,) = [message for message in messages if message.code() == "110112"]
    assert query.detail("share") and clinic.recipient in query.xml and "Dr. Kobayashi" in query.xml
    assert small.uid in query.xml
    until(lambda: state_of(hospital)["Behind"] == 0)
    assert state_of(hospital)["Trouble"] == ""


def tree_root(leaves):
    """RFC 6962 §2.1 over leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + tree_root(leaves[:left]) + tree_root(leaves[left:])).digest()


def test_a_checkpoint_arrives_that_covers_what_arrived_before_it(
        hospitals, repository, authority, small):
    repository.start()
    hospital = opened(hospitals, small, settings(repository, authority))
    until(lambda: any(message.code() == "checkpoint" for message in repository.messages()))
    messages = repository.messages()
    (at, note), = [(number, message.detail("checkpoint"))
                   for number, message in enumerate(messages) if message.code() == "checkpoint"]
    origin, size, root, _, signature = note.splitlines()
    assert origin == hospital.staff.status()["Log"]["Origin"]
    assert signature.startswith(f"— {origin} ")
    leaves = [bytes.fromhex(message.detail("leaf")) for message in messages[:at]]
    assert len(leaves) == int(size)
    assert base64.b64encode(tree_root(leaves)).decode() == root


def test_hashed_identifiers_name_nobody(hospitals, repository, authority, small):
    repository.start()
    hospital = opened(hospitals, small, settings(repository, authority, Identifiers="hashed"))
    clinic = visit(hospital, small)
    until_all_arrived(repository, hospital)
    received = repository.received.read_bytes()
    assert small.survivors(received) == []
    assert clinic.recipient.encode() not in received and b"Kobayashi" not in received
    for message in repository.messages():
        for detail in message.root.iter("ParticipantObjectDetail"):
            text = message.detail(detail.get("type")).encode()
            assert small.survivors(text) == [] and b"Kobayashi" not in text


@pytest.mark.parametrize("kill", [False, True], ids=["stopped", "killed"])
def test_what_happens_while_the_repository_is_away_arrives_when_it_is_back(
        hospitals, repository, authority, small, kill):
    repository.start()
    hospital = opened(hospitals, small, settings(repository, authority))
    until_all_arrived(repository, hospital)
    repository.close(kill)
    clinic = visit(hospital, small)  # nothing waits for the repository
    until(lambda: state_of(hospital)["Trouble"])
    assert state_of(hospital)["Behind"] > 0
    assert any("Audit repository" in problem for problem in hospital.staff.status()["Problems"])
    repository.start()
    until_all_arrived(repository, hospital, seconds=60)
    assert clinic.recipient in repository.received.read_text(encoding="utf-8")
    assert seqs(repository) == sorted(set(seqs(repository)))
    until(lambda: not state_of(hospital)["Trouble"])


def test_a_restart_goes_on_where_it_stopped(hospitals, repository, authority, small):
    repository.start()
    hospital = opened(hospitals, small, settings(repository, authority))
    until(lambda: has_all(repository, hospital) and state_of(hospital)["Behind"] == 0)
    repository.close()
    visit(hospital, small)
    hospital.close()
    repository.start()
    hospital.open()
    until_all_arrived(repository, hospital)
    assert seqs(repository) == sorted(set(seqs(repository)))


def test_a_power_cut_loses_nothing(hospitals, repository, authority, small):
    repository.start()
    hospital = opened(hospitals, small, settings(repository, authority))
    clinic = hospital.clinic()
    for _ in range(MANY_ENTRIES):
        assert hospital.visitor().get("/dicom-web/studies").status in (401, 404)
    hospital.power_cut()
    hospital.open()
    visit(hospital, small)
    until_all_arrived(repository, hospital, seconds=60)
    assert clinic.recipient in repository.received.read_text(encoding="utf-8")


def test_a_repository_of_another_authority_gets_nothing(
        hospitals, tmp_path, authority, stranger, small):
    repository = AuditRepository(tmp_path / "stranger", stranger)
    with contextlib.closing(repository.start()):
        hospital = opened(hospitals, small, settings(repository, authority))
        until(lambda: "certificate" in state_of(hospital)["Trouble"])
        visit(hospital, small)
        assert repository.messages() == []


def test_a_repository_of_another_name_gets_nothing(hospitals, repository, authority, small):
    repository.start()
    certificate, key = authority.issue("elsewhere", "serverAuth", ("elsewhere.example",))
    (repository.directory / "rsyslog.conf").write_text(
        (repository.directory / "rsyslog.conf").read_text(encoding="utf-8")
        .replace(str(authority.directory / "repository.pem"), str(certificate))
        .replace(str(authority.directory / "repository.key"), str(key)), encoding="utf-8")
    repository.close()
    repository.start()
    hospital = opened(hospitals, small, settings(repository, authority))
    until(lambda: "hostname mismatch" in state_of(hospital)["Trouble"].lower())
    assert repository.messages() == []


def test_the_repository_demands_our_certificate_and_takes_no_other(
        hospitals, repository, authority, stranger, small):
    repository.start()
    hospital = opened(hospitals, small, settings(repository, authority, client_of=stranger))
    until(lambda: state_of(hospital)["Trouble"])
    with socket.create_connection(("127.0.0.1", repository.port), timeout=10) as plain:
        context = ssl.create_default_context(cafile=authority.certificate)
        with pytest.raises((ssl.SSLError, ConnectionError)):
            with context.wrap_socket(plain, server_hostname="localhost") as nobody:
                nobody.sendall(b"27 <85>1 - - - - - - <AuditMessage/>")
                while nobody.recv(1):
                    pass
                raise ConnectionResetError("it ended without an answer")
    time.sleep(0.5)
    assert repository.messages() == []
    assert state_of(hospital)["Behind"] > 0


def test_a_repository_that_hangs_delays_neither_service_nor_stop(
        hospitals, repository, authority, small):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", repository.port))
        silent.listen()
        hospital = opened(hospitals, small, settings(repository, authority))
        visit(hospital, small)
        begun = time.monotonic()
        hospital.close()
        assert time.monotonic() - begun < 10


def test_name_servers_that_do_not_answer_do_not_keep_orthanc_from_stopping(
        hospitals, repository, authority, tmp_path, patience):
    """The C library gives three of them up after half a minute."""
    mounting = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"']
    names = [f"127.{random.randrange(1, 255)}.{random.randrange(1, 255)}.53" for _ in range(3)]
    servers = tmp_path / "resolv.conf"
    servers.write_text("".join(f"nameserver {name}\n" for name in names), encoding="ascii")
    if subprocess.run([*mounting, servers, "true"], capture_output=True).returncode != 0:
        pytest.skip("name servers for one process alone take root")
    hospital = hospitals.new(sekisho=settings(repository, authority, Host="repository.example"))
    with contextlib.ExitStack() as stack:
        silent = [stack.enter_context(socket.socket(type=socket.SOCK_DGRAM)) for _ in names]
        for server, name in zip(silent, names):
            server.bind((name, 53))
        hospital.orthanc.start(by=[*mounting, servers])
        hospital.orthanc.wait_until(lambda: hospital.orthanc.answers() and
                                    hospital.staff.door_is_open())
        silent[0].settimeout(60)
        assert silent[0].recv(512), "it is asked"
        begin = time.monotonic()
        hospital.close()
        assert time.monotonic() - begin < STOPPED_WITHIN_SECONDS * patience
