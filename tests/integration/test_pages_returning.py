# SPDX-License-Identifier: GPL-3.0-or-later
"""What people write and choose on the page becomes DICOM of the patient in the archive."""
import struct
import subprocess
import time
import zlib

import pytest

from pages_of_recipients import PASSWORD, chromium, hospital, page, sign_in  # noqa: F401
from samples import read

BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n0\n%%EOF"

# What dciodvfy finds wrong with the samples, whose patient the archive gives to what comes back. It
# counts the bytes of a name, of which there may be 64 characters in each group (PS3.5 §6.2).
OF_SAMPLES = ("example root", "Other Patient Names", "invalid data values for Value Representations",
              "PN Patient's Name  PN [1] =")


def png(width, height, colour):
    """A picture of one colour, as a PNG (W3C)."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes(colour) * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


@pytest.fixture
def sato(hospital):
    clinic = hospital.clinic(Language="ja")
    person = hospital.person(clinic.recipient, f"sato-{time.monotonic_ns()}", PASSWORD)
    person.clinic = clinic
    return person


def returning(hospital, sato, study, page, *more):
    share = hospital.share(sato.clinic, study, Permissions=["view", "download", "return", *more])
    page.open(f"/s/{share['ID']}")
    sign_in(page, sato)
    page.press("返却する")
    page.shows("報告を書く")
    return share


def archived(hospital, sop_class):
    """What the archive has of this class."""
    archive = hospital.archive
    found = archive.session.post(f"{archive.url}/tools/find", json={
        "Level": "Instance", "Query": {"SOPClassUID": sop_class}}).json()
    return [archive.session.get(f"{archive.url}/instances/{each}/file").content for each in found]


def errors(content, tmp_path):
    file = tmp_path / "object.dcm"
    file.write_bytes(content)
    done = subprocess.run(["dciodvfy", file], capture_output=True, timeout=120)
    return [line for line in done.stderr.decode(errors="replace").splitlines()
            if line.startswith("Error") and not any(own in line for own in OF_SAMPLES)]


def foreign_to(study, dataset):
    """What it says of itself that no file of the study does: these spell one name in several ways."""
    originals = [read(file.read_bytes()) for file in study.files()]
    return {keyword: dataset.get(keyword)
            for keyword in ("PatientID", "PatientName", "PatientBirthDate", "StudyInstanceUID")
            if dataset.get(keyword) not in [original.get(keyword) for original in originals]}


def test_a_report_comes_back_under_the_patient_whose_it_is(hospital, sato, small, page, tmp_path):
    returning(hospital, sato, small, page)
    page.fill("所見", "右肺に結節影。髙﨑𠮷")
    page.fill("診断", "肺癌の疑い")
    page.press("内容を確かめる")
    page.shows("記載者:")
    page.press("関所総合病院へ送る")
    page.shows("報告を送りました。")
    (content,) = archived(hospital, BASIC_TEXT_SR)
    report = read(content)
    assert foreign_to(small, report) == {} and report.Modality == "SR"
    texts = {item.ConceptNameCodeSequence[0].CodeValue: item.get("TextValue") for item in report.ContentSequence}
    assert texts["121071"] == "右肺に結節影。髙﨑𠮷" and texts["121077"] == "肺癌の疑い"
    assert errors(content, tmp_path) == []


def test_documents_and_photographs_come_back_too(hospital, sato, small, page, tmp_path):
    returning(hospital, sato, small, page, "return-documents")
    letter, photograph, word = tmp_path / "返書.pdf", tmp_path / "photo.png", tmp_path / "letter.docx"
    letter.write_bytes(PDF)
    photograph.write_bytes(png(101, 60, (200, 30, 30)))
    word.write_bytes(b"PK\x03\x04 not a picture")
    page.fill("ファイルを選ぶ", f"{letter}\n{photograph}\n{word}")
    page.shows("PDFにしてから送ってください。")
    page.becomes("[...document.querySelectorAll('.badge')].filter(each => each.innerText === '送りました').length === 2")
    (content,) = archived(hospital, ENCAPSULATED_PDF)
    document = read(content)
    assert foreign_to(small, document) == {} and document.DocumentTitle == "返書.pdf"
    assert document.EncapsulatedDocument.rstrip(b"\n\0") == PDF
    assert errors(content, tmp_path) == []
    (content,) = archived(hospital, SECONDARY_CAPTURE)
    picture = read(content)
    assert foreign_to(small, picture) == {} and (picture.Rows, picture.Columns) == (60, 101)
    assert picture.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.50"
    assert errors(content, tmp_path) == []


def test_who_may_not_return_documents_is_not_asked_for_any(hospital, sato, small, page):
    returning(hospital, sato, small, page)
    assert "ファイルを送る" not in page.browser.text()


def test_a_report_that_came_back_is_read_on_a_page_of_its_own(hospital, sato, small, page):
    share = returning(hospital, sato, small, page)
    page.fill("所見", "所見の本文")
    page.press("内容を確かめる")
    page.press("関所総合病院へ送る")
    page.shows("報告を送りました。")
    page.open(f"/s/{share['ID']}")
    page.shows("文書")
    target = page.evaluate("[...document.querySelectorAll('a')].find(each => each.innerText.includes('文書')).href")
    page.browser.open(target)
    page.shows("Diagnostic Imaging Report")  # its texts are masked as those of the hospital are
