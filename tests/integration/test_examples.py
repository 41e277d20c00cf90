# SPDX-License-Identifier: GPL-3.0-or-later
"""The example configurations really load: only places and ports of this machine are put in."""
import json
import pathlib
import re

import pytest

EXAMPLES = sorted((pathlib.Path(__file__).resolve().parents[2] / "orthanc-config").glob("*.json"))
STRING_OR_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)


def without_comments(text):
    """Orthanc's configuration is JSON with the comments of C++."""
    return STRING_OR_COMMENT.sub(lambda match: match.group(1) or "", text)


def test_there_is_an_example():
    assert EXAMPLES


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_opens_the_door(hospitals, example):
    hospital = hospitals.new()
    written = json.loads(without_comments(example.read_text(encoding="utf-8")))
    here = hospital.orthanc.configuration
    sekisho = written.get("Sekisho", {})
    for setting in ("DataDirectory", "PublicUrl", "Gateway", "PlainListener"):
        if setting in sekisho and setting in here["Sekisho"]:
            sekisho[setting] = here["Sekisho"][setting]
    hospital.orthanc.configuration = {**written, **here, "Sekisho": sekisho or here["Sekisho"]}
    hospital.open()
