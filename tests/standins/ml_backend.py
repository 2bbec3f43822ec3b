#!/usr/bin/env python3
"""A small machine learning backend for Label Studio, for tests: it really answers what it is asked.

It speaks the protocol of label-studio-ml-backend (GET /health, POST /setup, POST /predict), reads the
labelling configuration it is given as those backends do, and knows a little: in texts, words with a
capital letter are names, and a word of praise or blame makes a choice; in pictures and recordings it
finds a thing in a place that is always the same, with the results shaped like those of the YOLO and
NeMo examples (no ids, no sizes, text now as a list, now as a text).

Asked with a context it is interactive, as the Segment Anything, substring and Tesseract examples are: in
pictures it paints the ellipse in the box that is pointed at, without a square around each point that is
not meant (or, when nothing paints, says the box again, a tenth smaller), in a region it reads a text, and
in texts it marks the other places of a span. Without boxes it paints a disc around each point.

A word before the path says how it behaves: /predict, /none/predict (no results), /slow/predict (two
seconds), /broken/predict (500), /rubbish/predict (no JSON), /odd/predict (results that fit nothing),
/locked/predict (HTTP Basic of ada:secret). It prints its port and serves until it is killed.
"""

import base64
import math
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
        if "toName" in element.attrib and element.attrib.get("smart") != "true":
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


class Bits:
    """Numbers of some bits each, highest bit first."""

    def __init__(self):
        self.bits = []

    def put(self, number, width):
        self.bits.extend(number >> place & 1 for place in reversed(range(width)))

    def bytes(self):
        bits = self.bits + [0] * (-len(self.bits) % 8)
        return [int("".join(map(str, bits[at:at + 8])), 2) for at in range(0, len(bits), 8)]


def painted(rows):
    """Label Studio's brush: rows of pixels (true: painted) as its run lengths of RGBA values."""
    widths = (4, 8, 12, 16)
    flat = [bool(pixel) for row in rows for pixel in row]
    out = Bits()
    out.put(4 * len(flat), 32)
    out.put(8 - 1, 5)
    for width in widths:
        out.put(width - 1, 4)
    at = 0
    while at < len(flat):
        end = at
        while end < len(flat) and flat[end] == flat[at] and 4 * (end - at) < 60_000:
            end += 1
        length = 4 * (end - at)
        which = next(i for i, width in enumerate(widths) if length - 1 < 1 << width)
        out.put(1, 1)
        out.put(which, 2)
        out.put(length - 1, widths[which])
        out.put(255 if flat[at] else 0, 8)
        at = end
    return out.bytes()


def pointed_at(context):
    """Boxes, points that are meant, points that are not (pixels), the label, and the size."""
    width, height = context[0]["original_width"], context[0]["original_height"]
    boxes, meant, others, label = [], [], [], None
    for one in context:
        value, kind = one["value"], one["type"]
        x, y = value["x"] * width / 100, value["y"] * height / 100
        label = value[kind][0]
        if kind == "keypointlabels":
            (meant if one.get("is_positive", 0) else others).append((x, y))
        elif kind == "rectanglelabels":
            boxes.append((x, y, value["width"] * width / 100, value["height"] * height / 100))
    return boxes, meant, others, label, width, height


def mask(boxes, meant, others, width, height):
    discs = [(x + w / 2, y + h / 2, w / 2, h / 2) for x, y, w, h in boxes]
    if not boxes:
        discs = [(x, y, width / 10, width / 10) for x, y in meant]
    near = width / 20

    def is_on(x, y):
        if any(abs(x - a) < near and abs(y - b) < near for a, b in others):
            return False
        return any(math.hypot((x - cx) / rx, (y - cy) / ry) <= 1 for cx, cy, rx, ry in discs)

    return [[is_on(x + 0.5, y + 0.5) for x in range(width)] for y in range(height)]


def interact(task, config, context):
    values, controls = values_of(task, config), controls_of(config)
    result = []
    first = context[0]
    tags = {tag: (name, to, labels) for name, to, tag, labels in reversed(controls)}
    if first["type"] == "labels":
        text = values[first["to_name"]]
        word, label = first["value"]["text"], first["value"]["labels"]
        for place in re.finditer(re.escape(word), text):
            start = utf16(text, place.start())
            if start != first["value"]["start"]:
                result.append({"from_name": first["from_name"], "to_name": first["to_name"],
                               "type": "labels", "score": 0.6,
                               "value": {"start": start, "end": utf16(text, place.end()),
                                         "text": word, "labels": label}})
    elif "TextArea" in tags and not first["id"].startswith("cue"):
        name, to, _ = tags["TextArea"]
        result.append({"id": first["id"], "from_name": name, "to_name": to, "type": "textarea",
                       "value": {**first["value"], "text": ["read here"]}})
    else:
        assert media_bytes(next(iter(values.values()))), "an empty picture"
        boxes, meant, others, label, width, height = pointed_at(context)
        size = {"original_width": width, "original_height": height, "image_rotation": 0}
        if "BrushLabels" in tags:
            name, to, _ = tags["BrushLabels"]
            rows = mask(boxes, meant, others, width, height)
            result.append({"id": "a1", "from_name": name, "to_name": to, **size, "score": 0.9,
                           "type": "brushlabels", "readonly": False,
                           "value": {"format": "rle", "rle": painted(rows), "brushlabels": [label]}})
        else:
            name, to, _ = tags["RectangleLabels"]
            for x, y, w, h in boxes:
                value = {"x": (x + w / 20) * 100 / width, "y": (y + h / 20) * 100 / height,
                         "width": w * 90 / width, "height": h * 90 / height, "rotation": 0,
                         "rectanglelabels": [label]}
                result.append({"from_name": name, "to_name": to, **size, "score": 0.9,
                               "type": "rectanglelabels", "value": value})
    return {"model_version": "small-1", "score": 0.9, "result": result}


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
            context = body["params"]["context"]
            if context and context.get("result"):
                answers = [interact(task, body["label_config"], context["result"])
                           for task in body["tasks"]]
            else:
                answers = [predict(task, body["label_config"]) for task in body["tasks"]]
            self.answer(200, {"results": answers})


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
sys.stderr = open("/dev/null", "w")
server.serve_forever()
