#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store of a million shares and 100,000 recipients costs the door and staff, without Orthanc.

Every question is put, by build/bench/bench_shares, to a store of SHARES shares and to one of 1,000: rows
have the median and the slowest of a hundred of both, and their ratio (1: as fast as among a thousand).
`authorise` is all that the door does before it looks at what is asked for: who it is, which share it is,
and whether they may; its medians stand beside a limit as well.
Writes OUT: [{Name, Ours, Peer, Unit, Ratio, Under}] as bench.py does, "Peer" being the small store.
"""
import argparse
import json
import pathlib
import subprocess

import network
from figures import write_figures

FEW = 1000
LIMIT_MICROSECONDS = 100


def ask(build, directory, shares):
    directory.mkdir()
    done = subprocess.run([build / "bench/bench_shares", directory, str(shares)],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measure(figures, options, state):
    few = ask(options.build, state / "few", FEW)
    many = ask(options.build, state / "many", options.shares)
    for question, ours in many.items():
        if not isinstance(ours, list):
            figures.add(question, question.rpartition(", ")[2], ours, few[question])
            continue
        for index, which in enumerate(("median", "slowest of a hundred")):
            figures.add(f"{question}: {which}", "µs", ours[index], few[question][index])
        if question.startswith("authorise"):
            figures.add(f"{question}: median, against a limit", "µs", ours[0], LIMIT_MICROSECONDS)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="what is measured")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="where the figures go")
    parser.add_argument("--shares", type=int, default=1_000_000, help="so many in the large store; a tenth as many recipients")
    network.add_argument(parser)
    options = parser.parse_args()
    write_figures(options, f"of {FEW}", measure)
    print(f"Ratio 1: as fast as among {FEW} shares. Written to {options.out}")


if __name__ == "__main__":
    main()
