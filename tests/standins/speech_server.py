#!/usr/bin/env python3
"""A stand-in for servers of speech models, for tests: no model is in it, but it hears loud and quiet.

It speaks OpenAI's POST /v1/audio/transcriptions (https://platform.openai.com/docs/api-reference/audio)
and demands what that demands: multipart/form-data with a file and a model. The file must be a WAV; for
each half second it says "loud" or "quiet", with the times of words and segments of a second when
verbose_json is asked for. The name of the model says how it behaves: whisper-1, plain (knows json
only), rubbish, silent (never answers). It prints its port and serves until it is killed.
"""

import array
import email.parser
import email.policy
import io
import json
import sys
import time
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def fields_of(headers, body):
    head = b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n"
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    out = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        out.setdefault(name, []).append(part.get_payload(decode=True))
    return out


def hear(recording):
    with wave.open(io.BytesIO(recording)) as sound:
        rate, samples = sound.getframerate(), array.array("h", sound.readframes(1 << 30))
    half = rate // 2
    for at in range(0, len(samples), half):
        piece = samples[at:at + half]
        loud = sum(abs(sample) for sample in piece) / len(piece) > 1000
        yield "loud" if loud else "quiet", at / rate, (at + len(piece)) / rate


def verbose(words):
    segments = []
    for i in range(0, len(words), 2):
        pair = words[i:i + 2]
        segments.append({"id": i // 2, "start": pair[0][1], "end": pair[-1][2], "avg_logprob": -0.25,
                         "no_speech_prob": 0.1, "text": " " + " ".join(word for word, _, _ in pair)})
    return {"task": "transcribe", "language": "english", "duration": words[-1][2],
            "text": " ".join(word for word, _, _ in words), "segments": segments,
            "words": [{"word": word, "start": start, "end": end} for word, start, end in words]}


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

    def refuse(self, status, message):
        self.answer(status, {"error": {"message": message, "type": "invalid_request_error"}})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/audio/transcriptions":
            return self.refuse(404, "no such path")
        if self.headers.get("Authorization") != "Bearer sk-stand-in-0123456789":
            return self.refuse(401, "Incorrect API key provided")
        fields = fields_of(self.headers, body)
        model = fields["model"][0].decode()
        wanted = fields.get("response_format", [b"json"])[0].decode()
        if model == "silent":
            time.sleep(600)
        if model == "rubbish":
            return self.answer(200, b"\xff\xfe")
        if model == "plain" and wanted != "json":
            return self.refuse(400, "response_format 'verbose_json' is not compatible")
        try:
            words = list(hear(fields["file"][0]))
        except (wave.Error, EOFError):
            return self.refuse(400, "Invalid file format")
        if wanted == "verbose_json":
            return self.answer(200, verbose(words))
        return self.answer(200, {"text": " ".join(word for word, _, _ in words)})


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
sys.stderr = open("/dev/null", "w")
server.serve_forever()
