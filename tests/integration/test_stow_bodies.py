# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of STOW-RS bodies: the archive has exactly what the answer says, whatever was sent."""
import dataclasses
import gzip
import io

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian,
                         ImplicitVRLittleEndian, generate_uid)

from samples import value
from test_returns import CT, RETURNS, derived, part10, stored

RELATED = 'multipart/related; type="application/dicom"; boundary=edge'
HEAD = b"Content-Type: application/dicom\r\n\r\n"


@pytest.fixture(scope="module")
def reader(hospital, small):
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic",
                                 Permissions=RETURNS)["DicomWebRoot"]
    return clinic


@dataclasses.dataclass
class Sent:
    """A request, and which of its objects are to be in the archive afterwards."""
    body: object
    stored: list
    lost: list = dataclasses.field(default_factory=list)
    status: int = 200
    reasons: list = dataclasses.field(default_factory=list)
    type: str = RELATED
    headers: dict = dataclasses.field(default_factory=dict)
    study: str = ""


def framed(*parts, head=HEAD, edge=b"edge"):
    return b"".join(b"--" + edge + b"\r\n" + head + part + b"\r\n" for part in parts) + b"--" + edge + b"--"


def made(clinic, sop_class=None, **changes):
    ds = derived(clinic, *([sop_class] if sop_class else []))
    for keyword, changed in changes.items():
        setattr(ds, keyword, changed)
    if "SOPInstanceUID" in changes:
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    return ds


def good(body_of, **more):
    """One sound object, framed in some way."""
    def case(clinic):
        ds = made(clinic)
        return Sent(body_of(part10(ds)), [ds], **more)
    return case


def refused(body_of, status, **more):
    """One sound object of which nothing is stored, for the request is not understood."""
    def case(clinic):
        ds = made(clinic)
        return Sent(body_of(part10(ds)), [], [ds], status, **more)
    return case


def wrong(reason, change=lambda ds: None, encode=part10, **changes):
    """One object that is not taken."""
    def case(clinic):
        ds = made(clinic, **changes)
        change(ds)
        return Sent(framed(encode(ds)), [], [ds], 409, [reason])
    return case


def beside(reason, bad):
    """A sound object beside one that is none."""
    def case(clinic):
        ds = made(clinic)
        return Sent(framed(part10(ds), bad(clinic)), [ds], [], 202, [reason])
    return case


def as_written(ds):
    """As it is, with nothing mended."""
    target = io.BytesIO()
    pydicom.dcmwrite(target, ds, write_like_original=True)
    return target.getvalue()


def in_syntax(syntax):
    def case(clinic):
        ds = made(clinic)
        ds.file_meta.TransferSyntaxUID = syntax
        ds.is_implicit_VR = syntax == ImplicitVRLittleEndian
        ds.is_little_endian = syntax != ExplicitVRBigEndian
        taken = syntax != ExplicitVRBigEndian
        return Sent(framed(part10(ds)), [ds] if taken else [], [] if taken else [ds],
                    200 if taken else 409, [] if taken else [0xC122])
    return case


def several(count):
    def case(clinic):
        objects = [made(clinic) for _ in range(count)]
        return Sent(framed(*map(part10, objects)), objects)
    return case


def called(uid):
    def case(clinic):
        ds = made(clinic, SOPInstanceUID=uid)
        return Sent(framed(part10(ds)), [ds])
    return case


def same_twice(clinic):
    ds = made(clinic)
    return Sent(framed(part10(ds), part10(ds)), [ds])


def same_uid_other_series(clinic):
    ds = made(clinic)
    other = made(clinic, SOPInstanceUID=ds.SOPInstanceUID)
    return Sent(framed(part10(ds), part10(other)), [ds], [other], 202, [0x0111])


def on_study(status, reason, study_of):
    def case(clinic):
        ds = made(clinic)
        return Sent(framed(part10(ds)), [ds] if status == 200 else [], [] if status == 200 else [ds],
                    status, [reason] if reason else [], study=study_of(clinic, ds))
    return case


def chunks_of(size):
    def cut(whole):
        body = framed(whole)
        return (body[at:at + size] for at in range(0, len(body), size))
    return cut


def nested(ds):
    for _ in range(40):
        item = Dataset()
        ds.ContentSequence = [item]
        ds = item


def other_patient(clinic):
    ds = made(clinic, PatientID="SOMEBODY-ELSE", PatientName="Suzuki^Jirou")
    return Sent(framed(part10(ds)), [ds])


def without_meta(ds):
    whole = part10(ds)
    return whole[144 + ds.file_meta.FileMetaInformationGroupLength:]


CASES = {
    # framing: RFC 2046 §5.1.1
    "one part": good(framed),
    "a line break behind the end": good(lambda whole: framed(whole) + b"\r\n"),
    "a preamble": good(lambda whole: b"ignore me\r\n" + framed(whole)),
    "an epilogue": good(lambda whole: framed(whole) + b"\r\nignore me"),
    "a quoted boundary": good(framed, type=RELATED.replace("edge", '"edge"')),
    "a boundary with a space": good(lambda whole: framed(whole, edge=b"my edge"),
                                    type=RELATED.replace("edge", '"my edge"')),
    "a boundary with odd characters": good(lambda whole: framed(whole, edge=b"'()+_,-./:=?"),
                                           type=RELATED.replace("edge", "\"'()+_,-./:=?\"")),
    "a boundary of 70 characters": good(lambda whole: framed(whole, edge=b"e" * 70),
                                        type=RELATED.replace("edge", "e" * 70)),
    "a boundary of 71 characters": refused(lambda whole: framed(whole, edge=b"e" * 71), 400,
                                           type=RELATED.replace("edge", "e" * 71)),
    "a type that is not quoted": good(framed, type="multipart/related; type=application/dicom; "
                                                   "boundary=edge"),
    "a type in capitals": good(framed, type=RELATED.replace("multipart/related",
                                                            "Multipart/RELATED")),
    "blanks behind a delimiter": good(lambda whole: framed(whole).replace(b"--edge\r\n",
                                                                          b"--edge \t\r\n", 1)),
    "line feeds alone": refused(lambda whole: framed(whole).replace(b"\r\n", b"\n"), 400),
    "no last delimiter": refused(lambda whole: framed(whole)[:-8], 400),
    "cut in the object": refused(lambda whole: framed(whole)[:-200], 400),
    "no body": refused(lambda whole: b"", 400),
    "a last delimiter alone": refused(lambda whole: b"--edge--", 400),
    "another boundary": refused(framed, 400, type=RELATED.replace("edge", "corner")),
    "no boundary": refused(framed, 400, type='multipart/related; type="application/dicom"'),
    "two heads of a type": refused(lambda whole: framed(whole, head=b"Content-Type: application/"
                                                        b"dicom\r\n" + HEAD), 400),
    "a head that is none": refused(lambda whole: framed(whole, head=b"no colon\r\n" + HEAD), 400),
    # heads
    "a length in the head": good(lambda whole: framed(
        whole, head=b"Content-Length: " + str(len(whole)).encode() + b"\r\n" + HEAD)),
    "a location in the head": good(lambda whole: framed(
        whole, head=b"Content-Location: file:///etc/passwd\r\n" + HEAD)),
    "a head in capitals": good(lambda whole: framed(
        whole, head=b"CONTENT-TYPE: APPLICATION/DICOM\r\n\r\n")),
    "a transfer syntax in the head": good(lambda whole: framed(
        whole, head=b"Content-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n")),
    "a binary transfer encoding": good(lambda whole: framed(
        whole, head=b"Content-Transfer-Encoding: binary\r\n" + HEAD)),
    "base64": refused(lambda whole: framed(
        whole, head=b"Content-Transfer-Encoding: base64\r\n" + HEAD), 415),
    "a gzipped part": refused(lambda whole: framed(
        gzip.compress(whole), head=b"Content-Encoding: gzip\r\n" + HEAD), 415),
    "a part without a type": refused(lambda whole: framed(whole, head=b"\r\n"), 415),
    "an image among the parts": refused(lambda whole: framed(whole).replace(
        b"--edge--", b"--edge\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--edge--"), 415),
    "a multipart in a part": refused(lambda whole: framed(
        framed(whole), head=b"Content-Type: " + RELATED.replace("edge", "inner").encode() +
        b"\r\n\r\n"), 415),
    # what the body is said to be
    "mixed": refused(framed, 415, type=RELATED.replace("related", "mixed")),
    "a form": refused(framed, 415, type="multipart/form-data; boundary=edge"),
    "no type of the parts": refused(framed, 415, type="multipart/related; boundary=edge"),
    "an object without a multipart": refused(lambda whole: whole, 415, type="application/dicom"),
    "JSON with bulk data": refused(framed, 415, type=RELATED.replace("dicom", "dicom+json")),
    "XML with bulk data": refused(framed, 415, type=RELATED.replace("dicom", "dicom+xml")),
    "a gzipped body": good(lambda whole: gzip.compress(framed(whole)),
                           headers={"Content_Encoding": "gzip"}),
    "a gzipped body in chunks": good(lambda whole: iter([gzip.compress(framed(whole))]),
                                     headers={"Content_Encoding": "x-gzip"}),
    "a body that is not gzipped though it says so": refused(
        framed, 400, headers={"Content_Encoding": "gzip"}),
    "half a gzipped body": refused(lambda whole: gzip.compress(framed(whole))[:-30], 400,
                                   headers={"Content_Encoding": "gzip"}),
    "a gzipped body that grows": refused(
        lambda whole: gzip.compress(framed(whole) + bytes(65 << 20)), 413,
        headers={"Content_Encoding": "gzip"}),
    "a body in another coding": refused(framed, 415, headers={"Content_Encoding": "br"}),
    "a body in two codings": refused(lambda whole: gzip.compress(gzip.compress(framed(whole))), 415,
                                     headers={"Content_Encoding": "gzip, gzip"}),
    # how it arrives
    "chunks of a few bytes": good(chunks_of(7)),
    "chunks of a page": good(chunks_of(4096)),
    # several
    "ten parts": several(10),
    "the same twice": same_twice,
    "an instance in two series": same_uid_other_series,
    "beside noise": beside(0xC000, lambda clinic: b"noise" * 100),
    "beside nothing": beside(0xC000, lambda clinic: b""),
    "beside half an object": beside(0xC000, lambda clinic: part10(made(clinic))[:-20]),
    "beside an image": beside(0x0122, lambda clinic: part10(made(clinic, CT))),
    "beside a report on another study": beside(
        0x0112, lambda clinic: part10(made(clinic, StudyInstanceUID=generate_uid()))),
    # whose it is
    "its study": on_study(200, None, lambda clinic, ds: ds.StudyInstanceUID),
    "another study": on_study(409, 0xA900, lambda clinic, ds: generate_uid()),
    "another patient's name": other_patient,
    "a study that is not shared": wrong(0x0112, StudyInstanceUID=generate_uid()),
    "no study": wrong(0x0112, lambda ds: delattr(ds, "StudyInstanceUID")),
    # UIDs
    "a UID of 64 characters": called("2." + "7" * 20 + "." + "9" * 41),
    "a UID of 65 characters": called("2." + "7" * 20 + "." + "9" * 42),  # as archives have them
    "a UID with letters": called("1.2.x"),  # likewise
    "a UID of 72 characters": wrong(0xC000, SOPInstanceUID="2." + "7" * 20 + "." + "9" * 49),
    "a UID that climbs": wrong(0xC000, SOPInstanceUID="../../etc"),
    "no series": wrong(0xC000, lambda ds: delattr(ds, "SeriesInstanceUID")),
    "a series that the share shows": wrong(
        0x0111, lambda ds: setattr(ds, "SeriesInstanceUID",
                                   ds.ReferencedSeriesSequence[0].SeriesInstanceUID)),
    "two names of one instance": wrong(
        0xC000, lambda ds: setattr(ds.file_meta, "MediaStorageSOPInstanceUID", generate_uid()),
        encode=as_written),
    # encodings
    "implicit VR": in_syntax(ImplicitVRLittleEndian),
    "deflated": in_syntax(DeflatedExplicitVRLittleEndian),
    "big endian": in_syntax(ExplicitVRBigEndian),
    "a data set alone": wrong(0xC000, encode=without_meta),
    "a program before the object": good(lambda whole: framed(b"MZ" + whole[2:])),
    "bytes behind the object": wrong(0xC000, encode=lambda ds: part10(ds) + b"more"),
    "40 sequences in each other": wrong(0xC000, nested),
}


def test_the_table_has_sixty_bodies():
    assert len(CASES) >= 60


def told_stored(answer):
    told = answer.json().get("00081199", {}).get("Value", [])
    return sorted(value(item, "00081155") for item in told)


def told_reasons(answer):
    return [value(item, "00081197") for tag in ("00081198", "0008119A")
            for item in answer.json().get(tag, {}).get("Value", [])]


@pytest.mark.parametrize("name", CASES)
def test_the_archive_has_exactly_what_the_answer_says(hospital, reader, small, name):
    before = hospital.archive.session.get(f"{hospital.archive.url}/statistics").json()
    sent = CASES[name](reader)
    target = f"{reader.root}/studies" + (f"/{sent.study}" if sent.study else "")
    answer = reader.post(target, sent.body, sent.type, **sent.headers)
    assert answer.status == sent.status, answer.body
    if answer.status in (200, 202, 409):
        assert set(told_stored(answer)) == {ds.SOPInstanceUID for ds in sent.stored}
        assert told_reasons(answer) == sent.reasons
    assert all(stored(hospital, ds).PatientID == small.patient for ds in sent.stored)
    assert all(stored(hospital, ds) is None for ds in sent.lost)
    after = hospital.archive.session.get(f"{hospital.archive.url}/statistics").json()
    assert int(after["CountInstances"]) - int(before["CountInstances"]) == len(sent.stored)
    assert after["CountPatients"] == before["CountPatients"]
