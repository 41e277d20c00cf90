# SPDX-License-Identifier: GPL-3.0-or-later
"""npm's @ohif/app, as a clinic would set it up: its built pages, a share as its one data source."""
import base64
import json
import time

import numpy

from javascript import modules
from pictures import downscaled
from viewer_site import ViewerSite

# Calls back with width, height and the cells of the picture as drawn; with nothing while none is.
_READ_CANVAS = """
const done = arguments[0], canvas = document.querySelector('canvas.cornerstone-canvas');
if (!canvas || !canvas.width) return done(null);
const { width, height } = canvas;
const bytes = canvas.getContext('2d').getImageData(0, 0, width, height).data;
let text = '';
for (let at = 0; at < bytes.length; at += 32768)
  text += String.fromCharCode(...bytes.subarray(at, at + 32768));
done([width, height, btoa(text)])"""


def configuration(root):
    """app-config.js: what OHIF's own for a DICOMweb server says, and nothing that asks people."""
    source = {"friendlyName": "A share", "name": "share", "wadoUriRoot": root, "qidoRoot": root,
              "wadoRoot": root, "qidoSupportsIncludeField": True, "supportsFuzzyMatching": True,
              "supportsWildcard": True, "imageRendering": "wadors", "thumbnailRendering": "wadors",
              "enableStudyLazyLoad": True, "singlepart": "bulkdata,video,pdf",
              "bulkDataURI": {"enabled": True}, "omitQuotationForMultipartRequest": True}
    return {"routerBasename": None, "extensions": [], "modes": [], "showStudyList": True,
            "maxNumberOfWebWorkers": 2, "investigationalUseDialog": {"option": "never"},
            "maxNumRequests": {"interaction": 100, "thumbnail": 5, "prefetch": 25},
            "defaultDataSourceName": "share", "dataSources": [
                {"namespace": "@ohif/extension-default.dataSourcesModule.dicomweb",
                 "sourceName": "share", "configuration": source}]}


class Viewer:
    """OHIF in a browser, on the web server of a clinic."""

    def __init__(self):
        self.site = ViewerSite(modules() / "@ohif/app/dist", front="index.html")
        self.browser = None

    def shows(self, clinic, root):
        """From now on its data source is the share at `root`, as `clinic`."""
        self.site.clinic = clinic
        text = f"window.config = {json.dumps(configuration(root.removeprefix(self.site.url)))}"
        self.site.pages["/app-config.js"] = text.encode()

    def open(self, study=None):
        """The list of studies, or one of them."""
        self.site.requests.clear()
        path = f"/viewer?StudyInstanceUIDs={study}" if study else "/"
        self.browser.open(self.site.url + path)

    def picture(self):
        """What is drawn, (rows, columns, 3); None while nothing is."""
        told = self.browser.run(_READ_CANVAS)
        if told is None:
            return None
        width, height, cells = told
        cells = numpy.frombuffer(base64.b64decode(cells), numpy.uint8)
        return cells.reshape(height, width, 4)[..., :3]

    def wait_for(self, is_there, seconds):
        """Returns what `is_there()` gives as soon as that is something; else its last answer."""
        deadline = time.monotonic() + seconds
        while not (found := is_there()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found


def difference(picture, expected):
    """Mean difference in grey levels between what is drawn, in the middle and as large as fits, and
    what is expected, both seen from afar; 255 where nothing is drawn."""
    if picture is None:
        return 255
    scale = min(picture.shape[0] / expected.shape[0], picture.shape[1] / expected.shape[1])
    rows, columns = (int(scale * size) for size in expected.shape[:2])
    top, left = (picture.shape[0] - rows) // 2, (picture.shape[1] - columns) // 2
    drawn = downscaled(picture[top:top + rows, left:left + columns])
    return float(numpy.abs(drawn - downscaled(expected)).mean())
