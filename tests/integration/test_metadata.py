# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata of real files, value by value, against pydicom's own DICOM JSON."""
import gzip
import json
import math
import struct
import warnings
from xml.etree import ElementTree

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


NAMESPACE = "{http://dicom.nema.org/PS3.19/models/NativeDICOM}"
GROUPS = ("Alphabetic", "Ideographic", "Phonetic")
COMPONENTS = ("FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix")


def from_xml(model):
    """The Native DICOM Model as DICOM JSON has it, numbers as text; tags of private elements are left out, as their blocks are."""
    found = {}
    for attribute in model:
        assert attribute.tag == NAMESPACE + "DicomAttribute"
        values = {}
        for each in attribute:
            kind, number = each.tag.removeprefix(NAMESPACE), int(each.get("number", 0))
            if kind == "Item":
                values[number] = from_xml(each)
            elif kind == "PersonName":
                values[number] = {group: "^".join(each.findtext(f"{NAMESPACE}{group}/{NAMESPACE}{part}", "") for part in COMPONENTS).rstrip("^")
                                  for group in GROUPS if each.find(NAMESPACE + group) is not None}
            else:
                values[number] = each.get("uri") if kind == "BulkData" else each.text or ""
        if int(attribute.get("tag")[:4], 16) % 2 == 0:
            found[attribute.get("tag")] = [attribute.get("vr"), values]
    return found


def from_json(row):
    found = {}
    for tag, element in row.items():
        values = {}
        for number, each in enumerate(element.get("Value", []), start=1):
            if each is not None:
                name = {group: text.rstrip("^") for group, text in each.items()} if element["vr"] == "PN" else None
                values[number] = from_json(each) if element["vr"] == "SQ" else name or str(each)
        values |= {0: element[kind] for kind in ("InlineBinary", "BulkDataURI") if kind in element}
        if int(tag[:4], 16) % 2 == 0:
            found[tag] = [element["vr"], values]
    return found


@pytest.mark.parametrize("name", present(FILES))
def test_xml_says_what_json_says(hospital, name):
    """PS3.19 §A.1, PS3.18 §8.7.3.2: value by value, bulk data by the same URI."""
    dataset, _ = witness(PYDICOM_FILES / name)
    hospital.archive.store((PYDICOM_FILES / name).read_bytes())
    clinic = hospital.clinic()
    share = hospital.staff.new_share(clinic.recipient, {
        "Level": "Instance", "Uids": [dataset.SOPInstanceUID]}, Profile="none")
    path = f"{share['DicomWebRoot']}/studies/{dataset.StudyInstanceUID}/metadata"
    text = clinic.get(path, Accept="application/dicom+json").body
    row = json.loads(text, parse_float=str, parse_int=str)[0]
    answer = clinic.get(path, Accept='multipart/related; type="application/dicom+xml"')
    assert answer.status == 200
    (part,) = answer.parts()
    assert from_xml(ElementTree.fromstring(part)) == from_json(row)


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


def test_what_is_kept_of_metadata_goes_with_the_file_and_with_the_share(hospital, small):
    """Asked for again they are the same bytes, on record each time."""
    hospital.archive.store_files(small.files())
    clinic = hospital.clinic()
    share = hospital.share(clinic, small)
    study = clinic.get(f"{share['DicomWebRoot']}/studies").json()[0]["0020000D"]["Value"][0]
    target = f"{share['DicomWebRoot']}/studies/{study}/metadata"
    first, again = clinic.get(target), clinic.get(target)
    assert first.status == again.status == 200
    assert again.body == first.body and again.receipt != first.receipt
    gone = pydicom.dcmread(small.files()[0], stop_before_pixels=True).SOPInstanceUID
    session, url = hospital.archive.session, hospital.archive.url
    (found,) = session.post(f"{url}/tools/lookup", data=gone).json()
    session.delete(f"{url}{found['Path']}").raise_for_status()
    assert len(clinic.get(target).json()) == len(first.json()) - 1
    hospital.archive.store_files(small.files())
    assert clinic.get(target).json() == first.json()
    hospital.staff.revoke(share["ID"])
    assert clinic.get(target).status == 404
