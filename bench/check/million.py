"""A million spans, and a million boxes, with planted errors. Usage: million.py [--program PATH] [--rows SHARE]"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PLANTED = 1000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def word(rng):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randrange(3, 9)))


def spans(path, rows):
    """Four names a text, each at its words' edges but for the planted ones; returns what was planted by check."""
    rng = random.Random(1)
    words = [word(rng) for _ in range(50_000)]
    names = [(word(rng).capitalize() + " " + word(rng).capitalize(), rng.choice(["PER", "ORG", "LOC"])) for _ in range(400_000)]
    planted = {}
    for i, at in enumerate(rng.sample(range(rows), 2 * PLANTED)):
        planted[at] = "cuts-word" if i % 2 else "white-space"
    with open(path, "w") as f:
        for i in range(rows):
            text, regions = "", []
            for k in range(4):
                text += " ".join(rng.choice(words) for _ in range(3)) + " "
                name, label = rng.choice(names)
                start, end = len(text), len(text) + len(name)
                text += name + " "
                if k == 2 and i in planted:
                    end += 1 if planted[i] == "white-space" else -1
                regions.append({"id": f"r{k}", "control": "names", "kind": "spans", "labels": [label], "start": start, "end": end})
            for r in regions:
                r["text"] = text[r["start"]:r["end"]]
            f.write(json.dumps({"countersign": 1, "key": f"t{i}", "data": {"text": text},
                                "annotations": [{"person": "ada", "regions": regions}]}) + "\n")
    return {"cuts-word": PLANTED, "white-space": PLANTED}


def boxes(path, rows):
    rng = random.Random(2)
    planted = {}
    for i, at in enumerate(rng.sample(range(rows), 3 * PLANTED)):
        planted[at] = ("no-area", "outside", "doubled")[i % 3]
    with open(path, "w") as f:
        for i in range(rows):
            regions = []
            for k in range(10):
                regions.append({"id": f"r{k}", "control": "objects", "kind": "boxes", "labels": [rng.choice(["cat", "dog", "car"])],
                                "x": 90.0 * k, "y": rng.uniform(0, 500), "width": rng.uniform(20, 80), "height": rng.uniform(20, 80)})
            fault = planted.get(i)
            if fault == "no-area":
                regions[3]["height"] = 0
            elif fault == "outside":
                regions[9]["x"] = 990
            elif fault == "doubled":
                regions[4] = {**regions[5], "id": "r4"}
            f.write(json.dumps({"countersign": 1, "key": f"p{i}.jpg", "data": {"image": f"p{i}.jpg"},
                                "image": {"name": f"p{i}.jpg", "width": 1000, "height": 600},
                                "annotations": [{"person": "ada", "regions": regions}]}) + "\n")
    return {"no-area": PLANTED, "outside": PLANTED, "doubled": PLANTED}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", default=os.path.join(ROOT, "build/release/countersign"))
    parser.add_argument("--rows", type=float, default=1.0, help="share of the million")
    asked = parser.parse_args()
    exact = True
    with tempfile.TemporaryDirectory() as folder:
        for name, write, rows in (("spans", spans, 250_000), ("boxes", boxes, 100_000)):
            path, report = os.path.join(folder, name + ".jsonl"), os.path.join(folder, "report.json")
            planted = write(path, int(rows * asked.rows))
            start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            out = subprocess.run([asked.program, "check", path, "--format", "json", "--fail-on", "never", "--output", report],
                                 capture_output=True, text=True)
            seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            if out.returncode:
                sys.exit(out.stderr[-500:])
            with open(report) as f:
                read = json.load(f)
            found = {check: read["counts"].get(check, 0) for check in planted}
            exact = exact and found == planted
            print(f"check.{name}.annotations {read['labels']} n\ncheck.{name}.seconds {seconds:.1f} s\ncheck.{name}.cpu_seconds {cpu:.1f} s")
            for check, n in found.items():
                print(f"check.{name}.{check}.found {n} of_{planted[check]}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"check.most_memory {used.ru_maxrss / 1024:.0f} MB\ncheck.exact {int(exact)} bool")
    sys.exit(0 if exact else 1)


main()
