# SPDX-License-Identifier: GPL-3.0-or-later
"""What scanners and converters get wrong: files that are mended on the way out, and files that Orthanc takes and nobody
should hand on."""
import io
import struct

import requests

ELEMENT, LONG, TAG = "<HH2sH", "<HH2sHI", "<HH"


def element(group, number, vr, value):
    return struct.pack(ELEMENT, group, number, vr, len(value)) + value


def sequence(group, number, items):
    content = b"".join(struct.pack("<HHI", 0xFFFE, 0xE000, len(item)) + item for item in items)
    return struct.pack(LONG, group, number, b"SQ", 0, len(content)) + content


def before(part10, group, number, vr, added):
    """The file with more bytes in front of an element of the data set."""
    at = part10.index(struct.pack(TAG, group, number) + vr)
    return part10[:at] + added + part10[at:]


def twice(part10, group, number, vr, value):
    one = element(group, number, vr, value)
    assert one in part10
    return part10.replace(one, one + one)


def twice_otherwise(part10, group, number, vr, value, other):
    """The element, and behind it one of the same tag."""
    one = element(group, number, vr, value)
    assert one in part10
    return part10.replace(one, one + element(group, number, vr, other))


def out_of_order(part10):
    first, second = element(0x0020, 0x0011, b"IS", b"1 "), element(0x0020, 0x0013, b"IS", b"2 ")
    assert first + second in part10
    return part10.replace(first + second, second + first)


def fragments(group, number):
    """A value of undefined length that is no pixel data."""
    fragment = struct.pack("<HHI", 0xFFFE, 0xE000, 4) + b"\xFF\xD8\xFF\xD9"
    end = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return struct.pack(LONG, group, number, b"OB", 0, 0xFFFFFFFF) + fragment + end


# Every reader comes to the same elements.
MENDED = {
    "zero-bytes-at-the-end": lambda file: file + b"\0" * 512,
    "an-element-twice": lambda file: twice(file, 0x0020, 0x0011, b"IS", b"1 "),
    "an-unknown-representation": lambda file: before(file, 0x0028, 0x0002, b"US",
                                                     element(0x0021, 0x1001, b"??", b"AB")),
    "a-delimiter-without-need": lambda file: before(
        file, 0x0028, 0x0002, b"US", sequence(0x0021, 0x1001, [
            element(0x0008, 0x0100, b"SH", b"AB") + struct.pack("<HHI", 0xFFFE, 0xE00D, 0)])),
    "meta-information-again": lambda file: before(
        file, 0x0008, 0x0005, b"CS", element(0x0002, 0x0010, b"UI", b"1.2.840.10008.1.2\0")),
    "elements-out-of-order": out_of_order,
    "fragments-of-a-private-element": lambda file: file + fragments(0x7FE1, 0x1010),
    "meta-information-of-another-instance": lambda file: file[:400].replace(b"2.999.77.", b"2.999.78.", 1) + file[400:],
}
# What is meant nobody can tell.
ODD = {
    "text-at-the-end": lambda file: file + b"A" * 512,
    "a-length-beyond-the-end": lambda file: before(
        file, 0x0028, 0x0002, b"US", struct.pack(LONG, 0x0021, 0x1001, b"OB", 0, 0x7FFFFFF0)),
    "two-character-sets": lambda file: twice_otherwise(file, 0x0008, 0x0005, b"CS", b"ISO_IR 192", b"ISO_IR 144"),
}


def store(hospital, how, file):
    """Has the file in the archive with what is odd of it. Orthanc 1.12 refuses some of them; those
    that an earlier one took lie in its storage."""
    odd = {**MENDED, **ODD}[how](file)
    try:
        hospital.archive.store(odd)
    except requests.HTTPError:
        identifier = hospital.archive.store(padded(file, len(odd)))["ID"]
        uuid = hospital.archive.session.get(
            f"{hospital.orthanc.url}/instances/{identifier}").json()["FileUuid"]
        (hospital.state / "storage" / uuid[:2] / uuid[2:4] / uuid).write_bytes(odd)


def written(data):
    """The data set as a file, whatever its UIDs look like."""
    stream = io.BytesIO()
    data.save_as(stream, write_like_original=False)
    return stream.getvalue()


def padded(file, size):
    """The file with padding (PS3.10 §7.2) behind its data set, so that it has so many bytes."""
    length = size - len(file) - struct.calcsize(LONG)
    return file + struct.pack(LONG, 0xFFFC, 0xFFFC, b"OB", 0, length) + bytes(length)
