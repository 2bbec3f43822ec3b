#!/usr/bin/env python3
"""Eight voices that say things one at a time, to draw dialogues of: four recorded, four of flite's.

    bench/speech/voices.py FOLDER

Writes FOLDER/VOICE/N.wav (16 kHz, 60 of each, 1 to 4.5 s). Of Debian's packages
asterisk-core-sounds-{en,fr,it,ru}-g722 (unpacked, not installed). Needs flite and ffmpeg.
"""
import pathlib
import subprocess
import sys

from prompts import SOUNDS, lines_said, said, unpacked

PACKAGES = [f"asterisk-core-sounds-{language}-g722" for language in ("en", "fr", "it", "ru")]
RECORDED = {"allison": "en_US_f_Allison", "june": "fr_CA_f_June", "carlo": "it_IT_m_Carlo", "ivr": "ru_RU_f_IvrvoiceRU"}
SYNTHETIC = ("awb", "rms", "slt", "kal16")
EACH = 60
G722_BYTES = 8000  # A second.


def spread(things: list, count: int) -> list:
    return [things[i * len(things) // count] for i in range(min(count, len(things)))]


def to_wav(source: pathlib.Path, wav: pathlib.Path) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(source), "-ar", "16000", "-ac", "1", str(wav)], check=True,
                   stdin=subprocess.DEVNULL)


def main(folder: pathlib.Path) -> None:
    sounds = unpacked(*PACKAGES) / SOUNDS
    for voice, name in RECORDED.items():
        (folder / voice).mkdir(parents=True, exist_ok=True)
        long_enough = [p for p in sorted((sounds / name).rglob("*.g722")) if 1.2 <= p.stat().st_size / G722_BYTES <= 4.5]
        for n, source in enumerate(spread(long_enough, EACH)):
            to_wav(source, folder / voice / f"{n:02d}.wav")
    texts = sorted({said(line.split(":", 1)[1]) for line in lines_said() if ":" in line and not line.startswith(";")})
    texts = [text for text in texts if 5 <= len(text.split()) <= 12]
    for voice in SYNTHETIC:
        (folder / voice).mkdir(parents=True, exist_ok=True)
        for n, text in enumerate(spread(texts, EACH)):
            spoken = folder / voice / "spoken.wav"
            subprocess.run(["flite", "-voice", voice, "-t", text, "-o", str(spoken)], check=True)
            to_wav(spoken, folder / voice / f"{n:02d}.wav")
        (folder / voice / "spoken.wav").unlink()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
