# SPDX-License-Identifier: GPL-3.0-or-later
"""The two servers of a bench: Orthanc with Sekisho, and with Debian's DICOMweb plugin."""
import concurrent.futures
import json
import pathlib
import ssl
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "demo"))
from clients import Door  # noqa: E402
from figures import NoPeer  # noqa: E402
from launch import (Archive, Authority, LaunchError, OrthancProcess, Staff,  # noqa: E402
                    free_port, orthanc_configuration, rfc3339, sekisho_configuration)

PEER_PLUGIN = pathlib.Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")


def load(orthanc, files):
    def store(share):
        Archive(orthanc.url, orthanc.credentials).store_files(share)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(store, [files[i::4] for i in range(4)]))


def share_study(staff, name, study):
    """Shares it, masked, with a recipient of its own: the root of its DICOMweb, and a token."""
    clinic = staff.new_recipient(name)["ID"]
    token = staff.new_token(clinic, rfc3339(86400))["Token"]
    share = staff.new_share(clinic, {"Level": "Study", "Uids": [study]}, Profile="ps3.15-basic",
                            Assurance="password", Permissions=["view", "download"])
    return f"/shares/{share['ID']}/dicom-web", token


def new_ours(state, build):
    """Orthanc with Sekisho, not started: it, its staff API, the ports of its TLS and its plain door,
    who certifies the former, and the certificate with its key."""
    authority = Authority(state / "certificates")
    certificate, key = authority.issue("gateway", "serverAuth", ("localhost", "127.0.0.1"))
    tls_port, plain_port = free_port(), free_port()
    sekisho = sekisho_configuration(state, tls_port, certificate, key,
                                    PlainListener={"Address": "127.0.0.1", "Port": plain_port})
    orthanc = OrthancProcess(state, orthanc_configuration(
        state, free_port(), "staff", "bench", [build / "libOrthancSekisho.so"], Sekisho=sekisho))
    staff = Staff(orthanc.url, orthanc.credentials)
    return orthanc, staff, tls_port, plain_port, authority, (certificate, key)


def start_and_wait(orthanc, staff):
    orthanc.start()
    orthanc.wait_until(lambda: orthanc.answers() and staff.door_is_open())


def start_ours(state, build, manifest, files):
    """Orthanc with Sekisho; returns its plain door and its TLS door, and what certifies the latter."""
    orthanc, staff, tls_port, plain_port, authority, identity = new_ours(state, build)
    start_and_wait(orthanc, staff)
    load(orthanc, files)
    root, token = share_study(staff, "Bench", manifest["Study"])
    tls = ssl.create_default_context(cafile=str(authority.certificate))
    orthanc.stop()  # what uploads took of memory is Orthanc's own, and goes with it
    start_and_wait(orthanc, staff)
    return (Door("ours, plain", plain_port, root, token, orthanc=orthanc),
            Door("ours, TLS", tls_port, root, token, tls, orthanc), identity)


def start_peer(state, plugin, files):
    """Orthanc with Debian's DICOMweb plugin, open to loopback, at its fastest; or NoPeer."""
    if not plugin.exists():
        return NoPeer(f"{plugin} is missing")
    orthanc = OrthancProcess(state, orthanc_configuration(
        state, free_port(), "peer", "bench", [plugin], AuthenticationEnabled=False,
        KeepAlive=True, TcpNoDelay=True, DicomWeb={"Enable": True, "Root": "/dicom-web/"}))
    try:
        orthanc.start()
        orthanc.wait_until(orthanc.answers)
    except LaunchError as error:
        return NoPeer(str(error).splitlines()[0])
    load(orthanc, files)
    orthanc.stop()
    orthanc.start()
    orthanc.wait_until(orthanc.answers)
    return Door("peer", orthanc.configuration["HttpPort"], "/dicom-web", orthanc=orthanc)


def start_both(options, directory, servers):
    """Ours and the peer, each with the files of `options.study`; `servers`, an ExitStack, ends them.
    Returns the peer, our plain and TLS doors, what certifies the latter, and the files."""
    manifest = json.loads((options.study / "manifest.json").read_text(encoding="utf-8"))
    files = sorted(options.study.glob("*.dcm"))
    peer = start_peer(directory / "peer", options.peer, files)
    if not isinstance(peer, NoPeer):
        servers.callback(peer.orthanc.stop)
    plain, tls, identity = start_ours(directory / "ours", options.build, manifest, files)
    servers.callback(plain.orthanc.stop)
    for door in [plain, tls] if isinstance(peer, NoPeer) else [peer, plain, tls]:
        door.learn()
    return peer, plain, tls, identity, files


def add_arguments(parser):
    """What both are started with."""
    parser.add_argument("--study", type=pathlib.Path, default=REPOSITORY / "build/testdata/large",
                        help="a directory of tests/data/make_ct.py")
    parser.add_argument("--peer", type=pathlib.Path, default=PEER_PLUGIN,
                        help="the DICOMweb plugin to compare with")
