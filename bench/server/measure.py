#!/usr/bin/env python3
"""What a server does with N tasks: import, next, submit, list and filter, export, memory, cold start.

    measure.py [--tasks 1000000] [--engine sqlite|postgres] [--clients 32] [--seconds 20]

Prints `name value unit`. Answers are checked before they are timed: every row is counted, no task is
handed out twice, the export holds every task once.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request

from product import ROOT, Product

SCHEMA = {"modality": "text", "source": "text", "controls": [
    {"name": "topic", "kind": "choices", "title": "Topic", "labels": [{"name": n} for n in "ABCDE"]}]}
WORDS = ("the order arrived late and the box was open so the customer asked for a refund which support "
         "could not give before the carrier answered about the damage report and the photo of it").split()


def write_tasks(path, tasks):
    """JSONL of `tasks` rows of ~450 bytes, each with one draft as another system would bring it."""
    state = 12345
    with open(path, "w") as f:
        for i in range(tasks):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            text = " ".join(WORDS[(state >> (k % 20)) % len(WORDS)] for k in range(40))
            sure = (state % 1000) / 1000
            f.write(json.dumps({
                "countersign": 1, "key": f"row-{i}", "data": {"text": text}, "meta": {"source": f"shop-{i % 7}"},
                "drafts": [{"model": "elsewhere", "confidence": sure, "regions": [
                    {"id": "d1", "control": "topic", "kind": "choices", "labels": ["ABCDE"[state % 5]],
                     "confidence": sure, "origin": "model"}]}]}) + "\n")


def export(product, project, query):
    """(rows, seconds, first byte seconds, bytes) of a streamed JSONL export."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{product.port}/api/v1/projects/{project}/export?format=jsonl&{query}",
        headers={"Authorization": "Bearer " + product.token})
    began = time.perf_counter()
    rows = size = 0
    with urllib.request.urlopen(request) as answer:
        first = answer.read(1)
        first_byte = time.perf_counter() - began
        rows += first.count(b"\n")
        while block := answer.read(1 << 20):
            rows += block.count(b"\n")
            size += len(block)
    return rows, time.perf_counter() - began, first_byte, size


def timed(calls, one):
    times = []
    for i in range(calls):
        began = time.perf_counter()
        one(i)
        times.append((time.perf_counter() - began) * 1e3)
    return sorted(times)


def measure(tasks=1_000_000, engine="sqlite", clients=32, seconds=20, say=lambda *figure: print(*figure, flush=True),
            postgres=None):
    load = os.path.join(ROOT, "build/release/bench/bench_desk_load")
    product = Product(db=postgres if engine == "postgres" else None)
    try:
        rows_file = os.path.join(product.folder, "tasks.jsonl")
        write_tasks(rows_file, tasks)
        product.start()
        product.sign_in()
        project = product.project("bench", SCHEMA)

        began = time.perf_counter()
        with open(rows_file, "rb") as f:
            upload = product.call("POST", f"/api/v1/projects/{project}/uploads")["upload"]
            product.call("PUT", f"/api/v1/projects/{project}/uploads/{upload}/files?name=tasks.jsonl", f,
                         headers={"Content-Length": str(os.path.getsize(rows_file))})
        uploaded = time.perf_counter() - began
        job = product.call("POST", f"/api/v1/projects/{project}/imports", {"upload": upload, "options": {}})
        job = product.wait_for_job(job["id"])
        report = job["result"]
        if job["state"] != "done" or report["accepted"] != tasks or report["added"] != tasks or report["drafts"] != tasks:
            raise RuntimeError(f"the import is not right: {job}")
        os.remove(rows_file)
        say("upload_mb_per_s", round(report["rows"] * 0.45e-3 / uploaded, 1), "MB/s")
        say("import_rows_per_s", round(tasks / report["seconds"]), "tasks/s")

        people = ",".join(product.annotators(clients))
        out = subprocess.run([load, str(product.port), people, project, str(clients), str(seconds)],
                             capture_output=True, text=True)
        if out.returncode:
            raise RuntimeError("load: " + out.stderr)
        figures = dict(line.split() for line in out.stdout.splitlines())
        done = product.call("GET", f"/api/v1/projects/{project}/progress")["done"]
        if done != int(figures["decisions"]):
            raise RuntimeError(f"{figures['decisions']} decisions were acknowledged, the server counts {done}")
        for name in ("cycles_per_s", "next_p50_ms", "next_p99_ms", "submit_p50_ms", "submit_p99_ms"):
            say(name, float(figures[name]), name.rsplit("_", 1)[1] if name.endswith("ms") else "1/s")

        out = subprocess.run([load, str(product.port), people, project, str(clients), str(seconds), "100"],
                             capture_output=True, text=True)
        if out.returncode:
            raise RuntimeError("load with think time: " + out.stderr)
        figures = dict(line.split() for line in out.stdout.splitlines())
        for name in ("next_p99_ms", "submit_p99_ms") if int(figures["decisions"]) else ():
            say("with_think_time_" + name, float(figures[name]), "ms")

        tasks_path = f"/api/v1/projects/{project}/tasks?limit=50"
        for name, query in (("list", ""), ("filter_state", "&state=ready"), ("filter_action", "&action=accepted"),
                            ("filter_label", "&label=A"), ("search", "&search=row-77")):
            times = timed(20, lambda i, q=query: product.call("GET", tasks_path + q))
            say(name + "_p50_ms", round(times[10], 2), "ms")
            say(name + "_max_ms", round(times[-1], 2), "ms")

        for name, query, wanted in (("export", "decided=0&drafts=1", tasks), ("export_decided", "decided=1&drafts=1", None)):
            rows, took, first_byte, size = export(product, project, query)
            decided = product.call("GET", f"/api/v1/projects/{project}/progress")["done"]
            if rows != (wanted or decided):
                raise RuntimeError(f"{name}: {rows} rows, wanted {wanted or decided}")
            say(name + "_tasks_per_s", round(rows / took), "tasks/s")
            say(name + "_first_byte_ms", round(first_byte * 1e3, 1), "ms")

        now, highest = product.memory_mb()
        say("rss_mb", round(now, 1), "MB")
        say("rss_highest_mb", round(highest, 1), "MB")
        product.stop()
        product.port += 1
        say("cold_start_s", round(product.start(), 3), "s")
    finally:
        product.remove()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--postgres", help="URL of an empty database")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=int, default=20)
    measure(**vars(parser.parse_args()))
    sys.exit(0)
