# SPDX-License-Identifier: GPL-3.0-or-later
"""What a reader makes of a masked study comes back under the original's identity."""
import io
import random
import re

import pydicom
import pytest
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, JPEG2000Lossless,
                         JPEGBaseline8Bit, MPEG2MPML, RLELossless, generate_uid)

from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, read, value

BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.88.11"
KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
PRESENTATION_STATE = "1.2.840.10008.5.1.4.1.1.11.1"
SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3"
ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
CT = "1.2.840.10008.5.1.4.1.1.2"

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\nstartxref\n0\n%%EOF\n"
PAGE = b"<html><script>alert(document.cookie)</script></html>"

RETURNS = ["view", "download", "return"]


@pytest.fixture(scope="module")
def reader(hospital, small):
    """A clinic that may give back, and the rows of what it sees."""
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Profile="ps3.15-basic", Permissions=RETURNS)
    clinic.root = share["DicomWebRoot"]
    return clinic


def image_row(clinic):
    return clinic.get(f"{clinic.root}/instances?Modality=CT&limit=1").json()[0]


def derived(clinic, sop_class=BASIC_TEXT_SR, **changes):
    """An object that refers to an image as the clinic sees it, as a data set."""
    row = image_row(clinic)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = sop_class, generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID, ds.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    ds.Modality, ds.SeriesInstanceUID = "OT", generate_uid()
    ds.StudyInstanceUID = value(row, STUDY_UID)
    ds.PatientName, ds.PatientID = "ANONYMOUS", value(row, "00100020")
    ds.PatientIdentityRemoved, ds.DeidentificationMethod = "YES", "somebody's"
    ds.ContentDate, ds.ContentTime = "20260131", "101500"
    ds.InstanceNumber = str(random.randrange(1, 2**31))
    image = Dataset()
    image.ReferencedSOPClassUID, image.ReferencedSOPInstanceUID = CT, value(row, INSTANCE_UID)
    series = Dataset()
    series.SeriesInstanceUID = value(row, SERIES_UID)
    series.ReferencedInstanceSequence = [image]
    ds.ReferencedSeriesSequence = [series]
    finding = Dataset()
    finding.ValueType, finding.TextValue = "TEXT", "右肺に結節影"
    ds.ContentSequence = [finding]
    for keyword, changed in changes.items():
        setattr(ds, keyword, changed)
    return ds


def with_document(ds, document=PDF, mime_type="application/pdf"):
    ds.EncapsulatedDocument = document + bytes(len(document) % 2)
    ds.MIMETypeOfEncapsulatedDocument = mime_type
    return ds


def with_pixels(ds, pixels=bytes(12 * 16)):
    """Of an image of 12 rows and 16 columns."""
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns, ds.BitsAllocated, ds.BitsStored, ds.HighBit = 12, 16, 8, 8, 7
    ds.PixelRepresentation, ds.PixelData = 0, pixels
    ds["PixelData"].VR = "OB"
    return ds


def with_frame(ds, frame, transfer_syntax):
    with_pixels(ds, encapsulate([frame]))
    ds.file_meta.TransferSyntaxUID = transfer_syntax
    ds["PixelData"].is_undefined_length = True
    return ds


def part10(ds):
    target = io.BytesIO()
    pydicom.dcmwrite(target, ds, write_like_original=False)
    return target.getvalue()


def siblings(ds, count):
    """Part 10 files of `count` objects that differ in their own UID alone; encoded once."""
    family = f"{generate_uid()[:50]}."
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = f"{family}{10**6}"
    first = part10(ds)
    return [first.replace(f"{family}{10**6}".encode(), f"{family}{10**6 + number}".encode())
            for number in range(count)]


def stored(hospital, ds):
    """The object as the archive has it, which it knows by another UID; None if it has not."""
    archive = hospital.archive
    found = archive.session.post(f"{archive.url}/tools/find", json={
        "Level": "Instance", "Query": {"InstanceNumber": str(ds.InstanceNumber)}}).json()
    if not found:
        return None
    return read(archive.session.get(f"{archive.url}/instances/{found[0]}/file").content)


def failure(answer):
    failed = answer.json().get("00081198") or answer.json()["0008119A"]
    return value(failed["Value"][0], "00081197")


@pytest.mark.parametrize("sop_class", [BASIC_TEXT_SR, KEY_OBJECTS, PRESENTATION_STATE,
                                       SEGMENTATION, STRUCTURE_SET])
def test_a_derived_object_is_stored_as_if_made_in_the_hospital(hospital, reader, small, sop_class):
    ds = derived(reader, sop_class)
    if sop_class == SEGMENTATION:
        ds.PixelData = bytes(range(256)) * 4096
        ds["PixelData"].VR = "OB"
    answer = reader.store(reader.root, part10(ds))
    assert answer.status == 200, answer.body
    archived = stored(hospital, ds)
    original = read(small.files()[0].read_bytes())
    for keyword in ("PatientID", "PatientBirthDate", "StudyInstanceUID", "StudyDate",
                    "AccessionNumber", "StudyID"):
        assert archived.get(keyword) == original.get(keyword), keyword
    files = [read(file.read_bytes()) for file in small.files()]
    assert str(archived.PatientName) in {str(file.PatientName) for file in files}
    originals = {file.SOPInstanceUID for file in files}
    reference = archived.ReferencedSeriesSequence[0].ReferencedInstanceSequence[0]
    assert reference.ReferencedSOPInstanceUID in originals
    assert archived.ContentDate == "20260131"
    assert archived.ContentSequence[0].TextValue == "右肺に結節影"
    assert archived.PatientIdentityRemoved == "NO" and "DeidentificationMethod" not in archived
    if sop_class == SEGMENTATION:
        assert archived.PixelData == ds.PixelData


def test_the_answer_names_nothing_that_the_reader_did_not_know(reader, small):
    ds = derived(reader)
    answer = reader.store(reader.root, part10(ds), study=ds.StudyInstanceUID)
    assert answer.status == 200
    (item,) = answer.json()["00081199"]["Value"]
    assert value(item, "00081155") == ds.SOPInstanceUID
    assert small.survivors(answer.body + repr(answer.headers).encode()) == []


def test_the_reader_finds_the_report_again_and_the_hospital_keeps_its_secret(reader, small):
    ds = derived(reader)
    assert reader.store(reader.root, part10(ds)).status == 200
    answer = reader.get(f"{reader.root}/instances?includefield=all")
    assert ds.SOPInstanceUID in [value(row, INSTANCE_UID) for row in answer.json()]
    assert small.survivors(answer.body) == []


def test_an_original_uid_is_as_unknown_as_any(hospital, reader, small):
    real = reader.store(reader.root, part10(derived(reader, StudyInstanceUID=small.uid)))
    random = reader.store(reader.root, part10(derived(reader, StudyInstanceUID=generate_uid())))
    assert (real.status, failure(real)) == (random.status, failure(random)) == (409, 0x0112)


@pytest.mark.parametrize("sop_class", [CT, ENCAPSULATED_PDF, SECONDARY_CAPTURE, "1.2.3.4"])
def test_what_a_reader_does_not_make_is_refused(hospital, reader, sop_class):
    ds = derived(reader, sop_class)
    answer = reader.store(reader.root, part10(ds))
    assert (answer.status, failure(answer)) == (409, 0x0122)
    assert stored(hospital, ds) is None


@pytest.fixture(scope="module")
def writer(hospital, small):
    """A clinic that may give back documents as well."""
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Profile="ps3.15-basic",
                           Permissions=[*RETURNS, "return-documents"])
    clinic.root = share["DicomWebRoot"]
    return clinic


@pytest.mark.parametrize("sop_class, complete", [(ENCAPSULATED_PDF, with_document),
                                                 (SECONDARY_CAPTURE, with_pixels)])
def test_documents_come_back_where_the_share_allows(hospital, writer, small, sop_class, complete):
    ds = complete(derived(writer, sop_class))
    assert writer.store(writer.root, part10(ds)).status == 200
    assert stored(hospital, ds).PatientID == small.patient


JPEG_OF_A_PAGE = b"\xff\xd8" + PAGE + b"\xff\xd9"
NOT_WHAT_IT_SAYS = {
    "a page called a PDF": (ENCAPSULATED_PDF, lambda ds: with_document(ds, PAGE)),
    "a page before a PDF": (ENCAPSULATED_PDF, lambda ds: with_document(ds, PAGE + PDF)),
    "a page behind a PDF": (ENCAPSULATED_PDF, lambda ds: with_document(ds, PDF + PAGE)),
    "a PDF called a page": (ENCAPSULATED_PDF, lambda ds: with_document(ds, PDF, "text/html")),
    "a PDF without a document": (ENCAPSULATED_PDF, lambda ds: ds),
    "a report with a document": (BASIC_TEXT_SR, with_document),
    "a report with pixels": (BASIC_TEXT_SR, with_pixels),
    "too few pixels": (SECONDARY_CAPTURE, lambda ds: with_pixels(ds, bytes(12 * 16 - 2))),
    "a page behind the pixels": (SECONDARY_CAPTURE,
                                 lambda ds: with_pixels(ds, bytes(12 * 16) + PAGE)),
    "a page called a JPEG": (SECONDARY_CAPTURE, lambda ds: with_frame(ds, PAGE, JPEGBaseline8Bit)),
    "a page in a JPEG's markers": (SECONDARY_CAPTURE,
                                   lambda ds: with_frame(ds, JPEG_OF_A_PAGE, JPEGBaseline8Bit)),
    "a page called run lengths": (SEGMENTATION, lambda ds: with_frame(ds, PAGE, RLELossless)),
    "a page called JPEG 2000": (SECONDARY_CAPTURE,
                                lambda ds: with_frame(ds, PAGE, JPEG2000Lossless)),
}


@pytest.mark.parametrize("what", NOT_WHAT_IT_SAYS)
def test_what_comes_back_is_what_it_says(hospital, writer, what):
    sop_class, made = NOT_WHAT_IT_SAYS[what]
    ds = made(derived(writer, sop_class))
    answer = writer.store(writer.root, part10(ds))
    assert (answer.status, failure(answer)) == (409, 0xA901)
    assert stored(hospital, ds) is None
    assert hospital.entries()[-1]["detail"] == "return: not what it says"


def test_frames_of_a_video_are_not_taken(hospital, writer):
    ds = with_frame(derived(writer, SECONDARY_CAPTURE), PAGE, MPEG2MPML)
    answer = writer.store(writer.root, part10(ds))
    assert (answer.status, failure(answer)) == (409, 0xC122)
    assert stored(hospital, ds) is None


def test_compressed_frames_that_are_what_they_say_come_back(hospital, writer):
    row = b"\xf1\x00" * 12  # sixteen zeroes, twelve times
    frame = b"".join(number.to_bytes(4, "little") for number in [1, 64] + [0] * 14) + row
    ds = with_frame(derived(writer, SEGMENTATION), frame, RLELossless)
    assert writer.store(writer.root, part10(ds)).status == 200
    assert stored(hospital, ds).PatientIdentityRemoved == "NO"


def test_a_share_that_takes_nothing_back_reads_nothing(hospital, small):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    clinic.root = root
    ds = derived(clinic)
    assert clinic.store(root, part10(ds)).status == 404
    assert hospital.visitor().store(root, part10(ds)).status == 404
    assert stored(hospital, ds) is None


def test_nothing_is_stored_of_a_request_that_is_cut_or_wrong(hospital, reader):
    ds = derived(reader)
    type_ = 'multipart/related; type="application/dicom"; boundary=edge'
    whole = b"--edge\r\nContent-Type: application/dicom\r\n\r\n" + part10(ds)
    for body, content_type, status in [
            (whole, type_, 400), (b"", type_, 400), (b"--edge--", type_, 400),
            (whole + b"\r\n--edge--", "multipart/form-data; boundary=edge", 415),
            (whole + b"\r\n--edge--", "application/dicom", 415),
            (whole.replace(b"application/dicom", b"image/jpeg", 1) + b"\r\n--edge--", type_, 415)]:
        assert reader.post(f"{reader.root}/studies", body, content_type).status == status
    gzipped = reader.post(f"{reader.root}/studies", whole + b"\r\n--edge--", type_,
                          Content_Encoding="gzip")
    assert gzipped.status == 400, "it says gzip and is none"
    assert stored(hospital, ds) is None


def test_a_deeply_nested_object_does_not_reach_orthanc(hospital, reader):
    ds = derived(reader)
    deepest = ds
    for _ in range(40):
        item = Dataset()
        deepest.ContentSequence = [item]
        deepest = item
    answer = reader.store(reader.root, part10(ds))
    assert (answer.status, failure(answer)) == (409, 0xC000)


def test_a_large_object_may_come_in_chunks(hospital, reader):
    ds = derived(reader, SEGMENTATION)
    ds.PixelData = bytes(range(256)) * 32768  # 8 MB
    ds["PixelData"].VR = "OB"
    whole = (b"--edge\r\nContent-Type: application/dicom\r\n\r\n" + part10(ds) +
             b"\r\n--edge--\r\n")
    pieces = (whole[i:i + 100_000] for i in range(0, len(whole), 100_000))
    answer = reader.post(f"{reader.root}/studies", pieces,
                         'multipart/related; type="application/dicom"; boundary=edge')
    assert answer.status == 200
    assert stored(hospital, ds).PixelData == ds.PixelData


def test_what_came_back_is_on_record(hospital, reader):
    ds = derived(reader)
    before = len(hospital.entries())
    assert reader.store(reader.root, part10(ds)).status == 200
    events = [entry["event"] for entry in hospital.entries()[before:]]
    assert events.count("return.begin") == 1 and events.count("return.end") == 1


def instances_of(hospital, uid, level="Series"):
    archive = hospital.archive
    found = archive.session.post(f"{archive.url}/tools/lookup", data=uid).json()
    return [match["ID"] for match in found if match["Type"] == level]


def test_a_guessed_uid_is_as_good_as_any_and_takes_no_place(hospital, small):
    """Neither the answer nor what is shown afterwards tells that the guess was right."""
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic",
                                 Permissions=RETURNS)["DicomWebRoot"]
    original = read(small.files()[0].read_bytes())
    before = clinic.get(f"{clinic.root}/instances").json()
    parts = len(hospital.archive.session.get(
        f"{hospital.archive.url}/series/"
        f"{instances_of(hospital, original.SeriesInstanceUID)[0]}").json()["Instances"])
    ds = derived(clinic, SeriesInstanceUID=original.SeriesInstanceUID)
    ds.FrameOfReferenceUID = original.get("FrameOfReferenceUID", generate_uid())
    assert clinic.store(clinic.root, part10(ds)).status == 200
    archived = stored(hospital, ds)
    assert archived.SeriesInstanceUID != original.SeriesInstanceUID
    series = hospital.archive.session.get(
        f"{hospital.archive.url}/series/"
        f"{instances_of(hospital, original.SeriesInstanceUID)[0]}").json()
    assert len(series["Instances"]) == parts
    after = clinic.get(f"{clinic.root}/instances").json()
    own = [row for row in after if value(row, SERIES_UID) == original.SeriesInstanceUID]
    assert [value(row, INSTANCE_UID) for row in own] == [ds.SOPInstanceUID]
    names = [(value(row, SERIES_UID), value(row, INSTANCE_UID)) for row in before]
    assert names == [(value(row, SERIES_UID), value(row, INSTANCE_UID))
                     for row in after if row not in own]


def test_another_patients_instance_is_as_unknown_as_any(hospital, reader, utf8):
    hospital.archive.store_files(utf8.files()[:1])
    ds = derived(reader)
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = utf8.instances()[0]
    assert reader.store(reader.root, part10(ds)).status == 200


def test_a_reader_cannot_try_patient_numbers(hospital, small):
    """What it wrote itself is shown without a pseudonym, which it could compare."""
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="ps3.15-basic",
                                 Permissions=RETURNS)["DicomWebRoot"]
    masked = value(image_row(clinic), "00100020")
    ds = derived(clinic)
    guesses = []
    for guess in (small.patient, "HOSP-0000000"):
        item = Dataset()
        item.PatientID, item.AccessionNumber = guess, guess
        guesses.append(item)
    ds.ReferencedInstanceSequence = guesses
    assert clinic.store(clinic.root, part10(ds)).status == 200
    answer = clinic.get(f"{clinic.root}/studies/{ds.StudyInstanceUID}/series/"
                        f"{ds.SeriesInstanceUID}/instances/{ds.SOPInstanceUID}/metadata")
    (row,) = answer.json()
    assert value(row, "00100020") == masked
    assert answer.body.count(masked.encode()) == 1


def test_a_reader_does_not_learn_by_how_much_dates_move(hospital, small):
    clinic = hospital.clinic()
    clinic.root = hospital.share(
        clinic, small, Profile={"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]},
        Permissions=RETURNS)["DicomWebRoot"]
    original = read(small.files()[0].read_bytes())
    shown = value(image_row(clinic), "00080022") or value(image_row(clinic), "00080020")
    ds = derived(clinic, SeriesDate="20261122", AcquisitionDate=shown)
    assert clinic.store(clinic.root, part10(ds)).status == 200
    (row,) = clinic.get(f"{clinic.root}/studies/{ds.StudyInstanceUID}/series/"
                        f"{ds.SeriesInstanceUID}/instances/{ds.SOPInstanceUID}/metadata").json()
    assert value(row, "00080021") == "20261122" and value(row, "00080022") == shown
    archived = stored(hospital, ds)
    assert archived.SeriesDate == "20261122" and archived.StudyDate == original.StudyDate
    assert archived.AcquisitionDate != shown


EDGES = ["00010101", "00100101", "18991231", "19000101", "19091231", "99891231", "99900101",
         "99991231"]


def test_no_date_at_an_edge_tells_by_how_much_dates_move(hospital, small):
    """Two shares move dates by different days and show the same of the same reports."""
    seen = []
    for _ in range(2):
        clinic = hospital.clinic()
        clinic.root = hospital.share(
            clinic, small, Profile={"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]},
            Permissions=RETURNS)["DicomWebRoot"]
        shown = []
        for edge in EDGES:
            ds = derived(clinic, AcquisitionDate=edge)
            assert clinic.store(clinic.root, part10(ds)).status == 200
            (row,) = clinic.get(f"{clinic.root}/studies/{ds.StudyInstanceUID}/series/"
                                f"{ds.SeriesInstanceUID}/instances/{ds.SOPInstanceUID}/metadata").json()
            shown.append(value(row, "00080022"))
        seen.append(shown)
    assert seen == [[None, None, None, "19000101", "19091231", "99891231", None, None]] * 2


def under_another_vr(content, tag, vr, value):
    """A Part 10 file in which an element of a short length field stands under another VR."""
    begin = (tag >> 16).to_bytes(2, "little") + (tag & 0xFFFF).to_bytes(2, "little")
    length = len(value).to_bytes(2, "little")
    short, long = vr.encode() + length, vr.encode() + b"\0\0" + length + b"\0\0"
    pieces = re.split(re.escape(begin) + b"[A-Z]{2}" + re.escape(length + value), content)
    assert len(pieces) == 2
    return (begin + (long if vr in ("UN", "UT", "OB") else short) + value).join(pieces)


@pytest.mark.parametrize("vr", ["UN", "LO", "UT", "OB"])
def test_nothing_is_learned_by_an_element_of_another_vr(hospital, small, vr):
    """A date would come back moved, a UID under the pseudonym that the study's own has."""
    clinic = hospital.clinic()
    clinic.root = hospital.share(
        clinic, small, Profile={"Name": "ps3.15-basic", "Options": ["RetainModifiedDates"]},
        Permissions=RETURNS)["DicomWebRoot"]
    guess = small.uid.encode() + bytes(len(small.uid) % 2)
    ds = derived(clinic, AcquisitionDate="20260131", FrameOfReferenceUID=small.uid)
    content = under_another_vr(part10(ds), 0x00080022, vr, b"20260131")
    content = under_another_vr(content, 0x00200052, vr, guess)
    assert clinic.store(clinic.root, content).status == 200
    (row,) = clinic.get(f"{clinic.root}/studies/{ds.StudyInstanceUID}/series/"
                        f"{ds.SeriesInstanceUID}/instances/{ds.SOPInstanceUID}/metadata").json()
    assert value(row, "00080022") is None and value(row, "00200052") is None
    assert stored(hospital, ds).PatientID == small.patient


def in_ascii(study):
    """An image of a study of its own, of whose patient and study all is said in ASCII."""
    ds = read(study.files()[0].read_bytes())
    for element in list(ds):
        if element.VR == "SQ":
            del ds[element.tag]
        elif element.VR in ("PN", "LO", "SH", "LT", "ST", "UT", "UC"):
            element.value = "PLAIN"
    ds.PatientID, ds.StudyInstanceUID, ds.SeriesInstanceUID = "ASCII-1", generate_uid(), generate_uid()
    ds.SOPInstanceUID = ds.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    return ds


def test_what_is_refused_tells_nothing_of_how_the_patient_is_written(hospital, small):
    """Text that nobody can read is refused whether or not the archive's has to be converted."""
    plain = in_ascii(small)
    assert hospital.archive.store(part10(plain))["Status"] == "Success"
    assert not str(read(small.files()[0].read_bytes()).PatientName).isascii()
    answers = {}
    for study in (small.uid, plain.StudyInstanceUID):
        clinic = hospital.clinic()
        scope = {"Level": "Study", "Uids": [study]}
        clinic.root = hospital.staff.new_share(
            clinic.recipient, scope, Assurance="password", Profile="ps3.15-basic",
            Permissions=RETURNS)["DicomWebRoot"]
        for charset in ("ISO_IR 192", "GB18030", "\\ISO 2022 IR 87"):
            for text in (b"\xc3\x28", b"ok"):
                ds = derived(clinic, SpecificCharacterSet=charset, ImageComments="ZZ")
                del ds.ContentSequence
                whole = part10(ds).replace(b"LT\x02\0ZZ", b"LT\x02\0" + text)
                assert whole.count(b"LT\x02\0" + text) == 1
                answer = clinic.store(clinic.root, whole)
                reason = failure(answer) if answer.status == 409 else None
                answers.setdefault((charset, text), set()).add((answer.status, reason))
    assert answers == {(charset, text): {(200, None)} if text == b"ok" else {(409, 0xC000)}
                       for charset, text in answers}


def test_a_withheld_image_stays_withheld_beside_a_report_in_its_series(hospital, small):
    """Where the share shows the archive's UIDs, nothing goes into a series that is there."""
    clinic = hospital.clinic()
    clinic.root = hospital.share(clinic, small, Profile="patient-fields",
                                 Permissions=RETURNS)["DicomWebRoot"]
    original = read(small.files()[0].read_bytes())
    ds = derived(clinic, SeriesInstanceUID=original.SeriesInstanceUID)
    answer = clinic.store(clinic.root, part10(ds))
    assert (answer.status, failure(answer)) == (409, 0x0111)
    assert stored(hospital, ds) is None


def test_a_megabyte_does_not_become_a_gigabyte(hospital, reader):
    ds = derived(reader, SEGMENTATION)
    ds.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    ds.PixelData = bytes(100 << 20)
    ds["PixelData"].VR = "OB"
    answer = reader.store(reader.root, part10(ds))
    assert (answer.status, failure(answer)) == (409, 0xC000)
