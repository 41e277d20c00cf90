# SPDX-License-Identifier: GPL-3.0-or-later
"""Staff are who Orthanc or the hospital's proxy says, and do what their roles let them."""
import base64
import http.client
import json
from urllib.parse import urlsplit

import pytest

PASSWORD = "a staff password"
USERS = ("staff", "clerk", "radiologist", "auditor", "guest")
ROLES = {"share": ["staff", "clerk", "group:readers"], "approve": ["staff", "radiologist"],
         "administer": ["staff"], "audit": ["staff", "auditor"]}
PROXY, ELSEWHERE = "127.0.0.5", "127.0.0.6"
STAFF = {"Roles": ROLES, "Proxy": {"Peers": [f"{PROXY}/32"], "UserField": "X-Remote-User",
                                   "GroupsField": "X-Remote-Groups"}}


def basic(user, password=PASSWORD):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def call(hospital, method, path, body=None, source="127.0.0.1", below="/sekisho/api", **fields):
    """Status and text of a call with these header fields alone; names with _ for -."""
    connection = http.client.HTTPConnection(urlsplit(hospital.staff.url).netloc, timeout=60,
                                            source_address=(source, 0))
    try:
        connection.request(method, below + path, None if body is None else json.dumps(body), {
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in fields.items()}})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def whoami(hospital, **more):
    status, text = call(hospital, "GET", "/whoami", **more)
    return json.loads(text) if status == 200 else status


def denials(hospital):
    return [entry for entry in hospital.entries() if entry["event"] == "denial"]


@pytest.fixture(scope="module")
def divided(hospitals, small):
    """A hospital whose staff have roles and a proxy."""
    hospital = hospitals.new(
        sekisho={"Staff": STAFF},
        orthanc={"RegisteredUsers": dict.fromkeys(USERS, PASSWORD), "ExecuteLuaEnabled": True,
                 "RemoteAccessAllowed": True})  # else Orthanc lets 127.0.0.1 alone in
    hospital.open()
    hospital.archive.store_files(small.files())
    return hospital


def test_each_is_told_who_he_is_and_what_he_may(divided):
    assert whoami(divided, **basic("auditor")) == {"Name": "auditor", "Roles": ["audit"]}
    assert whoami(divided, **basic("staff"))["Roles"] == ["share", "approve", "administer", "audit"]
    assert whoami(divided, **basic("guest")) == 403
    assert whoami(divided, **basic("auditor", "guessed")) == 401
    assert whoami(divided) == 401


def test_a_clerk_shares_and_reads_no_log(divided, small):
    recipient = divided.clinic().recipient
    body = {"Recipient": recipient, "Scope": {"Level": "Study", "Uids": [small.uid]}}
    status, text = call(divided, "POST", "/shares", body, **basic("clerk"))
    assert status == 201 and json.loads(text)["CreatedBy"] == "clerk"
    before = len(denials(divided))
    assert call(divided, "GET", "/audit", **basic("clerk"))[0] == 403
    assert call(divided, "GET", "/checkpoint", below="/sekisho/audit", **basic("clerk"))[0] == 403
    assert call(divided, "POST", "/recipients", {"Name": "a", "Networks": ["10.0.0.0/8"]},
                **basic("clerk"))[0] == 403
    new = denials(divided)[before:]
    assert [entry["facts"]["call"] for entry in new] == ["GET /audit", "GET the log", "POST /recipients"]
    assert {entry["detail"] for entry in new} == {"missing_role"}
    assert {entry["source"] for entry in new} == {"127.0.0.1"}
    assert "clerk" not in json.dumps(new), "whose name stands in the encrypted text alone"
    read = divided.staff.call("GET", "/audit?event=denial&actor=clerk")["Entries"]
    assert len(read) == len(new)


def test_an_auditor_reads_the_log_and_shares_nothing(divided, small):
    assert call(divided, "GET", "/audit", **basic("auditor"))[0] == 200
    assert call(divided, "GET", "/checkpoint", below="/sekisho/audit", **basic("auditor"))[0] == 200
    body = {"Recipient": divided.clinic().recipient, "Scope": {"Level": "Study", "Uids": [small.uid]}}
    before = len(divided.staff.call("GET", "/shares")["Shares"])
    for path in ("/shares", "/shares/preview", "/audit/shred"):
        assert call(divided, "POST", path, body, **basic("auditor"))[0] == 403
    assert len(divided.staff.call("GET", "/shares")["Shares"]) == before


def test_the_proxy_says_who_calls_and_in_which_groups(divided):
    named = {"X_Remote_User": "小林", "X_Remote_Groups": "others, readers"}
    assert whoami(divided, source=PROXY, **basic("staff"), **encoded(named)) == {
        "Name": "小林", "Roles": ["share"]}
    assert whoami(divided, source=PROXY, **basic("staff"), X_Remote_User="auditor")["Roles"] == ["audit"]
    assert whoami(divided, source=PROXY, **basic("staff"), X_Remote_User="nobody-s") == 403


def encoded(fields):
    """As http.client sends UTF-8."""
    return {name: value.encode().decode("latin-1") for name, value in fields.items()}


def test_the_proxys_own_login_is_nobodys(divided):
    before = len(denials(divided))
    assert whoami(divided, source=PROXY, **basic("staff")) == 403
    assert whoami(divided, source=PROXY, **basic("staff"), X_Remote_User="") == 403
    assert [entry["detail"] for entry in denials(divided)[before:]] == ["unknown_caller"] * 2


def test_a_field_of_the_proxy_from_elsewhere_refuses_the_call(divided):
    before = len(denials(divided))
    for source in ("127.0.0.1", ELSEWHERE):
        assert whoami(divided, source=source, **basic("staff"), X_Remote_User="staff") == 403
        assert whoami(divided, source=source, **basic("clerk"), x_remote_groups="readers") == 403
    new = denials(divided)[before:]
    assert {entry["detail"] for entry in new} == {"foreign_proxy_field"} and len(new) == 4
    assert {entry["source"] for entry in new} == {"127.0.0.1", ELSEWHERE}
    assert whoami(divided, source=ELSEWHERE, **basic("clerk"))["Name"] == "clerk"


def test_a_call_from_inside_orthanc_is_nobodys_whatever_header_it_makes_up(divided):
    header = basic("staff")["Authorization"]
    fields = f"{{['authorization']='{header}', ['x-remote-user']='staff'}}"
    before = len(denials(divided))
    script = f"print(RestApiGet('/sekisho/api/whoami', false, {fields}))"
    answer = divided.archive.session.post(f"{divided.archive.url}/tools/execute-script",
                                          data=script, timeout=30)
    assert "Roles" not in answer.text
    assert [entry["detail"] for entry in denials(divided)[before:]] == ["unknown_caller"]


def unauthenticated(hospitals, **sekisho):
    hospital = hospitals.new(sekisho=sekisho, orthanc={"AuthenticationEnabled": False})
    hospital.orthanc.start().wait_until(hospital.orthanc.answers)
    hospital.should_run = True
    return hospital


def test_where_orthanc_authenticates_nobody_the_staff_door_is_shut(hospitals):
    hospital = unauthenticated(hospitals)
    for path in ("/whoami", "/status", "/shares", "/audit"):
        status, text = call(hospital, "GET", path, **basic("staff"))
        assert status == 403 and "Sekisho.Staff" in text
    assert call(hospital, "GET", "/checkpoint", below="/sekisho/audit")[0] == 403
    assert {entry["detail"] for entry in denials(hospital)} == {"unknown_caller"}
    hospital.close()


def test_the_nameless_are_let_in_where_the_configuration_says_so(hospitals):
    hospital = unauthenticated(hospitals, Staff={"AllowNameless": True})
    assert whoami(hospital, **basic("staff")) == {
        "Name": "", "Roles": ["share", "approve", "administer", "audit"]}
    hospital.close()
