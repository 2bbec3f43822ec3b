"""What the proofs share: a line a figure against its target, and how figures are taken.

A figure is `name value unit target ok|short`; targets are text such as ">= 0.45", `-` is a figure without one.
Other programs' figures are handed on when they print this very form, or, in the journeys, `figure name value unit target`.
"""

import argparse
import os
import re
import subprocess
import sys

BENCH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [BENCH, os.path.join(BENCH, "server")]
from packages import folder_of  # noqa: E402, F401
from product import ROOT  # noqa: E402

DATA = os.environ.get("COUNTERSIGN_DATA", os.path.join(ROOT, "..", "shared", "data"))
MODELS = os.path.join(ROOT, "models", "cache")
short = []


def figure(name, value, unit, target=None):
    """`target` is text such as ">= 0.45"; a value of None is a figure that could not be measured."""
    verdict = "-"
    if target:
        sign, bound = target.split()
        holds = value is not None and {"<=": value <= float(bound), ">=": value >= float(bound),
                                       "<": value < float(bound), "=": value == float(bound)}[sign]
        verdict = "ok" if holds else "short"
        if not holds:
            short.append(name)
    shown = "unmeasured" if value is None else f"{value:g}" if isinstance(value, (int, float)) else value
    print(f"{name} {shown} {unit} {(target or '-').replace(' ', '')} {verdict}", flush=True)


def run(*command, **more):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **more)


def build(*targets, preset="release"):
    for command in (["cmake", "--preset", preset], ["cmake", "--build", f"build/{preset}", "--target", *targets]):
        out = run(*command)
        if out.returncode:
            sys.exit(out.stdout[-3000:] + out.stderr[-3000:])


def passed_on(program, *args):
    """Figures that a bench program prints in this very form are handed on."""
    printed(os.path.join(ROOT, "build/release/bench", program), *args,
            env={**os.environ, "COUNTERSIGN_SOURCE": ROOT, "COUNTERSIGN_DATA": DATA})


def figures_in(text):
    """(name, value, unit, target or None) of each `figure ...` line."""
    for name, value, unit, target in re.findall(r"^(?:# )?figure (\w+) ([\d.e+-]+) (\S+) ([<>=]+ ?[\d.]+|-)$", text, re.M):
        yield name, float(value), unit, None if target == "-" else re.sub(r"([<>=]+) ?", r"\1 ", target)


def journeys(prefix, *names):
    """Runs the journeys whose files have these names (none: all), and hands their figures on."""
    out = run("npm", "run", "--silent", "journeys", "--prefix", "web", "--", *names)
    text = out.stdout + out.stderr
    passed, failed = re.search(r"(?:^|\s)pass (\d+)", text), re.search(r"(?:^|\s)fail (\d+)", text)
    figure(f"{prefix}_passed", int(passed.group(1)) if passed else None, "journeys", ">= 1")
    figure(f"{prefix}_failed", int(failed.group(1)) if failed else None, "journeys", "= 0")
    for name, value, unit, target in figures_in(text):
        figure(name, value, unit, target)
    if out.returncode:
        print(text[-2000:], file=sys.stderr)


def stories(name, *programs):
    """Tests of whole uses of the server, on both engines; each is one that can fail."""
    build(*programs)
    folder = os.path.join(ROOT, f"build/postgres-{name}")
    started = run("tests/postgres", "start", folder)
    try:
        figure(f"{name}_on_postgres", 1 if started.returncode == 0 else 0, "bool", "= 1")
        env = {**os.environ, "COUNTERSIGN_SOURCE": ROOT, "COUNTERSIGN_DATA": DATA, "COUNTERSIGN_TEST_POSTGRES": started.stdout.strip()}
        failed = [one for one in programs if run(os.path.join(ROOT, "build/release/tests", one), env=env).returncode]
        figure(f"{name}_stories_failed", len(failed), "programs", "= 0")
    finally:
        run("tests/postgres", "stop", folder)


def printed(*command, **more):
    """Hands on what a command prints as `name value unit target ok|short`, and its remarks; how many figures those were."""
    out = run(*command, **more)
    seen = remarks = missed = 0
    for line in out.stdout.splitlines():
        words = line.split()
        if len(words) == 5 and words[4] in ("ok", "short", "-"):
            seen += 1
            print(line, flush=True)
            if words[4] == "short":
                missed += 1
                short.append(words[0])
        elif line.startswith("# "):
            remarks += 1
            print(line, flush=True)
    if out.returncode not in (0, 1) or out.returncode and not missed or not seen + remarks:  # It broke.
        print(out.stdout[-400:] + out.stderr[-800:], file=sys.stderr)
        figure(os.path.basename(os.path.dirname(command[0])) + "_" + os.path.basename(command[0]) + "_ran", 0, "bool", "= 1")
    return seen


def formats():
    build("formats_test")
    out = run("build/release/formats_test", env={**os.environ, "COUNTERSIGN_SOURCE": ROOT, "COUNTERSIGN_DATA": DATA})
    figure("format_tests_failed", out.returncode, "cases", "= 0")
    rows = re.findall(r"^(\w+) ([\d.e+-]+) (\S+) (\S+)$", out.stdout, re.M)
    for name, value, unit, target in rows:
        figure(name, float(value), unit, None if target == "-" else f"{target[:2].rstrip('0123456789.')} {target.lstrip('<>=')}")


def prove(description, parts, targets):
    """Builds, runs the parts (each takes `full`), and exits 1 when a figure is short."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", choices=[p.__name__ for p in parts], action="append")
    asked = parser.parse_args()
    os.environ["PATH"] = os.path.join(ROOT, ".tools/node/bin") + ":" + os.environ["PATH"]
    if run("./do", "build").returncode:
        sys.exit("the program does not build: ./do build says why")
    build("countersign", *targets)
    for part in parts:
        if not asked.only or part.__name__ in asked.only:
            try:
                part(asked.full)
            except Exception as e:  # one part that breaks must not hide the others
                print(f"{part.__name__}: {e}", file=sys.stderr)
                figure(part.__name__ + "_ran", 0, "bool", "= 1")
    print(f"{'short: ' + ' '.join(short) if short else 'every target is met'}")
    sys.exit(1 if short else 0)
