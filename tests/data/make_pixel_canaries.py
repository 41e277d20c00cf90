#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images with a canary in one place of their pixel data where no pixel is: CT of 16 x 16 pixels, one for each place, all of
one study. The pictures are black, so that their streams can be written down by hand."""
import io
import struct

import pydicom
from pydicom.dataset import FileDataset, FileMetaDataset

#: A compressed syntax that every pydicom writes, as long as those that an old one does not know.
STAND_IN = "1.2.840.10008.1.2.4.100"
CANARY = b"ZQPIXELCANARY"
NATIVE = "1.2.840.10008.1.2.1"
JPEG, LOSSLESS, JPEG_LS = (f"1.2.840.10008.1.2.4.{number}" for number in (50, 70, 80))
JPEG_2000, HTJ2K, RLE = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.5"
SIDE = 16


def segment(marker, content):
    return struct.pack(">HH", marker, len(content) + 2) + content


def jpeg(head=b"", scan=b"", coded=b"", end=b""):
    """Four blocks of two codes, each of one bit."""
    code = bytes([1] + [0] * 15 + [0])
    return (b"\xff\xd8" + head + segment(0xFFDB, b"\0" + b"\1" * 64) +
            segment(0xFFC4, b"\0" + code + b"\x10" + code) +
            segment(0xFFC0, struct.pack(">BHHBBBB", 8, SIDE, SIDE, 1, 1, 0x11, 0)) + scan +
            segment(0xFFDA, b"\1\1\0\0\x3f\0") + b"\0" + coded + b"\xff\xd9" + end)


def lossless(head=b"", coded=b"", end=b""):
    """A code of one bit for each sample."""
    code = bytes([1] + [0] * 15 + [0])
    return (b"\xff\xd8" + head + segment(0xFFC4, b"\0" + code) +
            segment(0xFFC3, struct.pack(">BHHBBBB", 8, SIDE, SIDE, 1, 1, 0x11, 0)) +
            segment(0xFFDA, b"\1\1\0\1\0\0") + bytes(SIDE * SIDE // 8) + coded + b"\xff\xd9" + end)


def jpeg_ls(head=b"", end=b""):
    return (b"\xff\xd8" + head + segment(0xFFF7, struct.pack(">BHHBBBB", 8, SIDE, SIDE, 1, 1, 0x11, 0)) +
            segment(0xFFDA, b"\1\1\0\0\0\0") + b"\x55\x55" + b"\xff\xd9" + end)


def jpeg_2000(main=b"", tile=b"", end=b""):
    sizes = struct.pack(">H8IHBBB", 0, SIDE, SIDE, 0, 0, SIDE, SIDE, 0, 0, 1, 7, 1, 1)
    data = b"\xff\x93\x80\x80"
    return (b"\xff\x4f" + segment(0xFF51, sizes) + main + segment(0xFF52, bytes([0, 0, 0, 1, 0, 0, 4, 4, 0, 1])) +
            segment(0xFF5C, b"\x40\x40") + struct.pack(">HHHIBB", 0xFF90, 10, 0, 12 + len(tile + data), 0, 1) +
            tile + data + b"\xff\xd9" + end)


def box(name, content):
    return struct.pack(">I", len(content) + 8) + name + content


def jp2(*boxes):
    return box(b"jP  ", b"\r\n\x87\n") + box(b"ftyp", b"jp2 \0\0\0\0jp2 ") + b"".join(boxes)


def rle(between=b"", behind=b""):
    """Two runs of 128 zeros."""
    return struct.pack("<16I", 1, 64 + len(between), *[0] * 14) + between + b"\x81\0\x81\0" + behind


def item(value):
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(value)) + value


def fragments(*streams, table=b""):
    return item(table) + b"".join(item(each) for each in streams)


FRAME = bytes(SIDE * SIDE)


def places(canary=CANARY):
    """Name → syntax, pixel data, other elements (keyword → value). `canary` has 12 to 16 bytes."""
    comment, text, even = segment(0xFFFE, canary), segment(0xFF64, b"\0\1" + canary), canary + b"\0" * (len(canary) % 2)
    return {
        "native behind the last frame": (NATIVE, FRAME + even, {}),
        "native undeclared frame": (NATIVE, FRAME + canary.ljust(SIDE * SIDE), {}),
        "float pixels beside others": (NATIVE, FRAME, {"FloatPixelData": canary.ljust(16)}),
        "jpeg comment": (JPEG, fragments(jpeg(comment)), {}),
        "jpeg comment before the scan": (JPEG, fragments(jpeg(scan=comment)), {}),
        "jpeg exif": (JPEG, fragments(jpeg(segment(0xFFE1, b"Exif\0\0" + canary))), {}),
        "jpeg jfif thumbnail": (JPEG, fragments(jpeg(segment(0xFFE0, b"JFIF\0\1\2\0\0\1\0\1\1\4" + canary))), {}),
        "jpeg photoshop": (JPEG, fragments(jpeg(segment(0xFFED, b"Photoshop 3.0\0" + canary))), {}),
        "jpeg adobe": (JPEG, fragments(jpeg(segment(0xFFEE, b"Adobe\0\x64\0\0\0\0\0" + canary))), {}),
        "jpeg unused table": (JPEG, fragments(jpeg(segment(0xFFDB, b"\3" + canary.ljust(64)))), {}),
        "jpeg behind the last code": (JPEG, fragments(jpeg(coded=canary)), {}),
        "jpeg behind the end": (JPEG, fragments(jpeg(end=canary)), {}),
        "jpeg undeclared fragment": (JPEG, fragments(jpeg(), even), {}),
        "jpeg offset table": (JPEG, fragments(jpeg(), table=even), {}),
        "jpeg extended offsets": (JPEG, fragments(jpeg()), {"ExtendedOffsetTable": canary.ljust(16),
                                                             "ExtendedOffsetTableLengths": canary.ljust(16)}),
        "lossless comment": (LOSSLESS, fragments(lossless(comment)), {}),
        "lossless behind the last code": (LOSSLESS, fragments(lossless(coded=canary)), {}),
        "lossless behind the end": (LOSSLESS, fragments(lossless(end=canary)), {}),
        "jpeg-ls comment": (JPEG_LS, fragments(jpeg_ls(comment)), {}),
        "jpeg-ls spiff": (JPEG_LS, fragments(jpeg_ls(segment(0xFFE8, b"SPIFF\0" + canary))), {}),
        "jpeg-ls behind the end": (JPEG_LS, fragments(jpeg_ls(end=canary)), {}),
        "j2k comment": (JPEG_2000, fragments(jpeg_2000(text)), {}),
        "j2k comment in a tile": (JPEG_2000, fragments(jpeg_2000(tile=text)), {}),
        "j2k packet lengths": (JPEG_2000, fragments(jpeg_2000(tile=segment(0xFF58, b"\0" + canary))), {}),
        "j2k tile lengths": (JPEG_2000, fragments(jpeg_2000(segment(0xFF55, b"\0\x40" + canary[:12]))), {}),
        "j2k behind the end": (JPEG_2000, fragments(jpeg_2000(end=canary)), {}),
        "jp2 xml": (JPEG_2000, fragments(jp2(box(b"xml ", canary), box(b"jp2c", jpeg_2000()))), {}),
        "jp2 uuid behind": (JPEG_2000, fragments(jp2(box(b"jp2c", jpeg_2000()), box(b"uuid", bytes(16) + canary))), {}),
        "htj2k comment": (HTJ2K, fragments(jpeg_2000(text)), {}),
        "rle between segments": (RLE, fragments(rle(between=canary)), {}),
        "rle behind the last run": (RLE, fragments(rle(behind=canary)), {}),
    }


PLACES = places()
#: what cannot be understood, and is withheld
WITHHELD = {
    "jpeg unknown marker": (JPEG, fragments(jpeg(segment(0xFFF0, CANARY))), {}),
    "jpeg before the start": (JPEG, fragments(CANARY + jpeg()), {}),
    "j2k unknown marker": (JPEG_2000, fragments(jpeg_2000(segment(0xFF74, CANARY))), {}),
    "jpeg xl": ("1.2.840.10008.1.2.4.110", fragments(b"\xff\x0a" + CANARY), {}),
    "private compression": ("1.2.826.0.1.3680043.9.9", fragments(CANARY), {}),
}


def image(study, series, instance, place):
    """The file of one of PLACES or WITHHELD."""
    syntax, pixels, more = place
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", instance
    meta.TransferSyntaxUID = STAND_IN if len(syntax) == len(STAND_IN) else syntax
    data = FileDataset(None, {}, preamble=b"\0" * 128, file_meta=meta)
    data.is_little_endian, data.is_implicit_VR = True, False
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, instance
    data.StudyInstanceUID, data.SeriesInstanceUID = study, series
    data.PatientID, data.PatientName, data.StudyDate = "PIXELS", "YAMADA^TARO", "20260131"
    data.Modality, data.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.Rows = data.Columns = SIDE
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    for keyword, value in more.items():
        setattr(data, keyword, value)
    data.PixelData = pixels
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = syntax != NATIVE
    out = io.BytesIO()
    pydicom.dcmwrite(out, data, write_like_original=False)
    return out.getvalue().replace(STAND_IN.encode("ascii"), syntax.encode("ascii"))
