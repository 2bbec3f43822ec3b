#!/usr/bin/env python3
"""Measures every figure that the whole desk promises against its target, afresh.

    ./do prove whole-desk [--full] [--only PART]

Prints `name value unit target ok|short`, one line a figure; exits 1 when one is short. --full replays more tasks in
the effort part and runs each fuzzer for 60 s. Figures without a target print `-`.
"""

import json
import os
import re
import sys
import tempfile

import figures
from figures import ROOT, figure, passed_on, run, stories


def label_types(full):
    """Every label type at the desk by keyboard, exported as it is on screen, and the figures of the big items."""
    figures.journeys("label_type_journeys", "spans", "shapes", "boxes", "text", "touch")


def assist(full):
    """The outlines of every labelled box on 100 photos."""
    photos = os.path.join(figures.DATA, "det_voc100_with_detections")
    with open(os.path.join(photos, "gts/coco_format_v1/instances_default.json")) as file:
        truth = json.load(file)
    names = {image["id"]: image["file_name"] for image in truth["images"]}
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as boxes:
        for one in truth["annotations"]:
            path = os.path.join(photos, "images", os.path.basename(names[one["image_id"]]))
            print(path, *one["bbox"], file=boxes)
        boxes.flush()
        out = run(os.path.join(ROOT, "build/release/bench/bench_assist_outline"), boxes.name)
    found = dict(re.findall(r"^(\w+) ([\d.]+)$", out.stdout, re.M))
    for name, unit, target in (("boxes", "n", ">= 200"), ("refused", "n", None), ("outline_p95_ms", "ms", "< 300"),
                               ("outline_cpu_p95_ms", "ms", None), ("extent_iou_p50", "share", None)):
        figure(f"assist_{name}", float(found[name]) if name in found else None, unit, target)


def faces(full):
    photos = run("bench/faces/photos", "build/faces").stdout.strip()
    passed_on("bench_faces_found", photos)


def span_learner(full):
    passed_on("bench_span_learner_curve")


def picture_learner(full):
    passed_on("bench_picture_learner_curve", figures.folder_of("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps"))


def object_learner(full):
    passed_on("bench_object_learner_curve")
    figures.journeys("learner_journeys", "learners")


def similar(full):
    """Similar items: of a kind, found, in time; and by keyboard."""
    passed_on("bench_similar_nearest", figures.folder_of("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps"))
    figures.journeys("similar_journeys", "similar")


def filters(full):
    """Filtered lists, checked against a slow search, on a million tasks (100,000 without --full)."""
    figures.build("bench_store_filters")
    with tempfile.TemporaryDirectory(prefix="countersign-filters-") as folder:
        out = run(os.path.join(ROOT, "build/release/bench/bench_store_filters"), f"sqlite:{folder}/filters.db",
                  "1000000" if full else "100000")
    worst = re.search(r"^store\.filters\.worst_p95 ([\d.e+-]+) ms$", out.stdout, re.M)
    figure("filters_worst_page_p95_ms", float(worst.group(1)) if worst else None, "ms")
    figure("filters_wrong", 0 if out.returncode == 0 and worst else 1, "runs", "= 0")


def teamwork(full):
    stories("team", "story_gold_test", "story_live_test", "story_notifications_test", "story_webhooks_test")
    figures.journeys("team_journeys", "team", "gold", "live", "notifications", "webhooks")


def batches(full):
    stories("batch", "story_batch_test")
    figures.journeys("batch_journeys", "batch")


def resilience(full):
    figures.journeys("resilience_journeys", "resilience")


def interchange(full):
    figures.formats()
    stories("interchange", "story_import_test", "story_media_test")


def client(full):
    out = run("tools/test", "python")
    figure("python_client_failed", 0 if out.returncode == 0 else 1, "parts", "= 0")


def effort(full):
    """Saved on routine tasks is promised for each set; a set of which nothing is routine is short."""
    sets = ("voc100", "coco128", "banking77", "wnut17")
    out = run(os.path.join(ROOT, "bench/effort/run"), *([] if full else ["--tasks", "60"]))
    found = re.findall(r"^(effort_\w+) (\S+) (\S+)(?: (\S+) (?:ok|short))?$", out.stdout, re.M)
    for name, value, unit, target in found:
        figure(name, None if value == "unmeasured" else float(value), unit, re.sub(r"([<>=]+)", r"\1 ", target) if target else None)
    for missing in {f"effort_{one}_routine_saved" for one in sets} - {name for name, *_ in found}:
        figure(missing, None, "%", ">= 70")
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
    figures.prove(__doc__, [label_types, assist, faces, filters, span_learner, picture_learner, object_learner, similar, teamwork, batches, resilience, interchange, client,
                            effort, fluid, screens],
                  ["bench_assist_outline", "bench_faces_found", "bench_span_learner_curve", "bench_picture_learner_curve", "bench_object_learner_curve",
                   "bench_similar_nearest"])
