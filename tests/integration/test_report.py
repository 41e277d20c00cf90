# SPDX-License-Identifier: GPL-3.0-or-later
"""Who saw what of a patient: the report that a hospital hands out, and that others check."""
import html
import re
import shutil
import subprocess

import pytest

from samples import STUDY_UID, value

DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
SAID = {
    "ja": ("患者情報アクセス報告書", "画像等の送信", "送信完了", "共有の設定", "参照 (reference)"),
    "en": ("Report of access to a patient's data", "Images sent", "sent completely",
           "Share created", "From 127.0.0.1"),
}


@pytest.fixture(scope="module")
def retrieved(hospital, small):
    """A study that a clinic has fetched; gives the clinic."""
    clinic = hospital.clinic(name="小林クリニック")
    root = hospital.share(clinic, small, Profile="ps3.15-basic")["DicomWebRoot"]
    study = value(clinic.get(f"{root}/studies").json()[0], STUDY_UID)
    answer = clinic.get(f"{root}/studies/{study}", Accept=DICOM)
    hospital.outcome_of(int(answer.receipt))
    return clinic


def report(hospital, small, file, language, form, *more):
    hospital.audit("report", "--data", hospital.data, "--patient", small.patient,
                   "--lang", language, "--format", form, "--zone", "+09:00", "--to", file, *more,
                   check=True)
    return file


def text_of(file):
    """As a reader sees it."""
    if file.suffix == ".html":
        text = re.sub(r"<style>.*?</style>|<pre id=\"evidence\">.*?</pre>", "",
                      file.read_text(encoding="utf-8"), flags=re.DOTALL)
        return html.unescape(re.sub("<[^>]*>", " ", text))
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True,
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
    proofs = re.split(r"^opened .*\n", html.unescape(evidence), flags=re.MULTILINE)[1:]
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
