// Recordings made here, as WAV: tones with pauses between them, and what flite says. 16-bit mono.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rate = 8000;

/** Bursts of tone: `parts` are [start, end, hertz] in seconds; all else is silence. */
export function tones(seconds, parts) {
  const samples = new Int16Array(Math.round(seconds * rate));
  for (const [start, end, hertz] of parts) {
    const last = Math.min(samples.length, Math.round(end * rate));
    for (let i = Math.round(start * rate); i < last; i += 1) {
      const t = i / rate;
      const swell = Math.min(1, (t - start) * 20, (end - t) * 20);
      const slow = 0.6 + 0.4 * Math.sin(2 * Math.PI * 3 * t);
      samples[i] = 12_000 * swell * slow * Math.sin(2 * Math.PI * hertz * t);
    }
  }
  return wav(samples);
}

/** Talk of two voices: `[start, end, hertz]` of one turn after the other. */
export function turns(seconds, every = 4) {
  let seed = 11;
  const below = (most) => (seed = (seed * 48271) % 2147483647) % most;
  const parts = [];
  for (let start = 0.5; start < seconds - every; start += every) {
    const length = every * (0.4 + below(50) / 100);
    parts.push([start, start + length, below(2) ? 140 : 230]);
  }
  return parts;
}

const model = '/usr/share/pocketsphinx/model/en-us';
export const canSpeak = existsSync('/usr/bin/flite') && existsSync(model);

/** Half a second before each of `[voice, text]`, said by flite: the recording, and [start, end] of each. */
export function spoken(turns) {
  const own = 16_000;
  const pause = new Int16Array(own / 2);
  const all = [];
  const parts = [];
  let at = 0;
  for (const [voice, text] of turns) {
    const path = join(tmpdir(), `spoken-${process.pid}.wav`);
    spawnSync('/usr/bin/flite', ['-voice', voice, '-t', text, '-o', path]);
    const bytes = readFileSync(path);
    rmSync(path);
    const said = new Int16Array(
      bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length),
    );
    parts.push([(at + pause.length) / own, (at + pause.length + said.length) / own]);
    at += pause.length + said.length;
    all.push(...pause, ...said);
  }
  return { sound: wav(Int16Array.from(all), own), parts };
}

function wav(samples, rate = 8000) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + 2 * samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(2 * samples.length, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}
