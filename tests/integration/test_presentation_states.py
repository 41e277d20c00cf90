# SPDX-License-Identifier: GPL-3.0-or-later
"""Images as presentation states want them seen, against DCMTK's dcmp2pgm (PS3.18 §9.5.1)."""
import io
import subprocess

import numpy
import pydicom
import pytest
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from pictures_by_dcmtk import from_png, from_pnm
from samples import PYDICOM_FILES, SERIES_UID, STUDY_UID, read, value

GREY, COLOUR = "1.2.840.10008.5.1.4.1.1.11.1", "1.2.840.10008.5.1.4.1.1.11.2"


def with_(**attributes):
    dataset = Dataset()
    for keyword, content in attributes.items():
        setattr(dataset, keyword, content)
    return dataset


def an_image(name="MR_small.dcm"):
    """One of pydicom's, under UIDs of its own."""
    image = pydicom.dcmread(PYDICOM_FILES / name)
    image.StudyInstanceUID, image.SeriesInstanceUID = generate_uid(), generate_uid()
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    image.PatientID = image.get("PatientID") or "1"
    image.ImageType = ["ORIGINAL", "PRIMARY", "M"]  # which masks let go
    return image


def a_state(image, sop_class=GREY, **attributes):
    """A state for an image that shows all of it, and what `attributes` say."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = sop_class, ExplicitVRLittleEndian
    state = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
    state.is_little_endian, state.is_implicit_VR = True, False
    state.SOPClassUID = sop_class
    state.SOPInstanceUID = meta.MediaStorageSOPInstanceUID = generate_uid()
    for keyword in ("StudyInstanceUID", "PatientID", "PatientName", "PatientBirthDate", "PatientSex",
                    "StudyDate", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyID"):
        setattr(state, keyword, image.get(keyword, ""))
    state.SeriesInstanceUID, state.Modality, state.SeriesNumber = generate_uid(), "PR", 9
    state.Manufacturer, state.InstanceNumber = "", 1
    state.ContentLabel, state.ContentDescription, state.ContentCreatorName = "STATE", "", ""
    state.PresentationCreationDate, state.PresentationCreationTime = "20260201", "101112"
    reference = with_(ReferencedSOPClassUID=image.SOPClassUID,
                      ReferencedSOPInstanceUID=image.SOPInstanceUID)
    state.ReferencedSeriesSequence = [with_(SeriesInstanceUID=image.SeriesInstanceUID,
                                            ReferencedImageSequence=[reference])]
    state.DisplayedAreaSelectionSequence = [with_(
        DisplayedAreaTopLeftHandCorner=[1, 1],
        DisplayedAreaBottomRightHandCorner=[image.Columns, image.Rows],
        PresentationSizeMode="SCALE TO FIT", PresentationPixelAspectRatio=["1", "1"])]
    if sop_class == GREY:
        state.PresentationLUTShape = "IDENTITY"
    for keyword, content in attributes.items():
        if content is None:
            delattr(state, keyword)
        else:
            setattr(state, keyword, content)
    return state


def part10(dataset):
    stream = io.BytesIO()
    pydicom.dcmwrite(stream, dataset, write_like_original=False)
    return stream.getvalue()


def voi(centre, width, **more):
    return {"SoftcopyVOILUTSequence": [with_(WindowCenter=centre, WindowWidth=width, **more)]}


def a_table(first, entries, bits):
    """Descriptor and data of a LUT; pydicom takes both for US."""
    table = Dataset()
    table.add_new(0x00283002, "US", [len(entries), first, bits])
    table.add_new(0x00283006, "OW", numpy.array(entries, "<u2").tobytes())
    return table


STATES = {
    "window": voi(600, 1600),
    "all that there can be": {},
    "rescaled": {"RescaleIntercept": -100, "RescaleSlope": 2, "RescaleType": "US", **voi(900, 2500)},
    "inverse": {"PresentationLUTShape": "INVERSE", **voi(600, 1600)},
    "presentation table": {"PresentationLUTShape": None, **voi(600, 1600), "PresentationLUTSequence": [
        a_table(0, [int(1023 * (i / 255) ** 0.5) for i in range(256)], 10)]},
    "voi table": {"SoftcopyVOILUTSequence": [with_(VOILUTSequence=[
        a_table(100, [min(i // 4, 255) for i in range(1024)], 8)])]},
}


@pytest.fixture(scope="module")
def hospital(hospitals):
    return hospitals.new().open()


class Shared:
    """An image and states for it, in one share."""

    def __init__(self, hospital, image, *states, profile="none", permissions=("view",)):
        for dataset in (image, *states):
            hospital.archive.store(part10(dataset))
        self.clinic = hospital.clinic()
        self.root = hospital.staff.new_share(
            self.clinic.recipient, {"Level": "Study", "Uids": [image.StudyInstanceUID]},
            Profile=profile, Permissions=permissions)["DicomWebRoot"]
        self.rows = {value(row, "00080018"): row for row in self.clinic.get(f"{self.root}/instances").json()}
        self.study = value(next(iter(self.rows.values())), STUDY_UID)

    def row(self, modality):
        (row,) = [row for row in self.rows.values() if value(row, "00080060") == modality]
        return row

    def wado(self, image, state, **more):
        query = {"requestType": "WADO", "contentType": "image/png", "studyUID": self.study,
                 "seriesUID": value(image, SERIES_UID), "objectUID": value(image, "00080018"),
                 "presentationSeriesUID": value(state, SERIES_UID),
                 "presentationUID": value(state, "00080018"), **more}
        return self.clinic.get(f"{self.root}/wado?" + "&".join(f"{k}={v}" for k, v in query.items()),
                               Accept="*/*")

    def rendered(self, row, query="", accept="image/png"):
        return self.clinic.get(f"{self.root}/studies/{self.study}/series/{value(row, SERIES_UID)}/instances/"
                               f"{value(row, '00080018')}/rendered{query}", Accept=accept)


def by_dcmtk(image, state, directory):
    """What dcmp2pgm makes of both, as it would print it."""
    for name, dataset in (("image", image), ("state", state)):
        (directory / f"{name}.dcm").write_bytes(part10(dataset))
    subprocess.run(["dcmp2pgm", "-p", directory / "state.dcm", directory / "image.dcm",
                    directory / "out.pgm"], check=True, capture_output=True)
    return from_pnm((directory / "out.pgm").read_bytes())


@pytest.mark.parametrize("name", STATES)
def test_an_image_is_as_dcmtk_shows_it_by_the_state(hospital, tmp_path, name):
    """Same size, and a mean difference of at most one grey level."""
    image = an_image()
    state = a_state(image, **STATES[name])
    shared = Shared(hospital, image, state)
    answer = shared.wado(shared.row("MR"), shared.row("PR"))
    assert answer.status == 200 and answer.headers["content-type"] == "image/png"
    expected = by_dcmtk(image, state, tmp_path)
    picture = from_png(answer.body)
    assert picture.shape == expected.shape
    assert numpy.abs(picture - expected).mean() <= 1
    assert shared.rendered(shared.row("PR")).body == answer.body, "the picture of the state itself"


def test_images_are_turned_cut_and_covered(hospital):
    """By hand: of the picture without a state, turned by numpy."""
    image = an_image()
    area = with_(DisplayedAreaTopLeftHandCorner=[1, 40], DisplayedAreaBottomRightHandCorner=[64, 11],
                 PresentationSizeMode="SCALE TO FIT", PresentationPixelAspectRatio=["1", "1"])
    state = a_state(image, **voi(600, 1600), ImageRotation=90, ImageHorizontalFlip="N",
                    DisplayedAreaSelectionSequence=[area], ShutterShape="RECTANGULAR",
                    ShutterLeftVerticalEdge=5, ShutterRightVerticalEdge=60,
                    ShutterUpperHorizontalEdge=1, ShutterLowerHorizontalEdge=64, ShutterPresentationValue=65535)
    shared = Shared(hospital, image, state)
    plain = from_png(shared.rendered(shared.row("MR"), "?window=600,1600,linear").body)
    plain[:, :4] = plain[:, 60:] = 255
    expected = numpy.rot90(plain, -1)[:, 64 - 40:64 - 10]
    answer = shared.wado(shared.row("MR"), shared.row("PR"))
    assert answer.status == 200 and numpy.array_equal(from_png(answer.body), expected)
    small = shared.wado(shared.row("MR"), shared.row("PR"), rows=32, columns=32)
    assert from_png(small.body).shape[:2] == (32, 15)


def a_line():
    """Graphic annotation: a line, and a text that names the patient."""
    line = with_(GraphicAnnotationUnits="PIXEL", GraphicDimensions=2, NumberOfGraphicPoints=2,
                 GraphicData=[10.5, 20.5, 50.5, 20.5], GraphicType="POLYLINE", GraphicFilled="N")
    return {"GraphicAnnotationSequence": [with_(GraphicLayer="LAYER1", GraphicObjectSequence=[line])],
            "GraphicLayerSequence": [with_(GraphicLayer="LAYER1", GraphicLayerOrder=1)]}


@pytest.mark.parametrize("profile, is_drawn", [
    ("none", True), ("ps3.15-basic", False), ({"Name": "ps3.15-basic", "Options": ["CleanGraphics"]}, True)])
def test_annotations_are_drawn_where_the_mask_leaves_them(hospital, profile, is_drawn):
    """The names in the state are those that the share shows."""
    image = an_image()
    state = a_state(image, **voi(600, 1600), **a_line())
    shared = Shared(hospital, image, state, profile=profile)
    picture = from_png(shared.wado(shared.row("MR"), shared.row("PR")).body)
    plain = from_png(shared.rendered(shared.row("MR"), "?window=600,1600,linear").body)
    assert (picture[20, 10:50] == 255).all() == is_drawn
    assert numpy.array_equal(picture, plain) != is_drawn


def test_a_state_of_another_image_or_share_is_not_there(hospital):
    image, other = an_image(), an_image()
    other.StudyInstanceUID, other.Modality = image.StudyInstanceUID, "CT"
    shared = Shared(hospital, image, other, a_state(image, **voi(600, 1600)))
    state = shared.row("PR")
    assert shared.wado(shared.row("MR"), state).status == 200
    assert shared.wado(shared.row("CT"), state).status == 404
    foreign = an_image()
    stranger = Shared(hospital, foreign, a_state(foreign))
    assert shared.wado(shared.row("MR"), stranger.row("PR")).status == 404
    assert shared.wado(shared.row("MR"), state, windowCenter=1, windowWidth=2).status == 400
    assert shared.wado(shared.row("MR"), shared.row("CT")).status == 406


def test_colour_images_have_states_of_their_own(hospital):
    image = an_image("SC_rgb_small_odd.dcm")
    image.Modality = "OT"
    profile = a_state(image, COLOUR, ImageRotation=180, ImageHorizontalFlip="N")
    shared = Shared(hospital, image, profile)
    plain = from_png(shared.rendered(shared.row("OT")).body)
    seen = from_png(shared.wado(shared.row("OT"), shared.row("PR")).body)
    assert numpy.array_equal(seen, plain[::-1, ::-1])
    grey = Shared(hospital, image, a_state(image))
    states = [row for row in grey.rows.values() if value(row, "00080016") == GREY]
    assert grey.wado(shared.row("OT"), states[0]).status == 406


@pytest.mark.parametrize("profile", ["none", "ps3.15-basic"])
def test_a_reader_sees_the_image_by_the_state_that_came_back(hospital, profile):
    """Made of what the reader was shown, under whatever names."""
    shared = Shared(hospital, an_image(), profile=profile, permissions=["view", "download", "return"])
    row = shared.row("MR")
    image = read(shared.clinic.get(
        f"{shared.root}/studies/{shared.study}/series/{value(row, SERIES_UID)}/instances/{value(row, '00080018')}",
        Accept="application/dicom").body)
    state = a_state(image, **voi(600, 1600), ImageRotation=90, ImageHorizontalFlip="N")
    answer = shared.clinic.store(shared.root, part10(state))
    assert answer.status == 200, answer.body
    mine = {SERIES_UID: {"Value": [state.SeriesInstanceUID]}, "00080018": {"Value": [state.SOPInstanceUID]}}
    plain = from_png(shared.rendered(row, "?window=600,1600,linear").body)
    seen = shared.wado(row, mine)
    assert seen.status == 200 and numpy.array_equal(from_png(seen.body), numpy.rot90(plain, -1))
    assert shared.rendered(mine).body == seen.body
