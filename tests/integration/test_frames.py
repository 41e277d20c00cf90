# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames and bulk data of a share through the door of a real Orthanc, with pydicom as the witness."""
import io
import re

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.encaps import generate_pixel_data_frame
from pydicom.uid import generate_uid

from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, value

ONE = "application/dicom; transfer-syntax=*"
ANY_BYTES = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'
SAMPLES = {  # the type of compressed ones
    "CT_small.dcm": None,
    "MR_small_bigendian.dcm": None,
    "MR_small_implicit.dcm": None,
    "SC_rgb_small_odd.dcm": None,  # 3 × 3 pixels
    "SC_ybr_full_422_uncompressed.dcm": None,
    "image_dfl.dcm": None,
    "liver_1frame.dcm": None,  # single bits
    "rtdose.dcm": None,  # 15 frames
    "MR_small_RLE.dcm": "image/dicom-rle",
    "SC_rgb_rle_16bit_2frame.dcm": "image/dicom-rle",
    "rtdose_rle.dcm": "image/dicom-rle",
    "SC_rgb_jpeg_gdcm.dcm": "image/jpeg",
    "JPEG2000.dcm": "image/jp2",
    "MR_small_jpeg_ls_lossless.dcm": "image/jls",
}


def instance_of(clinic, root):
    row = clinic.get(f"{root}/instances").json()[0]
    return (f"{root}/studies/{value(row, STUDY_UID)}/series/{value(row, SERIES_UID)}"
            f"/instances/{value(row, INSTANCE_UID)}")


def under_its_own_uids(path):
    """Several of the samples are one image in several transfer syntaxes."""
    dataset = pydicom.dcmread(path)
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    return dataset


def native_frames(dataset):
    """Little endian bytes of each frame; single bits from the first bit of a byte on."""
    frames = int(dataset.get("NumberOfFrames", 1))
    cells = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel
    if dataset.PhotometricInterpretation == "YBR_FULL_422":
        cells = cells // 3 * 2
    if dataset.BitsAllocated == 1:
        bits = "".join(f"{byte:08b}"[::-1] for byte in dataset.PixelData)
        pieces = [bits[i * cells:(i + 1) * cells] for i in range(frames)]
        return [bytes(int(piece[at:at + 8][::-1], 2) for at in range(0, cells, 8))
                for piece in pieces]
    size = cells * dataset.BitsAllocated // 8
    data = dataset.PixelData
    if not dataset.is_little_endian:
        data = b"".join(data[i + 1:i + 2] + data[i:i + 1] for i in range(0, len(data), 2))
    return [data[i * size:(i + 1) * size] for i in range(frames)]


def expected_frames(dataset, count):
    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        return list(generate_pixel_data_frame(dataset.PixelData, count))
    return native_frames(dataset)


def shared_alone(hospital, clinic, dataset, profile="none"):
    """The URL of an instance that is in the archive now, the only one of its study."""
    file = io.BytesIO()
    pydicom.dcmwrite(file, dataset, write_like_original=False)
    hospital.archive.store(file.getvalue())
    share = hospital.staff.new_share(
        clinic.recipient, {"Level": "Study", "Uids": [dataset.StudyInstanceUID]}, Profile=profile,
        Assurance="password")
    return instance_of(clinic, share["DicomWebRoot"])


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_frames_and_bulk_data_are_those_of_the_instance(hospital, name):
    clinic = hospital.clinic()
    instance = shared_alone(hospital, clinic, under_its_own_uids(get_testdata_file(name, download=False)))
    whole = pydicom.dcmread(io.BytesIO(clinic.get(instance, Accept=ONE).body))
    count = int(whole.get("NumberOfFrames", 1))
    expected = expected_frames(whole, count)

    order = list(range(count, 0, -1))[:20]
    answer = clinic.get(f"{instance}/frames/{'%2C'.join(map(str, order))}", Accept="*/*")
    assert answer.status == 200
    kind = SAMPLES[name] or "application/octet-stream"
    assert f'type="{kind}"' in answer.headers["content-type"]
    assert int(answer.headers["content-length"]) == len(answer.body)
    parts = answer.parts()
    assert len(parts) == len(order)
    for number, part in zip(order, parts):
        frame = expected[number - 1]
        assert part == frame or (SAMPLES[name] and part + b"\0" == frame), number
    assert clinic.get(f"{instance}/frames/1", Accept=ANY_BYTES).parts() == parts[order.index(1):][:1]
    assert clinic.get(f"{instance}/frames/{count + 1}").status == 404
    assert clinic.get(f"{instance}/frames/0").status == 400

    (found,) = clinic.get(f"{instance}/metadata").json()
    uri = found["7FE00010"]["BulkDataURI"]
    assert uri.startswith(instance.partition("/studies/")[0]) or re.match("https?://", uri)
    bulk = clinic.get(f"{instance}/bulkdata/7FE00010").parts()
    if SAMPLES[name]:
        assert len(bulk) == count and bulk[0] == parts[order.index(1)]
    else:
        assert len(bulk) == 1 and bulk[0].startswith(native_frames(whole)[0][:-1])


def test_a_share_to_look_at_gives_neither(hospital, small):
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Profile="ps3.15-basic", Permissions=["view"])
    instance = instance_of(clinic, share["DicomWebRoot"])
    metadata = clinic.get(f"{instance}/metadata")
    assert metadata.status == 200 and b"BulkDataURI" not in metadata.body
    for path in ("", "/frames/1", "/bulkdata/7FE00010", "/bulkdata/00080018"):
        for accept in ("*/*", ANY_BYTES, "application/octet-stream", "application/zip"):
            for more in ({}, {"Range": "bytes=0-10"}):
                answer = clinic.get(instance + path, Accept=accept, **more)
                # Of forms that a route never has it says so, whoever asks.
                assert answer.status == 404 or (path == "" and answer.status == 406), path
