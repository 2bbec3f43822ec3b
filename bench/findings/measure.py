#!/usr/bin/env python3
"""A project of N labelled texts, checked in the server. Prints `name value unit`."""

import argparse
import http.client
import json
import os
import random
import sys
import threading
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


def write_names(path, rows):
    with open(path, "w") as f:
        for i in range(rows):
            f.write(json.dumps({"id": str(i), "text": f"number {i:06} is Amsterdam in the north"}) + "\n")


# A span that cuts a word, so that there is something to find.
CUT = [{"id": "s", "control": "names", "kind": "spans", "labels": ["Name"], "start": 17, "end": 20}]


class Client(threading.Thread):
    """One person who answers as fast as the server lets them: milliseconds of each next and submit."""

    def __init__(self, port, token, project, until):
        super().__init__()
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token, self.project, self.until = token, project, until
        self.next_ms, self.submit_ms, self.error = [], [], None

    def ask(self, path, body, times, key=""):
        headers = {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        body = json.dumps(body)
        began = time.perf_counter()
        self.http.request("POST", path, body, headers)
        answer = self.http.getresponse()
        text = answer.read()
        times.append((time.perf_counter() - began) * 1e3)
        if answer.status >= 400:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
        return json.loads(text)

    def run(self):
        try:
            while time.perf_counter() < self.until:
                tasks = self.ask(f"/api/v1/projects/{self.project}/next", {"count": 1}, self.next_ms)["tasks"]
                if not tasks:
                    return
                body = {"assignment": tasks[0]["assignment"]["id"], "regions": CUT, "active_ms": 3000, "want": 0}
                self.ask(f"/api/v1/tasks/{tasks[0]['id']}/annotations", body, self.submit_ms, tasks[0]["id"])
        except Exception as error:  # noqa: BLE001  It is told by who waits for the thread.
            self.error = error


def answering(flags, rows, clients, seconds):
    """Sorted milliseconds of next and of submit, of `clients` people at once."""
    product = Product(flags=flags)
    try:
        product.start()
        product.sign_in()
        project = product.project("spans", SPANS)
        switch_models_off(product, project)
        path = os.path.join(product.folder, "names.jsonl")
        write_names(path, rows)
        with open(path, "rb") as f:
            job = product.call("POST", f"/api/v1/projects/{project}/imports?name=a.jsonl", f.read(),
                               headers={"Content-Type": "application/x-ndjson"})["id"]
        if product.wait_for_job(job)["state"] != "done":
            raise RuntimeError("the import failed")
        tokens = product.annotators(clients)
        until = time.perf_counter() + seconds
        people = [Client(product.port, token, project, until) for token in tokens]
        for one in people:
            one.start()
        for one in people:
            one.join()
            if one.error:
                raise one.error
        answered = sum(len(one.submit_ms) for one in people)
        found = 0
        for _ in range(100):
            kinds = product.call("GET", f"/api/v1/projects/{project}/findings/summary")["kinds"]
            found = sum(kind["open"] for kind in kinds if kind["kind"] == "boundary")
            if flags or found >= answered:
                break
            time.sleep(0.1)
        if found < answered if not flags else found > 0:
            raise RuntimeError(f"{answered} answers cut a word, {found} were found")
        return (sorted(ms for one in people for ms in one.next_ms),
                sorted(ms for one in people for ms in one.submit_ms))
    finally:
        product.remove()


def at(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def compare_answering(rows, clients, seconds, rounds):
    """With and without checks in turns, so that whatever else the machine does meets both."""
    seen = {"with": ([], []), "without": ([], [])}
    for _ in range(rounds):
        for name, flags in (("with", ()), ("without", ("--no-checks",))):
            for kept, new in zip(seen[name], answering(flags, rows, clients, seconds)):
                kept += new
    for name, (nexts, submits) in seen.items():
        for what, times in (("next", sorted(nexts)), ("submit", sorted(submits))):
            for share in (0.5, 0.95, 0.99):
                print(f"{what}_{name}_checks_p{round(share * 100)}", f"{at(times, share):.2f}", "ms", flush=True)
        print(f"answers_{name}_checks", len(submits), f"in {rounds * seconds} s by {clients} people", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--answer-seconds", type=int, default=20, help="0: answering is not measured")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=2)
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
    finally:
        product.remove()
    if asked.answer_seconds:
        compare_answering(20_000, asked.clients, asked.answer_seconds, asked.rounds)


if __name__ == "__main__":
    main()
