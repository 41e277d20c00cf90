# SPDX-License-Identifier: GPL-3.0-or-later
"""Studies that take a server long: whoever masks an image decodes a large frame of it, and whoever
looks at it for the first time all three."""
import concurrent.futures
import functools
import io
import os
import struct

import pydicom
from pydicom.encaps import encapsulate, generate_pixel_data_frame
from pydicom.uid import generate_uid

from samples import PYDICOM_FILES

FRAMES = 3
TILES = 30  # of a frame, side by side
# The first frame of a film is blackened each time that it is masked.
PIXEL_POLICY = {"Rules": [
    {"Name": "films", "Modality": "OT", "Manufacturer": "Sekisho tests", "Rows": 1024,
     "Columns": 256 * TILES, "Action": "Blackout",
     "Rectangles": [{"X": 0, "Y": 0, "Width": 256, "Height": 8}]}]}


def _tiled(stream):
    """A JPEG 2000 code stream of one tile, as one with the same tile several times (ITU-T T.800
    Annex A.4.2, A.5.1)."""
    width = stream.index(b"\xff\x51") + 6  # in SIZ, behind Lsiz and Rsiz
    tile = stream.index(b"\xff\x90")  # SOT, in which the number of the tile is
    (columns,) = struct.unpack_from(">I", stream, width)
    head = bytearray(stream[:tile])
    struct.pack_into(">I", head, width, columns * TILES)
    body = stream[tile + 6:stream.rindex(b"\xff\xd9")]
    tiles = [b"\xff\x90\x00\x0a" + struct.pack(">H", number) + body for number in range(TILES)]
    return bytes(head) + b"".join(tiles) + b"\xff\xd9"


@functools.cache
def _frame():
    """One compressed frame, and a data set like that around it."""
    sample = pydicom.dcmread(PYDICOM_FILES / "JPEG2000.dcm")
    (frame,) = generate_pixel_data_frame(sample.PixelData, 1)
    sample.Columns *= TILES
    return _tiled(frame.rstrip(b"\0")), sample


class Films:
    """A study of `count` films in one series."""

    def __init__(self, count):
        self.count, self.patient = count, "FILMS"
        self.uid, self.series = generate_uid(), generate_uid()
        self.instances = [generate_uid() for _ in range(count)]

    def files(self):
        return [self._file(number, uid) for number, uid in enumerate(self.instances, 1)]

    def _file(self, number, uid):
        frame, sample = _frame()
        data = pydicom.Dataset()
        for keyword in ("SOPClassUID", "SamplesPerPixel", "PhotometricInterpretation", "Rows",
                        "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"):
            setattr(data, keyword, getattr(sample, keyword))
        data.SOPInstanceUID = uid
        data.StudyDate, data.Modality, data.Manufacturer = "20260131", "OT", "Sekisho tests"
        data.PatientName, data.PatientID = "Yamada^Hanako", self.patient
        data.StudyInstanceUID, data.SeriesInstanceUID = self.uid, self.series
        data.InstanceNumber, data.NumberOfFrames = number, FRAMES
        data.PixelData = encapsulate([frame] * FRAMES)
        data["PixelData"].VR, data["PixelData"].is_undefined_length = "OB", True
        meta = pydicom.dataset.FileMetaDataset()
        meta.MediaStorageSOPClassUID = data.SOPClassUID
        meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
        meta.TransferSyntaxUID = sample.file_meta.TransferSyntaxUID
        film = pydicom.dataset.FileDataset(None, data, file_meta=meta, preamble=bytes(128))
        film.is_little_endian, film.is_implicit_VR = True, False
        stream = io.BytesIO()
        pydicom.dcmwrite(stream, film, write_like_original=False)
        return stream.getvalue()


def store(hospital, clinic, study, profile):
    """Stores the films and has all looked at as staff would do it: when they are shared, all is
    known of them. Some at a time, on all processors: one call would take longer than staff's
    program waits."""
    for film in study.files():
        hospital.archive.store(film)

    def look_at(films):
        hospital.staff.call("POST", "/shares/preview", {
            "Recipient": clinic.recipient, "Profile": profile,
            "Scope": {"Level": "Instance", "Uids": films}})
    batches = [study.instances[begin:begin + 4] for begin in range(0, study.count, 4)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(look_at, batches))
