# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of many kinds, and how pydicom shows the first frame of each."""
import io
import pathlib
import subprocess
import tempfile
from dataclasses import dataclass

import numpy
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixel_data_handlers.util import apply_modality_lut, apply_voi_lut
from pydicom.uid import MPEG2MPML, ExplicitVRLittleEndian, generate_uid

from javascript import HERE, modules
from samples import PYDICOM_FILES

HTJ2K_LOSSLESS = b"1.2.840.10008.1.2.4.201"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
ULTRASOUND_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.3.1"
ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"


@dataclass
class Picture:
    """A file in the archive and its first frame as it shall be seen."""

    part10: bytes
    expected: numpy.ndarray | None  # (rows, columns) or (rows, columns, 3), 0 to 255

    @property
    def study(self):
        return pydicom.dcmread(io.BytesIO(self.part10), stop_before_pixels=True).StudyInstanceUID


# --- of pydicom's own files -----------------------------------------------------------------------


def ct():
    return _of_pydicom("CT_small.dcm")


def mr():
    return _of_pydicom("MR_small.dcm")


def mr_big_endian():
    return _of_pydicom("MR_small_bigendian.dcm")


def mr_implicit():
    return _of_pydicom("MR_small_implicit.dcm")


def mr_rle():
    return _of_pydicom("MR_small_RLE.dcm")


def mr_jpeg_ls():
    return _of_pydicom("MR_small_jpeg_ls_lossless.dcm", shown_by="MR_small.dcm")


def mr_jpeg_2000():
    return _of_pydicom("MR_small_jp2klossless.dcm", shown_by="MR_small.dcm")


def deflated():
    return _of_pydicom("image_dfl.dcm")


def ecg():
    """Twelve leads of ten seconds, as a file: there is no image of it."""
    dataset = pydicom.dcmread(PYDICOM_FILES / "waveform_ecg.dcm")
    dataset.PatientID = dataset.get("PatientID") or "1"
    return Picture(_as_another(dataset), None)


def _of_pydicom(name, shown_by=None):
    """Under UIDs of its own: some of pydicom's files are one image in several syntaxes."""
    dataset = pydicom.dcmread(PYDICOM_FILES / name)
    dataset.PatientID = dataset.get("PatientID") or "1"
    return Picture(_as_another(dataset), shown(pydicom.dcmread(PYDICOM_FILES / (shown_by or name))))


# --- made -----------------------------------------------------------------------------------------


def jpeg_lossless():
    """By DCMTK, process 14 with the first predictor."""
    source = PYDICOM_FILES / "CT_small.dcm"
    return _by_dcmtk(source.read_bytes(), shown(pydicom.dcmread(source)), "+e1")


def jpeg_baseline():
    """By DCMTK, in YBR with halved columns."""
    source = ultrasound_loop()
    return _by_dcmtk(source.part10, source.expected, "+eb", "+q", "95")


def _by_dcmtk(part10, expected, *how):
    with tempfile.TemporaryDirectory() as directory:
        before, after = pathlib.Path(directory) / "before.dcm", pathlib.Path(directory) / "after.dcm"
        before.write_bytes(part10)
        subprocess.run(["dcmcjpeg", *how, before, after], check=True)
        return Picture(_as_another(pydicom.dcmread(after)), expected)


def htj2k():
    """By OpenJPH, lossless."""
    source = pydicom.dcmread(PYDICOM_FILES / "MR_small.dcm")
    modules()
    stream = subprocess.run(
        ["node", HERE / "encode_htj2k.mjs", *map(str, (source.Columns, source.Rows,
                                                       source.PixelRepresentation))],
        input=source.PixelData, check=True, capture_output=True).stdout
    expected = shown(source)
    source.PixelData = encapsulate([stream])
    source["PixelData"].is_undefined_length = True
    # pydicom 2 does not know the syntax: it writes one of the same length that it knows.
    source.file_meta.TransferSyntaxUID = MPEG2MPML
    return Picture(_as_another(source).replace(MPEG2MPML.encode(), HTJ2K_LOSSLESS), expected)


def ultrasound_loop():
    """Six frames of colour: a bright disc that wanders over a gradient."""
    rows, columns, frames = 96, 128, 6
    across = numpy.broadcast_to(numpy.arange(columns) * 2, (rows, columns))
    down = numpy.arange(rows)[:, None]
    cells = numpy.zeros((frames, rows, columns, 3), numpy.uint8)
    for frame in range(frames):
        disc = numpy.hypot(across / 2 - 30 - 12 * frame, down - 48) < 18
        cells[frame] = numpy.where(disc[..., None], (250, 220, 40),
                                   numpy.stack([across // 3, across // 2, across], -1))
    data = _image(ULTRASOUND_MULTI_FRAME, "US", cells[0], "RGB")
    data.NumberOfFrames, data.FrameTime = frames, "40"
    data.FrameIncrementPointer = 0x00181063
    data.PixelData = cells.tobytes()
    return Picture(_as_another(data), cells[0])


def palette():
    """A ramp of indices, each a colour of its own; entries of 16 bits."""
    rows, columns = 64, 96
    indices = ((numpy.arange(columns) * 255 // (columns - 1))[None, :] *
               numpy.linspace(0.4, 1, rows)[:, None]).astype(numpy.uint8)
    index = numpy.arange(256)
    tables = [index, 255 - index, numpy.abs(index - 128) * 2 % 256]
    data = _image(SECONDARY_CAPTURE, "OT", indices, "PALETTE COLOR")
    for name, table in zip(("Red", "Green", "Blue"), tables):
        setattr(data, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(data, f"{name}PaletteColorLookupTableData", (table * 257).astype("<u2").tobytes())
    return Picture(_as_another(data), numpy.stack([table[indices] for table in tables], -1))


def enhanced_mr():
    """Four frames, each with a place, a window and a rescaling of its own."""
    rows = columns = 80
    data = _image(ENHANCED_MR, "MR", numpy.zeros((rows, columns), numpy.uint16), "MONOCHROME2")
    frames = 4
    blob = 400 + 300 * numpy.sin(numpy.arange(columns) / 9) * numpy.cos(numpy.arange(rows) / 13)[:, None]
    cells = numpy.stack([blob + 60 * number for number in range(frames)]).astype(numpy.uint16)
    data.NumberOfFrames, data.PixelData = frames, cells.tobytes()
    data.ImageType = ["ORIGINAL", "PRIMARY", "M", "NONE"]
    shared = Dataset()
    shared.PixelMeasuresSequence = [_with(PixelSpacing=[1, 1], SliceThickness=5)]
    shared.PlaneOrientationSequence = [_with(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])]
    data.SharedFunctionalGroupsSequence = [shared]
    data.PerFrameFunctionalGroupsSequence = [_frame(number) for number in range(frames)]
    low, high = 400, 2000 / 2 + 400
    values = cells[0] * 2.0 - 100
    return Picture(_as_another(data), numpy.clip((values - low) / (high - low) * 255, 0, 255))


def _frame(number):
    groups = Dataset()
    groups.FrameContentSequence = [_with(StackID="1", InStackPositionNumber=number + 1,
                                         DimensionIndexValues=[1, number + 1])]
    groups.PlanePositionSequence = [_with(ImagePositionPatient=[0, 0, 5 * number])]
    groups.FrameVOILUTSequence = [_with(WindowCenter="900", WindowWidth="1000")]
    groups.PixelValueTransformationSequence = [_with(RescaleIntercept="-100", RescaleSlope="2",
                                                     RescaleType="US")]
    return groups


def _with(**attributes):
    dataset = Dataset()
    for keyword, content in attributes.items():
        setattr(dataset, keyword, content)
    return dataset


def _image(sop_class, modality, cells, photometric):
    """A data set in Explicit VR Little Endian whose pixels are `cells`."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = sop_class, ExplicitVRLittleEndian
    data = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
    data.is_little_endian, data.is_implicit_VR = True, False
    data.SOPClassUID, data.Modality, data.ConversionType = sop_class, modality, "SYN"
    data.StudyDate, data.StudyTime, data.PatientName, data.PatientID = "20260115", "1015", "A^B", "1"
    data.SeriesNumber = data.InstanceNumber = 1
    data.BurnedInAnnotation = "NO"
    data.Rows, data.Columns = cells.shape[:2]
    data.SamplesPerPixel = 3 if cells.ndim == 3 else 1
    if cells.ndim == 3:
        data.PlanarConfiguration = 0
    data.PhotometricInterpretation = photometric
    data.BitsAllocated = data.BitsStored = 8 * cells.dtype.itemsize
    data.HighBit, data.PixelRepresentation = data.BitsStored - 1, 0
    data.PixelData = cells.tobytes()
    return data


# --- both -----------------------------------------------------------------------------------------


def _as_another(dataset):
    """The bytes of a file of a study, series and instance that nobody else has."""
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, dataset, write_like_original=False)
    return stream.getvalue()


def shown(dataset):
    """The first frame in grey levels or colours, by pydicom's look-up tables."""
    cells = dataset.pixel_array
    if dataset.SamplesPerPixel == 3:
        return cells.astype(float)
    values = apply_modality_lut(cells, dataset).astype(float)
    low, high = values.min(), values.max()
    if "WindowCenter" in dataset:
        # Between which the window puts them is a matter of bits to pydicom.
        low, high = apply_voi_lut(numpy.array([-1e9, 1e9]), dataset)
        values = apply_voi_lut(values, dataset)
    return (values - low) * 255 / (high - low)


def downscaled(picture, size=24):
    """Mean of each of `size` by `size` fields, by colour."""
    picture = numpy.asarray(picture, float)
    if picture.ndim == 2:
        picture = picture[..., None]
    for axis in (0, 1):
        edges = (numpy.arange(size) * picture.shape[axis] / size).astype(int)
        counts = numpy.diff([*edges, picture.shape[axis]])
        sums = numpy.add.reduceat(picture, edges, axis)
        picture = sums / counts.reshape([-1 if each == axis else 1 for each in range(3)])
    return picture
