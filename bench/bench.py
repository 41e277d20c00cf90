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
import contextlib
import json
import pathlib
import statistics
import subprocess
import time

import compressed
import network
from clients import Door, milliseconds, request_rate, retrieve_rate
from doors import Archive, Staff, add_arguments, load, share_study, start_both
from figures import NoPeer, write_figures
from loops import CopyLoop, TlsLoop, stored_files

MASK_LIMIT_MICROSECONDS = 10
APPEND_LIMIT_MILLISECONDS = 10
VERIFY_LIMIT_SECONDS = 0.1  # for 70,000 entries


def peak_megabytes(door):
    status = pathlib.Path(f"/proc/{door.orthanc.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


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
    for name, study, made in compressed.make(files, directory):
        for door in [ours] if isinstance(peer, NoPeer) else [ours, peer]:
            load(door.orthanc, made)
        door = Door(ours.name, ours.port, *share_study(staff, f"Bench, {name}", study))
        door.learn()
        if not isinstance(peer, NoPeer):
            peer.study = study
        least_bytes = 0.9 * sum(file.stat().st_size for file in made)
        figures.compare(f"study retrieve, 1 connection, {name}", "MB/s", door, peer, rounds,
                        lambda each: retrieve_rate(each, 1, least_bytes))


def measure_everything(figures, options, directory):
    with contextlib.ExitStack() as servers:
        peer, plain, tls, identity, files = start_both(options, directory, servers)
        stored = stored_files(directory / "ours/storage")
        copying = CopyLoop(stored)
        servers.callback(copying.stop)
        encrypting = TlsLoop(options.build, identity, tls.tls, stored)
        servers.callback(encrypting.stop)
        measure_log(figures, options.build, directory)
        first = (plain if isinstance(peer, NoPeer) else peer).orthanc
        measure_masker(figures, options.build,
                       [str(file) for file in files if "ct-1-" in file.name], first)
        rounds = 1 if options.quick else 3
        measure_all(figures, plain, tls, peer, (copying, encrypting), rounds,
                    len(files) * 512 * 512 * 2)
        measure_compressed(figures, plain, peer, files, directory / "compressed", rounds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="what is measured")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where the figures go")
    parser.add_argument("--quick", action="store_true", help="one round instead of three")
    add_arguments(parser)
    network.add_argument(parser)
    options = parser.parse_args()
    write_figures(options, "peer", measure_everything)
    print(f"Ratio > 1: ours is better. Written to {options.out}")


if __name__ == "__main__":
    main()
