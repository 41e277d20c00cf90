# SPDX-License-Identifier: GPL-3.0-or-later
"""docker-compose.yml as it is: its image is built, its services start, and a clinic is served."""
import pathlib
import platform

import pytest
import requests
import yaml

from composed import (ADDRESS, ComposedHospital, ComposedOrthanc, Images, compose, make_project,
                      mounts_of)
from installed import user_of
from samples import STUDY_UID, read, value

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
DICOM = 'multipart/related; type="application/dicom"; transfer-syntax=*'
VALUES = {"SEKISHO_PUBLIC_URL": f"https://{ADDRESS}:8443", "SEKISHO_STAFF_PASSWORD": "a staff password",
          "SEKISHO_VPN_ADDRESS": "10.20.0.1"}


@pytest.fixture(scope="module")
def project(roots, packages, authority, tmp_path_factory):
    directory = tmp_path_factory.mktemp("project")
    make_project(directory, REPOSITORY, packages, authority, user_of(roots.base, "orthanc"))
    return directory


@pytest.fixture(scope="module")
def service(project):
    resolved = compose(project, "config", **VALUES)
    assert resolved.returncode == 0, resolved.stderr
    return yaml.safe_load(resolved.stdout)["services"]["orthanc"]


@pytest.fixture(scope="module")
def image(roots, service, tmp_path_factory):
    images = Images(tmp_path_factory.mktemp("images"))
    images.take(roots.base, "localhost/debian")
    images.build(service["build"], "localhost/sekisho", BASE="localhost/debian",
                 RELEASE=platform.freedesktop_os_release()["VERSION_ID"])
    return images.root_of("localhost/sekisho")


@pytest.fixture
def hospital(image, service, authority, tmp_path):
    root, settings = image
    volumes = tmp_path / "volumes"
    volumes.mkdir()
    orthanc = ComposedOrthanc(root, settings, service, volumes, tmp_path / "orthanc")
    hospital = ComposedHospital(root, orthanc, authority, volumes)
    with orthanc.running(), orthanc.network():
        yield hospital.open()
        hospital.check()
        hospital.close()


@pytest.mark.parametrize("missing", VALUES)
def test_compose_names_a_value_that_is_not_given(project, missing):
    given = {name: text for name, text in VALUES.items() if name != missing}
    refused = compose(project, "config", "--quiet", **given)
    assert refused.returncode != 0 and missing in refused.stderr


def test_the_ports_are_published_where_the_page_says(service):
    ports = [port if isinstance(port, str) else f"{port['host_ip']}:{port['published']}:{port['target']}"
             for port in service["ports"]]
    assert [port.removesuffix("/tcp") for port in ports] == [
        "127.0.0.1:8042:8042", "10.20.0.1:443:8443"]


def test_a_clinic_gets_the_study_masked_from_the_composed_hospital(hospital, small):
    hospital.archive.store_files(small.files())
    assert hospital.staff.status()["Problems"] == []
    clinic = hospital.clinic(networks=[f"{ADDRESS}/32"], source=ADDRESS)
    root = hospital.share(clinic, small)["DicomWebRoot"]
    study = value(clinic.get(f"{root}/studies").json()[0], STUDY_UID)
    answer = clinic.get(f"{root}/studies/{study}", Accept=DICOM)
    assert len([read(part) for part in answer.parts()]) == len(small.files())
    assert small.survivors(answer.body) == []
    assert (hospital.data / "audit.db").exists()
    assert (hospital.data.parent / "orthanc-storage/db-v6/index").exists()


def test_strangers_get_nothing_of_the_staff_door(hospital):
    assert requests.get(f"{hospital.orthanc.url}/system", timeout=10).status_code == 401
