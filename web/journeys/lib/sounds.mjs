// Recordings made here: tones with pauses between them, as WAV. 16-bit mono.
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

function wav(samples) {
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
