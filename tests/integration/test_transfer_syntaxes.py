# SPDX-License-Identifier: GPL-3.0-or-later
"""What is stored in one native transfer syntax and asked for in another, as pydicom and DCMTK read it."""
import io
import itertools
import subprocess
import zipfile

import numpy
import pydicom
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from examinations import Examination
from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, read, value

DICOM = 'multipart/related; type="application/dicom"'
JPEG = "1.2.840.10008.1.2.4.50"
STORED_IN = {"implicit": (ImplicitVRLittleEndian, "+ti"), "big": (ExplicitVRBigEndian, "+tb"),
             "deflated": (DeflatedExplicitVRLittleEndian, "+td")}
NUMBERS = itertools.count(700)


@pytest.fixture(scope="module")
def hospital(hospitals):
    return hospitals.new().open()


@pytest.fixture(scope="module")
def clinic(hospital):
    return hospital.clinic()


def an_image(made):
    """With values of every size, signs, a sequence in a sequence, private elements and pixels of two bytes."""
    image = read(made.files()[0])
    image.PixelRepresentation = 1
    image.SmallestImagePixelValue, image.LargestImagePixelValue = -2000, 3000
    image["SmallestImagePixelValue"].VR = image["LargestImagePixelValue"].VR = "SS"
    image.RescaleIntercept, image.RescaleSlope = "-1024", "1"
    image.ExposureTime, image.KVP = "12", "120"
    image.SpacingBetweenSlices = "1.5"
    image.DiffusionBValue = 3.14159265358979
    image.FrameIncrementPointer = 0x00181063
    code = pydicom.Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "T-D3000", "SRT", "Chest"
    image.AnatomicRegionSequence = [code]
    private = image.private_block(0x0029, "ACME 1.1", create=True)
    private.add_new(0x01, "US", 513)
    private.add_new(0x02, "LO", "something")
    cells = numpy.arange(-128, 128, dtype="<i2").reshape(16, 16) * 7
    image.PixelData = cells.tobytes()
    return image, cells


def converted(image, option, tmp_path):
    """The file as DCMTK writes it in another transfer syntax."""
    plain, other = tmp_path / "plain.dcm", tmp_path / "other.dcm"
    image.save_as(plain, write_like_original=False)
    subprocess.run(["dcmconv", option, plain, other], check=True)
    return other.read_bytes()


@pytest.fixture(params=STORED_IN)
def stored(request, hospital, clinic, tmp_path):
    """A study of one image that is stored in another syntax than it was made in: how to ask for it."""
    syntax, option = STORED_IN[request.param]
    made = Examination(next(NUMBERS), "CT", "20260115", "CHEST", images=1)
    image, cells = an_image(made)
    file = converted(image, option, tmp_path)
    assert read(file).file_meta.TransferSyntaxUID == syntax
    hospital.archive.store(file)

    def share(profile):
        root = hospital.share(clinic, made, Profile=profile)["DicomWebRoot"]
        row = clinic.get(f"{root}/instances").json()[0]
        return (f"{root}/studies/{value(row, STUDY_UID)}/series/{value(row, SERIES_UID)}"
                f"/instances/{value(row, INSTANCE_UID)}")
    return syntax, image, cells, share


def shown(dataset):
    """Element by element, private and nested ones too, but for the pixels."""
    return [(element.tag, element.VR, element.value) for element in dataset.iterall()
            if element.VR != "SQ" and element.tag.group != 0x7FE0]


@pytest.mark.parametrize("profile", ["none", "ps3.15-basic"])
def test_who_names_no_syntax_gets_explicit_vr_little_endian(stored, clinic, profile):
    _, image, cells, share = stored
    url = share(profile)
    for accept in (DICOM, "*/*", f"{DICOM}; transfer-syntax={ExplicitVRLittleEndian}", "application/dicom"):
        answer = clinic.get(url, Accept=accept)
        assert answer.status == 200 and answer.whole
        assert int(answer.headers["content-length"]) == len(answer.body)
        part = answer.body if accept == "application/dicom" else answer.parts()[0]
        given = read(part)
        assert given.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
        assert given.file_meta.MediaStorageSOPInstanceUID == given.SOPInstanceUID
        assert (given.pixel_array == cells).all()
        assert given["SmallestImagePixelValue"].VR == "SS" and given.SmallestImagePixelValue == -2000
        assert given.BitsAllocated == 16 and given.PixelRepresentation == 1
        if profile == "none":
            assert told_alike(shown(given), shown(image))


def told_alike(given, made):
    """Values are equal; of private ones implicit VR does not tell the VR, so that their bytes are."""
    def plain(tag, vr, told):
        if not tag.is_private:
            return vr, str(told)
        if isinstance(told, bytes):
            return told.rstrip(b"\0 ")
        if vr == "US":
            return int(told).to_bytes(2, "little")
        return str(told).encode("ascii")
    assert [tag for tag, _, _ in given] == [tag for tag, _, _ in made]
    assert [plain(*element) for element in given] == [plain(*element) for element in made]
    return True


def test_a_star_gives_it_as_it_is_stored(stored, clinic):
    syntax, _, cells, share = stored
    # A deflated data set was inflated to be looked through.
    expected = ExplicitVRLittleEndian if syntax == DeflatedExplicitVRLittleEndian else syntax
    for profile in ("none", "ps3.15-basic"):
        url = share(profile)
        for accept in (f"{DICOM}; transfer-syntax=*", f"{DICOM}; transfer-syntax={expected}"):
            given = read(clinic.get(url, Accept=accept).parts()[0])
            assert given.file_meta.TransferSyntaxUID == expected
            assert (given.pixel_array == cells).all()


def test_dcmtk_reads_the_same(stored, clinic, tmp_path):
    _, image, _, share = stored
    url = share("none")
    given, made = tmp_path / "given.dcm", tmp_path / "made.dcm"
    given.write_bytes(clinic.get(url, Accept="application/dicom").body)
    image.save_as(made, write_like_original=False)
    subprocess.run(["dcmftest", given], check=True)

    def pixels(file):
        raw = tmp_path / f"{file.stem}.0.raw"
        subprocess.run(["dcmdump", "-q", "+W", tmp_path, file], check=True, stdout=subprocess.DEVNULL)
        found = raw if raw.exists() else tmp_path / f"{file.name}.0.raw"
        return found.read_bytes()
    assert pixels(given) == pixels(made)


def test_lists_are_honoured_and_what_cannot_be_is_406(stored, clinic):
    syntax, _, _, share = stored
    url = share("none")
    plain = f"{DICOM}; transfer-syntax={ExplicitVRLittleEndian}"
    jpeg = f"{DICOM}; transfer-syntax={JPEG}"
    assert clinic.get(url, Accept=jpeg).status == 406
    given = clinic.get(url, Accept=f"{jpeg}, {plain};q=0.2")
    assert read(given.parts()[0]).file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    if syntax != DeflatedExplicitVRLittleEndian:
        both = clinic.get(url, Accept=f"{plain}, {DICOM}; transfer-syntax={syntax}")
        assert read(both.parts()[0]).file_meta.TransferSyntaxUID == syntax


def test_an_archive_has_the_same_files(stored, clinic):
    _, _, cells, share = stored
    url = share("ps3.15-basic")
    study = url.split("/series/")[0]
    with zipfile.ZipFile(io.BytesIO(clinic.get(study, Accept="application/zip").body)) as archive:
        file = archive.read(archive.namelist()[0])
    assert file == clinic.get(url, Accept="application/dicom").body
    assert (read(file).pixel_array == cells).all()


# DCMTK's encoders: all of them are lossless.
COMPRESSED = {"rle": ["dcmcrle"], "jpeg-lossless": ["dcmcjpeg", "+e1", "+tl"], "jpeg-ls": ["dcmcjpls"]}


@pytest.mark.parametrize("profile", ["none", "ps3.15-basic"])
@pytest.mark.parametrize("encoder", COMPRESSED)
def test_what_is_compressed_without_loss_is_decoded_by_default(hospital, clinic, tmp_path, encoder, profile):
    made = Examination(next(NUMBERS), "CT", "20260115", "CHEST", images=1)
    image, cells = an_image(made)
    frames = numpy.stack([cells, cells + 1, cells - 5])
    image.NumberOfFrames, image.PixelData = 3, frames.tobytes()
    plain, packed = tmp_path / "plain.dcm", tmp_path / "packed.dcm"
    image.save_as(plain, write_like_original=False)
    subprocess.run([*COMPRESSED[encoder], plain, packed], check=True)
    hospital.archive.store(packed.read_bytes())
    stored_in = read(packed.read_bytes()).file_meta.TransferSyntaxUID
    root = hospital.share(clinic, made, Profile=profile)["DicomWebRoot"]
    row = clinic.get(f"{root}/instances").json()[0]
    url = (f"{root}/studies/{value(row, STUDY_UID)}/series/{value(row, SERIES_UID)}"
           f"/instances/{value(row, INSTANCE_UID)}")
    for accept in (f"{DICOM}; transfer-syntax=*", f"{DICOM}; transfer-syntax={stored_in}"):
        assert read(clinic.get(url, Accept=accept).parts()[0]).file_meta.TransferSyntaxUID == stored_in
    answer = clinic.get(url, Accept=f"{DICOM}; transfer-syntax={ExplicitVRLittleEndian}")
    usual = clinic.get(url, Accept="application/dicom")
    assert usual.status == 200 and usual.body == answer.parts()[0]
    assert answer.status == 200 and answer.whole and int(answer.headers["content-length"]) == len(answer.body)
    given = read(answer.parts()[0])
    assert given.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert (given.pixel_array == frames).all()
    assert given.PhotometricInterpretation == "MONOCHROME2"
    assert given.get("LossyImageCompression") in (None, "", "00")
    if profile == "none":
        assert [element for element in shown(given) if element[0].group != 0x0002] == \
            [element for element in shown(read(packed.read_bytes())) if element[0].group != 0x0002]
