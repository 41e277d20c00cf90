# SPDX-License-Identifier: GPL-3.0-or-later
"""Who saw what of a patient: the report that a hospital hands out, and that others check."""
import html
import re
import shutil
import subprocess

import pytest

import examinations
from examinations import CHEST, HEAD, KNEE
from samples import INSTANCE_UID, SERIES_UID, STUDY_UID, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
ONE_FILE = "application/dicom; transfer-syntax=*"
SAID = {
    "ja": ("患者情報アクセス報告書", "画像等の送信", "送信完了", "共有の設定", "画像の参照"),
    "en": ("Report of access to a patient's data", "Images sent", "sent completely",
           "Share created", "From 127.0.0.1"),
}
# What a patient asks: whose report, of whom; who; which examination; what; why.
TOLD = {
    "ja": ("関所総合病院", "山田 花子（やまだ はなこ） 様", "山手クリニック", "医療法人社団 山手会",
           "佐藤 健一", "北読影センター", "2026年1月15日　CT　胸部単純", "2026年2月3日　MRI　頭部MRA",
           "2026年3月10日　X線撮影　右膝関節 2方向", "画像の閲覧", "画像等の送信", "共有の取消し",
           "すべての検査（今後の検査を含む）", "読影（画像診断）", "紹介先での経過観察のため",
           "頭部MRAの二次読影", "診療が終了したため", "この患者さんについての記録", "DICOM標準の匿名化"),
    "en": ("関所総合病院", "Yamada Hanako (山田 花子)", "山手クリニック", "北読影センター",
           "15 January 2026 · CT · 胸部単純", "3 February 2026 · MRI · 頭部MRA",
           "10 March 2026 · X-ray", "Images viewed", "Images sent", "Share revoked",
           "every examination, future ones too", "Reading (diagnosis)",
           "紹介先での経過観察のため", "the records about this patient"),
}
CODES = ("ps3.15-basic", "minimum-disclosure", "reference", "identifiers-kept", "2.999.77")


@pytest.fixture(scope="module")
def retrieved(hospital, small):
    """A study that a clinic has fetched; gives the clinic."""
    clinic = hospital.clinic(name="小林クリニック")
    root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    study = value(clinic.get(f"{root}/studies").json()[0], STUDY_UID)
    answer = clinic.get(f"{root}/studies/{study}", Accept=DICOM)
    hospital.outcome_of(answer.receipt.number)
    return clinic


@pytest.fixture(scope="module")
def told(hospitals):
    """A hospital in which two clinics have seen three examinations of one patient."""
    hospital = hospitals.new(sekisho={"Institution": "関所総合病院"}).open()
    for examination in examinations.ALL:
        for file in examination.files():
            hospital.archive.store(file)
    yamate = hospital.clinic(name="山手クリニック", Organisation="医療法人社団 山手会")
    sato = hospital.clinic(name="佐藤 健一", Organisation="北読影センター")
    chest = hospital.staff.new_share(yamate.recipient, studies(CHEST), Assurance="password",
                                     Profile="none", Purpose="紹介先での経過観察のため")
    read = hospital.staff.new_share(sato.recipient, studies(CHEST, HEAD), Assurance="password",
                                    IntendedUse="reading", Purpose="頭部MRAの二次読影")
    every = hospital.staff.new_share(yamate.recipient,
                                     {"Level": "Patient", "PatientID": examinations.PATIENT},
                                     Assurance="password", Profile="minimum-disclosure")
    for clinic, share in ((yamate, chest), (sato, read)):
        for row in clinic.get(f"{share['DicomWebRoot']}/studies").json():
            answer = clinic.get(f"{share['DicomWebRoot']}/studies/{value(row, STUDY_UID)}",
                                Accept=DICOM)
            hospital.outcome_of(answer.receipt.number)
    view(yamate, every["DicomWebRoot"])
    hospital.staff.revoke(chest["ID"], "診療が終了したため")
    hospital.staff.call("GET", "/audit", params={"patient": examinations.PATIENT})
    return hospital


def studies(*examined):
    return {"Level": "Study", "Uids": [examination.uid for examination in examined]}


def view(clinic, root):
    """As a viewer does: the list, then the images of every study, one by one."""
    for study in clinic.get(f"{root}/studies").json():
        rows = clinic.get(f"{root}/studies/{value(study, STUDY_UID)}/instances").json()
        for row in rows:
            clinic.get(f"{root}/studies/{value(row, STUDY_UID)}/series/{value(row, SERIES_UID)}"
                       f"/instances/{value(row, INSTANCE_UID)}", Accept=ONE_FILE)


@pytest.mark.parametrize("form", ["html", "pdf"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_patient_reads_who_saw_which_examination_when_and_why(told, tmp_path, language, form):
    file = report_of(told, examinations.PATIENT, tmp_path / f"report.{form}", language, form,
                     "--time-zone", "Asia/Tokyo")
    text = text_of(file)
    annex = text.index({"ja": "付録：報告書を確認する方へ", "en": "Annex, for whoever"}[language])
    seen = without_spaces(text[:annex])
    for said in TOLD[language]:
        assert without_spaces(said) in seen, said
    if language == "ja":
        for code in CODES:
            assert code not in seen, code
    for examination in examinations.ALL:
        assert examination.uid in without_spaces(text[annex:])
    checked = told.audit("report", "--check", file, "--key", told.data / "audit.pub",
                         "--data", told.data)
    assert checked.returncode == 0, checked.stdout


def test_no_heading_stands_alone_at_the_foot_of_a_page(told, tmp_path):
    page = report_of(told, examinations.PATIENT, tmp_path / "report.html", "ja", "html")
    headings = {without_spaces(html.unescape(text)) for text in re.findall(
        r"<(?:caption|h[12]|th scope=.col.)[^>]*>([^<]*)<", page.read_text(encoding="utf-8"))}
    assert "すべての記録（時刻順）" in headings
    file = report_of(told, examinations.PATIENT, tmp_path / "report.pdf", "ja", "pdf")
    pages = text_of(file, "-layout").split("\f")[:-1]
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        *_, last, foot = [line for line in text.splitlines() if line.strip()]
        assert without_spaces(foot).endswith(f"{number}/{len(pages)}")
        cells = {without_spaces(cell) for cell in re.split(r"\s{2,}", last.strip())}
        assert not cells <= headings, last


def test_a_report_may_be_of_days_and_name_who_makes_it(told, tmp_path):
    file = report_of(told, examinations.PATIENT, tmp_path / "report.html", "ja", "html",
                     "--from", "2026-01-01T00:00:00+09:00", "--time-zone", "Asia/Tokyo",
                     "--institution", "関所総合病院 医療情報部", "--patient-name", "山田 花子")
    seen = text_of(file)
    for said in ("2026年1月1日から作成時まで", "関所総合病院 医療情報部", "山田 花子 様"):
        assert said in seen, said
    assert told.audit("report", "--check", file, "--key", told.data / "audit.pub",
                      "--data", told.data).returncode == 0


def report(hospital, small, file, language, form, *more):
    return report_of(hospital, small.patient, file, language, form, "--time-zone", "+09:00", *more)


def report_of(hospital, patient, file, language, form, *more):
    hospital.audit("report", "--data", hospital.data, "--patient", patient,
                   "--lang", language, "--format", form, "--to", file, *more, check=True)
    return file


def text_of(file, order="-raw"):
    """As a reader sees it: cell by cell, or with `-layout` line by line."""
    if file.suffix == ".html":
        text = re.sub(r"<style>.*?</style>|<pre id=\"evidence\">.*?</pre>", "",
                      file.read_text(encoding="utf-8"), flags=re.DOTALL)
        return html.unescape(re.sub("<[^>]*>", " ", text))
    return subprocess.run(["pdftotext", order, file, "-"], capture_output=True, text=True,
                          check=True).stdout


def without_spaces(text):
    """Lines are broken where there is no room for more."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("form", ["html", "pdf"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_strangers_read_and_check_who_saw_what(hospital, retrieved, small, tmp_path, language,
                                               form):
    file = report(hospital, small, tmp_path / f"report.{form}", language, form)
    seen = without_spaces(text_of(file))
    for said in (*SAID[language], "小林クリニック", small.patient):
        assert without_spaces(said) in seen, said
    key = shutil.copy(hospital.data / "audit.pub", tmp_path / "key")
    assert hospital.audit("report", "--check", file, "--key", key).returncode == 0
    compared = hospital.audit("report", "--check", file, "--key", key, "--data", hospital.data)
    assert compared.returncode == 0, compared.stdout
    other = tmp_path / "other"
    other.mkdir()
    hospital.audit("init", "--data", other, "--origin", "audit.other.example/log", check=True)
    foreign = hospital.audit("report", "--check", file, "--key", other / "audit.pub")
    assert foreign.returncode == 1 and foreign.stdout.startswith("NOT PROVEN")


def test_the_pdf_brings_the_evidence_along(hospital, retrieved, small, tmp_path):
    file = report(hospital, small, tmp_path / "report.pdf", "ja", "pdf")
    attached = tmp_path / "attached.html"
    subprocess.run(["pdfdetach", "-save", "1", "-o", attached, file], check=True,
                   capture_output=True)
    assert hospital.audit("report", "--check", attached, "--key",
                          hospital.data / "audit.pub").returncode == 0
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout
    embedded = [line.split()[-5] for line in fonts.splitlines()[2:]]
    assert embedded and set(embedded) == {"yes"}


def test_every_entry_of_the_evidence_is_a_receipt_by_itself(hospital, retrieved, small, tmp_path):
    file = report(hospital, small, tmp_path / "report.html", "en", "html")
    (evidence,) = re.findall(r'<pre id="evidence">\n(.*?)</pre>', file.read_text(encoding="utf-8"),
                             flags=re.DOTALL)
    proofs = re.split(r"^opened .*\n(?:aside .*\n)?", html.unescape(evidence), flags=re.MULTILINE)[1:]
    assert len(proofs) >= 4  # a share, a search, a transfer and its end
    for number, proof in enumerate(proofs):
        receipt = tmp_path / f"{number}.tlog-proof"
        receipt.write_text(proof, encoding="utf-8")
        checked = hospital.audit("receipt", "--check", receipt, "--key",
                                 hospital.data / "audit.pub")
        assert checked.returncode == 0, checked.stdout


def test_the_plugin_draws_nothing(build):
    linked = subprocess.run(["ldd", build / "libOrthancSekisho.so"], capture_output=True,
                            text=True, check=True).stdout
    assert "pango" not in linked and "cairo" not in linked
