#!/usr/bin/env python3
"""Sound whose word times are known: sentences of flite, which says when it says what, and recorded prompts in a row.

    bench/speech/times.py FOLDER

Writes FOLDER/SET/N.wav (16 kHz, mono) and FOLDER/times.tsv: set, wav, word, start, end in seconds. Sets: flite's voices awb, rms, slt and
kal16, 40 sentences each, times of every word; `prompts`, 40 rows of four recorded prompts of up to 14 words half a second apart, with the start of each prompt's
first word and the end of its last (`-`: not known), by what is louder than 38 dB below the prompt's loudest 10 ms. Needs flite and ffmpeg.
"""
import array
import ctypes
import pathlib
import sys
import wave

import prompts

RATE = 16000
STEP = 160  # 10 ms.
SENTENCES, ROWS, IN_A_ROW, MOST_WORDS = 40, 40, 4, 14
FIRST_PHONE = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"
LAST_PHONE = b"R:SylStructure.daughtern.daughtern.R:Segment.end"


class Flite:
    """A voice of flite with the times of its words, through its library."""

    def __init__(self, voice: str):
        self.lib = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
        for name in ("flite_synth_text", "utt_relation", "relation_head", "item_next", "utt_wave"):
            getattr(self.lib, name).restype = ctypes.c_void_p
        self.lib.item_feat_string.restype = ctypes.c_char_p
        self.lib.ffeature_float.restype = ctypes.c_float
        for name in ("libflite_cmulex.so.1", "libflite_usenglish.so.1"):
            ctypes.CDLL(name, mode=ctypes.RTLD_GLOBAL)
        register = getattr(ctypes.CDLL(f"libflite_cmu_us_{voice}.so.1"), f"register_cmu_us_{voice}")
        register.restype = ctypes.c_void_p
        self.lib.flite_init()
        self.voice = ctypes.c_void_p(register(None))

    def say(self, text: str, wav: pathlib.Path) -> list[tuple[str, float, float]]:
        utterance = ctypes.c_void_p(self.lib.flite_synth_text(text.encode(), self.voice))
        out = []
        word = self.lib.relation_head(ctypes.c_void_p(self.lib.utt_relation(utterance, b"Word")))
        while word:
            item = ctypes.c_void_p(word)
            out.append((self.lib.item_feat_string(item, b"name").decode(), self.lib.ffeature_float(item, FIRST_PHONE),
                        self.lib.ffeature_float(item, LAST_PHONE)))
            word = self.lib.item_next(item)
        self.lib.cst_wave_save_riff(ctypes.c_void_p(self.lib.utt_wave(utterance)), str(wav).encode())
        self.lib.delete_utterance(utterance)
        return out


def samples_of(wav: pathlib.Path) -> array.array:
    with wave.open(str(wav)) as file:
        out = array.array("h")
        out.frombytes(file.readframes(file.getnframes()))
        return out


def save(wav: pathlib.Path, samples: array.array) -> None:
    with wave.open(str(wav), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


def spoken_part(samples: array.array) -> tuple[int, int]:
    """The first sample and the one behind the last that are loud."""
    level = [sum(v * v for v in samples[i:i + STEP]) for i in range(0, len(samples) - STEP + 1, STEP)]
    loud = [i for i, power in enumerate(level) if power > max(level) * 10 ** -3.8]
    return loud[0] * STEP, (loud[-1] + 1) * STEP


def rows_of(folder: pathlib.Path, texts: list[tuple[str, str]]) -> list[tuple]:
    """Prompts in a row: [wav, what is said] of `folder`."""
    rows = []
    for n in range(ROWS):
        said = [texts[(n + k * ROWS) % len(texts)] for k in range(IN_A_ROW)]
        row, wav = array.array("h", bytes(RATE)), folder / "prompts" / f"{n:02d}.wav"
        for source, text in said:
            own = samples_of(folder / "sources" / source)
            first, last = spoken_part(own)
            start = (len(row) + first) / RATE
            end = (len(row) + last) / RATE
            words = text.split()
            for i, word in enumerate(words):
                rows.append(("prompts", wav.name, word, f"{start:.3f}" if i == 0 else "-", f"{end:.3f}" if i == len(words) - 1 else "-"))
            row.extend(own)
            row.frombytes(bytes(RATE))
        save(wav, row)
    return rows


def main(folder: pathlib.Path) -> None:
    prompts.main(folder / "sources")
    texts = [tuple(line.split("\t")[::2]) for line in (folder / "sources/prompts.tsv").read_text().splitlines()]
    rows = []
    sentences = sorted({text for _, text in texts if 5 <= len(text.split()) <= MOST_WORDS})
    sentences = [sentences[i * len(sentences) // SENTENCES] for i in range(SENTENCES)]
    for voice in ("awb", "rms", "slt", "kal16"):
        (folder / voice).mkdir(exist_ok=True)
        speaker = Flite(voice)
        for n, text in enumerate(sentences):
            for word, start, end in speaker.say(text, folder / voice / f"{n:02d}.wav"):
                rows.append((voice, f"{n:02d}.wav", word, f"{start:.3f}", f"{end:.3f}"))
    (folder / "prompts").mkdir(exist_ok=True)
    rows += rows_of(folder, [text for text in texts if len(text[1].split()) <= MOST_WORDS])
    (folder / "times.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
    print(f"# {len(rows)} words")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
