# SPDX-License-Identifier: GPL-3.0-or-later
"""Images in another transfer syntax than they are stored in, decoded by DCMTK's and OpenJPEG's programs."""
import io
import struct
import subprocess
import zipfile

import numpy
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate, generate_pixel_data_frame, get_frame_offsets
from pydicom.filebase import DicomBytesIO
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from samples import read
from test_frames import shared_alone

EXPLICIT = str(ExplicitVRLittleEndian)
BASELINE, LOSSLESS, JPEG_LS = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80"
J2K_LOSSLESS, J2K, RLE = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.5"
TARGETS = {LOSSLESS: "image/jpeg", JPEG_LS: "image/jls", J2K_LOSSLESS: "image/jp2", J2K: "image/jp2",
           RLE: "image/dicom-rle"}
DECODERS = {LOSSLESS: ["dcmdjpeg", "+cn"], BASELINE: ["dcmdjpeg"], JPEG_LS: ["dcmdjpls"], RLE: ["dcmdrle"]}
SAMPLES = ["CT_small.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "image_dfl.dcm", "SC_rgb_small_odd.dcm",
           "SC_rgb_rle.dcm", "SC_rgb_rle_16bit_2frame.dcm", "SC_ybr_full_422_uncompressed.dcm", "MR_small_RLE.dcm",
           "SC_rgb_rle_2frame.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm",
           "SC_rgb_jpeg_dcmtk.dcm", "SC_rgb_jpeg_gdcm.dcm", "JPEG2000.dcm"]
ONLY_RLE = ["rtdose.dcm", "rtdose_rle.dcm"]  # 15 frames with cells of 32 bits


@pytest.fixture(scope="module")
def hospital(hospitals):
    return hospitals.new().open()


@pytest.fixture(scope="module")
def clinic(hospital):
    return hospital.clinic()


def stored(hospital, clinic, dataset, profile="none"):
    """The URL of an image that is in the archive now, under UIDs of its own."""
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    return shared_alone(hospital, clinic, dataset, profile)


def sample(name):
    return pydicom.dcmread(get_testdata_file(name, download=False))


def in_syntax(syntax, media_type="application/dicom"):
    return f"{media_type}; transfer-syntax={syntax}"


def cells_of(dataset):
    """What is native: (frames, rows, columns, samples)."""
    kind = {8: "u1", 16: "<u2", 32: "<u4"}[dataset.BitsAllocated]
    frames = int(dataset.get("NumberOfFrames", 1) or 1)
    shape = (frames, dataset.Rows, dataset.Columns, dataset.SamplesPerPixel)
    if dataset.get("PlanarConfiguration", 0) == 1:
        planes = (frames, dataset.SamplesPerPixel, dataset.Rows, dataset.Columns)
        cells = numpy.frombuffer(dataset.PixelData, kind)[:numpy.prod(shape)]
        return cells.reshape(planes).transpose(0, 2, 3, 1)
    return numpy.frombuffer(dataset.PixelData, kind)[:numpy.prod(shape)].reshape(shape)


def expected_cells(clinic, url):
    """The cells as the same share gives them in Explicit VR Little Endian, which other tests hold to be right."""
    dataset = read(clinic.get(url, Accept=in_syntax(EXPLICIT)).body)
    if dataset.PhotometricInterpretation != "YBR_FULL_422":
        return cells_of(dataset), dataset
    pairs = numpy.frombuffer(dataset.PixelData, "u1")
    pairs = pairs[:dataset.Rows * dataset.Columns * 2].reshape(1, dataset.Rows, dataset.Columns // 2, 4)
    whole = numpy.stack([pairs[..., [0, 2, 3]], pairs[..., [1, 2, 3]]], axis=3)
    return whole.reshape(1, dataset.Rows, dataset.Columns, 3), dataset


def by_opj(stream, dataset, tmp_path):
    """One JPEG 2000 code stream as cells, by OpenJPEG's program."""
    coded, raw = tmp_path / "frame.j2k", tmp_path / "frame.rawl"
    coded.write_bytes(stream)
    subprocess.run(["opj_decompress", "-i", coded, "-o", raw], check=True, stdout=subprocess.DEVNULL)
    kind = "u1" if dataset.BitsStored <= 8 else "<u2"
    planes = numpy.frombuffer(raw.read_bytes(), kind)
    return planes.reshape(dataset.SamplesPerPixel, dataset.Rows, dataset.Columns).transpose(1, 2, 0)


def decoded(file, tmp_path):
    """The cells of a file, by others' programs."""
    given = read(file)
    syntax = given.file_meta.TransferSyntaxUID
    if syntax in (J2K, J2K_LOSSLESS):
        frames = int(given.get("NumberOfFrames", 1) or 1)
        return numpy.stack([by_opj(stream, given, tmp_path)
                            for stream in generate_pixel_data_frame(given.PixelData, frames)])
    coded, plain = tmp_path / "coded.dcm", tmp_path / "plain.dcm"
    coded.write_bytes(file)
    subprocess.run([*DECODERS[syntax], coded, plain], check=True)
    return cells_of(pydicom.dcmread(plain))


def told(dataset):
    """What the header says, but for what the form of the pixels changes."""
    of_pixels = {0x00280004, 0x00280006, 0x00282110}
    return {element.tag: (element.VR, str(element.value)) for element in dataset
            if element.tag.group != 0x7FE0 and element.tag not in of_pixels}


@pytest.mark.parametrize("name", SAMPLES)
def test_lossless_syntaxes_have_the_same_pixels(hospital, clinic, tmp_path, name):
    url = stored(hospital, clinic, sample(name))
    expected, plain = expected_cells(clinic, url)
    stored_in = read(clinic.get(url, Accept=in_syntax("*")).body).file_meta.TransferSyntaxUID
    for syntax in TARGETS:
        answer = clinic.get(url, Accept=in_syntax(syntax))
        assert answer.status == 200 and answer.whole, syntax
        assert answer.headers["content-type"] == in_syntax(syntax)
        assert int(answer.headers["content-length"]) == len(answer.body)
        given = read(answer.body)
        assert given.file_meta.TransferSyntaxUID == syntax
        assert given.file_meta.MediaStorageSOPInstanceUID == given.SOPInstanceUID == plain.SOPInstanceUID
        assert (decoded(answer.body, tmp_path) == expected).all(), syntax
        assert told(given) == told(plain)
        assert given.get("LossyImageCompression") == plain.get("LossyImageCompression")
        if syntax == stored_in:
            continue
        is_transformed = syntax in (J2K, J2K_LOSSLESS) and plain.PhotometricInterpretation == "RGB"
        assert is_transformed == (given.PhotometricInterpretation == "YBR_RCT")
        # PS3.5 §A.4: a fragment for each frame, and an offset table that says where it begins.
        frames = int(given.get("NumberOfFrames", 1) or 1)
        assert given["PixelData"].is_undefined_length and given["PixelData"].VR == "OB"
        items = DicomBytesIO(given.PixelData)
        items.is_little_endian = True
        _, offsets = get_frame_offsets(items)
        assert len(offsets) == frames
        first = 8 + 4 * frames
        for offset in offsets:
            assert given.PixelData[first + offset:first + offset + 4] == b"\xfe\xff\x00\xe0"


@pytest.mark.parametrize("name", ONLY_RLE)
def test_cells_of_32_bits_are_given_in_rle_alone(hospital, clinic, tmp_path, name):
    url = stored(hospital, clinic, sample(name))
    expected, _ = expected_cells(clinic, url)
    given = clinic.get(url, Accept=in_syntax(RLE)).body
    assert (decoded(given, tmp_path) == expected).all()
    for syntax in (LOSSLESS, JPEG_LS, J2K_LOSSLESS):
        assert clinic.get(url, Accept=in_syntax(syntax)).status == 406


def test_what_cannot_be_given_is_406_and_on_record(hospital, clinic):
    bits = stored(hospital, clinic, sample("liver_1frame.dcm"))
    native = stored(hospital, clinic, sample("CT_small.dcm"))
    for syntax in TARGETS:
        assert clinic.get(bits, Accept=in_syntax(syntax)).status == 406
    # What loses something is another instance (PS3.3 §C.7.6.1.1.5), and other syntaxes are not made.
    for syntax in (BASELINE, "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.201",
                   "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.4.100"):
        assert clinic.get(native, Accept=in_syntax(syntax)).status == 406
        refusal = hospital.entries()[-1]
        assert (refusal["event"], refusal["detail"]) == ("denial", "other_transfer_syntax")


@pytest.fixture(scope="module")
def damaged(hospital, clinic):
    """Its second frame is no code stream."""
    image = sample("SC_rgb_rle_2frame.dcm")
    first, second = generate_pixel_data_frame(image.PixelData, 2)
    image.PixelData = encapsulate([first, second[:64] + b"\x80" * 64])
    return stored(hospital, clinic, image)


def test_a_damaged_frame_is_found_before_the_first_byte(clinic, damaged):
    for syntax in TARGETS:
        if syntax != RLE:
            assert clinic.get(damaged, Accept=in_syntax(syntax)).status == 406
            assert clinic.get(f"{damaged}/frames/1,2", Accept=(
                f'multipart/related; type="{TARGETS[syntax]}"; transfer-syntax={syntax}')).status == 406
            assert clinic.get(f"{damaged}/frames/1", Accept=in_syntax(syntax, TARGETS[syntax])).status == 200
    assert clinic.get(f"{damaged}/frames/2", Accept=in_syntax(EXPLICIT, "application/octet-stream")).status == 406
    assert clinic.get(damaged, Accept=in_syntax(RLE)).status == 200, "as it is stored"


@pytest.mark.parametrize("name", ["CT_small.dcm", "SC_rgb_small_odd.dcm", "SC_rgb_rle_2frame.dcm", "MR_small_jp2klossless.dcm"])
def test_frames_are_those_of_the_instance(hospital, clinic, name):
    url = stored(hospital, clinic, sample(name))
    expected, _ = expected_cells(clinic, url)
    stored_in = read(clinic.get(url, Accept=in_syntax("*")).body).file_meta.TransferSyntaxUID
    order = [*range(len(expected), 0, -1), 1]
    path = f"{url}/frames/{','.join(map(str, order))}"
    for syntax, kind in TARGETS.items():
        answer = clinic.get(path, Accept=f'multipart/related; type="{kind}"; transfer-syntax={syntax}')
        assert answer.status == 200 and answer.whole, syntax
        assert int(answer.headers["content-length"]) == len(answer.body)
        whole = read(clinic.get(url, Accept=in_syntax(syntax)).body)
        streams = list(generate_pixel_data_frame(whole.PixelData, len(expected)))
        for number, part in zip(order, answer.parts(), strict=True):
            assert streams[number - 1] in (part, part + b"\0")
        alone = clinic.get(f"{url}/frames/1", Accept=in_syntax(syntax, kind))
        assert alone.headers["content-type"] == in_syntax(syntax, kind)
        assert alone.body == answer.parts()[-1]
    cells = clinic.get(path, Accept='multipart/related; type="application/octet-stream"')
    assert [part for part in cells.parts()] == [expected[number - 1].tobytes() for number in order]
    assert f"transfer-syntax={EXPLICIT}".encode() in cells.body
    # Who takes anything gets what is stored: nothing is coded anew for a star.
    if stored_in != EXPLICIT:
        bulk = clinic.get(f"{url}/bulkdata/7FE00010", Accept='multipart/related; type="application/octet-stream"')
        assert bulk.parts() == [frame.tobytes() for frame in expected]
    for accept in ("*/*", 'multipart/related; type="application/octet-stream"; transfer-syntax=*'):
        kept = EXPLICIT if name in ("CT_small.dcm", "SC_rgb_small_odd.dcm") else stored_in
        assert f"transfer-syntax={kept}".encode() in clinic.get(path, Accept=accept).body
    for kind in set(TARGETS.values()):
        answer = clinic.get(path, Accept=f'multipart/related; type="{kind}"')
        assert answer.status == 406 or stored_in.encode() in answer.body


def test_baseline_frames_are_near_the_original(hospital, clinic, tmp_path):
    accept = in_syntax(BASELINE, "image/jpeg")
    for name in ("SC_rgb_small_odd.dcm", "SC_rgb_rle_2frame.dcm", "SC_ybr_full_422_uncompressed.dcm"):
        url = stored(hospital, clinic, sample(name))
        expected, plain = expected_cells(clinic, url)
        answer = clinic.get(f"{url}/frames/1", Accept=accept)
        assert answer.status == 200 and answer.headers["content-type"] == accept
        assert answer.body.startswith(b"\xff\xd8\xff")
        plain.file_meta.TransferSyntaxUID = BASELINE
        plain.PixelData, plain.NumberOfFrames = encapsulate([answer.body]), 1
        plain["PixelData"].is_undefined_length = True
        is_rgb = plain.PhotometricInterpretation == "RGB"
        plain.PhotometricInterpretation = "YBR_FULL"
        file = io.BytesIO()
        pydicom.dcmwrite(file, plain, write_like_original=False)
        near = decoded(file.getvalue(), tmp_path).astype(int)
        if is_rgb:  # else dcmdjpeg gives other colours than the cells have
            assert abs(near - expected[:1].astype(int)).mean() < 3
    # 16 bits, 32 bits and single ones are no brightness of 8 bits.
    for name in ("CT_small.dcm", "rtdose.dcm", "liver_1frame.dcm"):
        assert clinic.get(f"{stored(hospital, clinic, sample(name))}/frames/1", Accept=accept).status == 406


def test_masked_images_leave_without_what_was_among_their_pixels(hospital, clinic, tmp_path):
    """A comment in the code stream is no pixel, and has no way into another one."""
    plain, packed = tmp_path / "plain.dcm", tmp_path / "packed.dcm"
    sample("CT_small.dcm").save_as(plain, write_like_original=False)
    subprocess.run(["dcmcjpeg", "+e1", "+tl", plain, packed], check=True)
    image = pydicom.dcmread(packed)
    (stream,) = generate_pixel_data_frame(image.PixelData, 1)
    comment = b"CANARY^TARO 19700101"
    stream = stream[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + stream[2:]
    image.PixelData = encapsulate([stream])
    image["PixelData"].is_undefined_length = True
    url = stored(hospital, clinic, image, profile="ps3.15-basic")
    cells = cells_of(sample("CT_small.dcm"))
    for syntax in TARGETS:
        answer = clinic.get(url, Accept=in_syntax(syntax))
        assert answer.status == 200 and b"CANARY" not in answer.body, syntax
        assert (decoded(answer.body, tmp_path) == cells).all()


def test_studies_and_archives_too(hospital, clinic, tmp_path):
    url = stored(hospital, clinic, sample("MR_small_RLE.dcm"))
    study = url.split("/series/")[0]
    expected, _ = expected_cells(clinic, url)
    for syntax in TARGETS:
        (part,) = clinic.get(study, Accept=f'multipart/related; type="application/dicom"; transfer-syntax={syntax}').parts()
        with zipfile.ZipFile(io.BytesIO(clinic.get(study, Accept=in_syntax(syntax, "application/zip")).body)) as archive:
            (name,) = archive.namelist()
            assert archive.read(name) == part
        assert read(part).file_meta.TransferSyntaxUID == syntax
        assert (decoded(part, tmp_path) == expected).all()
    assert clinic.get(study, Accept=f'multipart/related; type="application/dicom"; transfer-syntax={BASELINE}').status == 406


def test_older_viewers_ask_by_wado_uri(hospital, clinic, tmp_path):
    url = stored(hospital, clinic, sample("CT_small.dcm"))
    root, uids = url.split("/studies/")
    study, _, series, _, instance = uids.split("/")
    answer = clinic.get(f"{root}/wado?requestType=WADO&studyUID={study}&seriesUID={series}&objectUID={instance}"
                        f"&contentType=application%2Fdicom&transferSyntax={JPEG_LS}")
    assert read(answer.body).file_meta.TransferSyntaxUID == JPEG_LS
    assert (decoded(answer.body, tmp_path) == cells_of(sample("CT_small.dcm"))).all()
