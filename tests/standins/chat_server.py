#!/usr/bin/env python3
"""A stand-in for servers of language models, for tests: no model is in it.

It speaks OpenAI's chat completions (POST /v1/chat/completions) and Anthropic's messages (POST
/v1/messages) as their references describe them, holds requests to what those demand, and counts
tokens as a quarter of the characters. Written from the published references:
https://platform.openai.com/docs/api-reference/chat and https://docs.anthropic.com/en/api/messages.

What it says comes from words: --words '{"purrs": "cat"}' makes it answer the label "cat" where the
item holds "purrs". The name of the model says how it behaves, as words joined by "+":

  busy      every third request is answered 429, with Retry-After
  broken    every third request is answered 500
  down      every request is answered 500
  hopeless  429 with the code insufficient_quota
  slow      waits two seconds
  cut       answers are cut off at their middle
  rubbish   answers are no JSON
  refusing  answers are refusals
  plain     knows no response_format, no tools and no logprobs (400)
  wrong     answers the first label always

It prints its port and serves until it is killed. GET /count tells how many requests came.
"""

import argparse
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-stand-in-0123456789"
words = {}
count = 0
lock = threading.Lock()


class Refused(Exception):
    def __init__(self, status, message, code=None, headers=()):
        super().__init__(message)
        self.status, self.message, self.code, self.headers = status, message, code, headers


def demand(holds, message):
    if not holds:
        raise Refused(400, message, "invalid_request_error")


def texts_of(content):
    if isinstance(content, str):
        return content
    demand(isinstance(content, list) and content, "content must be a text or a list of parts")
    out = []
    for part in content:
        kind = part.get("type")
        demand(kind in ("text", "image_url", "image"), f"unknown part {kind!r}")
        if kind == "text":
            out.append(part["text"])
        elif kind == "image_url":
            url = part["image_url"]["url"]
            demand(url.startswith(("data:image/jpeg;base64,", "https://")), "image_url is no picture")
        else:
            source = part["source"]
            demand(source["type"] == "base64" and source["media_type"] == "image/jpeg" and source["data"],
                   "image source is no picture")
    return "\n".join(out)


def check_strict(schema):
    """What OpenAI's strict mode demands of a schema."""
    if schema.get("type") == "object":
        demand(schema.get("additionalProperties") is False, "additionalProperties must be false")
        demand(sorted(schema.get("required", [])) == sorted(schema["properties"]),
               "required must name every property")
        for inner in schema["properties"].values():
            check_strict(inner)
    elif schema.get("type") == "array":
        demand("items" in schema, "an array needs items")
        check_strict(schema["items"])


def label_for(names, item, behaviour):
    names = [name for name in names if name is not None]
    if "wrong" not in behaviour:
        for word, label in words.items():
            if word in item and label in names:
                return label
        for name in names:
            if name.lower() in item.lower():
                return name
    return names[0]


def answer_for(schema, item, behaviour):
    if "enum" in schema:
        return label_for(schema["enum"], item, behaviour)
    kind = schema["type"]
    if kind == "object":
        return {name: answer_for(inner, item, behaviour) for name, inner in schema["properties"].items()}
    if kind == "number":
        return 0.75
    if kind == "string":
        return " ".join(item.split()[:5])
    items = schema["items"]
    if items.get("type") == "object" and "quote" in items["properties"]:
        found = [m for m in re.finditer(r"\b[A-Z][a-z]+\b", item)]
        return [dict({"quote": m.group(), "before": item[max(0, m.start() - 10):m.start()],
                      "label": label_for(items["properties"]["label"]["enum"], m.group(), behaviour)},
                     **({"confidence": 0.75} if "confidence" in items["properties"] else {}))
                for m in found]
    if items.get("type") == "object" and "box" in items["properties"]:
        return [dict({"label": items["properties"]["label"]["enum"][0], "box": [100, 100, 500, 500]},
                     **({"confidence": 0.75} if "confidence" in items["properties"] else {}))]
    return [answer_for(items, item, behaviour)]


def item_in(text):
    found = re.search(r"<(item-[0-9a-f]+)>\n(.*)\n</\1>", text, re.S)
    return found.group(2) if found else text


def tokens_in(value):
    return len(json.dumps(value)) // 4 + 1


def misbehave(behaviour):
    with lock:
        nth = count
    if "slow" in behaviour:
        time.sleep(2)
    if "hopeless" in behaviour:
        raise Refused(429, "You exceeded your current quota.", "insufficient_quota")
    if "down" in behaviour or ("broken" in behaviour and nth % 3 == 0):
        raise Refused(500, "The server had an error while processing your request.", "server_error")
    if "busy" in behaviour and nth % 3 == 0:
        raise Refused(429, "Rate limit reached.", "rate_limit_exceeded", [("Retry-After", "1")])


def form_of(schema_in, text):
    """Without a schema in the request the answer's form has to come from the prompt's words."""
    if schema_in is not None:
        return schema_in
    names = re.findall(r'^"(\w+)"', text, re.M)
    labels = re.findall(r"^- ([^:(\n]+)", text, re.M)
    return {"type": "object", "properties": {n: {"type": "string", "enum": [l.strip() for l in labels]}
                                               for n in names}}


def openai(body, headers):
    if headers.get("Authorization") != "Bearer " + KEY and headers.get("api-key") != KEY:
        raise Refused(401, f"Incorrect API key provided: {headers.get('Authorization', '')[7:]}.", "invalid_api_key")
    demand(isinstance(body.get("model"), str), "you must provide a model parameter")
    demand(isinstance(body.get("messages"), list) and body["messages"], "messages must not be empty")
    behaviour = body["model"].split("+")
    schema, tool = None, False
    if "plain" in behaviour:
        for name in ("logprobs", "response_format", "tools"):
            demand(name not in body, f"{name} is not supported by this model")
    form = body.get("response_format")
    if form is not None:
        demand(form.get("type") in ("text", "json_object", "json_schema"), "unknown response_format")
        if form["type"] == "json_schema":
            demand(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", form["json_schema"].get("name", "")), "json_schema needs a name")
            schema = form["json_schema"]["schema"]
            if form["json_schema"].get("strict"):
                check_strict(schema)
    if "tools" in body:
        tool = True
        schema = body["tools"][0]["function"]["parameters"]
    said = []
    for message in body["messages"]:
        demand(message.get("role") in ("system", "user", "assistant", "tool"), "unknown role")
        said.append(texts_of(message.get("content")))
    misbehave(behaviour)
    content = json.dumps(answer_for(form_of(schema, said[0]), item_in(said[-1]), behaviour), separators=(",", ":"))
    reason, message = "stop", {"role": "assistant", "content": content, "refusal": None}
    if "rubbish" in behaviour:
        message["content"] = content = "I would rather talk about the weather."
    if "cut" in behaviour:
        message["content"] = content = content[:len(content) // 2]
        reason = "length"
    if "refusing" in behaviour:
        message = {"role": "assistant", "content": None, "refusal": "I'm sorry, I can't assist with that."}
    if tool and message["content"]:
        message = {"role": "assistant", "content": None, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "labels", "arguments": content}}]}
        reason = "tool_calls"
    choice = {"index": 0, "message": message, "finish_reason": reason, "logprobs": None}
    if body.get("logprobs") and not tool:
        pieces = [content[i:i + 4] for i in range(0, len(content), 4)]
        choice["logprobs"] = {"content": [{"token": p, "logprob": -0.01, "bytes": list(p.encode()), "top_logprobs": []}
                                          for p in pieces]}
    sent, written = tokens_in(body["messages"]), tokens_in(content)
    return {"id": "chatcmpl-1", "object": "chat.completion", "created": int(time.time()), "model": body["model"],
            "choices": [choice],
            "usage": {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written}}


def anthropic(body, headers):
    if headers.get("x-api-key") != KEY:
        raise Refused(401, "invalid x-api-key", "authentication_error")
    demand(headers.get("anthropic-version") == "2023-06-01", "anthropic-version: header is required")
    demand(isinstance(body.get("max_tokens"), int), "max_tokens: Field required")
    demand(isinstance(body.get("messages"), list) and body["messages"], "messages: Field required")
    roles = [message.get("role") for message in body["messages"]]
    demand(roles[0] == "user" and all(role in ("user", "assistant") for role in roles), "messages: roles must be user and assistant")
    behaviour = body["model"].split("+")
    text = texts_of(body["messages"][-1]["content"])
    misbehave(behaviour)
    tools = body.get("tools") or [{}]
    answer = answer_for(form_of(tools[0].get("input_schema"), body.get("system", "")), item_in(text), behaviour)
    content, reason = [{"type": "text", "text": json.dumps(answer)}], "end_turn"
    if tools[0]:
        demand(body.get("tool_choice", {}).get("name") == tools[0]["name"], "tool_choice names no tool")
        content, reason = [{"type": "tool_use", "id": "toolu_1", "name": tools[0]["name"], "input": answer}], "tool_use"
    if "refusing" in behaviour:
        content, reason = [], "refusal"
    if "rubbish" in behaviour:
        content, reason = [{"type": "text", "text": "I would rather talk about the weather."}], "end_turn"
    if "cut" in behaviour:
        reason = "max_tokens"
    return {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": content,
            "stop_reason": reason, "stop_sequence": None,
            "usage": {"input_tokens": tokens_in(body["messages"]), "output_tokens": tokens_in(answer)}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def reply(self, status, value, headers=()):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, text in headers:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.reply(200, {"count": count} if self.path == "/count" else {"object": "list", "data": []})

    def do_POST(self):
        global count
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            count += 1
        path = self.path.split("?")[0]
        speak = anthropic if path == "/v1/messages" else openai if path.endswith("/chat/completions") else None
        try:
            if speak is None:
                raise Refused(404, "Unknown request URL.")
            try:
                parsed = json.loads(body)
            except ValueError:
                raise Refused(400, "We could not parse the JSON body of your request.")
            self.reply(200, speak(parsed, self.headers))
        except Refused as why:
            error = {"message": why.message, "type": why.code or "invalid_request_error", "code": why.code}
            whole = {"type": "error", "error": error} if speak is anthropic else {"error": error}
            self.reply(why.status, whole, why.headers)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", default="{}")
    parser.add_argument("--port", type=int, default=0)
    words = json.loads(parser.parse_args().words)
    ThreadingHTTPServer.allow_reuse_address = True
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
