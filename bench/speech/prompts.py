#!/usr/bin/env python3
"""The prompts of Debian's asterisk-core-sounds-en as a set for speech recognition.

    bench/speech/prompts.py FOLDER

Writes FOLDER/N.wav (16 kHz, from the G.722 files, by ffmpeg) and FOLDER/prompts.tsv: wav, family, what is said: of prompts that
the packages for wide and for narrow band both have (asterisk-core-sounds-en, -g722, -wav: unpacked, not installed). Needs ffmpeg. One
American speaker, many prompts of one word.
"""
import gzip
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from packages import unpacked  # noqa: E402

SOUNDS = "usr/share/asterisk/sounds"
SPEAKER = "en_US_f_Allison"
SAID = "usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz"
DIGITS = "zero one two three four five six seven eight nine".split()
# What the transcripts write, and what the speaker says; also their spelling mistakes.
WHOLE = {
    "28.8": "twenty eight point eight", "500": "five hundred", "600": "six hundred", "8500": "eighty five hundred",
    "3d": "three d", "h.323": "h three two three", "pbx": "p b x", "ivr": "i v r", "iax": "i a x", "ip": "i p",
    "mgcp": "m g c p", "usb": "u s b", "m.": "m",
}
PARTS = {
    "www.asterisk.org": "w w w dot asterisk dot org", "a.m.": "a m", "p.m.": "p m", "#": " pound ", "*": " star ",
    "’": "'", "“": " ", "”": " ", "iax2": "i a x", "un-indentified": "unidentified", "witheld": "withheld",
    "fourtieth": "fortieth", "exclaimation-point": "exclamation point", "represenatives": "representatives",
    "umute": "unmute", "thru": "through", "xray": "x ray", "decending": "descending",
}


def said(text: str) -> str:
    text = text.lower()
    text = re.sub(r"\((note|simple)[^)]*\)", " ", text)
    text = re.sub(r"\[.\]", " ", text)
    for written, spoken in PARTS.items():
        text = text.replace(written, spoken)
    out: list[str] = []
    for word in text.split():
        word = word.strip('.,!?:;"()[]<>…')
        if word in WHOLE:
            out += WHOLE[word].split()
        elif word.isdigit():
            out += [DIGITS[int(c)] for c in word]
        else:
            for part in re.split(r"[-/_]", word):
                part = re.sub(r"[^a-z']", "", part).strip("'")
                if part:
                    out.append(part)
    return " ".join(out)


def lines_said() -> list[str]:
    """NAME: what is said, a line a prompt; comments begin with a semicolon."""
    return gzip.open(unpacked("asterisk-core-sounds-en") / SAID, "rt", encoding="utf8", errors="replace").read().splitlines()


def main(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    sounds = unpacked("asterisk-core-sounds-en-g722", "asterisk-core-sounds-en-wav") / SOUNDS / SPEAKER
    rows = []
    for line in lines_said():
        line = line.strip()
        if not line or line.startswith(";") or ":" not in line:
            continue
        name, text = (part.strip() for part in line.split(":", 1))
        if name.startswith("silence/") or re.match(r"^[\[\(<].*[\]\)>]$", text) or not said(text):
            continue
        source = sounds / f"{name}.g722"
        if not source.exists() or not (sounds / f"{name}.wav").exists():
            continue
        wav = f"{len(rows):03d}.wav"
        if not (folder / wav).exists():
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(source), "-ar", "16000", "-ac", "1", str(folder / wav)],
                           check=True, stdin=subprocess.DEVNULL)
        rows.append((wav, name.split("/")[0] if "/" in name else name.split("-")[0], said(text)))
    (folder / "prompts.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
    print(f"# {len(rows)} prompts, {sum(len(row[2].split()) for row in rows)} words, {len({row[1] for row in rows})} families")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
