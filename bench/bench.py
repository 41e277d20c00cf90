#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares Sekisho with Debian's orthanc-dicomweb: same machine, same run, same 900 CT images,
and a hundred of them in each of three syntaxes that compress.

Ours serves masked (ps3.15-basic) and audited, over its plain listener and over TLS 1.3; the peer
serves the files as they are, plain (Orthanc's own HTTPS dies on Debian 12). Runs alternate, ours
then peer; a figure is the median of its rounds. Ratio > 1 means that ours is better: rates are
ours / peer, times and memory are peer / ours. Some rows have another peer, which their names tell:
loops of our own that only copy the files that Orthanc stored to anybody, unmasked and
unchecked, in plain or through TLS; memcpy of the same files; a limit; Orthanc's own anonymize; a loop that appends 512 bytes
to a file and waits for the disk.
Each Orthanc is started anew once it has the files: four uploads at once take 180 MB of its own.
All of it runs in a network namespace of its own (network.py), where one can be had.
Writes OUT: [{Name, Ours, Peer, Unit, Ratio, Under}], where "Under" is kernel, congestion control and
build. Without the peer its rows have null for "Peer" and "Ratio", and a "Note" that says why.
"""
import argparse
import concurrent.futures
import json
import pathlib
import ssl
import statistics
import subprocess
import sys
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "demo"))
import compressed  # noqa: E402
import network  # noqa: E402
from clients import Door, milliseconds, request_rate, retrieve_rate  # noqa: E402
from figures import NoPeer, write_figures  # noqa: E402
from launch import (Archive, Authority, LaunchError, OrthancProcess, Staff,  # noqa: E402
                    free_port, orthanc_configuration, rfc3339, sekisho_configuration)
from loops import CopyLoop, TlsLoop, stored_files  # noqa: E402

PEER_PLUGIN = pathlib.Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
MASK_LIMIT_MICROSECONDS = 10
APPEND_LIMIT_MILLISECONDS = 10
VERIFY_LIMIT_SECONDS = 0.1  # for 70,000 entries


def peak_megabytes(door):
    status = pathlib.Path(f"/proc/{door.orthanc.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


# --- servers ----------------------------------------------------------------------------------


def load(orthanc, files):
    def store(share):
        Archive(orthanc.url, orthanc.credentials).store_files(share)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(store, [files[i::4] for i in range(4)]))


def start_ours(state, build, manifest, files):
    """Orthanc with Sekisho; returns its plain door and its TLS door, and what certifies the latter."""
    authority = Authority(state / "certificates")
    certificate, key = authority.issue("gateway", "serverAuth", ("localhost", "127.0.0.1"))
    tls_port, plain_port = free_port(), free_port()
    sekisho = sekisho_configuration(state, tls_port, certificate, key,
                                    PlainListener={"Address": "127.0.0.1", "Port": plain_port})
    orthanc = OrthancProcess(state, orthanc_configuration(
        state, free_port(), "staff", "bench", [build / "libOrthancSekisho.so"], Sekisho=sekisho))
    staff = Staff(orthanc.url, orthanc.credentials)

    def start():
        orthanc.start()
        orthanc.wait_until(lambda: orthanc.answers() and staff.door_is_open())
    start()
    load(orthanc, files)
    clinic = staff.new_recipient("Bench")["ID"]
    token = staff.new_token(clinic, rfc3339(86400))["Token"]
    share = staff.new_share(clinic, {"Level": "Study", "Uids": [manifest["Study"]]},
                            Profile="ps3.15-basic", Assurance="password",
                            Permissions=["view", "download"])
    root = f"/shares/{share['ID']}/dicom-web"
    tls = ssl.create_default_context(cafile=str(authority.certificate))
    orthanc.stop()  # what uploads took of memory is Orthanc's own, and goes with it
    start()
    return (Door("ours, plain", plain_port, root, token, orthanc=orthanc),
            Door("ours, TLS", tls_port, root, token, tls, orthanc), (certificate, key))


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


# --- the masker alone -------------------------------------------------------------------------


def mask_microseconds(build, files):
    """Medians over the files in memory: Copy, Mask, MaskAndCopy."""
    done = subprocess.run([build / "bench/bench_mask", "ps3.15-basic", *files],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def anonymize_microseconds(orthanc, count):
    """Median time of Orthanc's own anonymize for one instance, its answer included."""
    session, times = Archive(orthanc.url, orthanc.credentials).session, []
    instances = session.get(f"{orthanc.url}/instances", timeout=60,
                            params={"since": 0, "limit": count}).json()
    for instance in instances:
        begin = time.monotonic()
        answer = session.post(f"{orthanc.url}/instances/{instance}/anonymize", json={}, timeout=60,
                              headers={"Accept-Encoding": "identity"})
        times.append((time.monotonic() - begin) * 1e6)
        answer.raise_for_status()
    return statistics.median(times)


# --- figures ----------------------------------------------------------------------------------


def measure_masker(figures, build, files, orthanc):
    """On the files of one series, too many for the processor's caches."""
    microseconds = mask_microseconds(build, files)
    figures.add("mask a CT of 532 kB and copy it, against memcpy", "us",
                microseconds["MaskAndCopy"], microseconds["Copy"])
    figures.add("the same without a copy, against the limit", "us",
                microseconds["Mask"], MASK_LIMIT_MICROSECONDS)
    figures.add("the same with a copy, against Orthanc's anonymize", "us",
                microseconds["MaskAndCopy"], anonymize_microseconds(orthanc, 100))


def measure_log(figures, build, directory):
    """The access log alone, against a loop that appends 512 bytes and calls fdatasync."""
    done = subprocess.run([build / "bench/bench_audit", directory], capture_output=True, text=True,
                          check=True)
    measured = json.loads(done.stdout)
    for row in measured["Append"]:
        figures.add(f"access log, {row['Callers']} caller(s), against a raw append", "entries/s",
                    row["Rate"], row["Raw"])
        if row["Callers"] == 8:
            figures.add("the same, the slowest of a hundred, against the limit", "ms", row["P99"],
                        APPEND_LIMIT_MILLISECONDS)
    figures.add("verifying 70,000 entries, against the limit", "s",
                measured["Seconds"] * 70000 / measured["Verified"], VERIFY_LIMIT_SECONDS)


# What viewers ask for of an instance, and how the peer is asked for it where that differs: it has no thumbnails.
BELOW = (("frames", "/frames/1", "/frames/1", 'multipart/related; type="application/octet-stream"'),
         ("rendered", "/rendered", "/rendered", "image/jpeg"),
         ("thumbnails", "/thumbnail", "/rendered?viewport=128,128", "image/jpeg"))


def measure_all(figures, plain, tls, peer, loops, rounds, pixel_bytes):
    metadata = f"/studies/{{}}/metadata"
    figures.compare("study metadata, 900 instances, first request", "ms", plain, peer, 1,
                    lambda door: milliseconds(door, metadata.format(door.study), 1))
    for connections in (1, 8):
        for ours in (plain, tls):
            figures.compare(f"study retrieve, {connections} connection(s), {ours.name}", "MB/s",
                            ours, peer, rounds,
                            lambda door, n=connections: retrieve_rate(door, n, pixel_bytes))
    for ours, loop in zip((plain, tls), loops):
        for connections in (1, 8):
            figures.compare(f"study retrieve, {connections} connection(s), against {loop.name}",
                            "MB/s", ours, loop, rounds,
                            lambda door, n=connections: retrieve_rate(door, n, pixel_bytes))
    for ours in (plain, tls):
        figures.compare(f"instances, 8 connections, {ours.name}", "requests/s", ours, peer, rounds,
                        lambda door: request_rate(door, 8, 3))
    for what, of_ours, of_peer, accept in BELOW:
        for connections in (1, 8):
            figures.compare(f"{what}, {connections} connection(s)", "requests/s", plain, peer, rounds,
                            lambda door, n=connections, below=(of_ours, of_peer), accept=accept:
                            request_rate(door, n, 3, below[door is peer], accept))
    figures.compare("study metadata, 900 instances", "ms", plain, peer, rounds,
                    lambda door: milliseconds(door, metadata.format(door.study), 1))
    figures.compare("QIDO instances of a series of 300", "ms", plain, peer, rounds,
                    lambda door: milliseconds(
                        door, f"/studies/{door.study}/series/{door.series}/instances", 3))
    figures.compare("peak memory of Orthanc", "MB", plain, peer, 1, peak_megabytes)


def measure_compressed(figures, ours, peer, files, directory, rounds):
    """Studies whose code streams are read and written anew on their way to the recipient."""
    directory.mkdir()
    staff = Staff(ours.orthanc.url, ours.orthanc.credentials)
    clinic = staff.new_recipient("Bench, compressed")["ID"]
    token = staff.new_token(clinic, rfc3339(86400))["Token"]
    for name, study, made in compressed.make(files, directory):
        for door in [ours] if isinstance(peer, NoPeer) else [ours, peer]:
            load(door.orthanc, made)
        share = staff.new_share(clinic, {"Level": "Study", "Uids": [study]}, Profile="ps3.15-basic",
                                Assurance="password", Permissions=["view", "download"])
        door = Door(ours.name, ours.port, f"/shares/{share['ID']}/dicom-web", token)
        door.learn()
        if not isinstance(peer, NoPeer):
            peer.study = study
        least_bytes = 0.9 * sum(file.stat().st_size for file in made)
        figures.compare(f"study retrieve, 1 connection, {name}", "MB/s", door, peer, rounds,
                        lambda each: retrieve_rate(each, 1, least_bytes))


def measure_everything(figures, options, directory):
    manifest = json.loads((options.study / "manifest.json").read_text(encoding="utf-8"))
    files = sorted(options.study.glob("*.dcm"))
    state, running = directory, []
    try:
        peer = start_peer(state / "peer", options.peer, files)
        doors = [] if isinstance(peer, NoPeer) else [peer]
        running += [door.orthanc for door in doors]
        plain, tls, identity = start_ours(state / "ours", options.build, manifest, files)
        running.append(plain.orthanc)
        stored = stored_files(state / "ours/storage")
        copying = CopyLoop(stored)
        running.append(copying)
        encrypting = TlsLoop(options.build, identity, tls.tls, stored)
        running.append(encrypting)
        doors += [plain, tls]
        for door in doors:
            door.learn()
        measure_log(figures, options.build, directory)
        measure_masker(figures, options.build,
                       [str(file) for file in files if "ct-1-" in file.name], doors[0].orthanc)
        measure_all(figures, plain, tls, peer, (copying, encrypting), 1 if options.quick else 3,
                    len(files) * 512 * 512 * 2)
        measure_compressed(figures, plain, peer, files, state / "compressed",
                           1 if options.quick else 3)
    finally:
        for server in running:
            server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="what is measured")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="one round instead of three")
    parser.add_argument("--study", type=pathlib.Path, default=REPOSITORY / "build/testdata/large",
                        help="a directory of tests/data/make_ct.py")
    parser.add_argument("--peer", type=pathlib.Path, default=PEER_PLUGIN,
                        help="the DICOMweb plugin to compare with")
    network.add_argument(parser)
    options = parser.parse_args()
    write_figures(options, "peer", measure_everything)
    print(f"Ratio > 1: ours is better. Written to {options.out}")


if __name__ == "__main__":
    main()
