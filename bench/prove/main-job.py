#!/usr/bin/env python3
"""Measures every figure that the main job promises against its target, afresh.

    ./do prove main-job [--full] [--only PART]

Prints `name value unit target ok|short`, one line a figure; exits 1 when one is short. --full adds the long parts:
a million tasks on PostgreSQL, 200 crash trials instead of 20, 60 s of each fuzzer. Figures without a target print `-`.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "server"))
from measure import measure  # noqa: E402
from product import Product, ROOT  # noqa: E402

DATA = os.environ.get("COUNTERSIGN_DATA", os.path.join(ROOT, "..", "shared", "data"))
MODELS = os.path.join(ROOT, "models", "cache")
short = []


def figure(name, value, unit, target=None):
    """`target` is text such as ">= 0.45"; a value of None is a figure that could not be measured."""
    verdict = "-"
    if target:
        sign, bound = target.split()
        holds = value is not None and {"<=": value <= float(bound), ">=": value >= float(bound),
                                       "<": value < float(bound), "=": value == float(bound)}[sign]
        verdict = "ok" if holds else "short"
        if not holds:
            short.append(name)
    shown = "unmeasured" if value is None else f"{value:g}" if isinstance(value, (int, float)) else value
    print(f"{name} {shown} {unit} {(target or '-').replace(' ', '')} {verdict}", flush=True)


def run(*command, **more):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **more)


def build(*targets, preset="release"):
    for command in (["cmake", "--preset", preset], ["cmake", "--build", f"build/{preset}", "--target", *targets]):
        out = run(*command)
        if out.returncode:
            sys.exit(out.stdout[-3000:] + out.stderr[-3000:])


def passed_on(program, *args):
    """Figures that a bench program prints in this very form are handed on."""
    out = run(os.path.join(ROOT, "build/release/bench", program), *args,
              env={**os.environ, "COUNTERSIGN_SOURCE": ROOT, "COUNTERSIGN_DATA": DATA})
    seen = 0
    for line in out.stdout.splitlines():
        words = line.split()
        if len(words) == 5 and words[4] in ("ok", "short", "-"):
            seen += 1
            print(line, flush=True)
            if words[4] == "short":
                short.append(words[0])
    if out.returncode not in (0, 1) or not seen:
        print(out.stderr[-800:], file=sys.stderr)
        figure(program + "_ran", 0, "bool", "= 1")


def vision(full):
    passed_on("bench_draft_quality_coco")


def learner(full):
    passed_on("bench_text_learner_curve")


def formats(full):
    build("formats_test")
    out = run("build/release/formats_test", env={**os.environ, "COUNTERSIGN_SOURCE": ROOT, "COUNTERSIGN_DATA": DATA})
    figure("format_tests_failed", out.returncode, "cases", "= 0")
    rows = re.findall(r"^(\w+) ([\d.e+-]+) (\S+) (\S+)$", out.stdout, re.M)
    for name, value, unit, target in rows:
        figure(name, float(value), unit, None if target == "-" else f"{target[:2].rstrip('0123456789.')} {target.lstrip('<>=')}")


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


def journeys(full):
    out = run("npm", "run", "--silent", "journeys", "--prefix", "web")
    text = out.stdout + out.stderr
    passed, failed = re.search(r"(?:^|\s)pass (\d+)", text), re.search(r"(?:^|\s)fail (\d+)", text)
    figure("journeys_passed", int(passed.group(1)) if passed else None, "journeys", ">= 2")
    figure("journeys_failed", int(failed.group(1)) if failed else None, "journeys", "= 0")
    for name, value, unit, target in re.findall(r"^figure (\w+) ([\d.]+) (\S+) ([<>=]+ ?[\d.]+|-)$", text, re.M):
        figure(name, float(value), unit, None if target == "-" else re.sub(r"([<>=]+) ?", r"\1 ", target))
    if out.returncode:
        print(text[-2000:], file=sys.stderr)


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


PARTS = [vision, learner, formats, server, drafting, crash, journeys, fuzz, sanitizers]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", choices=[p.__name__ for p in PARTS], action="append")
    asked = parser.parse_args()
    os.environ["PATH"] = os.path.join(ROOT, ".tools/node/bin") + ":" + os.environ["PATH"]
    if run("./do", "build").returncode:
        sys.exit("the program does not build: ./do build says why")
    build("bench_desk_load", "bench_draft_quality_coco", "bench_text_learner_curve", "bench_drafting_bare")
    for part in PARTS:
        if not asked.only or part.__name__ in asked.only:
            try:
                part(asked.full)
            except Exception as e:  # one part that breaks must not hide the others
                print(f"{part.__name__}: {e}", file=sys.stderr)
                figure(part.__name__ + "_ran", 0, "bool", "= 1")
    print(f"{'short: ' + ' '.join(short) if short else 'every target is met'}")
    sys.exit(1 if short else 0)
