# SPDX-License-Identifier: GPL-3.0-or-later
"""CT images in the transfer syntaxes that scanners and archives compress with: a study of each."""
import pathlib
import subprocess
import tempfile

import pydicom
from pydicom.encaps import encapsulate
from pydicom.uid import JPEG2000Lossless

ARC = "2.999.1000498"
IMAGES = 100


def jpeg_lossless(file, out):
    subprocess.run(["dcmcjpeg", "+e1", file, out], check=True)


def jpeg_ls(file, out):
    subprocess.run(["dcmcjpls", "+el", file, out], check=True)


def jpeg_2000(file, out):
    image = pydicom.dcmread(file)
    with tempfile.TemporaryDirectory() as directory:
        raw, stream = pathlib.Path(directory) / "image.raw", pathlib.Path(directory) / "image.j2k"
        raw.write_bytes(b"".join(image.PixelData[at + 1:at + 2] + image.PixelData[at:at + 1]
                                 for at in range(0, len(image.PixelData), 2)))  # opj_compress: big endian
        form = f"{image.Columns},{image.Rows},1,16,{'s' if image.PixelRepresentation else 'u'}"
        subprocess.run(["opj_compress", "-F", form, "-i", raw, "-o", stream], check=True,
                       stdout=subprocess.DEVNULL)
        image.PixelData = encapsulate([stream.read_bytes()])
    image["PixelData"].VR, image["PixelData"].is_undefined_length = "OB", True
    image.file_meta.TransferSyntaxUID = JPEG2000Lossless
    image.save_as(out)


ENCODERS = {"JPEG lossless": jpeg_lossless, "JPEG-LS": jpeg_ls, "JPEG 2000": jpeg_2000}


def make(files, directory):
    """(name, StudyInstanceUID, files) of a study of each kind, made of the first of `files`."""
    for number, (name, encode) in enumerate(ENCODERS.items(), start=1):
        study, made = f"{ARC}.{number}", []
        for index, file in enumerate(files[:IMAGES], start=1):
            image = pydicom.dcmread(file)
            image.StudyInstanceUID, image.SeriesInstanceUID = study, f"{study}.1"
            image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = f"{study}.1.{index}"
            plain = directory / "plain.dcm"
            image.save_as(plain)
            made.append(directory / f"{number}-{index}.dcm")
            encode(plain, made[-1])
        yield name, study, made
