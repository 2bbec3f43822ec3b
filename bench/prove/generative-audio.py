#!/usr/bin/env python3
"""Issue 4: generative drafting, audio and model servers, each figure against its target, afresh.

    ./do prove generative-audio [--full] [--only PART]

Prints `name value unit target ok|short`, one line a figure; exits 1 when one is short. What is not built is `short`.
"""

import os
import re
import sys

import figures
from figures import ROOT, figure, passed_on, printed, run, stories

LOCAL = {**os.environ, "COUNTERSIGN_SOURCE": ROOT, "COUNTERSIGN_DATA": figures.DATA}


def benchmark(program, *args):
    """A compiled benchmark whose lines are figures; one that is missing is short."""
    if run("cmake", "--build", "build/release", "--target", program).returncode:
        return figure(program + "_ran", 0, "bool", "= 1")
    return passed_on(program, *args)


def sound(full):
    """Media: what is decoded, peaks of an hour, hostile files; the story on both engines."""
    benchmark("bench_audio_hour")
    stories("audio", "story_audio_test", "story_hearing_test")


def audio_desk(full):
    """Waveform, segments, texts by keyboard; an hour opens in under a second, two hours stay fluid."""
    figures.journeys("audio_journeys", "audio")
    out = run(os.path.join(ROOT, "bench/desk/run"), "sound")
    found = list(figures.figures_in(out.stdout))
    for name, value, unit, target in found:
        figure(name, value, unit, target)
    named = " ".join(name for name, *_ in found)
    for part in ("hour", "frame"):  # An hour opens; frames of two hours.
        if part not in named:
            figure(f"desk_sound_{part}", None, "ms", "< 1000" if part == "hour" else "< 32")
    if out.returncode:
        print(out.stderr[-1000:], file=sys.stderr)


def made_by(script):
    """The folder of sound that a script of bench/speech makes of the distribution's packages."""
    folder = os.path.join(ROOT, "build", script)
    made = run(sys.executable, os.path.join(ROOT, f"bench/speech/{script}.py"), folder)
    if made.returncode:
        print(made.stderr[-500:], file=sys.stderr)
    return folder


def speech(full):
    """Voice activity in noise, speakers, words wrong in general and with what reviewed transcripts teach, times of written words."""
    benchmark("bench_speech_voice", made_by("prompts"))
    benchmark("bench_speech_speakers")
    for part in ("general", "adapted", *(f"{how}_{families}_families" for how in ("general", "adapted") for families in ("held", "drawn") if full)):
        benchmark("bench_speech_words", made_by("prompts"), "130", part)
    benchmark("bench_speech_times", made_by("times"))
    benchmark("bench_speech_naming", made_by("voices"))


def formats(full):
    """Every format in and out, on fixtures and on the real files given."""
    figures.formats()


def image_text(full):
    """Characters wrong on pages of print, by both readers; where lines are; what a confidence is worth."""
    pages = os.path.join(ROOT, "build/ocr-pages")
    drawn = run("node", os.path.join(ROOT, "bench/ocr/pages.mjs"), pages)
    figure("ocr_pages_drawn", int(drawn.returncode == 0), "bool", "= 1")
    if drawn.returncode:
        print(drawn.stderr[-500:], file=sys.stderr)
    benchmark("bench_ocr_readers", pages, figures.MODELS)
    figures.journeys("ocr_journeys", "ocr")


def connectors(full):
    """True protocol: stand-ins and real counterparts, with their faults."""
    stories("connectors", "story_connectors_test", "story_connectors_other_test", "story_connectors_llama_test", "story_chain_test", "story_cue_test")
    for journey in ("generative", "models", "cue"):
        figures.journeys(journey + "_journeys", journey)


def rooms(full):
    """Decoders of detectors, prompts, quotes, wrappers, fusion: the rooms' own tests."""
    programs = ("media_test", "models_test", "quality_test", "formats_test", "app_test")
    figures.build(*programs)
    for program in programs:
        figure(f"{program}_failed", run(os.path.join(ROOT, "build/release", program), env=LOCAL).returncode, "cases", "= 0")


def fusion(full):
    """Drafts of several models merged: transcripts, turns, spans."""
    benchmark("bench_fusion_real")


def drafts(full):
    """Every embedded model and connector on its real set: accuracy, calibration, grounding, speed."""
    benchmark("bench_draft_quality_models", made_by("prompts"), os.path.join(ROOT, "build/ocr-pages"),
              figures.folder_of("tuxpaint-stamps-default", "usr/share/tuxpaint/stamps"), *(["full"] if full else []))
    benchmark("bench_draft_quality_coco")


def ranking(full):
    """Real systems' outputs, imported as drafts and ranked by the product as their fields' scorers rank them."""
    printed(os.path.join(ROOT, "bench/draft_quality/systems"), env=LOCAL)


def effort(full):
    """What drafts save on recordings and with a language model's drafts."""
    out = run(os.path.join(ROOT, "bench/effort/run"), "audio", "llm", *([] if full else ["--tasks", "30"]))
    found = re.findall(r"^(effort_\w+) (\S+) (\S+)(?: (\S+) (?:ok|short))?$", out.stdout, re.M)
    for name, value, unit, target in found:
        figure(name, None if value == "unmeasured" else float(value), unit, re.sub(r"([<>=]+)", r"\1 ", target) if target else None)
    for missing in {"effort_audio_routine_saved", "effort_llm_routine_saved"} - {name for name, *_ in found}:
        figure(missing, None, "%", ">= 70")


if __name__ == "__main__":
    figures.prove(__doc__, [sound, audio_desk, speech, formats, image_text, connectors, rooms, fusion, drafts, ranking, effort], [])
