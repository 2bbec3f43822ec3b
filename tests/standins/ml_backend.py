#!/usr/bin/env python3
"""A small machine learning backend for Label Studio, for tests: it really answers what it is asked.

It speaks the protocol of label-studio-ml-backend (GET /health, POST /setup, POST /predict), reads the
labelling configuration it is given as those backends do, and knows a little: in texts, words with a
capital letter are names, and a word of praise or blame makes a choice; in pictures and recordings it
finds a thing in a place that is always the same, with the results shaped like those of the YOLO and
NeMo examples (no ids, no sizes, text now as a list, now as a text).

A word before the path says how it behaves: /predict, /none/predict (no results), /slow/predict (two
seconds), /broken/predict (500), /rubbish/predict (no JSON), /odd/predict (results that fit nothing),
/locked/predict (HTTP Basic of ada:secret). It prints its port and serves until it is killed.
"""

import base64
import json
import re
import sys
import time
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

setups = set()


def controls_of(config):
    """from_name, to_name, tag and labels of each control of a configuration."""
    out = []
    for element in ElementTree.fromstring(config).iter():
        if "toName" in element.attrib:
            labels = [inner.attrib["value"] for inner in element if "value" in inner.attrib]
            out.append((element.attrib["name"], element.attrib["toName"], element.tag, labels))
    return out


def media_bytes(source):
    if source.startswith("data:"):
        return base64.b64decode(source.split(",", 1)[1], validate=True)
    return source.encode()


def utf16(text, at):
    return len(text[:at].encode("utf-16-le")) // 2


def spans(text, name, to, labels):
    for word in re.finditer(r"\b[A-Z][a-z]+\b", text):
        yield {"from_name": name, "to_name": to, "type": "labels", "score": 0.75,
               "value": {"start": str(utf16(text, word.start())), "end": utf16(text, word.end()),
                         "text": word.group(), "labels": labels[0]}}


def choice(text, name, to, labels):
    good = "good" in text
    yield {"from_name": name, "to_name": to, "type": "choices", "score": 0.9 if good else 0.6,
           "value": {"choices": [labels[0 if good else -1]]}}


def values_of(task, config):
    """What each object of the configuration shows of the task, by the object's name: value="$text"."""
    return {element.attrib["name"]: task["data"][element.attrib["value"][1:]]
            for element in ElementTree.fromstring(config).iter()
            if "name" in element.attrib and element.attrib.get("value", "").startswith("$")}


def predict(task, config):
    result, values = [], values_of(task, config)
    for name, to, tag, labels in controls_of(config):
        value = values[to]
        common = {"from_name": name, "to_name": to}
        if tag == "Labels" and isinstance(value, str) and not value.startswith("data:"):
            result.extend(spans(value, name, to, labels))
        elif tag == "Choices":
            result.extend(choice(value, name, to, labels))
        elif tag == "RectangleLabels":
            assert media_bytes(value), "an empty picture"
            result.append({**common, "type": "rectanglelabels", "score": 0.8,
                           "value": {"x": 25, "y": 50, "width": 50.0, "height": 25,
                                     "rectanglelabels": [labels[0]]}})
        elif tag == "Labels":
            assert media_bytes(value)[:4] in (b"RIFF", b"fLaC", b"OggS"), "no recording"
            result.append({**common, "type": "labels", "id": "s1", "score": 0.7,
                           "value": {"start": 0.25, "end": 0.75, "channel": 0, "labels": labels[:1]}})
        elif tag == "TextArea":
            result.append({**common, "type": "textarea", "value": {"text": "a short text"}})
    scores = [one["score"] for one in result if "score" in one]
    return {"model_version": "small-1", "score": min(scores) if scores else None, "result": result}


ODD = [{"from_name": "nothing", "type": "brushlabels", "value": {"rle": [1, 2, 3], "format": "rle"}},
       {"from_name": "names", "type": "labels", "value": {"start": 900, "end": 901, "labels": ["x"]}},
       {"from_name": "names", "type": "labels", "value": "nothing"}, 7, None]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path in ("/", "/health"):
            self.answer(200, {"status": "UP", "model_class": "SmallModel"})
        else:
            self.answer(404, {})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _, *words, what = self.path.split("/")
        behaviour = words[0] if words else ""
        expected = "Basic " + base64.b64encode(b"ada:secret").decode()
        if behaviour == "locked" and self.headers.get("Authorization") != expected:
            self.answer(401, {"detail": "who is there?"})
        elif what == "setup":
            controls_of(body["schema"])
            assert "." in body["project"] and "access_token" in body and "hostname" in body
            setups.add(body["project"])
            self.answer(200, {"model_version": "small-1"})
        elif what != "predict":
            self.answer(404, {})
        elif body["project"] not in setups:
            self.answer(400, {"detail": "predict before setup"})
        elif behaviour == "broken":
            self.answer(500, {"detail": "the weights are gone"})
        elif behaviour == "rubbish":
            self.answer(200, b"<html>hello</html>")
        elif behaviour == "none":
            self.answer(200, {"results": []})
        elif behaviour == "odd":
            self.answer(200, {"results": [{"result": ODD, "score": "high"}]})
        else:
            if behaviour == "slow":
                time.sleep(2)
            assert "context" in body["params"]
            self.answer(200, {"results": [predict(task, body["label_config"])
                                          for task in body["tasks"]]})


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
sys.stderr = open("/dev/null", "w")
server.serve_forever()
