# SPDX-License-Identifier: GPL-3.0-or-later
"""Application passwords: what viewers that know nothing but HTTP Basic show, curl among them."""
import base64
import subprocess
import time

import pytest

from test_credentials import refusal, same  # noqa: F401  # a fixture

PASSWORD = "mountain river 7 lake"


def basic(login, password):
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


@pytest.fixture
def sato(hospital, small):
    clinic = hospital.clinic()
    person = hospital.person(clinic.recipient, f"sato-{time.monotonic_ns()}", PASSWORD)
    person.clinic, person.root = clinic, hospital.share(clinic, small)["DicomWebRoot"]
    return person


def made(sato):
    answer = sato.send("POST", "/api/application-passwords", {"Password": PASSWORD, "Name": "OsiriX"})
    assert answer.status == 201, answer
    return answer.json()


def test_a_viewer_opens_shares_with_one_and_nothing_of_the_account(hospital, sato, refusal):  # noqa: F811
    viewer, shown = hospital.browser(), basic(sato.login, made(sato)["ApplicationPassword"])
    (study,) = viewer.get(f"{sato.root}/studies", Authorization=shown).json()
    uid = study["0020000D"]["Value"][0]
    assert viewer.get(f"{sato.root}/studies/{uid}", Authorization=shown).status == 200
    begun = [entry for entry in hospital.entries() if entry["event"] == "transfer.begin"][-1]
    assert begun["authentication"] == "application_password"
    assert begun["facts"]["person"] == sato.person.rpartition("/")[2]
    assert same(viewer.get("/api/me", Authorization=shown), refusal)
    for wrong in (basic(sato.login, PASSWORD), basic("nobody", shown), basic("", "")):
        assert same(viewer.get(f"{sato.root}/studies", Authorization=wrong), refusal)


def test_curl_needs_no_more_than_user_and_password(hospital, sato):
    password = made(sato)["ApplicationPassword"]
    url = hospital.url + sato.root[sato.root.index("/shares/"):] + "/studies"
    hospital.ledger.unseen_intents += 1
    done = subprocess.run(["curl", "-sS", "--fail", "--cacert", hospital.authority.certificate,
                           "-u", f"{sato.login}:{password}", "-H", "Accept: application/dicom+json",
                           url], capture_output=True, text=True)
    assert done.returncode == 0 and "0020000D" in done.stdout, done.stderr


def test_it_ends_with_its_removal_and_a_new_invitation(hospital, sato, refusal):  # noqa: F811
    viewer, first, second = hospital.browser(), made(sato), made(sato)
    shown = [basic(sato.login, each["ApplicationPassword"]) for each in (first, second)]
    assert sato.send("DELETE", f"/api/application-passwords/{first['ID']}").status == 204
    assert same(viewer.get(f"{sato.root}/studies", Authorization=shown[0]), refusal)
    assert viewer.get(f"{sato.root}/studies", Authorization=shown[1]).status == 200
    (listed,) = sato.get("/api/application-passwords").json()["ApplicationPasswords"]
    assert listed["ID"] == second["ID"] and "ApplicationPassword" not in listed
    invitation = hospital.staff.call("POST", f"{sato.person}/invite", {})["Invitation"]
    taken = hospital.browser().send("POST", "/api/session",
                                    {"Invitation": invitation, "Password": "paper crane 4 thunder"})
    assert taken.status == 201
    assert same(viewer.get(f"{sato.root}/studies", Authorization=shown[1]), refusal)
