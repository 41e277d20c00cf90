# SPDX-License-Identifier: GPL-3.0-or-later
"""The bench goes on with what the machine has, and says what that was."""
import json
import pathlib
import platform
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "bench"))
import network  # noqa: E402
import timing  # noqa: E402


def kernel_that_permits(*names):
    def set_name(name):
        if name not in names:
            raise PermissionError(1, "Operation not permitted")
    return set_name


def test_cubic_is_measured_where_it_may_be_had():
    assert network.first_that_sets(network.WANTED, kernel_that_permits("reno", "cubic")) == (
        "cubic", {})


def test_where_a_kernel_permits_reno_alone_the_bench_takes_it_and_says_so():
    assert network.first_that_sets(network.WANTED, kernel_that_permits("reno")) == (
        "reno", {"cubic": "Operation not permitted"})


def test_where_a_kernel_permits_neither_what_it_has_is_measured():
    chosen, refused = network.first_that_sets(network.WANTED, kernel_that_permits("bbr"))
    assert chosen is None and list(refused) == ["cubic", "reno"]


def test_without_the_peer_its_rows_say_so_and_all_is_written(build, small, tmp_path):
    out, missing = tmp_path / "bench.json", tmp_path / "libNone.so"
    subprocess.run(["ninja", "-C", build, "bench_mask", "bench_audit", "bench_tls"], check=True,
                   capture_output=True)
    done = subprocess.run(
        [sys.executable, REPOSITORY / "bench/bench.py", "--quick", "--build", build, "--out", out,
         "--study", small.directory, "--peer", missing], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["Name"]: row for row in json.loads(out.read_text(encoding="utf-8"))}
    retrieval = rows["study retrieve, 1 connection(s), ours, plain"]
    assert retrieval["Ours"] > 0 and retrieval["Peer"] is None and retrieval["Ratio"] is None
    assert retrieval["Note"] == f"{missing} is missing"
    assert f"Linux {platform.release()}, TCP " in retrieval["Under"]
    assert rows["access log, 1 caller(s), against a raw append"]["Ratio"] > 0
    assert "peak memory of Orthanc" in rows
    for kind in ("JPEG lossless", "JPEG-LS", "JPEG 2000"):
        assert rows[f"study retrieve, 1 connection, {kind}"]["Ours"] > 0, kind


def test_what_many_shares_and_a_large_patient_cost_is_measured_beside_limits(build, tmp_path):
    out = tmp_path / "scale.json"
    subprocess.run(["ninja", "-C", build, "bench_directory"], check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, REPOSITORY / "bench/scale.py", "--build", build, "--out", out,
         "--shares", "2", "5", "--patients", "2x3", "--recipients", "60"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["Name"]: row for row in json.loads(out.read_text(encoding="utf-8"))}
    for name in ("2 studies, 6 images: first /studies, the slowest of eight at once",
                 "2 studies, 6 images: creation after a preview",
                 "60 recipients: search: a reading", "60 recipients: look-alikes",
                 "5 live shares: one instance", "5 live shares: /studies"):
        assert rows[name]["Ours"] > 0 and rows[name]["Ratio"] > 0, name


def test_what_a_store_of_many_shares_is_asked_is_measured_beside_one_of_few(build, tmp_path):
    out = tmp_path / "shares.json"
    subprocess.run(["ninja", "-C", build, "bench_shares"], check=True, capture_output=True)
    done = subprocess.run([sys.executable, REPOSITORY / "bench/shares.py", "--build", build, "--out", out,
                           "--shares", "2000"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["Name"]: row for row in json.loads(out.read_text(encoding="utf-8"))}
    for name in ("authorise: another share each time: median, against a limit",
                 "authorise: somebody else's share: slowest of a hundred", "create: median",
                 "list: a page in the middle: median", "revoke: median", "file, MB"):
        assert rows[name]["Ours"] > 0 and rows[name]["Ratio"] > 0, name


def test_what_cannot_be_told_apart_is_said_to_be_alike_and_what_can_is_not():
    alike, p = timing.mann_whitney([1, 2, 3, 4], [1, 2, 3, 4])[::-1]
    assert (alike, p) == (0.5, 1.0)
    p, larger = timing.mann_whitney(range(11, 21), range(1, 11))
    assert larger == 1.0 and 0.0001 < p < 0.0002  # z = 50 / sqrt(175)


def test_what_the_time_of_a_refusal_tells_is_measured(build, tmp_path):
    out = tmp_path / "timing.json"
    done = subprocess.run(
        [sys.executable, REPOSITORY / "bench/timing.py", "--build", build, "--out", out,
         "--samples", "2"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = {row["Name"]: row for row in json.loads(out.read_text(encoding="utf-8"))}
    assert {"wrong password", "unknown account", "locked account", "right password, wrong code",
            "disabled person, right password"} <= rows.keys()
    assert all(row["Quartiles"][1] > 1 and row["Samples"] == 2 for row in rows.values())
