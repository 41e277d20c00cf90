# SPDX-License-Identifier: GPL-3.0-or-later
"""The studies that tests/data/make_ct.py made, and what must never come out of them."""
import hashlib
import io
import json
import pathlib
import struct

import pydicom

PYDICOM_FILES = pathlib.Path("/usr/lib/python3/dist-packages/pydicom/data/test_files")


class Study:
    """One study on disk with its manifest."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.manifest = json.loads((self.directory / "manifest.json").read_text(encoding="utf-8"))
        self.uid, self.patient = self.manifest["Study"], self.manifest["Patient"]
        self.series = [series["Uid"] for series in self.manifest["Series"]]

    def instances(self, series=None):
        """UIDs of all instances, or of those of one series."""
        return [entry["Uid"] for entry in self._entries(series)]

    def files(self, series=None):
        return [self.directory / entry["File"] for entry in self._entries(series)]

    def pixel_hashes(self, series=None):
        return sorted(entry["PixelSha256"] for entry in self._entries(series))

    def _entries(self, series):
        return [entry for part in self.manifest["Series"] if series in (None, part["Uid"])
                for entry in part["Instances"]]

    def survivors(self, data):
        """"Where: text" of each planted identifier that occurs in `data`, in whatever form."""
        return [f"{planted['Where']}: {planted['Text']}" for planted in self.manifest["Planted"]
                if any(bytes.fromhex(form) in data for form in planted["Forms"])]


def read(part10):
    """The data set of a Part 10 file, read by pydicom."""
    return pydicom.dcmread(io.BytesIO(part10))


def pixel_hash(dataset):
    return hashlib.sha256(dataset.PixelData).hexdigest()


def value(row, tag):
    """The first value of a DICOM JSON row's element; None where it is absent or empty."""
    values = row.get(tag, {}).get("Value", [])
    return values[0] if values else None


# --- by hand, in Explicit VR Little Endian: what pydicom would take long to write -----------------


def element(group, number, vr, value_bytes):
    """With a length of 16 bits."""
    return struct.pack("<HH2sH", group, number, vr, len(value_bytes)) + value_bytes


def sequence(group, number, items):
    return struct.pack("<HH2sHI", group, number, b"SQ", 0, len(items)) + items


def item(content=b""):
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


STUDY_UID, SERIES_UID, INSTANCE_UID = "0020000D", "0020000E", "00080018"
