#!/usr/bin/env python3
"""Measures every figure that the main job promises against its target, afresh.

    ./do prove main-job [--full] [--only PART]

Prints `name value unit target ok|short`, one line a figure; exits 1 when one is short. --full adds the long parts:
a million tasks on PostgreSQL, 200 crash trials instead of 20, 60 s of each fuzzer. Figures without a target print `-`.
"""

import os
import re
import shutil
import sys
import tempfile
import time

import figures
from figures import DATA, MODELS, ROOT, figure, passed_on, run
from measure import measure
from product import Product


def vision(full):
    passed_on("bench_draft_quality_coco")


def learner(full):
    passed_on("bench_text_learner_curve")


def server(full):
    targets = {"import_rows_per_s": ">= 50000", "next_p99_ms": "< 10", "submit_p99_ms": "< 15",
               "export_tasks_per_s": ">= 100000", "export_first_byte_ms": "< 100",
               "export_decided_first_byte_ms": "< 100", "rss_mb": "< 300", "rss_highest_mb": "< 300", "cold_start_s": "< 1"}

    def report(prefix, aims):
        return lambda name, value, unit: figure(f"{prefix}_{name}", value, unit, aims.get(name))

    measure(10_000, "sqlite", seconds=5, say=report("sqlite_10k", {}))
    measure(1_000_000, "sqlite", say=report("sqlite_1m", targets))
    folder = os.path.join(ROOT, "build/postgres-prove")
    started = run("tests/postgres", "start", folder)
    try:
        if started.returncode:
            return figure("postgres_started", 0, "bool", "= 1")
        url = started.stdout.strip()
        measure(10_000, "postgres", seconds=5, say=report("postgres_10k", {}), postgres=new_database(url, "ten"))
        if full:
            measure(1_000_000, "postgres", say=report("postgres_1m", {}), postgres=new_database(url, "million"))
    finally:
        run("tests/postgres", "stop", folder)


def new_database(url, name):
    out = run("psql", url, "-qc", f"drop database if exists {name}", "-c", f"create database {name}")
    if out.returncode:
        raise RuntimeError(out.stderr)
    return re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", url, count=0) if "/" in url.split("//", 1)[1] else f"{url}/{name}"


def drafting(full):
    """Drafting through the product against the bare model on the same photos, in the same minute."""
    folders = [os.path.join(DATA, name, "images") for name in ("det_voc100_with_detections", "det_coco128")]
    if not all(os.path.isdir(folder) for folder in folders):
        return figure("drafting_overhead_percent", None, "%", "<= 5")
    photos = tempfile.mkdtemp(prefix="countersign-photos-")
    for folder in folders:
        for name in os.listdir(folder):
            shutil.copy(os.path.join(folder, name), photos)
    overheads = []
    for _ in range(3):
        bare = run(os.path.join(ROOT, "build/release/bench/bench_drafting_bare"), photos, os.path.join(MODELS, "nanodet.onnx"))
        bare_rate = float(re.search(r"images_per_s ([\d.]+)", bare.stdout).group(1))
        product = Product(models=MODELS)
        try:
            product.start()
            product.sign_in()
            project = product.project("photos", {"modality": "image", "source": "image", "controls": [
                {"name": "objects", "kind": "boxes", "required": False, "labels": [
                    {"name": n} for n in ("person", "car", "dog", "cat", "bird", "horse", "chair", "bottle")]}]})
            upload = product.call("POST", f"/api/v1/projects/{project}/uploads")["upload"]
            names = sorted(n for n in os.listdir(photos) if n.endswith(".jpg"))
            for n in names:
                with open(os.path.join(photos, n), "rb") as f:
                    product.call("PUT", f"/api/v1/projects/{project}/uploads/{upload}/files?name={n}", f.read())
            product.wait_for_job(product.call("POST", f"/api/v1/projects/{project}/imports",
                                              {"upload": upload, "options": {}})["id"])
            until = time.time() + 300
            while product.call("GET", f"/api/v1/projects/{project}/progress")["drafted"] < len(names) and time.time() < until:
                time.sleep(0.2)
            jobs = [j for j in product.call("GET", f"/api/v1/projects/{project}/jobs")["items"] if j["kind"] == "draft" and j["done"]]
            rate = sum(j["done"] for j in jobs) / (sum(j["finished"] - j["started"] for j in jobs) / 1e3)
            overheads.append(100 * (bare_rate / rate - 1))
        finally:
            product.remove()
    shutil.rmtree(photos)
    figure("drafting_bare_images_per_s", round(bare_rate, 2), "1/s")
    figure("drafting_product_images_per_s", round(rate, 2), "1/s")
    figure("drafting_overhead_percent", round(sorted(overheads)[1], 1), "%", "<= 5")


def crash(full):
    trials = 200 if full else 20
    out = run("tests/crash/run", "--trials", str(trials))
    kills = re.search(r"(\d+) kills: (\d+) acknowledged decisions", out.stdout)
    figure("crash_kills", int(kills.group(1)) if kills else None, "kills", f">= {trials}")
    figure("crash_acknowledged_decisions", int(kills.group(2)) if kills else None, "decisions", ">= 1")
    figure("crash_lost_doubled_or_stuck", out.returncode, "faults", "= 0")
    if out.returncode:
        print((out.stdout + out.stderr)[-1000:], file=sys.stderr)


def fuzz(full):
    out = run("tools/fuzz", "60" if full else "10")
    figure("fuzzers_run", len(re.findall(r"^fuzz .*nothing found", out.stdout, re.M)), "fuzzers", ">= 5")
    figure("fuzzers_failed", len(re.findall(r"FAILED", out.stdout)), "fuzzers", "= 0")


def sanitizers(full):
    for preset in ("asan", "tsan"):
        out = run("tools/test", preset)
        figure(f"{preset}_failed", 0 if out.returncode == 0 else 1, "parts", "= 0")
        if out.returncode:
            print(out.stdout[-2000:], file=sys.stderr)


def formats(full):
    figures.formats()


def journeys(full):
    figures.journeys("journeys")


if __name__ == "__main__":
    figures.prove(__doc__, [vision, learner, formats, server, drafting, crash, journeys, fuzz, sanitizers],
                  ["bench_desk_load", "bench_draft_quality_coco", "bench_text_learner_curve", "bench_drafting_bare"])
