# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures as numbers: what came through the door, and what DCMTK's dcm2pnm makes of the same file."""
import os
import re
import struct
import subprocess
import zlib

import numpy

DECODERS = ("dcmdjpeg", "dcmdjpls", "dcmdrle")


def from_png(data):
    """Rows, columns, samples; 8 bits, not interlaced (PNG 1.2 §6)."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        (size,), kind = struct.unpack(">I", data[at:at + 4]), data[at + 4:at + 8]
        content = data[at + 8:at + 8 + size]
        if kind == b"IHDR":
            columns, rows, bits, colour = struct.unpack(">IIBB", content[:10])
        packed += content if kind == b"IDAT" else b""
        at += 12 + size
    samples = {0: 1, 2: 3}[colour]
    assert bits == 8
    lines = numpy.frombuffer(zlib.decompress(packed), numpy.uint8).reshape(rows, 1 + columns * samples)
    picture = numpy.zeros((rows + 1, columns + 1, samples), int)  # above and left there is nothing
    for row, line in enumerate(lines, start=1):
        content = line[1:].reshape(columns, samples).astype(int)
        if line[0] == 0:
            picture[row, 1:] = content
        elif line[0] == 2:
            picture[row, 1:] = (content + picture[row - 1, 1:]) % 256
        else:
            for column in range(1, columns + 1):
                left, up, corner = picture[row, column - 1], picture[row - 1, column], picture[row - 1, column - 1]
                if line[0] == 1:
                    guess = left
                elif line[0] == 3:
                    guess = (left + up) // 2
                else:
                    base = left + up - corner
                    a, b, c = abs(base - left), abs(base - up), abs(base - corner)
                    guess = numpy.where((a <= b) & (a <= c), left, numpy.where(b <= c, up, corner))
                picture[row, column] = (content[column - 1] + guess) % 256
    return picture[1:, 1:]


def from_pnm(data):
    head = re.match(rb"(P[56])\s(\d+)\s(\d+)\s\d+\s", data)
    columns, rows, pixels = int(head[2]), int(head[3]), data[head.end():]
    samples = {b"P5": 1, b"P6": 3}[head[1]]
    return numpy.frombuffer(pixels, numpy.uint8, rows * columns * samples).reshape(rows, columns, samples).astype(int)


def by_dcmtk(file, dataset, directory):
    """The first frame as dcm2pnm shows it with the file's own window; None where it cannot."""
    source = directory / "decoded.dcm"
    if not any(subprocess.run([each, file, source], capture_output=True, check=False).returncode == 0
               for each in DECODERS if dataset.file_meta.TransferSyntaxUID.is_compressed):
        source = file
    window = ["+Wm"]
    if "VOILUTSequence" in dataset:
        window = ["+Wl", "1"]
    elif "WindowCenter" in dataset:
        window = ["+Wi", "1"]
    if dataset.get("SamplesPerPixel", 1) == 3 or "PALETTE" in dataset.get("PhotometricInterpretation", ""):
        window = []
    out = directory / "dcmtk.pnm"
    done = subprocess.run(["dcm2pnm", "+F", "1", *window, source, out], capture_output=True, check=False)
    return from_pnm(out.read_bytes()) if done.returncode == 0 and os.path.exists(out) else None
