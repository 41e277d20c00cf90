# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of a series that a viewer takes one by one: one entry before the first, all counted."""
import concurrent.futures
import json

import pytest

from hospital import DAY
from launch import rfc3339
from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, value

ONE = "application/dicom; transfer-syntax=*"


@pytest.fixture
def place(hospitals, small):
    """A hospital of its own: what is still open when it closes is part of the tests."""
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    yield hospital
    if hospital.orthanc.is_running():
        hospital.close()


def opened(hospital, study):
    clinic = hospital.clinic()
    share = hospital.share(clinic, study, Profile="ps3.15-basic")
    clinic.root, clinic.share = share["DicomWebRoot"], share["ID"]
    return clinic


def images_of_one_series(clinic):
    rows = clinic.get(f"{clinic.root}/instances").json()
    series = value(rows[0], SERIES_UID)
    return [f"{clinic.root}/studies/{value(row, STUDY_UID)}/series/{series}"
            f"/instances/{value(row, INSTANCE_UID)}"
            for row in rows if value(row, SERIES_UID) == series]


def viewings(hospital):
    return [entry["seq"] for entry in hospital.entries() if entry.get("detail") == "viewing"]


def test_images_taken_one_by_one_are_one_viewing_that_ends_with_the_share(place, small):
    clinic = opened(place, small)
    images = images_of_one_series(clinic)
    answers = [clinic.get(image, Accept=ONE) for image in images]
    answers += [clinic.get(f"{image}/metadata") for image in images]
    assert {answer.status for answer in answers} == {200}
    (intent,) = viewings(place)
    assert {answer.receipt.number for answer in answers} == {intent}
    place.staff.revoke(clinic.share)
    end = place.outcome_of(intent)
    assert (end["event"], end["outcome"], end["detail"]) == ("transfer.end", 0, "complete")
    assert end["instances"] == len(images) and end["facts"] == {"answers": str(2 * len(images))}
    assert end["bytes"] == sum(len(answer.body) for answer in answers)
    assert clinic.get(images[0], Accept=ONE).status == 404


def test_many_connections_at_once_are_one_viewing(place, small, patience):
    clinic = opened(place, small)
    images = images_of_one_series(clinic) * max(20 // patience, 1)  # in less than a minute
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda image: clinic.get(image, Accept=ONE), images))
    assert {answer.status for answer in answers} == {200}
    (intent,) = viewings(place)
    place.close()
    assert place.outcome_of(intent)["facts"] == {"answers": str(len(images))}
    place.check()


def test_another_credential_or_share_is_another_viewing(place, small):
    clinic = opened(place, small)
    other = opened(place, small)
    image, theirs = images_of_one_series(clinic)[0], images_of_one_series(other)[0]
    second = place.visitor(token=place.staff.new_token(clinic.recipient,
                                                       rfc3339(30 * DAY))["Token"])
    receipts = {clinic.get(image).receipt, other.get(theirs).receipt, second.get(image).receipt}
    assert len(receipts) == 3
    assert clinic.get(image).receipt in receipts


def test_a_disabled_recipient_sees_nothing_more_of_an_open_viewing(place, small):
    clinic = opened(place, small)
    image = images_of_one_series(clinic)[0]
    assert clinic.get(image).status == 200
    place.staff.call("POST", f"/recipients/{clinic.recipient}/disable", {})
    assert clinic.get(image).status == 404
    (intent,) = viewings(place)
    assert place.outcome_of(intent)["facts"] == {"answers": "1"}


def test_the_end_of_the_service_ends_a_viewing_before_the_last_entry(place, small):
    clinic = opened(place, small)
    assert clinic.get(images_of_one_series(clinic)[0]).status == 200
    place.close()
    assert [entry["event"] for entry in place.entries()][-2:] == ["transfer.end", "service.stop"]


def test_a_power_cut_leaves_the_intent_of_a_viewing(place, small):
    clinic = opened(place, small)
    for image in images_of_one_series(clinic):
        assert clinic.get(image).status == 200
    place.power_cut()
    verdict = json.loads(place.audit("verify", "--data", place.data, "--json", check=True).stdout)
    assert verdict["sound"] and verdict["unfinished"] == 1
    place.open()
    assert clinic.get(images_of_one_series(clinic)[0]).status == 200
    assert len(viewings(place)) == 2
