#!/usr/bin/env python3
"""A small server of the Open Inference Protocol v2, for tests: its models really compute.

GET /v2/models/NAME[/ready], POST /v2/models/NAME/infer, numbers as JSON or, with
Inference-Header-Content-Length, as bytes behind it (the binary tensor data extension). Written from
https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol and Triton's
description of the extension. Models:

  detector     1 x 3 x 64 x 64: a box of name 1 at (8, 16) to (40, 48) as sure as the picture is red,
               and one of name 0 at (0, 0) to (8, 8) as sure as it is blue: 1 x 2 x 6
  classifier   1 x 3 x 8 x 8 -> logits, the means of the channels
  woven        the same, from 1 x 8 x 8 x 3 of UINT8
  short        fewer numbers than its shape says
  text         answers texts
  rubbish      answers no JSON
  broken       answers 500

It prints its port and serves until it is killed.
"""

import json
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SHAPES = {"classifier": ("FP32", [-1, 3, 8, 8]), "woven": ("UINT8", [1, 8, 8, 3])}
DETECTOR = ("FP32", [-1, 3, 64, 64])


def facts(name):
    datatype, shape = SHAPES.get(name, DETECTOR)
    output = [-1, 3] if name in SHAPES else [-1, 2, 6]
    return {"name": name, "versions": ["1"], "platform": "stand-in",
            "inputs": [{"name": "images", "datatype": datatype, "shape": shape}],
            "outputs": [{"name": "output0", "datatype": "FP32", "shape": output}]}


def means(numbers, woven):
    plane = len(numbers) // 3
    parts = [numbers[i::3] for i in range(3)] if woven else [
        numbers[i * plane:(i + 1) * plane] for i in range(3)]
    return [sum(part) / len(part) for part in parts]


def infer(name, numbers):
    red, green, blue = means(numbers, name == "woven")
    if name in SHAPES:
        return [1, 3], [red, green, blue]
    return [1, 2, 6], [8, 16, 40, 48, red, 1, 0, 0, 8, 8, blue, 0]


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
        parts = self.path.strip("/").split("/")
        if parts[:2] != ["v2", "models"] or parts[2] == "missing":
            self.answer(404, {"error": "no such model"})
        elif parts[-1] == "ready":
            self.answer(200, {})
        else:
            self.answer(200, facts(parts[2]))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name = self.path.strip("/").split("/")[2]
        size = int(self.headers.get("Inference-Header-Content-Length", len(body)))
        request = json.loads(body[:size])
        tensor = request["inputs"][0]
        datatype, shape = SHAPES.get(name, DETECTOR)
        count = tensor["shape"][1] * tensor["shape"][2] * tensor["shape"][3]
        if tensor["name"] != "images" or tensor["datatype"] != datatype:
            self.answer(400, {"error": "unexpected input"})
            return
        if "parameters" in tensor:
            raw = body[size:size + tensor["parameters"]["binary_data_size"]]
            code = "<%df" if datatype == "FP32" else "<%dB"
            numbers = struct.unpack(code % count, raw)
        else:
            numbers = tensor["data"]
        if len(numbers) != count or tensor["shape"][1:] != shape[1:]:
            self.answer(400, {"error": "the input has another shape"})
        elif name == "rubbish":
            self.answer(200, b"not JSON")
        elif name == "broken":
            self.answer(500, {"error": "out of memory"})
        elif name == "text":
            self.answer(200, {"outputs": [{"name": "output0", "datatype": "BYTES", "shape": [1],
                                           "data": ["cat"]}]})
        else:
            shape, data = infer(name, numbers)
            if name == "short":
                data = data[:-1]
            self.answer(200, {"model_name": name, "outputs": [
                {"name": "output0", "datatype": "FP32", "shape": shape, "data": data}]})


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
sys.stderr = open("/dev/null", "w")
server.serve_forever()
