#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_streams.py FOLDER: the first frame of each compressed sample of Debian's python3-pydicom, with the eight bytes before
it that the fuzzers of code streams read as its layout (tests/fuzz/clean_twice.h); and what makes a presentation state one."""
import pathlib
import struct
import sys

import pydicom
from pydicom.dataset import Dataset
from pydicom.encaps import generate_pixel_data_frame
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

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


def with_(**attributes):
    dataset = Dataset()
    for keyword, content in attributes.items():
        setattr(dataset, keyword, content)
    return dataset


def presentation_state(kind):
    """One byte for its kind, and its elements in Explicit VR Little Endian (tests/fuzz/fuzz_presentation.cpp)."""
    figures = [with_(GraphicAnnotationUnits=units, GraphicDimensions=2, NumberOfGraphicPoints=4, GraphicType=shape,
                     GraphicData=[0.5, 1.5, 3.5, 2.5, 6.0, 1.0, 2.0, 4.0])
               for units in ("PIXEL", "DISPLAY") for shape in ("POLYLINE", "CIRCLE", "ELLIPSE", "POINT")]
    area = with_(DisplayedAreaTopLeftHandCorner=[1, 1], DisplayedAreaBottomRightHandCorner=[7, 5],
                 PresentationSizeMode="MAGNIFY", PresentationPixelAspectRatio=["2", "1"],
                 PresentationPixelMagnificationRatio=2.0)
    state = with_(
        ShutterShape=["RECTANGULAR", "CIRCULAR", "POLYGONAL"], ShutterLeftVerticalEdge=2, ShutterRightVerticalEdge=6,
        ShutterUpperHorizontalEdge=1, ShutterLowerHorizontalEdge=4, CenterOfCircularShutter=[3, 3],
        RadiusOfCircularShutter=2, VerticesOfThePolygonalShutter=[1, 1, 5, 1, 5, 7], ShutterPresentationValue=9,
        RescaleIntercept=-50, RescaleSlope=2, SoftcopyVOILUTSequence=[with_(WindowCenter=100, WindowWidth=90)],
        GraphicAnnotationSequence=[with_(GraphicLayer="A", GraphicObjectSequence=figures)],
        ImageHorizontalFlip="Y", ImageRotation=90, DisplayedAreaSelectionSequence=[area], PresentationLUTShape="INVERSE")
    out = DicomBytesIO()
    out.is_little_endian, out.is_implicit_VR = True, False
    write_dataset(out, state)
    return bytes([kind]) + out.getvalue()


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for kind in range(3):
        (folder / f"presentation_state_{kind}").write_bytes(presentation_state(kind))
    for path in sorted(pathlib.Path(pydicom.__file__).parent.rglob("*.dcm")):
        try:
            stream = stream_of(path)
        except Exception:  # some samples are damaged on purpose
            continue
        if stream:
            (folder / path.stem).write_bytes(stream)


if __name__ == "__main__":
    main(sys.argv[1])
