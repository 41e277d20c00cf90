# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata of real files, value by value, against pydicom's own DICOM JSON."""
import gzip
import math
import struct
import warnings

import pydicom
import pytest

from samples import PYDICOM_FILES

FILES = ["CT_small.dcm", "MR_small.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm",
         "MR_small_RLE.dcm", "JPEG2000.dcm", "JPGExtended.dcm", "693_J2KI.dcm", "SC_rgb_rle.dcm",
         "color3d_jpeg_baseline.dcm", "liver_1frame.dcm", "rtplan.dcm", "rtdose_1frame.dcm",
         "reportsi.dcm", "test-SR.dcm", "waveform_ecg.dcm", "image_dfl.dcm"]
BULK = {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}
NUMBERS = {"DS", "IS"}


def present(names):
    return [name for name in names if (PYDICOM_FILES / name).exists()]


@pytest.fixture(scope="module")
def hospital(hospitals):
    return hospitals.new().open()


def witness(file):
    """The data set as pydicom reads it, and its DICOM JSON."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(file, force=True)
        return dataset, dataset.to_json_dict()


def is_compared(tag, element):
    """Not bulk data, group lengths, the character set (JSON has its own) and what PS3.18 adds."""
    return element["vr"] not in BULK and not tag.endswith("0000") and tag not in (
        "00080005", "00083002")


def differences(ours, theirs, where=""):
    """Yields each attribute in which two DICOM JSON objects differ."""
    ours, theirs = ({tag: element for tag, element in side.items() if is_compared(tag, element)}
                    for side in (ours, theirs))
    for tag in sorted(set(ours) | set(theirs)):
        mine, other = ours.get(tag), theirs.get(tag)
        place = f"{where}/{tag}"
        if mine is None or other is None:
            yield f"{place}: {mine} instead of {other}"
        elif mine["vr"] != other["vr"]:
            yield f"{place}: VR {mine['vr']} instead of {other['vr']}"
        else:
            yield from value_differences(mine, other, place)


def value_differences(mine, other, place):
    values, expected = mine.get("Value", []), other.get("Value", [])
    if mine["vr"] == "SQ" and len(values) == len(expected):
        for index, (item, wanted) in enumerate(zip(values, expected)):
            yield from differences(item, wanted, f"{place}[{index}]")
    elif not same_values(values, expected, mine["vr"]):
        yield f"{place}: {values} instead of {expected}"


def same_values(values, expected, vr):
    if vr in NUMBERS:
        values, expected = ([None if value in (None, "") else float(value) for value in side]
                            for side in (values, expected))
        return len(values) == len(expected) and all(
            a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-9))
            for a, b in zip(values, expected))
    if vr == "FL":  # as many digits as tell one 32-bit number from the next
        return [struct.pack("<f", value) for value in values] == [
            struct.pack("<f", value) for value in expected]
    if vr == "CS":  # spaces around it mean nothing (PS3.5 Table 6.2-1)
        expected = [value and value.strip() for value in expected]
    return values == expected


@pytest.mark.parametrize("name", present(FILES))
def test_metadata_says_what_pydicom_reads(hospital, name):
    dataset, expected = witness(PYDICOM_FILES / name)
    hospital.archive.store((PYDICOM_FILES / name).read_bytes())
    clinic = hospital.clinic()
    share = hospital.staff.new_share(clinic.recipient, {
        "Level": "Instance", "Uids": [dataset.SOPInstanceUID]}, Profile="none")
    path = f"{share['DicomWebRoot']}/studies/{dataset.StudyInstanceUID}/metadata"
    answer = clinic.get(path, Accept="application/dicom+json")
    assert answer.status == 200
    (row,) = answer.json()
    assert "\n".join(differences(row, expected)) == ""


def test_what_is_text_comes_compressed_to_whom_accepts_it(hospital, small):
    """RFC 9110 §12.5.3; the same bytes, and on record like any other answer."""
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    root = hospital.share(clinic, small)["DicomWebRoot"]
    study = clinic.get(f"{root}/studies").json()[0]["0020000D"]["Value"][0]
    for target in (f"{root}/instances?includefield=all", f"{root}/studies/{study}/metadata"):
        plain, packed = clinic.get(target), clinic.get(target, **{"Accept-Encoding": "gzip, deflate, br"})
        assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
        assert packed.whole and gzip.decompress(packed.body) == plain.body
        assert len(packed.body) < len(plain.body) / 4
        assert packed.receipt and packed.receipt != plain.receipt
