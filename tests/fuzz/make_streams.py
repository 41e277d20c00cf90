#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_streams.py FOLDER: the first frame of each compressed sample of Debian's python3-pydicom, with the eight bytes before
it that the fuzzers of code streams read as its layout (tests/fuzz/clean_twice.h)."""
import pathlib
import struct
import sys

import pydicom
from pydicom.encaps import generate_pixel_data_frame

MOST_BYTES = 65536 - 8


def stream_of(path):
    dataset = pydicom.dcmread(path)
    if not dataset.file_meta.TransferSyntaxUID.is_encapsulated or not 0 < dataset.Rows <= 512 >= dataset.Columns > 0:
        return None
    frame = next(generate_pixel_data_frame(dataset.PixelData, int(dataset.get("NumberOfFrames") or 1)))
    head = struct.pack("<HHBBBB", dataset.Rows - 1, dataset.Columns - 1, dataset.SamplesPerPixel // 2,
                       int(dataset.BitsAllocated > 8) + 2 * dataset.PixelRepresentation,
                       dataset.BitsStored - 1, 0)
    return head + frame if len(frame) <= MOST_BYTES else None


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(pathlib.Path(pydicom.__file__).parent.rglob("*.dcm")):
        try:
            stream = stream_of(path)
        except Exception:  # some samples are damaged on purpose
            continue
        if stream:
            (folder / path.stem).write_bytes(stream)


if __name__ == "__main__":
    main(sys.argv[1])
