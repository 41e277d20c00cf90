# SPDX-License-Identifier: GPL-3.0-or-later
"""npm's @ohif/app in Debian's Chromium lists the studies of a share, opens them and shows their pixels."""
import numpy
import pytest

import pictures
from browser import SOFTWARE_WEBGL, Browser
from ohif import Viewer, difference
from samples import STUDY_UID, read, value

SHOWN = (pictures.ct, pictures.mr, pictures.mr_implicit, pictures.mr_big_endian, pictures.deflated,
         pictures.ultrasound_loop, pictures.palette, pictures.enhanced_mr, pictures.mr_rle,
         pictures.jpeg_baseline, pictures.jpeg_lossless, pictures.mr_jpeg_ls, pictures.mr_jpeg_2000,
         pictures.htj2k)
CLOSE_GREY_LEVELS = 6  # pixels are drawn smoothed and large, and compared from afar


@pytest.fixture(scope="module")
def viewer(tmp_path_factory):
    viewer = Viewer()
    viewer.browser = Browser(tmp_path_factory.mktemp("browser"),
                             flags=[*SOFTWARE_WEBGL, "--window-size=1000,800"])
    yield viewer
    viewer.browser.close()
    viewer.site.close()


@pytest.fixture(scope="module")
def samples():
    return {make.__name__: make() for make in (*SHOWN, pictures.ecg)}


@pytest.fixture(scope="module")
def hospital(hospitals, viewer, samples):
    hospital = hospitals.new(sekisho={"PublicUrl": viewer.site.url}).open()
    for picture in samples.values():
        hospital.archive.store(picture.part10)
    return hospital


@pytest.fixture(scope="module")
def clinic(hospital, viewer, samples):
    """A reader to whom all studies are shown as they are: what differs is not the mask's work."""
    clinic = hospital.clinic()
    scope = {"Level": "Study", "Uids": [picture.study for picture in samples.values()]}
    clinic.root = hospital.staff.new_share(clinic.recipient, scope, Profile="none",
                                           Assurance="password")["DicomWebRoot"]
    viewer.shows(clinic, clinic.root)
    return clinic


def test_it_lists_the_studies_of_the_share(viewer, clinic, samples, patience):
    viewer.open()
    listed = viewer.wait_for(lambda: f"of {len(samples)}" in viewer.browser.text(), 30 * patience)
    assert listed, viewer.browser.text()
    rows = clinic.get(f"{clinic.root}/studies").json()
    assert {value(row, STUDY_UID) for row in rows} == {each.study for each in samples.values()}


@pytest.mark.parametrize("name", [make.__name__ for make in SHOWN])
def test_it_shows_the_pixels(viewer, clinic, samples, tmp_path, patience, name):
    picture = samples[name]
    viewer.open(picture.study)
    off = []

    def is_shown():
        off.append(difference(viewer.picture(), picture.expected))
        return off[-1] < CLOSE_GREY_LEVELS
    if not viewer.wait_for(is_shown, 30 * patience):
        (tmp_path / f"{name}.png").write_bytes(viewer.browser.screenshot())
        refused = [(each[1], each[3]) for each in viewer.site.requests if each[3] != 200]
        pytest.fail(f"{off[-1]:.1f} grey levels off, see {tmp_path}; {refused}")


def test_it_shows_an_ecg(viewer, clinic, samples, tmp_path, patience):
    """Its waveform is longer than what stands in metadata: it comes as bulk data."""
    ecg = samples["ecg"]
    viewer.open(ecg.study)
    expected, alike = movement_of_leads(ecg), [0.0]

    def is_shown():
        alike.append(likeness(viewer.picture(), expected))
        return alike[-1] > 0.8
    if not viewer.wait_for(is_shown, 30 * patience):
        (tmp_path / "ecg.png").write_bytes(viewer.browser.screenshot())
        pytest.fail(f"like the waveform by {alike[-1]:.2f}, see {tmp_path}")
    bulk = [each for each in viewer.site.requests if "/bulkdata/" in each[1]]
    assert bulk and all(status == 200 for *_, status in bulk)


def movement_of_leads(ecg):
    """How far the leads go up and down together, for each sample but the last."""
    (rhythm, *_) = read(ecg.part10).WaveformSequence
    leads = numpy.frombuffer(rhythm.WaveformData, "<i2").reshape(-1, rhythm.NumberOfWaveformChannels)
    return numpy.abs(numpy.diff(leads.astype(float), axis=0)).sum(axis=1)


def likeness(picture, movement):
    """How the length of the traces in each column goes along with how far the leads move there: 1 is
    exactly so, 0 not at all. Traces are white; labels and grid have no blue."""
    if picture is None:
        return 0.0
    traces = (picture.min(axis=2) > 90).sum(axis=0)
    edges = (numpy.arange(len(traces)) * len(movement) / len(traces)).astype(int)
    moved = numpy.add.reduceat(movement, edges)
    return float(numpy.corrcoef(traces, moved)[0, 1]) if traces.std() > 0 else 0.0
