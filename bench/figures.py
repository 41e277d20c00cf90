# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of a bench: how they are compared, printed and written."""
import json
import pathlib
import statistics
import tempfile

import network


class NoPeer:
    """Stands where the peer would: nothing is asked of it, its rows tell why it is not there."""

    def __init__(self, reason):
        self.name, self.reason = "peer", reason


class Figures:
    """Collects and prints what was measured; `under` what circumstances goes with each row."""

    def __init__(self, under):
        self.rows, self.under = [], under

    def compare(self, name, unit, ours, peer, rounds, measure):
        """Measures in alternation and keeps the medians."""
        doors = [ours] if isinstance(peer, NoPeer) else [ours, peer]
        values = {door: [] for door in doors}
        for _ in range(rounds):
            for door in doors:
                values[door].append(measure(door))
        self.add(name, unit, *(statistics.median(values[door]) for door in doors),
                 note=getattr(peer, "reason", None))

    def add(self, name, unit, ours, peer=None, note=None):
        """Units of time count the other way round. Without a figure of the peer, `note` says why."""
        row = {"Name": name, "Ours": round(ours, 3), "Peer": None, "Unit": unit, "Ratio": None,
               "Under": self.under}
        if peer is None:
            row["Note"] = note
            print(f"{name:52} {ours:10.1f} {'-':>10}  {unit:12} {'-':>9}  {note}", flush=True)
        else:
            ratio = ours / peer if unit.endswith("/s") else peer / ours
            row.update(Peer=round(peer, 3), Ratio=round(ratio, 3))
            print(f"{name:52} {ours:10.1f} {peer:10.1f}  {unit:12} {ratio:8.2f}x", flush=True)
        self.rows.append(row)


def build_type(build):
    cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
    return next(line.partition("=")[2] for line in cache.splitlines()
                if line.startswith("CMAKE_BUILD_TYPE:")) + " build"


def write_figures(options, peer, measure):
    """Runs measure(figures, options, directory) and writes what it collects to `options.out`, also
    when it fails. `peer` is what ours stands beside."""
    options.build = options.build.resolve()
    figures = Figures(f"{network.enter(options)}, {build_type(options.build)}")
    print(figures.under)
    print(f"{'':52} {'ours':>10} {peer:>10}  {'':12} {'ratio':>9}")
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-") as directory:
        try:
            measure(figures, options, pathlib.Path(directory))
        finally:
            options.out.write_text(json.dumps(figures.rows, indent=1) + "\n", encoding="utf-8")
