# SPDX-License-Identifier: GPL-3.0-or-later
"""Searches as clients send them, byte for byte: OHIF, Weasis, dcm4che, the IDC's and npm's
dicomweb-client, Google's client. Each finds what its user looks for."""
import urllib.parse

import pytest

from examinations import CHEST, HEAD, KNEE, NAME, PATIENT, Examination
from samples import SERIES_UID, STUDY_UID, value

NIGHT = Examination(4, "CT", "20260401", "NIGHT SHIFT CT", images=1)
STUDIES = (CHEST, HEAD, KNEE, NIGHT)
JSON = "application/dicom+json"
NAME_TAG, ID_TAG, DESCRIPTION, MODALITIES = "00100010", "00100020", "00081030", "00080061"


@pytest.fixture(scope="module")
def clinic(hospitals):
    """A clinic with a share of four studies of one patient, as they are."""
    hospital = hospitals.new().open()
    for study in STUDIES:
        for file in study.files():
            hospital.archive.store(file)
    clinic = hospital.clinic()
    scope = {"Level": "Study", "Uids": [study.uid for study in STUDIES]}
    clinic.root = hospital.staff.new_share(clinic.recipient, scope, Profile="none",
                                           Assurance="password")["DicomWebRoot"]
    return clinic


def search(clinic, target, accept=JSON):
    """The rows of a search that went well, and its Warning."""
    answer = clinic.get(f"{clinic.root}{target}", Accept=accept)
    assert answer.status == 200, (target, answer.body)
    assert answer.headers["content-type"].startswith("application/dicom+json"), target
    return answer.json(), answer.headers.get("warning")


def found(clinic, target, **more):
    """The studies of the rows that an answer without a Warning has."""
    rows, warning = search(clinic, target, **more)
    assert warning is None, (target, warning)
    return {value(row, STUDY_UID) for row in rows}


def uids(*studies):
    return {study.uid for study in studies}


# --- OHIF 3.13 ------------------------------------------------------------------------------------

OHIF_FIELDS = "includefield=00081030%2C00080060%2C00080090%2C00100030"


def test_ohif_opens_a_study(clinic):
    rows, warning = search(clinic, "/studies?limit=101&offset=0&fuzzymatching=true&"
                                   f"{OHIF_FIELDS}&StudyInstanceUID={HEAD.uid}")
    assert warning is None
    (row,) = rows
    assert value(row, STUDY_UID) == HEAD.uid
    assert value(row, DESCRIPTION) == "頭部MRA"


def test_ohif_lists_the_priors_of_a_patient(clinic):
    assert found(clinic, f"/studies?00100020={PATIENT}&limit=101&offset=0") == uids(*STUDIES)
    assert found(clinic, "/studies?00100020=87654321&limit=101&offset=0") == set()


def test_ohif_lists_series(clinic):
    rows, _ = search(clinic, f"/studies/{HEAD.uid}/series?includefield=0008103E%2C00080021%2C00080031")
    assert [value(row, SERIES_UID) for row in rows] == [f"{HEAD.uid}.1"]


@pytest.mark.parametrize("key", [
    "PatientName=*hanako*", "PatientName=%2Ahanako%2A",
    "PatientName=" + urllib.parse.quote("*花子*"), "00100010=YAMADA%5E*", "00100010=YAMADA^*"])
def test_a_work_list_is_filtered_by_name(clinic, key):
    assert found(clinic, f"/studies?limit=101&offset=0&fuzzymatching=true&{key}") == uids(*STUDIES)
    assert found(clinic, f"/studies?{key}") == uids(*STUDIES)


@pytest.mark.parametrize("name", ["hanako yamada", "ヤマダ", "ﾔﾏﾀﾞ ﾊﾅｺ", "山田花子", "YAMADA,HANAKO", "yama"])
def test_a_work_list_is_filtered_by_a_name_as_people_type_it(clinic, name):
    for text in (urllib.parse.quote(name), urllib.parse.quote_plus(name)):
        assert found(clinic, f"/studies?fuzzymatching=true&PatientName={text}") == uids(*STUDIES)
        assert found(clinic, f"/studies?PatientName={text}") == set(), "literally it is another"


@pytest.mark.parametrize("modalities, wanted", [
    ("CT%2CMR", (CHEST, HEAD, NIGHT)), ("CT,MR", (CHEST, HEAD, NIGHT)), ("CT\\MR", (CHEST, HEAD, NIGHT)),
    ("CT&ModalitiesInStudy=DX", (CHEST, KNEE, NIGHT)), ("US", ())])
def test_a_work_list_is_filtered_by_modality(clinic, modalities, wanted):
    assert found(clinic, f"/studies?limit=101&ModalitiesInStudy={modalities}") == uids(*wanted)


@pytest.mark.parametrize("dates, wanted", [
    ("20260201-20260331", (HEAD, KNEE)), ("20260310-", (KNEE, NIGHT)), ("-20260203", (CHEST, HEAD)),
    ("20260115", (CHEST,)), ("20260114-20260116&StudyTime=2200-0200", (CHEST,)),
    ("20260115-20260116&StudyTime=1200-1300", ())])
def test_a_work_list_is_filtered_by_date(clinic, dates, wanted):
    assert found(clinic, f"/studies?StudyDate={dates}") == uids(*wanted)


# --- Weasis, dcm4che ------------------------------------------------------------------------------

def test_weasis_lists_studies_of_a_patient_with_all_it_shows(clinic):
    rows, warning = search(clinic, f"/studies?PatientID={PATIENT}&includefield=00080020,00080030,"
                                   "00080050,00080090,00081030,00100010,00100030,00100040")
    assert warning is None
    assert {value(row, NAME_TAG)["Ideographic"] for row in rows} == {NAME.split("=")[1]}


def test_weasis_lists_series_and_instances_of_a_study(clinic):
    series, _ = search(clinic, f"/studies/{CHEST.uid}/series?includefield=0020000E,0008103E,00080060")
    (uid,) = [value(row, SERIES_UID) for row in series]
    rows, _ = search(clinic, f"/studies/{CHEST.uid}/series/{uid}/instances?includefield=00080018,00200013")
    assert [value(row, "00200013") for row in rows] == [1, 2]


def test_dcm4che_asks_for_json_in_the_query(clinic):
    """PS3.18 §8.3.3.1."""
    for plus in ("+", "%2B"):
        assert found(clinic, f"/studies?accept=application/dicom{plus}json&PatientID={PATIENT}",
                     accept="text/html") == uids(*STUDIES)


def test_dcm4che_says_how_to_match(clinic):
    rows, warning = search(clinic, "/studies?PatientName=yamada*&fuzzymatching=false&"
                                   "timezoneadjustment=true&limit=2&offset=1&includefield=all")
    assert [value(row, STUDY_UID) for row in rows] == [HEAD.uid, KNEE.uid]
    assert "ignored" in warning, "timezoneadjustment is no parameter of the standard any more"


def test_dcm4che_names_attributes_by_path(clinic):
    assert found(clinic, "/series?RequestAttributesSequence.ScheduledProcedureStepID=none") == set()
    assert found(clinic, "/series?00400275.00400009=&00080060=MR") == uids(HEAD)


# --- dicomweb-client of Python (IDC) and of npm, Google's client ----------------------------------

def test_the_idc_client_encodes_its_filters_as_a_form(clinic):
    query = urllib.parse.urlencode({"StudyDescription": "NIGHT SHIFT CT", "limit": 10})
    assert "+" in query
    assert found(clinic, f"/studies?{query}") == uids(NIGHT)


def test_the_idc_client_repeats_its_fields(clinic):
    rows, warning = search(clinic, "/studies?includefield=StudyDescription&includefield=00080061"
                                   f"&fuzzymatching=true&StudyInstanceUID={KNEE.uid}",
                           accept="application/dicom+json, application/json")
    assert warning is None
    assert value(rows[0], DESCRIPTION) == "右膝関節 2方向"
    assert value(rows[0], MODALITIES) == "DX"


@pytest.mark.parametrize("keys", [
    f"StudyInstanceUID={CHEST.uid},{HEAD.uid}", f"StudyInstanceUID={CHEST.uid}%5C{HEAD.uid}",
    f"StudyInstanceUID={CHEST.uid}&StudyInstanceUID={HEAD.uid}",
    f"0020000D={CHEST.uid}&StudyInstanceUID={HEAD.uid}"])
def test_the_npm_client_lists_uids_in_every_way(clinic, keys):
    assert found(clinic, f"/studies?{keys}") == uids(CHEST, HEAD)


def test_googles_client_pages_through_all_instances(clinic):
    seen = []
    for offset in range(0, 10, 3):
        rows, warning = search(clinic, f"/instances?limit=3&offset={offset}&includefield=all",
                               accept="application/dicom+json; charset=utf-8")
        assert warning is None
        seen += [value(row, "00080018") for row in rows]
    assert len(seen) == len(set(seen)) == sum(study.images for study in STUDIES)


def test_googles_client_finds_names_by_the_beginnings_of_words(clinic):
    assert found(clinic, "/studies?PatientName=Yama%20Hana&fuzzymatching=true") == uids(*STUDIES)
    assert found(clinic, "/studies?PatientName=amada&fuzzymatching=true") == set()


# --- What none of them may be misled by -----------------------------------------------------------

@pytest.mark.parametrize("target", [
    "/studies?_=1718000000", "/studies?session_code=x", "/studies?orderby=-StudyDate",
    "/studies?charset=utf-8"])
def test_a_parameter_that_is_not_supported_is_ignored_aloud(clinic, target):
    rows, warning = search(clinic, target)
    assert len(rows) == len(STUDIES)
    assert warning.startswith("299 ")


@pytest.mark.parametrize("target", [
    "/studies?limit=-1", "/studies?limit=NaN", "/studies?offset=-1", "/studies?NoSuchKeyword=1",
    "/studies?patientname=x", "/studies?RetrieveAETitle=PACS", "/studies?StudyDate=yesterday",
    "/studies?fuzzymatching=perhaps", "/studies?includefield=NoSuchField"])
def test_what_cannot_be_understood_is_no_empty_list(clinic, target):
    assert clinic.get(f"{clinic.root}{target}").status == 400


def test_no_match_is_an_empty_list(clinic):
    rows, warning = search(clinic, "/studies?PatientID=nobody&limit=101&fuzzymatching=true")
    assert rows == [] and warning is None


@pytest.mark.parametrize("key, wanted", [
    ("AccessionNumber=%22%22&emptyvaluematching=true", STUDIES),
    ("StudyDescription=%22%22&emptyvaluematching=true", ()),
    ("ModalitiesInStudy=CT%5CMR&multiplevaluematching=true", ()),
    ("ModalitiesInStudy=MR&multiplevaluematching=true", (HEAD,))])
def test_a_client_of_2024_says_more_of_its_keys(clinic, key, wanted):
    assert found(clinic, f"/studies?{key}") == uids(*wanted)


def test_a_client_names_its_clock_and_its_character_set(clinic):
    for more in ("TimezoneOffsetFromUTC=%2B0900", "SpecificCharacterSet=ISO_IR%20192"):
        assert found(clinic, f"/studies?StudyDate=20260115&{more}") == uids(CHEST)
    chinese = "SpecificCharacterSet=GB18030&PatientName=*" + urllib.parse.quote("花子".encode("gb18030")) + "*"
    assert found(clinic, f"/studies?{chinese}") == uids(*STUDIES)
