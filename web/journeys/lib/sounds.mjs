// Recordings made here, as WAV, 16-bit mono: tones with pauses between them, and what flite says.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rate = 8000;
const flite = '/usr/bin/flite';
const flitesRate = 16_000;

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

/** Whether there is somebody to speak(): the package flite. */
export const canSpeak = existsSync(flite);

/**
 * `turns`: [voice of flite, what it says], half a second apart, after half a second. `{ sound, places }`: where
 * each lies, as [start, end] in seconds.
 */
export function spoken(turns) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-spoken-'));
  const parts = [new Int16Array(flitesRate / 2)];
  const places = [];
  let at = parts[0].length;
  turns.forEach(([voice, text], n) => {
    const file = join(folder, `${n}.wav`);
    execFileSync(flite, ['-voice', voice, '-t', text, '-o', file]);
    const bytes = readFileSync(file).subarray(44);
    const said = new Int16Array(bytes.length >> 1);
    said.forEach((_, i) => (said[i] = bytes.readInt16LE(2 * i)));
    places.push([at, at + said.length].map((sample) => sample / flitesRate));
    at += said.length + parts[0].length;
    parts.push(said, parts[0]);
  });
  rmSync(folder, { recursive: true });
  const samples = new Int16Array(at);
  let to = 0;
  for (const part of parts) {
    samples.set(part, to);
    to += part.length;
  }
  return { sound: wav(samples, flitesRate), places };
}

function wav(samples, perSecond = rate) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + 2 * samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(perSecond, 24);
  head.writeUInt32LE(2 * perSecond, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(2 * samples.length, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}
