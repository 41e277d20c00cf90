# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests with real clients share."""
import pathlib
import sys

import pytest

INTEGRATION = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(INTEGRATION), str(INTEGRATION.parent / "web")]
from browser import Browser  # noqa: E402
from javascript import HERE  # noqa: E402
from viewer_site import ViewerSite  # noqa: E402


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def site():
    """Where a viewer's pages come from."""
    site = ViewerSite(HERE)
    yield site
    site.close()
