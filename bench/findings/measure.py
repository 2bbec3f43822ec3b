#!/usr/bin/env python3
"""A project of N labelled texts, checked in the server. Prints `name value unit`."""

import argparse
import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "server"))
from product import Product  # noqa: E402

CLASSES = [f"class {k:02d}" for k in range(20)]
TEXTS = {"modality": "text", "source": "text", "controls": [
    {"name": "topic", "kind": "choices", "labels": [{"name": n} for n in CLASSES]}]}
SPANS = {"modality": "text", "source": "text", "controls": [
    {"name": "names", "kind": "spans", "labels": [{"name": "Name"}]}]}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def word(rng):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randrange(3, 9)))


def write_texts(path, rows):
    """Returns the keys of rows with another's label, and how many rows are copies."""
    rng = random.Random(1)
    common = [word(rng) for _ in range(5_000)]
    telling = [[word(rng) for _ in range(60)] for _ in CLASSES]
    wrong, copies, last = set(), 0, None
    with open(path, "w") as f:
        for i in range(rows):
            k = rng.randrange(len(CLASSES))
            words = [rng.choice(common) for _ in range(10)] + [rng.choice(telling[k]) for _ in range(3)]
            rng.shuffle(words)
            text, label = " ".join(words), CLASSES[k]
            if i % 1000 == 999:
                (text, label), copies = last, copies + 1
            elif rng.random() < 0.01:
                label = CLASSES[(k + 1 + rng.randrange(len(CLASSES) - 1)) % len(CLASSES)]
                wrong.add(str(i))
            last = (text, label)
            f.write(json.dumps({"id": str(i), "text": text, "label": label}) + "\n")
    return wrong, copies


def all_findings(product, project, check):
    after, out = "", []
    while True:
        page = product.call("GET", f"/api/v1/projects/{project}/findings?check={check}&limit=200&after={after}")
        out += page["findings"]
        if not page["next"]:
            return out
        after = page["next"]


def processor_seconds(product):
    with open(f"/proc/{product.process.pid}/stat") as f:
        return sum(map(int, f.read().rsplit(")", 1)[1].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def check(product, project):
    began, worked = time.perf_counter(), processor_seconds(product)
    job = product.call("POST", f"/api/v1/projects/{project}/findings/check")["id"]
    seen = product.wait_for_job(job)
    if seen["state"] != "done":
        raise RuntimeError(f"the check ended {seen['state']}: {seen['error']}")
    return time.perf_counter() - began, processor_seconds(product) - worked, seen["result"]


def switch_models_off(product, project):
    """Else a learner is trained on all labels at the same time."""
    for one in product.call("GET", f"/api/v1/projects/{project}/models")["items"]:
        product.call("PATCH", f"/api/v1/models/{one['id']}", {"enabled": False})


def submits(product, count):
    """Sorted milliseconds of one submit after the other, of a span that cuts a word."""
    project = product.project("spans", SPANS)
    rows = "".join(json.dumps({"id": str(i), "text": f"number {i} is Amsterdam in the north"}) + "\n" for i in range(count))
    job = product.call("POST", f"/api/v1/projects/{project}/imports?name=a.jsonl", rows,
                       headers={"Content-Type": "application/x-ndjson"})["id"]
    product.wait_for_job(job)
    times = []
    task = product.call("POST", f"/api/v1/projects/{project}/next", {"count": 1})["tasks"][0]
    for i in range(count):
        body = {"task": task["id"], "assignment": task["assignment"]["id"], "active_ms": 3000, "want": 1, "regions": [
            {"id": "s", "control": "names", "kind": "spans", "labels": ["Name"], "start": 10, "end": 14}]}
        began = time.perf_counter()
        reply = product.call("POST", f"/api/v1/tasks/{task['id']}/annotations", body, headers={"Idempotency-Key": f"k{i}"})
        times.append((time.perf_counter() - began) * 1e3)
        if reply["next"]:
            task = reply["next"][0]
    return sorted(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--submits", type=int, default=1_000)
    asked = parser.parse_args()
    product = Product()
    try:
        product.start()
        product.sign_in()
        if asked.tasks:
            path = os.path.join(product.folder, "texts.jsonl")
            wrong, copies = write_texts(path, asked.tasks)
            project = product.project("texts", TEXTS)
            switch_models_off(product, project)
            with open(path, "rb") as f:
                job = product.call("POST", f"/api/v1/projects/{project}/imports?name=texts.jsonl", f.read(),
                                   headers={"Content-Type": "application/x-ndjson"})["id"]
            if product.wait_for_job(job)["state"] != "done":
                raise RuntimeError("the import failed")
            seconds, worked, result = check(product, project)
            print("findings_check", f"{seconds:.1f}", "s", "<60", "ok" if seconds < 60 else "short", flush=True)
            print("findings_check_processor", f"{worked:.1f}", "s")
            print("findings_tasks", result["tasks"], "tasks")
            named = {f["name"] for f in all_findings(product, project, "label-error")}
            seen = min(1.0, 20_000 / asked.tasks)
            print("label_errors_found", f"{len(named & wrong) / (len(wrong) * seen):.3f}", "of those the learner saw")
            print("label_errors_right", f"{len(named & wrong) / max(1, len(named)):.3f}", "of those found")
            print("copies_found", len(all_findings(product, project, "duplicate")), f"of {copies}")
            seconds, worked, result = check(product, project)
            print("findings_check_again", f"{seconds:.1f}", "s")
            print("findings_new_again", result["new"], "findings", flush=True)
            print("memory", f"{product.memory_mb()[1]:.0f}", "MB", flush=True)
        if asked.submits:
            times = submits(product, asked.submits)
            print("submit_p50", f"{times[len(times) // 2]:.2f}", "ms")
            print("submit_p95", f"{times[int(len(times) * 0.95)]:.2f}", "ms")
    finally:
        product.remove()


if __name__ == "__main__":
    main()
