# SPDX-License-Identifier: GPL-3.0-or-later
"""Retrievals as clients send them, byte for byte: the IDC's client for Python, Weasis, dcm4che, Google's
clients, browsers. Each gets what it can read (PS3.18 §8.7.4, §9, §10.4)."""
import gzip
import io
import json
import re
import zipfile

import pydicom
import pytest

from pictures_by_dcmtk import from_png
from samples import INSTANCE_UID, PYDICOM_FILES, SERIES_UID, STUDY_UID, read, value
from test_frames import expected_frames, native_frames, under_its_own_uids

EXPLICIT, JPEG_BASELINE, RLE = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.5"
DICOM, BYTES = "application/dicom", "application/octet-stream"
PARTS = re.compile(r'multipart/related; type="([^"]+)"; boundary=([^";]+)')
FILES = {"native": "CT_small.dcm", "jpeg": "SC_rgb_jpeg_lossy_gdcm.dcm", "rle": "SC_rgb_rle_2frame.dcm"}


class Shared:
    """One instance of the share, as it was stored and as it is asked for."""

    def __init__(self, clinic, stored):
        self.clinic, self.stored = clinic, stored
        (row,) = clinic.get(f"{clinic.root}/instances?SOPInstanceUID={stored.SOPInstanceUID}").json()
        self.uids = [value(row, tag) for tag in (STUDY_UID, SERIES_UID, INSTANCE_UID)]
        study, series, instance = self.uids
        self.study = f"{clinic.root}/studies/{study}"
        self.series = f"{self.study}/series/{series}"
        self.url = f"{self.series}/instances/{instance}"
        count = int(stored.get("NumberOfFrames", 1))
        self.frames = expected_frames(stored, count)

    def get(self, path="", **headers):
        answer = self.clinic.get(f"{self.url}{path}", **headers)
        assert answer.status == 200, (path, headers, answer.status, answer.body[:200])
        return answer

    def wado(self, **parameters):
        """WADO-URI with the parameters in order, encoded as they stand."""
        study, series, instance = self.uids
        query = {"requestType": "WADO", "studyUID": study, "seriesUID": series, "objectUID": instance,
                 **parameters}
        return self.clinic.get(f"{self.clinic.root}/wado?" + "&".join(f"{k}={v}" for k, v in query.items()),
                               Accept="*/*")


@pytest.fixture(scope="module")
def shared(hospitals):
    """A native image, a JPEG and an RLE of two frames, each in a study of its own, as they are."""
    hospital = hospitals.new().open()
    stored = {kind: under_its_own_uids(PYDICOM_FILES / name) for kind, name in FILES.items()}
    for dataset in stored.values():
        file = io.BytesIO()
        pydicom.dcmwrite(file, dataset, write_like_original=False)
        hospital.archive.store(file.getvalue())
    clinic = hospital.clinic()
    scope = {"Level": "Study", "Uids": [each.StudyInstanceUID for each in stored.values()]}
    clinic.root = hospital.staff.new_share(clinic.recipient, scope, Profile="none",
                                           Assurance="password")["DicomWebRoot"]
    return {kind: Shared(clinic, dataset) for kind, dataset in stored.items()}


@pytest.fixture(params=FILES)
def one(request, shared):
    """Each of them in turn."""
    return shared[request.param]


def parts_of(answer, kind):
    """The bodies, and what the heads of their parts say; boundaries are unquoted tokens."""
    said = PARTS.fullmatch(answer.headers["content-type"])
    assert said and said[1] == kind, answer.headers["content-type"]
    delimiter = b"--" + said[2].encode()
    heads = [part.split(b"\r\n\r\n", 1)[0].decode() for part in answer.body.split(delimiter)[1:-1]]
    return answer.parts(), heads


def assert_has_pixels(part, one, named):
    """As stored where any transfer syntax was asked for; else what lost nothing comes decoded (§8.7.3.4)."""
    taken = read(part)
    assert taken.SOPInstanceUID == one.stored.SOPInstanceUID
    if "*" not in named and one.stored.file_meta.TransferSyntaxUID == RLE:
        assert taken.file_meta.TransferSyntaxUID == EXPLICIT
        assert (taken.pixel_array == one.stored.pixel_array).all()
    else:
        assert taken.PixelData == one.stored.PixelData


def assert_is_frame(part, frame):
    assert part == frame or part + b"\0" == frame


# --- the IDC's dicomweb-client for Python ---------------------------------------------------------

PYTHON = {"Accept_Encoding": "gzip, deflate", "Connection": "keep-alive", "User_Agent": "python-requests/2.31.0"}


@pytest.mark.parametrize("accept", [
    'multipart/related; type="application/dicom"; transfer-syntax=*', 'multipart/related; type="application/dicom"',
    'multipart/related; type="*/*"'])
@pytest.mark.parametrize("level", ["url", "series", "study"])
def test_the_idc_client_retrieves_instances(one, level, accept):
    answer = one.clinic.get(getattr(one, level), Accept=accept, **PYTHON)
    assert answer.status == 200
    (part,), _ = parts_of(answer, DICOM)
    assert_has_pixels(part, one, accept.partition("transfer-syntax=")[2])


def test_the_idc_client_retrieves_frames_of_whatever_type(one):
    """Its default for frames."""
    every = range(1, len(one.frames) + 1)
    for frames in (every, reversed(every)):
        frames = list(frames)
        for separator in (",", "%2C"):
            answer = one.get(f"/frames/{separator.join(map(str, frames))}",
                             Accept='multipart/related; type="*/*"', **PYTHON)
            said = PARTS.fullmatch(answer.headers["content-type"])
            parts, heads = parts_of(answer, said[1])
            for number, part, head in zip(frames, parts, heads, strict=True):
                assert_is_frame(part, one.frames[number - 1])
                assert f"transfer-syntax={one.stored.file_meta.TransferSyntaxUID}" in head


def test_the_idc_client_names_what_it_can_decode(shared):
    """Several types, each with its transfer syntaxes."""
    accept = ('multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1, '
              'multipart/related; type="image/jpeg"; transfer-syntax=1.2.840.10008.1.2.4.50, '
              'multipart/related; type="image/dicom-rle"; transfer-syntax=1.2.840.10008.1.2.5')
    for kind, frame in (("native", shared["native"].frames[0]),
                        ("rle", shared["rle"].stored.pixel_array[0].tobytes())):
        (part,), _ = parts_of(shared[kind].get("/frames/1", Accept=accept, **PYTHON), BYTES)
        assert_is_frame(part, frame)
    jpeg = shared["jpeg"]
    (part,), _ = parts_of(jpeg.get("/frames/1", Accept=accept, **PYTHON), BYTES)
    assert len(part) == jpeg.stored.Rows * jpeg.stored.Columns * jpeg.stored.SamplesPerPixel


@pytest.mark.parametrize("ranged", [{}, {"Range": "bytes=0-1023"}])
def test_the_idc_client_retrieves_bulk_data_by_its_uri(one, ranged):
    """A range is of a single representation: of parts the whole is given, as RFC 9110 §14.2 allows."""
    (header,) = json.loads(gzip.decompress(one.get("/metadata", Accept="application/dicom+json", **PYTHON).body))
    answer = one.clinic.get(header["7FE00010"]["BulkDataURI"], Accept='multipart/related; type="*/*"',
                            **PYTHON, **ranged)
    assert answer.status == 200
    parts = answer.parts()
    is_compressed = one.stored.file_meta.TransferSyntaxUID.is_encapsulated
    expected = one.frames if is_compressed else [one.stored.PixelData]
    for part, frame in zip(parts, expected, strict=True):
        assert_is_frame(part, frame)


def test_the_idc_client_retrieves_pictures(one):
    """Without a type it takes whatever a picture is by default; of several the first that there is."""
    assert one.get("/rendered", Accept="*/*", **PYTHON).headers["content-type"] == "image/jpeg"
    assert one.get("/rendered", Accept="image/png, image/jpeg", **PYTHON).headers["content-type"] == "image/png"
    answer = one.get("/frames/1/rendered", Accept="image/jpeg, image/gif, image/png", **PYTHON)
    assert answer.headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("level", ["url", "series", "study"])
def test_the_idc_client_reads_metadata(one, level):
    """Compressed only where that was allowed."""
    for encoding, coded in (("gzip, deflate", "gzip"), ("identity", None)):
        answer = one.clinic.get(f"{getattr(one, level)}/metadata", Accept="application/dicom+json",
                                Accept_Encoding=encoding)
        assert answer.status == 200 and answer.headers.get("content-encoding") == coded


# --- Weasis ---------------------------------------------------------------------------------------

WEASIS = ('multipart/related;type="application/dicom";transfer-syntax=1.2.840.10008.1.2.1;q=0.9,'
          'multipart/related;type="application/dicom";transfer-syntax=*;q=0.5')


def test_weasis_retrieves_what_is_stored(one):
    """By WADO-RS, with any transfer syntax."""
    (part,), heads = parts_of(one.get(Accept='multipart/related;type="application/dicom";transfer-syntax=*'), DICOM)
    assert read(part).PixelData == one.stored.PixelData
    assert "Content-Type: application/dicom" in heads[0]


def test_weasis_prefers_pixels_that_it_need_not_decode(one):
    (part,), _ = parts_of(one.get(Accept=WEASIS), DICOM)
    taken = read(part)
    assert taken.file_meta.TransferSyntaxUID == EXPLICIT
    assert len(taken.PixelData) >= sum(map(len, native_frames(taken)))


def test_weasis_retrieves_files_by_wado_uri(one):
    answer = one.wado(contentType="application%2Fdicom", transferSyntax="*")
    assert answer.status == 200 and answer.headers["content-type"].startswith(DICOM)
    assert read(answer.body).PixelData == one.stored.PixelData
    decoded = one.wado(contentType="application%2Fdicom", transferSyntax=EXPLICIT)
    assert read(decoded.body).file_meta.TransferSyntaxUID == EXPLICIT


def test_weasis_shows_thumbnails(one):
    """By the name that WADO-RS has, and as small pictures by WADO-URI."""
    for level in (one.url, one.series, one.study):
        answer = one.clinic.get(f"{level}/thumbnail?viewport=256,256", Accept="image/jpeg")
        assert answer.status == 200 and answer.headers["content-type"] == "image/jpeg"
    answer = one.wado(contentType="image/jpeg", imageQuality="70", rows="256", columns="256")
    assert answer.status == 200 and answer.headers["content-type"] == "image/jpeg"


# --- dcm4che --------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", [
    "multipart/related;type=application/dicom", "multipart/related;type=%22application/dicom%22",
    "multipart%2Frelated%3Btype%3D%22application%2Fdicom%22%3Btransfer-syntax%3D*"])
def test_dcm4che_asks_for_the_type_in_the_query(one, accept):
    """PS3.18 §8.3.3.1; its header says what Java says by itself."""
    java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
    answer = one.clinic.get(f"{one.study}?accept={accept}", Accept=java)
    assert answer.status == 200
    (part,), _ = parts_of(answer, DICOM)
    assert_has_pixels(part, one, accept.rpartition("syntax")[2])


def test_dcm4che_retrieves_a_study_as_an_archive(one):
    answer = one.clinic.get(f"{one.study}?accept=application/zip;transfer-syntax=*", Accept="*/*")
    assert answer.status == 200 and answer.headers["content-type"].startswith("application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        (name,) = archive.namelist()
        assert read(archive.read(name)).PixelData == one.stored.PixelData


def test_dcm4che_retrieves_frames_and_metadata_in_each_form(one):
    (header,) = one.get("/metadata?accept=application/dicom%2Bjson").json()
    assert value(header, INSTANCE_UID) == one.stored.SOPInstanceUID
    xml = one.get("/metadata?accept=multipart/related;type=%22application/dicom%2Bxml%22")
    (model,), _ = parts_of(xml, "application/dicom+xml")
    assert b"<NativeDicomModel" in model
    answer = one.get("/frames/1?accept=multipart/related;type=application/octet-stream;transfer-syntax=*")
    (part,), _ = parts_of(answer, BYTES)
    assert_is_frame(part, one.frames[0])


@pytest.mark.parametrize("kind, begins", [("image/jpeg", b"\xff\xd8\xff"), ("image/png", b"\x89PNG"), ("image/gif", b"GIF89a")])
def test_dcm4che_retrieves_pictures_by_wado_uri(one, kind, begins):
    answer = one.wado(contentType=kind.replace("/", "%2F"))
    assert answer.status == 200 and answer.headers["content-type"] == kind
    assert answer.body.startswith(begins)


def test_an_old_viewer_asks_for_one_frame_in_a_window(shared):
    """Every parameter of rendering that §9.5.1 has; the size keeps its shape."""
    one = shared["native"]
    asked = one.wado(contentType="image/png", frameNumber=1, windowCenter=40, windowWidth=400, rows=64,
                     columns=48, imageQuality=80, annotation="patient,technique", charset="UTF-8")
    assert asked.status == 200 and from_png(asked.body).shape[:2] == (48, 48)
    assert shared["rle"].wado(frameNumber=2, contentType="image/png").status == 200
    assert shared["rle"].wado(frameNumber=3, contentType="image/png").status == 400


@pytest.mark.parametrize("wrong", [
    {"requestType": "wado"}, {"objectUID": ""}, {"frameNumber": "0"}, {"rows": "-1"}, {"windowCenter": "40"},
    {"anonymize": "yes"}, {"region": "0,0,1,1"}, {"contentType": "application/dicom", "frameNumber": "1"}])
def test_what_wado_uri_cannot_mean_is_refused(shared, wrong):
    assert shared["native"].wado(**wrong).status == 400


# --- Google's clients -----------------------------------------------------------------------------


def test_googles_client_retrieves_a_single_file(one):
    """Not in parts, which it asks for by name."""
    answer = one.get(Accept="application/dicom; transfer-syntax=*")
    assert answer.headers["content-type"].startswith(DICOM)
    assert read(answer.body).PixelData == one.stored.PixelData


@pytest.mark.parametrize("accept", [
    "multipart/related; type=application/octet-stream; transfer-syntax=*",
    'multipart/related; type="application/octet-stream"; transfer-syntax="*"',
    "multipart/related; type=application/octet-stream; transfer-syntax=*, multipart/related; type=image/jpeg"])
def test_googles_client_retrieves_lists_of_frames(one, accept):
    """Of slides and films, unquoted; an image type that is not to be had does no harm."""
    numbers = ",".join(str(1 + i) for i in range(len(one.frames)))
    parts, _ = parts_of(one.get(f"/frames/{numbers}", Accept=accept), BYTES)
    for part, frame in zip(parts, one.frames, strict=True):
        assert_is_frame(part, frame)


def test_googles_client_retrieves_a_frame_by_itself(shared):
    one = shared["jpeg"]
    answer = one.get("/frames/1", Accept="image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50")
    assert answer.headers["content-type"].startswith("image/jpeg")
    assert_is_frame(answer.body, one.frames[0])
    answer = shared["native"].get("/frames/1", Accept="application/octet-stream; transfer-syntax=*")
    assert answer.headers["content-type"].startswith(BYTES)
    assert_is_frame(answer.body, shared["native"].frames[0])


# --- what all of them are told --------------------------------------------------------------------


@pytest.mark.parametrize("path, accept", [
    ("", "image/jpeg"), ("", "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.999"), ("/metadata", "text/html"),
    ("/frames/1", "video/mp4"), ("/rendered", "application/dicom"), ("/rendered", "image/webp")])
def test_a_form_that_is_not_to_be_had_is_406(one, path, accept):
    answer = one.clinic.get(f"{one.url}{path}", Accept=accept)
    assert answer.status == 406 and answer.headers["content-type"].startswith("application/json")


def test_head_says_what_get_would(one):
    for path, accept in (("", DICOM), ("/frames/1", 'multipart/related; type="*/*"'), ("/metadata", "application/dicom+json")):
        got = one.clinic.request("GET", f"{one.url}{path}", Accept=accept)
        head = one.clinic.request("HEAD", f"{one.url}{path}", Accept=accept)
        assert head.status == got.status == 200 and head.body == b""
        kinds = [re.sub("boundary=.*", "", each.headers["content-type"]) for each in (head, got)]
        assert kinds[0] == kinds[1]
