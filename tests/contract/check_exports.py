#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the plugin's exported symbols: the four that Orthanc looks for. Usage: NM PLUGIN."""
import subprocess
import sys

WANTED = {"OrthancPluginInitialize", "OrthancPluginFinalize", "OrthancPluginGetName",
          "OrthancPluginGetVersion"}


def main():
    nm, plugin = sys.argv[1:]
    listing = subprocess.run([nm, "-D", "--defined-only", plugin], capture_output=True, text=True,
                             check=True).stdout
    exported = {line.split()[-1] for line in listing.splitlines()}
    for name in sorted(exported - WANTED):
        print(f"exported, and nobody's business: {name}")
    for name in sorted(WANTED - exported):
        print(f"not exported: {name}")
    return 0 if exported == WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
