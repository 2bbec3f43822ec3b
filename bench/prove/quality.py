#!/usr/bin/env python3
"""Measures every figure that the checks promise against its target, afresh.

    ./do prove quality [--full] [--only PART]

Prints `name value unit target ok|short`, one line a figure; exits 1 when one is short. --full checks a hundred
thousand tasks in the server instead of a tenth of them, and runs every fuzzer. Other implementations are run on
the same files in the same run where they are installed (bench/peers/README.md); where not, that is said, and seconds stand
against those measured of them on a like machine.
"""

import json
import os
import re
import sys
import tempfile

from figures import DATA, ROOT, figure, journeys, passed_on, printed, prove, run, stories

PROGRAM = os.path.join(ROOT, "build/release/countersign")
LOCAL = {**os.environ, "COUNTERSIGN_SOURCE": ROOT, "COUNTERSIGN_DATA": DATA}


def bench(*command):
    """{name: value} of the lines `name value unit` that a benchmark prints."""
    out = run(*command, env=LOCAL)
    found = dict((name, float(value)) for name, value in re.findall(r"^(\S+) (-?[\d.e+-]+) \S+", out.stdout, re.M))
    if out.returncode or not found:
        print(out.stdout[-500:] + out.stderr[-500:], file=sys.stderr)
    return found


def tests(_full):
    """The slow oracles, the room's and the command line's; what formats, recordings and checks of files promise."""
    for program in ("quality_test", "app_test", "cli_test"):
        figure(f"{program}_failed", run(os.path.join(ROOT, "build/release", program), env=LOCAL).returncode, "cases", "= 0")


def peers(_full):
    """Agreement, error rates and average precision equal to eight other implementations'; aggregation and label errors many
    times faster than crowd-kit and cleanlab, with the same answers."""
    if printed(os.path.join(ROOT, "bench/peers/run"), env=LOCAL) == 0:
        print("# no other implementation is installed: see bench/peers/README.md")


def aggregation(_full):
    """Accuracy against the best open method's, calibration, and a million labels."""
    passed_on("bench_aggregate_crowd")
    passed_on("bench_aggregate_million")


def fusion(_full):
    """Several people's spans, boxes, words and turns: each line brings its own target, other implementations' among them."""
    passed_on("bench_fusion_real")
    passed_on("bench_fusion_boxes")


def label_errors(_full):
    """cleanlab's rankings with the same probabilities, and a million rows."""
    passed_on("bench_label_errors_confirmed")


def outliers(_full):
    """What belongs to nothing, and 100,000 items: neighbours, near duplicates."""
    passed_on("bench_outliers_far")


def million(_full):
    """A million spans, a million boxes, with exactly the planted errors found."""
    found = bench("bench/check/run")
    for name in ("spans", "boxes"):
        figure(f"check_{name}_annotations", found.get(f"check.{name}.annotations"), "n", ">= 1000000")
        figure(f"check_{name}_million_seconds", found.get(f"check.{name}.seconds"), "s", "< 30")
        figure(f"check_{name}_million_cpu_seconds", found.get(f"check.{name}.cpu_seconds"), "s")
    figure("check_finds_exactly_the_planted", found.get("check.exact"), "bool", "= 1")


def planted(_full):
    """Recall and precision of each kind on real sets, corrupted in known ways."""
    found = bench("bench/planted/run")
    figure("planted_ways", len({name.rsplit(".", 1)[0] for name in found}), "n", ">= 10")
    for name, value in sorted(found.items()):
        figure(name, value, "share")


def command(_full):
    """Every form of the report, a baseline, a repair, and the siblings, on one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.jsonl")
        region = {"id": "s", "control": "n", "kind": "spans", "labels": ["LOC"], "start": 2, "end": 9, "text": " Berlin"}
        with open(path, "w") as f:
            f.write(json.dumps({"countersign": 1, "key": "a", "data": {"text": "in Berlin"},
                                "annotations": [{"person": "", "regions": [region]}]}) + "\n")
        for form in ("text", "json", "sarif", "junit", "html"):
            out = run(PROGRAM, "check", path, "--format", form, "--fail-on", "warning")
            figure(f"check_{form}", int(out.returncode == 8 and "white" in out.stdout), "bool", "= 1")
        known = os.path.join(folder, "known.json")
        run(PROGRAM, "check", path, "--write-baseline", known)
        figure("check_baseline", run(PROGRAM, "check", path, "--baseline", known, "--fail-on", "note").returncode, "code", "= 0")
        figure("check_fix", run(PROGRAM, "check", path, "--fix", "--write").returncode, "code", "= 0")
        figure("check_after_fix", run(PROGRAM, "check", path, "--fail-on", "note").returncode, "code", "= 0")
        figure("diff", run(PROGRAM, "diff", path, path, "--exit-code").returncode, "code", "= 0")
        figure("split", run(PROGRAM, "split", path, "--parts", "a:1,b:1").returncode, "code", "= 0")
        figure("convert", run(PROGRAM, "convert", path, "--to", "conll", "--output", os.path.join(folder, "a.conll")).returncode, "code", "= 0")
        crowd = os.path.join(folder, "crowd.csv")
        with open(crowd, "w") as f:
            f.write("task,worker,label\n" + "".join(f"t{t},w{w},{'cat' if (t + w) % 3 else 'dog'}\n" for t in range(30) for w in range(4)))
        for name in ("agree", "aggregate"):
            figure(name, run(PROGRAM, name, crowd).returncode, "code", "= 0")


def others_use(_full):
    """The pre-commit hook and the action, run as others run them."""
    figure("hook_and_action_failed", run("tests/hooks/run", PROGRAM).returncode, "cases", "= 0")


def parsers(full):
    """Every parser, fuzzed for 20 s (nightly: 5 minutes, `.ci/nightly`); that each format has a fuzzer is one of formats_test."""
    formats = run(os.path.join(ROOT, "build/release/formats_test"), "-tc=every format that is read has a fuzzer*", env=LOCAL)
    figure("formats_without_a_fuzzer", formats.returncode, "cases", "= 0")
    if not full:
        print("# fuzzers are run with --full")
        return
    out = run("tools/fuzz", "20")
    said = re.findall(r"^fuzz (\w+): (nothing found|FAILED)", out.stdout, re.M)
    figure("fuzzers_run", len(said), "n", f"= {len([f for f in os.listdir(os.path.join(ROOT, 'fuzz')) if f.endswith('.cpp')])}")
    figure("fuzzers_failed", len([1 for _, verdict in said if verdict == "FAILED"]), "n", "= 0")


def findings(full):
    """Findings in the server and on screen: a story on the routes, a journey by keyboard, and what checks cost a submit."""
    stories("findings", "story_findings_test")
    journeys("findings_screen", "findings")
    found = bench("bench/findings/run", "--tasks", "100000" if full else "10000")
    figure("server_check_seconds", found.get("findings_check"), "s", "< 60" if full else "< 30")
    figure("server_check_new_again", found.get("findings_new_again"), "findings", "= 0")
    figure("server_label_errors_found", found.get("label_errors_found"), "share")
    figure("server_label_errors_right", found.get("label_errors_right"), "share")
    figure("submit_with_checks_p50_ms", found.get("submit_with_checks_p50"), "ms")
    figure("submit_with_checks_p95_ms", found.get("submit_with_checks_p95"), "ms", "< 15")


if __name__ == "__main__":
    prove(__doc__, [tests, command, others_use, parsers, million, planted, peers, aggregation, fusion, label_errors, outliers, findings],
          ["quality_test", "app_test", "cli_test", "formats_test", "bench_peers_figures", "bench_peers_drawn", "bench_aggregate_crowd",
           "bench_aggregate_million", "bench_fusion_real", "bench_fusion_boxes", "bench_label_errors_confirmed", "bench_outliers_far",
           "story_findings_test"])
