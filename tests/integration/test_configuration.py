# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong as written stops Orthanc with every reason; what goes wrong with time only shuts the door."""
import pytest

from launch import LaunchError, StaffError


@pytest.fixture
def hospital(hospitals):
    return hospitals.new()


def refused(hospital):
    """Starts Orthanc, which must end by itself; returns its log."""
    with pytest.raises(LaunchError) as ended:
        hospital.open()
    assert hospital.orthanc.process.returncode not in (None, 0, -6, -11)
    return str(ended.value)


def test_every_problem_is_reported_at_once(hospital):
    hospital.sekisho["Gatewey"] = {}
    hospital.sekisho["MaximumExpiryDays"] = "a year"
    hospital.sekisho["DataDirectory"] = "relative/path"
    log = refused(hospital)
    for name in ("Gatewey", "MaximumExpiryDays", "DataDirectory"):
        assert name in log


@pytest.mark.parametrize("key, wrong", [
    ("DataDirectory", None), ("DataDirectory", 7), ("DataDirectory", ""), ("PublicUrl", "not a url"),
    ("PublicUrl", "http://hospital.example"), ("Gateway", None), ("Gateway", []),
    ("Unknown", True)])
def test_a_setting_that_is_wrong_as_written_stops_orthanc(hospital, key, wrong):
    hospital.sekisho[key] = wrong
    log = refused(hospital)
    assert f"Sekisho.{key}" in log


@pytest.mark.parametrize("key, wrong", [
    ("Port", 70000), ("Port", "8443"), ("Port", -1), ("Address", "not an address"),
    ("Certificate", 5), ("PrivateKey", ""), ("Adress", "127.0.0.1")])
def test_a_wrong_setting_of_the_gateway_stops_orthanc(hospital, key, wrong):
    hospital.sekisho["Gateway"][key] = wrong
    assert f"Gateway.{key}" in refused(hospital)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::"])
def test_the_plain_listener_is_for_this_machine_only(hospital, address):
    hospital.sekisho["PlainListener"] = {"Address": address, "Port": 9999}
    assert "PlainListener" in refused(hospital)


@pytest.mark.parametrize("section", [{}, {"Sekisho": {"Enabled": False}}],
                         ids=["not written yet", "switched off"])
def test_without_being_switched_on_the_plugin_stays_away_and_orthanc_runs(hospital, section):
    del hospital.orthanc.configuration["Sekisho"]
    hospital.orthanc.configuration.update(section)
    hospital.orthanc.start()
    hospital.orthanc.wait_until(hospital.orthanc.answers)
    with pytest.raises(StaffError):
        hospital.staff.status()
    hospital.close()
    assert "Sekisho is switched off" in hospital.orthanc.log()


def closed_with_reason(hospital):
    """Starts Orthanc, which must run; returns what the status says is wrong."""
    hospital.orthanc.start()
    hospital.orthanc.wait_until(
        lambda: hospital.staff.status()["Problems"] != ["Orthanc is starting."])
    assert not hospital.staff.door_is_open()
    problems = hospital.staff.status()["Problems"]
    assert hospital.orthanc.stop() == 0
    return " ".join(problems)


def test_an_expired_certificate_shuts_the_door_and_nothing_else(hospital, authority):
    certificate, key = authority.issue("expired", "serverAuth", ("localhost",), days=0)
    hospital.sekisho["Gateway"].update(Certificate=str(certificate), PrivateKey=str(key))
    assert "expired" in closed_with_reason(hospital)


def test_a_missing_certificate_shuts_the_door_and_nothing_else(hospital):
    hospital.sekisho["Gateway"]["Certificate"] = "/nonexistent/gateway.pem"
    assert "certificate" in closed_with_reason(hospital).lower()


def test_a_key_of_another_certificate_shuts_the_door_and_nothing_else(hospital, authority):
    _, key = authority.issue("other", "serverAuth", ("localhost",))
    hospital.sekisho["Gateway"]["PrivateKey"] = str(key)
    assert "key" in closed_with_reason(hospital).lower()


def test_a_port_that_is_taken_shuts_the_door_and_nothing_else(hospital, hospitals):
    other = hospitals.new().open()
    hospital.sekisho["Gateway"]["Port"] = other.gateway_port
    assert closed_with_reason(hospital) != ""
    other.close()


def test_a_spoiled_log_shuts_the_door_and_nothing_else(hospital):
    hospital.open()
    hospital.close()
    with open(hospital.data / "audit.db", "r+b") as database:
        database.seek(0)
        database.write(b"\0" * 4096)
    assert "audit.db" in closed_with_reason(hospital)


def test_a_good_start_leaves_one_line_in_the_log(hospital):
    hospital.open()
    (line,) = [line for line in hospital.orthanc.log().splitlines() if "Sekisho" in line
               and "staff API" in line]
    size = len(hospital.entries())
    assert "recipient door open, TLS port" in line
    assert line.endswith(f"access log localhost/sekisho with {size} entries.")


def test_the_log_knows_what_the_hospital_is_called(hospital):
    hospital.sekisho["Institution"] = "関所総合病院"
    hospital.open()
    started = [entry for entry in hospital.entries() if entry["event"] == "service.start"]
    assert [entry["facts"] for entry in started] == [{"institution": "関所総合病院"}]
