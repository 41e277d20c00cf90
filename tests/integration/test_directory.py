# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of recipients: staff find who is meant, are asked about who looks alike, and take files."""
import hashlib
import json
import urllib.parse

import pytest

from launch import StaffError

NETWORKS = ["10.20.0.0/24", "2001:db8::/64"]
KAWAMURA = {"Name": "川村内科クリニック", "Kana": "カワムラナイカクリニック", "Organisation": "医療法人社団 清流会",
            "Department": "放射線科", "Place": "札幌市中央区北1条西2-3", "Telephone": "011-234-5678",
            "Email": "office@kawamura.example", "Language": "ja", "Networks": NETWORKS}


@pytest.fixture(scope="module")
def region(hospitals, small):
    """A hospital whose directory nobody else writes to."""
    hospital = hospitals.new().open()
    hospital.archive.store_files(small.files())
    hospital.kawamura = hospital.staff.call("POST", "/recipients", KAWAMURA)
    hospital.staff.new_recipient("Lakeside Clinic")
    return hospital


def found(hospital, search, **more):
    query = urllib.parse.urlencode({"search": search, **more})
    return [who["Name"] for who in hospital.staff.call("GET", f"/recipients?{query}")["Recipients"]]


def exported(hospital, query=""):
    staff = hospital.staff
    answer = staff.session.get(f"{staff.url}/recipients/export{query}", timeout=60)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return answer.content


def refusal(hospital, method, path, body):
    with pytest.raises(StaffError) as refused:
        hospital.staff.call(method, path, body)
    return refused.value.status, json.loads(refused.value.answer)


@pytest.mark.parametrize("search", ["ｶﾜﾑﾗ", "かわむら", "カワムラ", "川村", "村", "清流会 放射線", "札幌　北１条",
                                    "2345678", "０１１－２３４", "KAWAMURA.example"])
def test_a_recipient_is_found_however_it_is_asked_for(region, search):
    assert found(region, search) == [KAWAMURA["Name"]]


def test_a_search_that_is_somebody_elses_finds_nobody(region):
    assert found(region, "かわむた") == found(region, "川村 港") == found(region, "★") == []
    assert found(region, "川村", status="disabled") == []


def test_all_that_was_given_is_shown(region):
    shown = region.staff.call("GET", f"/recipients/{region.kawamura['ID']}")
    assert {key: shown[key] for key in KAWAMURA} == KAWAMURA


def test_who_looks_like_another_is_asked_about_and_shares_warn(region, small):
    first = region.staff.call("POST", "/recipients", {"Name": "医療法人社団 みさき整形クリニック", "Networks": NETWORKS})
    twin = {"Name": "ﾐｻｷ整形医院", "Networks": NETWORKS}
    status, asked = refusal(region, "POST", "/recipients", twin)
    assert status == 409 and [who["ID"] for who in asked["LookAlikes"]] == [first["ID"]]
    made = region.staff.call("POST", "/recipients", {**twin, "LookAlikesSeen": [first["ID"]]})
    scope = {"Level": "Study", "Uids": [small.uid]}
    preview = region.staff.call("POST", "/shares/preview", {"Recipient": made["ID"], "Scope": scope})
    assert [who["ID"] for who in preview["LookAlikes"]] == [first["ID"]]
    share = region.staff.new_share(made["ID"], scope)
    assert [who["Name"] for who in share["LookAlikes"]] == [first["Name"]]
    status, _ = refusal(region, "PUT", f"/recipients/{made['ID']}", {"Name": "Lakeside", "Networks": NETWORKS})
    assert status == 409


def test_the_exported_file_changes_nothing_when_it_is_taken_again(region):
    file = exported(region)
    assert file.startswith(b"\xef\xbb\xbfID,Name,Kana,") and file.endswith(b"\r\n")
    before = region.staff.call("GET", "/recipients")
    answer = region.staff.call("POST", "/recipients/import", {"Csv": file.decode("utf-8")})
    assert answer["Unchanged"] == len(before["Recipients"]) and answer["Made"] == answer["Changed"] == 0
    assert region.staff.call("GET", "/recipients") == before
    assert exported(region, "?search=%E5%B7%9D%E6%9D%91").count(b"\r\n") < file.count(b"\r\n")


def test_a_file_is_taken_whole_and_each_line_is_on_record(region):
    file = ('Name,Kana,Networks,Telephone\r\n"\'=cmd|x, 東",ヒガシ,10.1.0.0/16,"=""0312345678"""\r\n'
            "西小児科,ニシショウニカ,10.2.0.0/16 10.3.0.0/16,\r\n")
    told = region.staff.call("POST", "/recipients/import", {"Csv": file, "DryRun": True})
    assert [line["Becomes"] for line in told["Lines"]] == ["made", "made"]
    assert found(region, "ひがし") == []
    broken = file + "北,キタ,everywhere,\r\n"
    status, refused = refusal(region, "POST", "/recipients/import", {"Csv": broken})
    assert status == 400 and [line["Becomes"] for line in refused["Lines"]] == ["made", "made", "refused"]
    assert found(region, "ひがし") == []

    done = region.staff.call("POST", "/recipients/import", {"Csv": file})
    assert found(region, "ひがし 0312345678") == ["=cmd|x, 東"]
    for line in done["Lines"]:
        (entry,) = region.staff.call("GET", f"/audit?recipient={line['ID']}")["Entries"]
        assert entry["Event"] == "recipient.create"
        assert entry["Facts"] == {"import": hashlib.sha256(file.encode()).hexdigest(),
                                  "line": str(line["Line"])}
    assert b"\"'=cmd|x, " in exported(region)


def test_a_file_of_look_alikes_wants_to_be_acknowledged(region):
    file = "Name,Networks\r\n緑眼科,10.0.0.0/8\r\n緑眼科クリニック,10.0.0.0/8\r\n"
    status, asked = refusal(region, "POST", "/recipients/import", {"Csv": file})
    assert status == 409 and [line["LookAlikeLines"] for line in asked["Lines"]] == [[3], [2]]
    assert found(region, "緑眼科") == []
    region.staff.call("POST", "/recipients/import", {"Csv": file, "Acknowledgement": asked["Acknowledgement"]})
    assert len(found(region, "緑眼科")) == 2


def test_a_file_in_shift_jis_is_refused_with_the_way_out(region):
    misread = "Name,Networks\r\n川村,10.0.0.0/8\r\n".encode("shift_jis").decode("utf-8", "replace")
    status, refused = refusal(region, "POST", "/recipients/import", {"Csv": misread})
    assert status == 400 and "CSV UTF-8" in refused["Details"][0]


def test_a_change_says_which_texts_became_others(region):
    who = region.staff.new_recipient("Somebody Else")
    region.staff.call("PUT", f"/recipients/{who['ID']}",
                      {"Name": "Somebody Else", "Place": "Sapporo", "Telephone": "1", "Networks": ["10.9.0.0/16"]})
    entries = region.staff.call("GET", f"/audit?recipient={who['ID']}&event=recipient.change")["Entries"]
    assert [entry["Facts"] for entry in entries] == [{"fields": "place telephone"}]
    assert "Sapporo" not in json.dumps(entries)
