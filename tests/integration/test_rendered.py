# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of what is shared, against DCMTK's own of the same files (PS3.18 §10.4.1.1.3, §10.4.1.1.4)."""
import io
import struct
import warnings

import numpy
import pydicom
import pytest

from pictures_by_dcmtk import by_dcmtk, from_png
from samples import PYDICOM_FILES, SERIES_UID, STUDY_UID, value

JPEG, PNG, GIF = "image/jpeg", "image/png", "image/gif"
#: What pydicom has of every kind of pixels that DCMTK shows too.
FILES = ["CT_small.dcm", "MR_small.dcm", "MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_expb.dcm",
         "MR_small_implicit.dcm", "MR_small_padded.dcm", "MR_small_jpeg_ls_lossless.dcm", "ExplVR_BigEnd.dcm",
         "JPGExtended.dcm", "SC_jpeg_no_color_transform.dcm", "SC_rgb_dcmtk_+eb+cr.dcm",
         "SC_rgb_dcmtk_+eb+cy+n1.dcm", "SC_rgb_dcmtk_+eb+cy+n2.dcm", "SC_rgb_dcmtk_+eb+cy+np.dcm",
         "SC_rgb_dcmtk_+eb+cy+s2.dcm", "SC_rgb_dcmtk_+eb+cy+s4.dcm", "SC_rgb_jpeg_dcmtk.dcm",
         "SC_rgb_jpeg_gdcm.dcm", "SC_rgb_jpeg_lossy_gdcm.dcm", "SC_rgb_rle.dcm", "SC_rgb_rle_16bit.dcm",
         "SC_rgb_rle_16bit_2frame.dcm", "SC_rgb_rle_2frame.dcm", "SC_rgb_rle_32bit.dcm", "SC_rgb_small_odd.dcm",
         "SC_rgb_small_odd_jpeg.dcm", "SC_ybr_full_422_uncompressed.dcm", "image_dfl.dcm", "liver_1frame.dcm",
         "liver_expb_1frame.dcm", "rtdose.dcm", "rtdose_1frame.dcm", "rtdose_rle.dcm"]
#: Compressed without loss, and what it was.
TWINS = {"MR_small_jp2klossless.dcm": "MR_small.dcm", "MR_small_jpeg_ls_lossless.dcm": "MR_small.dcm",
         "MR_small_RLE.dcm": "MR_small.dcm", "liver_expb_1frame.dcm": "liver_1frame.dcm", "rtdose_rle_1frame.dcm": "rtdose_1frame.dcm"}


@pytest.fixture(scope="module")
def hospital(hospitals):
    return hospitals.new().open()


class Shared:
    """One file, alone in the archive, and shared as it is."""

    def __init__(self, hospital, file):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.dataset = pydicom.dcmread(file, force=True)
        session, url = hospital.archive.session, hospital.orthanc.url
        for entry in session.get(f"{url}/patients", timeout=60).json():
            session.delete(f"{url}/patients/{entry}", timeout=60).raise_for_status()
        hospital.archive.store(file.read_bytes())
        self.clinic = hospital.clinic()
        root = hospital.staff.new_share(self.clinic.recipient, {
            "Level": "Instance", "Uids": [self.dataset.SOPInstanceUID]}, Profile="none",
            Permissions=["view"])["DicomWebRoot"]
        (row,) = self.clinic.get(f"{root}/instances").json()
        self.study = f"{root}/studies/{value(row, STUDY_UID)}"
        self.series = f"{self.study}/series/{value(row, SERIES_UID)}"
        self.url = f"{self.series}/instances/{value(row, '00080018')}"

    def get(self, path, accept):
        return self.clinic.get(f"{self.url}/{path}", Accept=accept)


@pytest.mark.parametrize("name", FILES)
def test_a_picture_is_as_dcmtk_shows_the_file(hospital, tmp_path, name):
    """Same size, and a mean difference of at most one grey level."""
    shared = Shared(hospital, PYDICOM_FILES / name)
    expected = by_dcmtk(PYDICOM_FILES / name, shared.dataset, tmp_path)
    answer = shared.get("frames/1/rendered", PNG)
    assert answer.status == 200 and answer.headers["content-type"] == PNG
    picture = from_png(answer.body)
    assert picture.shape[:2] == expected.shape[:2]
    assert numpy.abs(picture - expected).mean() <= 1  # one sample stands for three


@pytest.mark.parametrize("name", TWINS)
def test_what_was_compressed_without_loss_looks_as_before(hospital, name):
    pictures = [Shared(hospital, PYDICOM_FILES / each).get("rendered", PNG).body for each in (name, TWINS[name])]
    assert pictures[0] == pictures[1]


def size_of_jpeg(data):
    at = 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
    rows, columns = struct.unpack(">HH", data[at + 5:at + 9])
    return columns, rows


def test_a_picture_comes_in_the_form_and_size_that_is_asked_for(hospital):
    shared = Shared(hospital, PYDICOM_FILES / "CT_small.dcm")
    browser = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
    for accept in (JPEG, "*/*", "image/*", browser):
        answer = shared.get("rendered", accept)
        assert answer.headers["content-type"] == JPEG, accept
        assert size_of_jpeg(answer.body) == (128, 128)
    assert size_of_jpeg(shared.get("rendered?viewport=64,32", JPEG).body) == (32, 32)  # keeps its aspect
    small, fine = (shared.get(f"rendered?quality={quality}", JPEG).body for quality in (10, 95))
    assert len(small) < len(fine)
    dark = from_png(shared.get("rendered?window=3000,10,linear", PNG).body)
    bright = from_png(shared.get("rendered?window=-3000,10,linear", PNG).body)
    assert dark.max() == 0 and bright.min() == 255
    thumbnail = shared.get("thumbnail", "*/*")
    assert thumbnail.headers["content-type"] == JPEG and max(size_of_jpeg(thumbnail.body)) <= 200


def test_the_largest_viewport_is_no_burden(hospital):
    """Its sides are allowed, all of it would be 268 million pixels."""
    shared = Shared(hospital, PYDICOM_FILES / "CT_small.dcm")
    answer = shared.get("rendered?viewport=16384,16384", JPEG)
    assert answer.status == 200 and size_of_jpeg(answer.body) == (4096, 4096)


def test_several_frames_are_a_run_or_parts(hospital):
    shared = Shared(hospital, PYDICOM_FILES / "rtdose.dcm")
    run = shared.get("rendered", GIF)
    assert run.status == 200 and run.body.startswith(b"GIF89a") and run.body.endswith(b";")
    parts = shared.get("rendered", 'multipart/related; type="image/png"').parts()
    assert len(parts) == shared.dataset.NumberOfFrames
    listed = shared.get("frames/3,1/rendered", 'multipart/related; type="image/png"').parts()
    assert listed == [parts[2], parts[0]]
    for of in (shared.series, shared.study):
        answer = shared.clinic.get(f"{of}/rendered", Accept='multipart/related; type="image/png"')
        assert answer.parts() == parts
        assert shared.clinic.get(f"{of}/thumbnail", Accept="*/*").headers["content-type"] == JPEG


@pytest.mark.parametrize("path", [
    "rendered?viewport=40000,40000", "rendered?viewport=0,0", "rendered?viewport=-1,5", "rendered?viewport=a,b", "rendered?viewport=1",
    "rendered?viewport=99999999999999999999,1", "rendered?window=1", "rendered?window=1,0,linear", "rendered?window=nan,1,linear",
    "rendered?window=1,inf,linear", "rendered?window=1,2,cubic", "rendered?quality=0", "rendered?quality=101", "rendered?quality=x",
    "frames/0/rendered", "frames/2/rendered", "frames/4294967296/rendered", "frames/x/rendered", "frames/1/rendered?viewport=1,1,1",
    "thumbnail?viewport=40000,40000"])
def test_what_asks_beyond_any_bound_is_refused_and_the_pacs_stays(hospital, path):
    shared = Shared(hospital, PYDICOM_FILES / "CT_small.dcm")
    assert shared.get(path, "*/*").status == 400
    assert shared.get("rendered", "*/*").status == 200


def test_a_report_is_a_page_and_no_picture(hospital):
    shared = Shared(hospital, PYDICOM_FILES / "reportsi.dcm")
    answer = shared.get("rendered", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/html")
    assert "sandbox" in answer.headers["content-security-policy"] and b"<script" not in answer.body
    assert b"<h1>" in answer.body and answer.receipt
    assert shared.get("rendered", JPEG).status == 406
    assert shared.get("thumbnail", "*/*").status == 406


def a_pdf(content):
    data = pydicom.dcmread(PYDICOM_FILES / "CT_small.dcm")
    for keyword in [element.keyword for element in data.group_dataset(0x0028)]:
        delattr(data, keyword)
    del data.PixelData
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.104.1"
    data.MIMETypeOfEncapsulatedDocument, data.EncapsulatedDocument = "application/pdf", content + b"\0" * (len(content) % 2)
    data.EncapsulatedDocumentLength = len(content)
    out = io.BytesIO()
    data.save_as(out, write_like_original=True)
    return out.getvalue()


def test_an_encapsulated_pdf_is_the_pdf(hospital, tmp_path):
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
    file = tmp_path / "report.dcm"
    file.write_bytes(a_pdf(pdf))
    shared = Shared(hospital, file)
    answer = shared.get("rendered", "*/*")
    assert answer.headers["content-type"] == "application/pdf" and answer.body == pdf
    assert "sandbox" in answer.headers["content-security-policy"]


def test_older_viewers_get_the_same_picture(hospital):
    """WADO-URI (PS3.18 §9)."""
    shared = Shared(hospital, PYDICOM_FILES / "CT_small.dcm")
    study, series, instance = shared.url.split("/")[-5::2]
    root = shared.study.rsplit("/studies/", 1)[0]
    query = f"requestType=WADO&studyUID={study}&seriesUID={series}&objectUID={instance}"
    answer = shared.clinic.get(f"{root}/wado?{query}&contentType=image/png&rows=64&windowCenter=40&windowWidth=400", Accept="*/*")
    assert answer.status == 200
    assert answer.body == shared.get("rendered?viewport=16384,64&window=40,400,linear", PNG).body
    assert shared.clinic.get(f"{root}/wado?{query}&frameNumber=9", Accept="*/*").status == 400
    assert shared.clinic.get(f"{root}/wado?{query}&contentType=application/dicom", Accept="*/*").status == 404  # may only look


def test_every_picture_of_a_marked_share_says_who_sees_it(hospital):
    shared = Shared(hospital, PYDICOM_FILES / "CT_small.dcm")
    name = {"Level": "Instance", "Uids": [shared.dataset.SOPInstanceUID]}
    root = hospital.staff.new_share(shared.clinic.recipient, name, Profile="none", Permissions=["view"],
                                    MarkPictures=True)["DicomWebRoot"]
    path = shared.url.partition("/studies/")[2]
    for what in ("rendered", "rendered?viewport=512,512", "frames/1/rendered", "thumbnail"):
        plain = from_png(shared.get(what, PNG).body)
        answer = shared.clinic.get(f"{root}/studies/{path}/{what}", Accept=PNG)
        marked = from_png(answer.body)
        assert marked.shape == plain.shape, what
        rows = numpy.nonzero(marked != plain)[0]
        assert len(rows) > 50, f"{what} leaves without a mark"
        assert rows.min() > marked.shape[0] * 0.6, f"{what} is written over where it is looked at"
        assert marked[marked != plain].max() == 255 and marked[marked != plain].min() == 0
