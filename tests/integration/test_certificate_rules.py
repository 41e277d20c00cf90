# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of a region's authority: let in by their names, for as long as it vouches for them."""
import concurrent.futures
import itertools
import subprocess
import time

import pytest

from launch import StaffError
from load_balancer import LoadBalancer
from region import Region, openssl
from test_credentials import same
from test_running_downloads import AT_ONCE_SECONDS, SLOWLY, started, wait_for_outcomes

PATIENCE_SECONDS = 15
sources = (f"127.0.4.{last}" for last in itertools.count(1))  # whose refusals are written one by one


class Network:
    """A region with its authorities, and the files that the hospital has of it."""

    def __init__(self, directory):
        self.directory, self.lists = directory, directory / "lists"
        self.lists.mkdir()
        self.region = Region(directory, "Region")
        self.prefecture = Region(directory, "Prefecture", above=self.region)
        self.others = Region(directory, "Others")
        self.bundle = directory / "authorities.pem"
        self.bundle.write_bytes(self.region.certificate.read_bytes())
        self.publish()

    def publish(self, **more):
        self.region.publish(self.lists / "region.pem", **more)
        self.prefecture.publish(self.lists / "prefecture.pem", **more)

    def settings(self):
        return {"CaFile": str(self.bundle), "CrlPath": str(self.lists)}


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return Network(tmp_path_factory.mktemp("region"))


@pytest.fixture(scope="module")
def hospital(hospitals, network, small):
    hospital = hospitals.new()
    hospital.sekisho["Gateway"]["ClientCertificates"] = network.settings()
    hospital.open()
    hospital.archive.store_files(small.files())
    return hospital


@pytest.fixture(scope="module")
def refusal(hospital):
    return hospital.visitor().get("/no/such/place")


def rule(hospital, clinic, kind, name, **more):
    return hospital.staff.call("POST", f"/recipients/{clinic.recipient}/certificate-rules",
                               {"Kind": kind, "Name": name, **more})


def strict_root(hospital, clinic, study):
    return hospital.share(clinic, study, Assurance="certificate")["DicomWebRoot"]


def denial_of(hospital, certificate, root, refusal):
    """What goes on record as the certificate is refused; outside it is what everybody gets."""
    source = next(sources)
    before = len(hospital.entries())
    assert same(hospital.visitor(certificate=certificate, source=source).get(f"{root}/studies"), refusal)
    denial, = [entry["detail"] for entry in hospital.entries()[before:]
               if entry["event"] == "denial" and entry["detail"] != "repeated"]
    return denial


def wait_until(holds, what):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def wait_until_refused(hospital, certificate, root):
    hospital.ledger.doubtful_intents += 1  # one may have begun before
    wait_until(lambda: hospital.visitor(certificate=certificate).get(f"{root}/studies").status == 404,
               "it is let in still")


def problems(hospital):
    return hospital.staff.status()["Problems"]


def test_a_name_lets_in_and_goes_on_when_the_certificate_is_renewed(hospital, network, small):
    clinic = hospital.clinic()
    root = strict_root(hospital, clinic, small)
    made = rule(hospital, clinic, "subject", "cn=Viewer 1, o=kita clinic")
    assert made["Name"] == "CN=Viewer 1,O=kita clinic"
    first = network.region.issue("/O=Kita Clinic/CN=viewer 1")
    second = network.region.issue("/O=Kita Clinic/CN=viewer 1")
    assert hospital.visitor(certificate=first).get(f"{root}/studies").status == 200
    assert hospital.visitor(certificate=second).get(f"{root}/studies").status == 200
    network.region.revoke(first[0])
    network.publish()
    wait_until_refused(hospital, first, root)
    assert hospital.visitor(certificate=second).get(f"{root}/studies").status == 200
    token = hospital.visitor(token=clinic.token, certificate=second)
    assert token.get(f"{root}/studies").status == 200


@pytest.mark.parametrize("kind, name, alternative", [
    ("dns", "Viewer.Kita.example", "DNS:viewer.kita.example"),
    ("email", "sato@KITA.example", "email:sato@kita.example"),
    ("uri", "urn:oid:1.2.392.100495.1", "URI:urn:oid:1.2.392.100495.1"),
])
def test_an_alternative_name_lets_in(hospital, network, small, refusal, kind, name, alternative):
    clinic = hospital.clinic()
    root = strict_root(hospital, clinic, small)
    certificate = network.region.issue("/CN=anybody", alternative)
    assert denial_of(hospital, certificate, root, refusal) == "unnamed_certificate"
    made = rule(hospital, clinic, kind, name)
    assert hospital.visitor(certificate=certificate).get(f"{root}/studies").status == 200
    hospital.staff.call("DELETE", f"/recipients/{clinic.recipient}/certificate-rules/{made['ID']}")
    assert denial_of(hospital, certificate, root, refusal) == "unnamed_certificate"


def test_what_no_authority_vouches_for_is_refused_each_for_its_reason(hospital, network, small, refusal):
    clinic = hospital.clinic()
    root = strict_root(hospital, clinic, small)
    rule(hospital, clinic, "subject", "CN=viewer 2,O=Kita Clinic")
    subject = "/O=Kita Clinic/CN=viewer 2"
    good = network.region.issue(subject)
    assert hospital.visitor(certificate=good).get(f"{root}/studies").status == 200
    assert denial_of(hospital, network.others.issue(subject), root, refusal) == "unknown_authority"
    of_an_authority = network.region.issue(subject, extensions="below")
    assert denial_of(hospital, of_an_authority, root, refusal) == "unfit_certificate"
    revoked = network.region.issue(subject)
    network.region.revoke(revoked[0])
    network.publish()
    wait_until_refused(hospital, revoked, root)
    assert denial_of(hospital, revoked, root, refusal) == "revoked_certificate"
    both = hospital.visitor(token=clinic.token, certificate=revoked)
    assert same(both.get("/dicom-web/studies"), refusal), "whatever stands beside it"


def test_authorities_below_are_followed_where_their_certificates_are_sent_along(
        hospital, network, small, refusal):
    clinic = hospital.clinic()
    root = strict_root(hospital, clinic, small)
    rule(hospital, clinic, "subject", "CN=viewer 3,O=Kita Clinic")
    subject = "/O=Kita Clinic/CN=viewer 3"
    whole = network.prefecture.issue(subject, behind=[network.prefecture])
    assert hospital.visitor(certificate=whole).get(f"{root}/studies").status == 200
    alone = network.prefecture.issue(subject)
    assert denial_of(hospital, alone, root, refusal) == "unknown_authority"
    (network.lists / "prefecture.pem").unlink()
    try:
        wait_until_refused(hospital, whole, root)
        assert denial_of(hospital, whole, root, refusal) == "unknown_revocation"
    finally:
        network.publish()
    wait_until(lambda: hospital.visitor(certificate=whole).get(f"{root}/studies").status == 200, "a list")


def test_a_certificate_of_two_recipients_lets_nobody_in(hospital, network, small, refusal):
    clinic, other = hospital.clinic(), hospital.clinic("Dr. Hayashi")
    root = strict_root(hospital, clinic, small)
    rule(hospital, clinic, "subject", "CN=viewer 4,O=Kita Clinic")
    certificate = network.region.issue("/O=Kita Clinic/CN=viewer 4")
    with pytest.raises(StaffError) as taken:
        rule(hospital, other, "subject", "CN=VIEWER 4,O=Kita Clinic")
    assert taken.value.status == 409
    assert hospital.visitor(certificate=certificate).get(f"{root}/studies").status == 200
    lines = certificate[0].read_text(encoding="ascii")
    hospital.staff.call("POST", f"/recipients/{other.recipient}/certificates", {"Pem": lines})
    assert denial_of(hospital, certificate, root, refusal) == "ambiguous_certificate"


def test_a_list_that_is_missing_overdue_or_damaged_refuses_everybody_and_is_told(
        hospital, network, small, refusal):
    clinic = hospital.clinic()
    root = strict_root(hospital, clinic, small)
    rule(hospital, clinic, "subject", "CN=viewer 5,O=Kita Clinic")
    certificate = network.region.issue("/O=Kita Clinic/CN=viewer 5")
    viewer = hospital.visitor(certificate=certificate)
    opens = lambda: viewer.get(f"{root}/studies").status == 200  # noqa: E731
    wait_until(opens, "all is well")
    place = network.lists / "region.pem"
    try:
        place.unlink()
        wait_until_refused(hospital, certificate, root)
        assert denial_of(hospital, certificate, root, refusal) == "unknown_revocation"
        assert any("has signed none of the revocation lists" in text for text in problems(hospital))
        place.write_text("half a li", encoding="ascii")
        wait_until(lambda: any("region.pem" in text and "damaged" in text for text in problems(hospital)),
                   "damaged")
        assert denial_of(hospital, certificate, root, refusal) == "unknown_revocation"
        network.publish(seconds=8)
        wait_until(opens, "mended")
        wait_until_refused(hospital, certificate, root)
        wait_until(lambda: any("was due to be replaced" in text for text in problems(hospital)), "told")
        assert denial_of(hospital, certificate, root, refusal) == "unknown_revocation"
        easy = hospital.share(clinic, small)["DicomWebRoot"]
        assert clinic.get(f"{easy}/studies").status == 200, "a token needs no list"
    finally:
        network.publish()
    wait_until(opens, "a new list")
    wait_until(lambda: not problems(hospital), "nothing is wrong")
    assert hospital.orthanc.log().count("has signed none of the revocation lists") == 1


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_the_handshake_names_the_authorities_and_is_never_shortened(hospital, network, version, tmp_path):
    def s_client(*options):
        done = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{hospital.gateway_port}", "-servername", "localhost",
             "-CAfile", hospital.authority.certificate, version, "-ign_eof", *options], text=True,
            input="GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", capture_output=True,
            timeout=60)
        return done.stdout
    certificate, key = network.region.issue("/O=Kita Clinic/CN=viewer 6")
    shown = ("-cert", certificate, "-key", key)
    printed = s_client(*shown, "-sess_out", tmp_path / "session")
    names = printed.split("Acceptable client certificate CA names\n")[1].splitlines()
    assert names[0] == "O = Kita Region, CN = Region" and "CN" not in names[1]
    if (tmp_path / "session").exists():
        assert "Reused, " not in s_client(*shown, "-sess_in", tmp_path / "session")


def test_a_second_authority_is_known_without_a_restart(hospital, network, small):
    clinic = hospital.clinic()
    root = strict_root(hospital, clinic, small)
    certificate = network.others.issue("/O=Kita Clinic/CN=viewer 7")
    fresh = network.directory / "fresh.pem"
    try:
        network.others.publish(network.lists / "others.pem")
        fresh.write_bytes(network.region.certificate.read_bytes() + network.others.certificate.read_bytes())
        fresh.rename(network.bundle)
        wait_until(lambda: len(hospital.staff.status()["ClientAuthorities"]) == 2, "two")
        authority = hospital.staff.status()["ClientAuthorities"][1]
        assert authority["Name"] == "CN=Others,O=Kita Region" and authority["RevocationListUntil"]
        with pytest.raises(StaffError):
            rule(hospital, clinic, "subject", "CN=viewer 7,O=Kita Clinic")
        rule(hospital, clinic, "subject", "CN=viewer 7,O=Kita Clinic", Authority=authority["Key"])
        assert hospital.visitor(certificate=certificate).get(f"{root}/studies").status == 200
    finally:
        fresh.write_bytes(network.region.certificate.read_bytes())
        fresh.rename(network.bundle)
    wait_until_refused(hospital, certificate, root)


def test_behind_a_load_balancer_the_certificate_is_the_clients(hospitals, network, small, tmp_path):
    hospital = hospitals.new()
    hospital.sekisho["Gateway"].update(ClientCertificates=network.settings(), ProxyPeers=["127.0.0.9"])
    hospital.open()
    hospital.archive.store_files(small.files())
    balancer = LoadBalancer(tmp_path, hospital.gateway_port, "127.0.0.9").start()
    try:
        clinic = hospital.clinic()
        root = strict_root(hospital, clinic, small)
        rule(hospital, clinic, "subject", "CN=viewer 8,O=Kita Clinic")
        viewer = hospital.visitor(certificate=network.region.issue("/O=Kita Clinic/CN=viewer 8"))
        viewer.url = balancer.url
        assert viewer.get(f"{root}/studies").status == 200
    finally:
        balancer.close()


@pytest.mark.parametrize("flaw, reason", [
    ("missing", "No such file or directory"), ("no authority", "CA:TRUE"), ("SHA-1", "less than SHA-256"),
    ("key", "something else than certificates")])
def test_a_start_with_a_wrong_file_says_which_and_why(hospitals, network, tmp_path, flaw, reason):
    bundle = tmp_path / "authorities.pem"
    certificate, key = network.region.issue("/CN=viewer 9")
    if flaw == "no authority":
        bundle.write_bytes(certificate.read_bytes())
    elif flaw == "key":
        bundle.write_bytes(network.region.certificate.read_bytes() + key.read_bytes())
    elif flaw == "SHA-1":
        openssl("req", "-x509", "-new", "-key", key, "-sha1", "-subj", "/CN=Old", "-out", bundle,
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    hospital = hospitals.new()
    hospital.sekisho["Gateway"]["ClientCertificates"] = {**network.settings(), "CaFile": str(bundle)}
    hospital.orthanc.start()
    hospital.orthanc.wait_until(lambda: hospital.orthanc.answers() and problems(hospital))
    hospital.should_run = True
    trouble, = [text for text in problems(hospital) if text.startswith("The recipient door is shut: ")]
    assert str(bundle) in trouble and reason in trouble
    assert '"Sekisho.Gateway.ClientCertificates.CaFile"' in trouble
    assert reason in hospital.orthanc.log()
    hospital.close()


def test_there_are_no_rules_without_authorities(hospitals):
    hospital = hospitals.new().open()
    with pytest.raises(StaffError) as refused:
        rule(hospital, hospital.clinic(), "dns", "viewer.kita.example")
    assert refused.value.status == 409
    hospital.close()


@pytest.fixture(scope="module")
def loaded(hospital, large):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(hospital.archive.store_files, [large.files()[start::4] for start in range(4)]))
    return hospital


@pytest.mark.parametrize("end", ["list", "rule"])
def test_a_running_download_is_cut_within_a_second(loaded, large, network, end):
    clinic = loaded.clinic()
    share = loaded.share(clinic, large, Assurance="certificate")
    name = f"viewer 10 {end}"
    made = rule(loaded, clinic, "subject", f"CN={name},O=Kita Clinic")
    certificate = network.region.issue(f"/O=Kita Clinic/CN={name}")
    download = started(loaded.visitor(certificate=certificate), share)
    ends = len([entry for entry in loaded.entries() if entry["event"] == "transfer.end"])
    if end == "list":
        network.region.revoke(certificate[0])
        network.region.publish(network.lists / "region.pem")
    else:
        loaded.staff.call("DELETE", f"/recipients/{clinic.recipient}/certificate-rules/{made['ID']}")
    seconds = download.read_slowly_until_cut(SLOWLY, 10)
    assert seconds < AT_ONCE_SECONDS, f"it took {seconds:.2f} s"
    assert wait_for_outcomes(loaded, ends + 1)[-1]["detail"] == "revoked"
