# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs as files: what the plugin shows to the process that loads it, what a witness brings along."""
import pathlib
import subprocess

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
EXPORTED = {"OrthancPluginInitialize", "OrthancPluginFinalize", "OrthancPluginGetName",
            "OrthancPluginGetVersion"}


def test_exactly_four_symbols_are_exported(build):
    listed = subprocess.run(["nm", "-D", "--defined-only", build / "libOrthancSekisho.so"],
                            capture_output=True, text=True, check=True).stdout
    assert {line.split()[-1] for line in listed.splitlines()} == EXPORTED


def test_no_path_of_the_machine_that_built_it_is_inside(build, sanitizers):
    if sanitizers:
        pytest.skip("gcc's sanitizers write the places of their checks into the code as they are")
    content = (build / "libOrthancSekisho.so").read_bytes()
    assert f"{REPOSITORY}/".encode() not in content


def test_the_witness_knows_no_dicom(build):
    """It runs on another organisation's machine: the less it can read, the better."""
    linked = subprocess.run(["ldd", build / "sekisho-witness"], capture_output=True, text=True,
                            check=True).stdout
    for library in ("dcm", "openjp2", "jsoncpp", "curl"):
        assert library not in linked
