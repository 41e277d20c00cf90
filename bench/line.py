#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader behind a clinic's line of 30 Mbit/s sees, at round trips of 10, 50 and 100 ms.

Ours is reached through TLS, the peer (Debian's orthanc-dicomweb) in plain. Frames of CT are 524 kB,
those of the loop 16 kB: there it is the way and back that counts, and what one answer for many frames, or
HTTP/2, would gain. HTTP/2 is nginx's, in front of our plain listener; curl asks, over six connections
with HTTP/1.1 and over one with HTTP/2. A row "against the line" has as its peer what the line carries.
Writes OUT: [{Name, Ours, Peer, Unit, Ratio, Under}] as bench.py does.
"""
import argparse
import contextlib
import copy
import getpass
import io
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time

import numpy
import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

import network
from doors import Archive, Staff, add_arguments, free_port, share_study, start_both
from figures import NoPeer, write_figures
from shaped_line import ShapedLine

BITS_PER_SECOND = 30e6
ROUND_TRIPS_MILLISECONDS = (10, 50, 100)
CONNECTIONS = 6  # as browsers have to one host
OCTETS = 'multipart/related; type="application/octet-stream"'
XA = "1.2.840.10008.5.1.4.1.1.12.1"
LOOP = "2.999.1000497"  # study, and with a suffix series and instance
LOOP_FRAMES, LOOP_ROWS = 300, 128


def loop_of_frames():
    """The bytes of an angiography loop of nobody."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, XA
    meta.MediaStorageSOPInstanceUID = f"{LOOP}.1.1"
    dataset = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.is_little_endian, dataset.is_implicit_VR = True, False
    shape = (LOOP_FRAMES, LOOP_ROWS, LOOP_ROWS)
    pixels = numpy.random.default_rng(20261201).integers(0, 256, shape, numpy.uint8)
    for name, value in {
            "SOPClassUID": XA, "SOPInstanceUID": f"{LOOP}.1.1", "StudyInstanceUID": LOOP,
            "SeriesInstanceUID": f"{LOOP}.1", "PatientID": "LOOP", "PatientName": "Nobody^Loop",
            "PatientBirthDate": "", "PatientSex": "", "StudyDate": "20260102", "StudyTime": "101500",
            "AccessionNumber": "", "ReferringPhysicianName": "", "StudyID": "1", "SeriesNumber": "1",
            "InstanceNumber": "1", "Modality": "XA", "ImageType": ["ORIGINAL", "PRIMARY"],
            "BurnedInAnnotation": "NO", "Rows": LOOP_ROWS, "Columns": LOOP_ROWS,
            "NumberOfFrames": LOOP_FRAMES, "FrameTime": "66.7", "SamplesPerPixel": 1,
            "PhotometricInterpretation": "MONOCHROME2", "BitsAllocated": 8, "BitsStored": 8,
            "HighBit": 7, "PixelRepresentation": 0, "PixelIntensityRelationship": "LIN",
            "PixelData": pixels.tobytes()}.items():
        setattr(dataset, name, value)
    content = io.BytesIO()
    pydicom.dcmwrite(content, dataset, write_like_original=False)
    return content.getvalue()


@contextlib.contextmanager
def over_line(door, round_trip):
    """The same door behind the line."""
    with ShapedLine(door.port, BITS_PER_SECOND, round_trip / 1e3) as line:
        near = copy.copy(door)
        near.port = line.port
        yield near


# --- what a viewer does -----------------------------------------------------------------------


def milliseconds_to_first_image(door, round_trip):
    """Connects, reads a series' metadata, then its first frame."""
    first = door.instance_paths[0].removeprefix(door.root)
    with over_line(door, round_trip) as near:
        begin = time.monotonic()
        connection = near.connection()
        near.get(first.rpartition("/instances/")[0] + "/metadata", connection=connection)
        near.get(first + "/frames/1", OCTETS, connection)
        connection.close()
        return (time.monotonic() - begin) * 1e3


def frames_per_second(door, round_trip, paths):
    """Each path asked for once, over six connections that each wait for their answer."""
    remaining, lock = list(reversed(paths)), threading.Lock()

    def read(near, connection):
        while True:
            with lock:
                if not remaining:
                    return
                path = remaining.pop()
            near.get(path, OCTETS, connection)

    with over_line(door, round_trip) as near:
        connections = [near.connection() for _ in range(CONNECTIONS)]
        readers = [threading.Thread(target=read, args=(near, each)) for each in connections]
        begin = time.monotonic()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        rate = len(paths) / (time.monotonic() - begin)
        for connection in connections:
            connection.close()
    return rate


def frames_per_second_in_one_answer(door, round_trip, path):
    with over_line(door, round_trip) as near:
        connection = near.connection()
        begin = time.monotonic()
        near.get(f"{path}/{','.join(map(str, range(1, LOOP_FRAMES + 1)))}", OCTETS, connection)
        rate = LOOP_FRAMES / (time.monotonic() - begin)
        connection.close()
    return rate


# --- HTTP/2 -----------------------------------------------------------------------------------


def find_nginx():
    return shutil.which("nginx", path="/usr/sbin:/usr/bin")


class Nginx:
    """nginx with TLS and HTTP/2 in front of a plain door."""

    def __init__(self, directory, identity, port):
        self.port = free_port()
        certificate, key = identity
        directory.mkdir()
        configuration = directory / "nginx.conf"
        configuration.write_text(f"""
user {getpass.getuser()};
daemon off; pid {directory}/pid; error_log {directory}/error.log; worker_processes 2;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/f; uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
  upstream door {{ server 127.0.0.1:{port}; keepalive 32; }}
  server {{
    listen 127.0.0.1:{self.port} ssl http2;
    ssl_certificate {certificate}; ssl_certificate_key {key};
    location / {{ proxy_pass http://door; proxy_http_version 1.1; proxy_set_header Connection "";
                  proxy_set_header Host localhost; proxy_buffering off; }}
  }}
}}
""", encoding="ascii")
        self.process = subprocess.Popen([find_nginx(), "-c", configuration,
                                         "-e", directory / "error.log"])
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(
                    ("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        raise SystemExit("nginx does not listen")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def frames_per_second_by_curl(door, round_trip, paths, version, parallel):
    with over_line(door, round_trip) as near, tempfile.NamedTemporaryFile("w") as configuration:
        for path in paths:
            configuration.write(f'url = "https://127.0.0.1:{near.port}{near.root}{path}"\n'
                                'output = "/dev/null"\n')
        configuration.flush()
        begin = time.monotonic()
        headers = [f"-H{name}: {text}" for name, text in near.headers(OCTETS).items()]
        subprocess.run(["curl", "--silent", "--insecure", "--fail", version, "--parallel",
                        "--parallel-max", str(parallel), "--config", configuration.name, *headers],
                       check=True, stderr=subprocess.DEVNULL)  # where it shows how far it is
        return len(paths) / (time.monotonic() - begin)


def measure_http2(figures, plain, identity, directory, paths):
    if find_nginx() is None:
        figures.add("frames of a loop, HTTP/2", "frames/s", 0, note="nginx is missing")
        return
    nginx = Nginx(directory / "nginx", identity, plain.port)
    try:
        door = copy.copy(plain)
        door.port = nginx.port
        for round_trip in ROUND_TRIPS_MILLISECONDS:
            figures.add(f"{round_trip} ms: frames of a loop, HTTP/2 against six connections", "frames/s",
                        frames_per_second_by_curl(door, round_trip, paths, "--http2", 100),
                        frames_per_second_by_curl(door, round_trip, paths, "--http1.1", CONNECTIONS))
    finally:
        nginx.stop()


# --- figures ----------------------------------------------------------------------------------


def share_loop(ours, peer):
    """Puts the loop into both archives; the door that shows it, and the path of its frames there."""
    file = loop_of_frames()
    for door in [ours] if isinstance(peer, NoPeer) else [ours, peer]:
        Archive(door.orthanc.url, door.orthanc.credentials).store(file)
    door = copy.copy(ours)
    staff = Staff(ours.orthanc.url, ours.orthanc.credentials)
    door.root, door.token = share_study(staff, "Bench, loop", LOOP)
    # Angiographies are withheld until somebody has looked at them.
    staff.call("POST", f"/shares/{door.root.split('/')[2]}/series/approve",
               {"SeriesInstanceUID": f"{LOOP}.1", "PatientID": "LOOP"})
    door.instance_paths = []
    door.learn()
    return door, door.instance_paths[0].removeprefix(door.root) + "/frames"


def measure(figures, options, directory):
    with contextlib.ExitStack() as servers:
        peer, plain, tls, identity, _ = start_both(options, directory, servers)
        frames = [path.removeprefix(tls.root) + "/frames/1"
                  for path in tls.instance_paths[:options.frames]]
        bytes_of_frame = 512 * 512 * 2
        for round_trip in ROUND_TRIPS_MILLISECONDS:
            figures.compare(f"{round_trip} ms: first image", "ms", tls, peer, options.rounds,
                            lambda door, ms=round_trip: milliseconds_to_first_image(door, ms))
            figures.add(f"{round_trip} ms: frames of CT, six connections, against the line", "frames/s",
                        frames_per_second(tls, round_trip, frames),
                        BITS_PER_SECOND / 8 / bytes_of_frame)
        loop, path = share_loop(tls, peer)
        carried = BITS_PER_SECOND / 8 / LOOP_ROWS ** 2
        paths = [f"{path}/{number}" for number in range(1, LOOP_FRAMES + 1)]
        for round_trip in ROUND_TRIPS_MILLISECONDS:
            figures.add(f"{round_trip} ms: frames of a loop, six connections, against the line", "frames/s",
                        frames_per_second(loop, round_trip, paths), carried)
            figures.add(f"{round_trip} ms: frames of a loop, one answer, against the line", "frames/s",
                        frames_per_second_in_one_answer(loop, round_trip, path), carried)
        in_plain = copy.copy(loop)
        in_plain.port, in_plain.tls = plain.port, None
        measure_http2(figures, in_plain, identity, directory, paths)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="what is measured")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where the figures go")
    parser.add_argument("--frames", type=int, default=300, help="of CT")
    parser.add_argument("--rounds", type=int, default=3, help="for the first image")
    add_arguments(parser)
    network.add_argument(parser)
    options = parser.parse_args()
    write_figures(options, "peer or line", measure)
    print(f"Ratio > 1: ours is better. Written to {options.out}")


if __name__ == "__main__":
    main()
