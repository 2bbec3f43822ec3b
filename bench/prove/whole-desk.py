#!/usr/bin/env python3
"""Measures every figure that the whole desk promises against its target, afresh.

    ./do prove whole-desk [--full] [--only PART]

Prints `name value unit target ok|short`, one line a figure; exits 1 when one is short. --full replays more tasks in
the effort part and runs each fuzzer for 60 s. Figures without a target print `-`.
"""

import os
import re
import sys

import figures
from figures import ROOT, figure, passed_on, run


def label_types(full):
    """Every label type at the desk by keyboard, exported as it is on screen, and the figures of the big items."""
    figures.journeys("label_type_journeys", "spans", "shapes", "boxes", "text")


def assist(full):
    passed_on("bench_assist_outline")


def faces(full):
    photos = run("bench/faces/photos", "build/faces").stdout.strip()
    passed_on("bench_faces_found", photos)


def span_learner(full):
    passed_on("bench_span_learner_curve")


def picture_learner(full):
    passed_on("bench_picture_learner_curve", figures.unpacked("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps"))


def object_learner(full):
    passed_on("bench_object_learner_curve")
    figures.journeys("learner_journeys", "learners")


def similar(full):
    """Similar items: of a kind, found, in time; and by keyboard."""
    passed_on("bench_similar_nearest", figures.unpacked("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps"))
    figures.journeys("similar_journeys", "similar")


def teamwork(full):
    figures.journeys("team_journeys", "team")


def batches(full):
    figures.journeys("batch_journeys", "batch")


def resilience(full):
    figures.journeys("resilience_journeys", "resilience")


def interchange(full):
    figures.formats()


def client(full):
    out = run("tools/test", "python")
    figure("python_client_failed", 0 if out.returncode == 0 else 1, "parts", "= 0")


def effort(full):
    out = run(os.path.join(ROOT, "bench/effort/run"), "--tasks", "50" if full else "15")
    found = re.findall(r"^(effort_\w+) ([\d.-]+) (\S+)(?: (\S+) (?:ok|short))?$", out.stdout, re.M)
    for name, value, unit, target in found:
        figure(name, float(value), unit, re.sub(r"([<>=]+)", r"\1 ", target) if target else None)
    figure("effort_exports_that_are_not_gold", 0 if out.returncode == 0 else 1, "runs", "= 0")
    if out.returncode:
        print(out.stderr[-1000:], file=sys.stderr)


def fluid(full):
    """How long a person waits for a frame, for the next task, for the page."""
    out = run(os.path.join(ROOT, "bench/desk/run"))
    for name, value, unit, target in figures.figures_in(out.stdout):
        figure(name, value, unit, target)
    if out.returncode:
        print(out.stderr[-2000:], file=sys.stderr)
        figure("fluid_ran", 0, "bool", "= 1")


def screens(full):
    figures.journeys("screen_journeys", "screens")


if __name__ == "__main__":
    figures.prove(__doc__, [label_types, assist, faces, span_learner, picture_learner, object_learner, similar, teamwork, batches, resilience, interchange, client,
                            effort, fluid, screens],
                  ["bench_assist_outline", "bench_faces_found", "bench_span_learner_curve", "bench_picture_learner_curve", "bench_object_learner_curve",
                   "bench_similar_nearest"])
