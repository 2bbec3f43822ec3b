"""Issue 5: automated quality checks. What exists is measured; what does not is `short`.

Usage: ./do prove quality [--full] [--only PART]
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from figures import DATA, ROOT, figure, journeys, passed_on, prove, run

PROGRAM = os.path.join(ROOT, "build/release/countersign")
LOCAL = {**os.environ, "COUNTERSIGN_SOURCE": ROOT, "COUNTERSIGN_DATA": DATA}


def bench(*command):
    """{name: value} of the lines `name value unit` that a benchmark prints."""
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=LOCAL)
    found = dict((name, float(value)) for name, value in re.findall(r"^(\S+) (-?[\d.]+) \S+$", out.stdout, re.M))
    if not found:
        print(out.stdout[-500:] + out.stderr[-500:], file=sys.stderr)
    return found


def tests(_full):
    """The slow oracles, the room's and the command line's."""
    for program in ("quality_test", "cli_test"):
        figure(f"{program}_failed", run(os.path.join(ROOT, "build/release", program), env=LOCAL).returncode, "cases", "= 0")


def aggregation(_full):
    """Accuracy against the best open method's, calibration, and a million labels; ratios are against REFERENCE.md's CPU seconds."""
    passed_on("bench_aggregate_crowd")
    passed_on("bench_aggregate_million")


def outliers(_full):
    passed_on("bench_outliers_far")


def fusion(_full):
    """Each line brings its own target: REFERENCE.md sections 2.4 and 3, other implementations' figures among them."""
    passed_on("bench_fusion_real")
    passed_on("bench_fusion_boxes")


def label_errors(_full):
    """cleanlab's rankings with the same probabilities, and a million rows; ratios are against REFERENCE.md's CPU seconds."""
    passed_on("bench_label_errors_confirmed")


def million(full):
    found = bench("bench/check/run", *([] if full else ["--rows", "0.2"]))
    share = 1 if full else 0.2
    for name in ("spans", "boxes"):
        seconds = found.get(f"check.{name}.seconds")
        figure(f"check_{name}_million_seconds", seconds and seconds / share, "s", "< 30")
        cpu = found.get(f"check.{name}.cpu_seconds")
        figure(f"check_{name}_million_cpu_seconds", cpu and cpu / share, "s")
    figure("check_finds_exactly_the_planted", found.get("check.exact"), "bool", "= 1")


def planted(_full):
    found = bench("bench/planted/run")
    kinds = {name.rsplit(".", 1)[0] for name in found}
    figure("planted_ways", len(kinds), "n", ">= 10")
    for name, value in sorted(found.items()):
        figure(name, value, "share")


def command(_full):
    """Every form of the report, a baseline, and a repair, on one file."""
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


def findings(_full):
    """Findings in the server and on screen: a story on the routes, a journey by keyboard."""
    program = os.path.join(ROOT, "build/release/tests/story_findings_test")
    if not os.path.exists(program):
        program = os.path.join(ROOT, "build/release/story_findings_test")
    there = os.path.exists(os.path.join(ROOT, "tests/story_findings_test.cpp"))
    figure("findings_in_the_server", int(there and run(program, env=LOCAL).returncode == 0), "bool", "= 1")
    if os.path.exists(os.path.join(ROOT, "web/journeys/findings.test.mjs")):
        journeys("findings_screen", "findings")
    else:
        figure("findings_screen", 0, "bool", "= 1")


def others_use(_full):
    """The pre-commit hook and the action, run as others run them."""
    figure("hook_and_action_failed", run("tests/hooks/run", PROGRAM).returncode, "cases", "= 0")


STORIES = ["story_findings_test"] if os.path.exists(os.path.join(ROOT, "tests/story_findings_test.cpp")) else []
prove(__doc__, [tests, command, others_use, million, planted, aggregation, fusion, label_errors, outliers, findings],
      ["quality_test", "cli_test", "bench_aggregate_crowd", "bench_aggregate_million", "bench_fusion_real", "bench_fusion_boxes",
       "bench_label_errors_confirmed", "bench_outliers_far", *STORIES])
