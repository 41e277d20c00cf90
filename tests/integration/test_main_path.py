# SPDX-License-Identifier: GPL-3.0-or-later
"""A study is shared, masked, fetched through the gateway, and on record."""
import pytest

from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, pixel_hash, read, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'


@pytest.fixture(scope="module")
def shared(hospital, small):
    """The small Japanese CT, shared with one clinic under ps3.15-basic."""
    clinic = hospital.clinic()
    share = hospital.share(clinic, small, Profile="ps3.15-basic")
    clinic.root = share["DicomWebRoot"]
    clinic.share_id = share["ID"]
    return clinic


def everything_in(answer):
    return answer.body + repr(sorted(answer.headers.items())).encode("utf-8")


def only_study(clinic):
    rows = clinic.get(f"{clinic.root}/studies").json()
    assert len(rows) == 1
    return value(rows[0], STUDY_UID)


def test_the_clinic_finds_one_study_and_only_masked_values(shared, small, utf8):
    answer = shared.get(f"{shared.root}/studies?includefield=all")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/dicom+json")
    (row,) = answer.json()
    assert value(row, STUDY_UID).startswith("2.25.")
    assert value(row, "00100020") not in (None, small.patient)
    assert value(row, "00201208") == 9 and value(row, "00201206") == 3
    assert small.survivors(everything_in(answer)) == []
    assert utf8.survivors(everything_in(answer)) == []


def test_series_and_instances_are_found_with_their_masked_names(shared, small):
    study = only_study(shared)
    series = shared.get(f"{shared.root}/studies/{study}/series?includefield=all")
    instances = shared.get(f"{shared.root}/studies/{study}/instances?includefield=all")
    assert len({value(row, SERIES_UID) for row in series.json()}) == 3
    assert len({value(row, INSTANCE_UID) for row in instances.json()}) == 9
    for answer in (series, instances):
        assert small.survivors(everything_in(answer)) == []


def test_every_level_of_search_is_there_without_the_level_above(shared):
    assert len(shared.get(f"{shared.root}/series").json()) == 3
    assert len(shared.get(f"{shared.root}/instances").json()) == 9
    assert len(shared.get(f"{shared.root}/instances?limit=4&offset=7").json()) == 2


@pytest.mark.parametrize("query", [
    "PatientID=HOSP-1000402", "PatientName=Kurosawa*", "00100010=*%E9%BB%92%E6%BE%A4*",
    "AccessionNumber=ACC1000402", "StudyInstanceUID=2.999.1000402.1", "StudyDate=20240117",
    "PatientBirthDate=19471128", "PatientID=HOSP-9999999"])
def test_a_real_value_matches_nothing_exactly_as_a_random_one(shared, query):
    answer = shared.get(f"{shared.root}/studies?{query}")
    assert (answer.status, answer.json()) == (200, [])


def test_a_whole_study_arrives_readable_with_its_pixels_and_without_its_names(shared, small):
    study = only_study(shared)
    answer = shared.get(f"{shared.root}/studies/{study}", Accept=DICOM)
    assert answer.status == 200
    datasets = [read(part) for part in answer.parts()]
    assert sorted(map(pixel_hash, datasets)) == small.pixel_hashes()
    assert {dataset.StudyInstanceUID for dataset in datasets} == {study}
    for dataset in datasets:
        assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
        assert dataset.PatientIdentityRemoved == "YES"
    assert small.survivors(everything_in(answer)) == []


def test_a_series_and_an_instance_arrive_alone(shared, small):
    study = only_study(shared)
    (row, *_) = shared.get(f"{shared.root}/studies/{study}/series").json()
    path = f"{shared.root}/studies/{study}/series/{value(row, SERIES_UID)}"
    series = [read(part) for part in shared.get(path, Accept=DICOM).parts()]
    assert len(series) == 3
    one = shared.get(f"{path}/instances/{series[0].SOPInstanceUID}", Accept=DICOM)
    (part,) = one.parts()
    assert read(part) == series[0]
    assert small.survivors(everything_in(one)) == []


def test_the_study_of_a_modern_hospital_in_utf8_is_masked_as_well(hospital, utf8):
    clinic = hospital.clinic()
    root = hospital.share(clinic, utf8, Profile="ps3.15-basic")["DicomWebRoot"]
    study = value(clinic.get(f"{root}/studies").json()[0], STUDY_UID)
    answer = clinic.get(f"{root}/studies/{study}", Accept=DICOM)
    assert sorted(pixel_hash(read(part)) for part in answer.parts()) == utf8.pixel_hashes()
    metadata = clinic.get(f"{root}/studies/{study}/metadata", Accept="application/dicom+json")
    assert utf8.survivors(everything_in(answer)) == []
    assert utf8.survivors(everything_in(metadata)) == []


@pytest.mark.parametrize("level", ["", "/series/{series}", "/series/{series}/instances/{instance}"])
def test_metadata_names_what_the_files_say_and_nobody(shared, small, level):
    (row, *_) = shared.get(f"{shared.root}/instances").json()
    below = level.format(series=value(row, SERIES_UID), instance=value(row, INSTANCE_UID))
    path = f"{shared.root}/studies/{value(row, STUDY_UID)}{below}"
    metadata = shared.get(f"{path}/metadata", Accept="application/dicom+json")
    files = {dataset.SOPInstanceUID: dataset
             for dataset in map(read, shared.get(path, Accept=DICOM).parts())}
    assert {value(entry, INSTANCE_UID) for entry in metadata.json()} == set(files)
    for entry in metadata.json():
        dataset = files[value(entry, INSTANCE_UID)]
        assert value(entry, "00280010") == dataset.Rows
        assert value(entry, "00180060") == float(dataset.KVP)
        assert "7FE00010" not in entry or "Value" not in entry["7FE00010"]
    assert small.survivors(everything_in(metadata)) == []


def test_a_single_file_comes_only_when_asked_for(shared):
    (row, *_) = shared.get(f"{shared.root}/instances").json()
    path = (f"{shared.root}/studies/{value(row, STUDY_UID)}/series/{value(row, SERIES_UID)}"
            f"/instances/{value(row, INSTANCE_UID)}")
    single = shared.get(path, Accept="application/dicom")
    assert single.headers["content-type"].startswith("application/dicom")
    assert read(single.body).SOPInstanceUID == value(row, INSTANCE_UID)
    anything = shared.get(path, Accept="*/*")
    assert anything.headers["content-type"].startswith("multipart/related")


def test_references_between_slices_still_point_at_slices(shared):
    study = only_study(shared)
    answer = shared.get(f"{shared.root}/studies/{study}", Accept=DICOM)
    datasets = [read(part) for part in answer.parts()]
    known = {dataset.SOPInstanceUID for dataset in datasets}
    pointed = [item.ReferencedSOPInstanceUID for dataset in datasets
               for item in dataset.get("SourceImageSequence", [])]
    assert pointed and set(pointed) <= known


def test_the_root_of_all_shares_shows_what_the_share_shows(shared):
    own = shared.get(f"{shared.root}/studies").json()
    all_shares = shared.get("/dicom-web/studies").json()
    strip = [{tag: entry for tag, entry in row.items() if tag != "00081190"}
             for row in own + all_shares]
    assert strip[0] in strip[1:]


def test_two_clinics_get_names_that_do_not_link(hospital, small, shared):
    other = hospital.clinic("Dr. Hayashi")
    root = hospital.share(other, small, Profile="ps3.15-basic")["DicomWebRoot"]
    theirs, ours = other.get(f"{root}/instances").json(), shared.get(f"{shared.root}/instances").json()
    assert {value(row, INSTANCE_UID) for row in theirs}.isdisjoint(
        {value(row, INSTANCE_UID) for row in ours})
    assert value(theirs[0], STUDY_UID) != value(ours[0], STUDY_UID)


def test_original_uids_open_nothing_on_a_masked_share(shared, small):
    absent = shared.get(f"{shared.root}/studies/2.25.42")
    assert absent.status == 404
    study, series, instance = small.uid, small.series[0], small.instances()[0]
    for path in (f"/studies/{study}", f"/studies/{study}/metadata", f"/studies/{study}/series",
                 f"/studies/{study}/series/{series}",
                 f"/studies/{study}/series/{series}/instances/{instance}",
                 f"/studies/{only_study(shared)}/series/{series}"):
        answer = shared.get(shared.root + path)
        if answer.status == 200:
            assert answer.json() == [], "a search below a study that is not there finds nothing"
        else:
            assert (answer.status, answer.body) == (404, absent.body)


def test_profile_none_gives_the_very_files_of_the_archive(hospital, small):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Profile="none")["DicomWebRoot"]
    answer = clinic.get(f"{root}/studies/{small.uid}", Accept=DICOM)
    stored = sorted(hospital.archive.session.get(
        f"{hospital.orthanc.url}/instances/{identifier}/file").content
        for identifier in instances_of(hospital, small))
    assert sorted(answer.parts()) == stored


def instances_of(hospital, study):
    found = hospital.archive.session.post(
        f"{hospital.orthanc.url}/tools/find",
        json={"Level": "Instance", "Query": {"StudyInstanceUID": study.uid}})
    return found.json()


def test_profile_patient_fields_takes_the_five_and_leaves_the_rest(hospital, small):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Profile="patient-fields")["DicomWebRoot"]
    study = value(clinic.get(f"{root}/studies").json()[0], STUDY_UID)
    datasets = [read(part)
                for part in clinic.get(f"{root}/studies/{study}", Accept=DICOM).parts()]
    assert sorted(map(pixel_hash, datasets)) == small.pixel_hashes()
    for dataset in datasets:
        assert small.patient not in str(dataset.PatientID)
        assert "黒澤" not in str(dataset.PatientName) and "くろさわ" not in str(dataset.PatientName)
        assert dataset.get("PatientBirthDate", "") != "19471128"
        assert dataset.InstitutionName == "白樺湖総合病院"


def test_metadata_of_a_share_without_masking_reads_japanese_right(hospital, small):
    clinic = hospital.clinic()
    root = hospital.share(clinic, small, Profile="none")["DicomWebRoot"]
    rows = clinic.get(f"{root}/studies/{small.uid}/metadata",
                      Accept="application/dicom+json").json()
    names = {tuple(sorted(value(row, "00100010").items())) for row in rows}
    groups = {"Ideographic": "黒澤^鉄三", "Phonetic": "くろさわ^てつぞう"}
    assert names == {tuple(sorted({"Alphabetic": first, **groups}.items()))
                     for first in ("Kurosawa^Tetsuzo", "ｸﾛｻﾜ^ﾃﾂｿﾞｳ")}


def test_head_announces_and_sends_nothing(shared):
    answer = shared.request("HEAD", f"{shared.root}/studies")
    assert answer.status == 200 and answer.body == b""


def test_nothing_is_kept_by_caches_and_no_server_is_named(shared):
    answer = shared.get(f"{shared.root}/studies")
    assert answer.headers["cache-control"] == "no-store"
    assert "last-modified" not in answer.headers and "server" not in answer.headers
