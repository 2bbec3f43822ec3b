#!/usr/bin/env python3
"""A program that drafts by JSON lines, for tests: capital words of a text are names.

Its first argument says how it behaves: ours (regions as Countersign has them), label-studio (results
as Label Studio has them), noisy (writes a log between its answers), rubbish (never answers), dying
(ends at the second task, and says why), refusing (has no answer to any item), second (reads another
model's draft: the last of its spans is a place).
"""

import json
import re
import sys

behaviour = sys.argv[1]


def utf16(text, at):
    return len(text[:at].encode("utf-16-le")) // 2


for number, line in enumerate(sys.stdin):
    task = json.loads(line)
    control = task["schema"]["controls"][0]
    found = list(re.finditer(r"\b[A-Z][a-z]+\b", task["text"]))
    answer = {"id": task["id"]}
    if behaviour == "dying" and number == 1:
        sys.exit("out of memory on the second task")
    if behaviour == "noisy":
        print("loading...", json.dumps({"id": -1}), sep="\n")
    if behaviour == "rubbish":
        print("[]" * 1000, flush=True)
        continue
    if behaviour == "refusing":
        answer["error"] = "too short"
    elif behaviour == "second":
        answer["regions"] = [dict(task["draft"][-1], labels=["Place"])]
    elif behaviour == "label-studio":
        answer["score"] = 0.5
        answer["result"] = [
            {"from_name": control["name"], "to_name": "text", "type": "labels",
             "value": {"start": utf16(task["text"], word.start()),
                       "end": utf16(task["text"], word.end()), "labels": ["Name"]}}
            for word in found]
    else:
        answer["regions"] = [
            {"control": control["name"], "kind": "spans", "labels": ["Name"], "start": word.start(),
             "end": word.end(), "confidence": 0.9} for word in found]
    print(json.dumps(answer), flush=True)
