# SPDX-License-Identifier: GPL-3.0-or-later
"""npm's dicomweb-client, which OHIF and many others are built on, reads and writes a share.

In Node it comes over TLS with a bearer token or a client certificate; in Debian's Chromium its page
and the share have one origin, by the proxy that a clinic puts before its viewer.
"""
import pytest

from javascript import Failed, JavaScriptClient, Node, Page
from pictures_by_dcmtk import from_png
from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, pixel_hash, read, value
from test_returns import RETURNS, derived, part10

JPEG_BEGINS = b"\xff\xd8\xff"


@pytest.fixture(scope="module")
def hospital(hospitals, small, site):
    """Its public address is the proxy, so that what answers refer to leads there."""
    hospital = hospitals.new(sekisho={"PublicUrl": site.url}).open()
    hospital.archive.store_files(small.files())
    return hospital


@pytest.fixture(scope="module")
def clinic(hospital, small, site):
    clinic = site.clinic = hospital.clinic()
    share = hospital.share(clinic, small, Permissions=RETURNS)
    clinic.root = share["DicomWebRoot"]
    return clinic


@pytest.fixture(scope="module", params=["node with a token", "node with a certificate", "browser"])
def client(request, hospital, clinic, authority):
    """The client at the share's root, as the recipient of the share."""
    path = clinic.root.removeprefix(hospital.sekisho["PublicUrl"])
    if request.param == "browser":
        browser = request.getfixturevalue("browser")
        page = Page(browser, f"{request.getfixturevalue('site').url}/client.html")
        # The proxy keeps what it passes on.
        yield JavaScriptClient(page, NoLedger, clinic.root, {})
        return
    certificate, headers = None, {"Authorization": f"Bearer {clinic.token}"}
    if request.param == "node with a certificate":
        certificate, headers = authority.issue("reader", "clientAuth"), {}
        hospital.staff.call("POST", f"/recipients/{clinic.recipient}/certificates",
                            {"Pem": certificate[0].read_text()})
    node = Node(authority.certificate, certificate)
    yield JavaScriptClient(node, hospital.ledger, hospital.url + path, headers)
    node.close()


class NoLedger:
    @staticmethod
    def keep(answer):
        pass


def place_of(row):
    """Study, series and instance as the client names them."""
    return {"studyInstanceUID": value(row, STUDY_UID), "seriesInstanceUID": value(row, SERIES_UID),
            "sopInstanceUID": value(row, INSTANCE_UID)}


@pytest.fixture(scope="module")
def images(clinic):
    """Rows of the images, as another client of ours sees them."""
    return clinic.get(f"{clinic.root}/instances?Modality=CT&includefield=all").json()


@pytest.fixture(scope="module")
def place(images):
    return place_of(images[0])


@pytest.fixture(scope="module")
def original(clinic, place):
    """The masked file itself."""
    answer = clinic.get("{root}/studies/{studyInstanceUID}/series/{seriesInstanceUID}/instances/"
                        "{sopInstanceUID}".format(root=clinic.root, **place),
                        Accept="application/dicom")
    return read(answer.body)


def study_of(place):
    return {"studyInstanceUID": place["studyInstanceUID"]}


def series_of(place):
    return {name: uid for name, uid in place.items() if name != "sopInstanceUID"}


def test_it_finds_the_studies_of_the_share(client, place):
    (row,) = client.search_for_studies()
    assert value(row, STUDY_UID) == place["studyInstanceUID"]
    assert client.search_for_studies(queryParams={"PatientID": value(row, "00100020")}) == [row]
    assert client.search_for_studies(queryParams={"PatientID": "somebody else"}) == []


def test_it_finds_the_series_of_a_study_and_of_all(client, images, place):
    expected = {value(row, SERIES_UID) for row in images}
    for where in (study_of(place), {}):
        found = client.search_for_series(**where, queryParams={"Modality": "CT"})
        assert {value(row, SERIES_UID) for row in found} == expected


def test_it_finds_the_instances_of_a_series_a_study_and_of_all(client, images, place):
    everything = {value(row, INSTANCE_UID) for row in images}
    of_the_series = {value(row, INSTANCE_UID) for row in images
                     if value(row, SERIES_UID) == place["seriesInstanceUID"]}
    for where, expected in ((series_of(place), of_the_series), (study_of(place), everything),
                            ({}, everything)):
        found = client.search_for_instances(**where, queryParams={"Modality": "CT"})
        assert {value(row, INSTANCE_UID) for row in found} == expected


def test_it_reads_the_metadata_of_instance_series_and_study(client, place, images, original):
    (header,) = client.retrieve_instance_metadata(**place)
    assert value(header, "00280010") == original.Rows
    assert header in client.retrieve_series_metadata(**series_of(place))
    shown = client.retrieve_study_metadata(**study_of(place))
    assert header in shown and len(shown) >= len(images)


def test_it_retrieves_instances_as_multipart(client, place, original, small):
    taken = read(client.retrieve_instance(**place))
    assert taken == original
    series = client.retrieve_series(**series_of(place))
    assert original in [read(part) for part in series]
    study = client.retrieve_study(**study_of(place))
    shown = sorted(pixel_hash(file) for file in map(read, study) if "PixelData" in file)
    assert shown == small.pixel_hashes()


def test_it_retrieves_frames(client, place, original):
    """Without a media type it asks for bytes in parts; with one, by type and transfer syntax."""
    wanted = original.PixelData[:original.Rows * original.Columns * 2]
    assert client.retrieve_instance_frames(**place, frameNumbers=[1]) == [wanted]
    kinds = [{"mediaType": "application/octet-stream", "transferSyntaxUID": "1.2.840.10008.1.2.1"},
             {"mediaType": "application/octet-stream", "transferSyntaxUID": "*"},
             {"mediaType": "application/octet-stream"}]
    for kind in kinds:
        (frame,) = client.retrieve_instance_frames(**place, frameNumbers=[1], mediaTypes=[kind])
        assert frame == wanted, kind
        assert frame.transfer_syntax == original.file_meta.TransferSyntaxUID


def test_a_frame_in_a_form_that_is_not_to_be_had_is_406_to_it(client, place):
    kind = {"mediaType": "image/jls", "transferSyntaxUID": "1.2.840.10008.1.2.4.81"}
    with pytest.raises(Failed) as failed:
        client.retrieve_instance_frames(**place, frameNumbers=[1], mediaTypes=[kind])
    assert failed.value.status == 406


def test_it_retrieves_the_pixels_as_bulk_data(client, hospital, clinic, site, place, original):
    (header,) = client.retrieve_instance_metadata(**place)
    uri = header["7FE00010"]["BulkDataURI"]
    assert uri.startswith(clinic.root)
    if client.options["url"].startswith(hospital.url):  # Node goes there without the proxy
        uri = uri.replace(site.url, hospital.url)
    for kinds in (None, [{"mediaType": "application/octet-stream", "transferSyntaxUID": "*"}]):
        assert client.retrieve_bulk_data(BulkDataURI=uri, mediaTypes=kinds) == [original.PixelData]


def test_it_retrieves_pictures_and_thumbnails(client, place, original):
    """PNG has no loss: of one picture all requests have the same bytes."""
    png = [{"mediaType": "image/png"}]
    (picture,) = client.retrieve_instance_rendered(**place, mediaTypes=png)
    assert from_png(picture).shape[:2] == (original.Rows, original.Columns)
    assert client.retrieve_instance_frames_rendered(**place, frameNumbers=[1], mediaTypes=png) == [picture]
    window = {"viewport": "64,48", "window": "40,400,linear"}
    (small,) = client.retrieve_instance_rendered(**place, mediaTypes=png, queryParams=window)
    assert from_png(small).shape[:2] == (48, 48)
    for method in (client.retrieve_instance_rendered, client.retrieve_instance_thumbnail):
        (one,) = method(**place)
        assert one.startswith(JPEG_BEGINS), "what it gets without a media type"
    (of_frame,) = client.retrieve_instance_frames_thumbnail(
        **place, frameNumbers=[1], mediaTypes=[{"mediaType": "image/jpeg"}],
        queryParams={"viewport": "32,32"})
    assert of_frame.startswith(JPEG_BEGINS)


def test_it_stores_what_a_reader_made_and_finds_it_again(client, clinic):
    report = derived(clinic)
    client.store_instances(datasets=[part10(report)], studyInstanceUID=report.StudyInstanceUID)
    (row,) = client.search_for_instances(queryParams={"SOPInstanceUID": report.SOPInstanceUID})
    assert value(row, SERIES_UID) == report.SeriesInstanceUID


def test_it_is_told_that_an_object_of_another_study_is_not_stored(client, clinic):
    report = derived(clinic, StudyInstanceUID="2.25.4711")
    with pytest.raises(Failed) as failed:
        client.store_instances(datasets=[part10(report)])
    assert failed.value.status == 409


def test_what_is_not_in_the_share_is_404_to_it(client, place):
    with pytest.raises(Failed) as failed:
        client.retrieve_instance(**{**place, "sopInstanceUID": "2.25.4711"})
    assert failed.value.status == 404
