// Recordings of speech and what is said in them, out of the sounds of the telephone system Asterisk.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const fewestWords = 9;
const most = 40;
const pauseSeconds = 0.7;

/** "demo-congrats: Congratulations! You ..." -> { id, text }; what is no plain sentence is left out. */
function transcripts(file) {
    const rows = [];
    for (const line of zlib.gunzipSync(fs.readFileSync(file)).toString('utf8').split('\n')) {
        const at = line.indexOf(': ');
        if (at < 1 || line.startsWith(';')) continue;
        const text = line.slice(at + 2).replace(/\s+/g, ' ').trim();
        if (!/[[\]()<>/*]/.test(text)) rows.push({ id: line.slice(0, at), text });
    }
    return rows;
}

/** The bytes behind the header of a WAV file, and that header; null for another kind. */
function samplesOf(file) {
    const bytes = fs.readFileSync(file);
    const at = bytes.indexOf('data', 12, 'latin1');
    if (bytes.toString('latin1', 0, 4) !== 'RIFF' || at < 0) return null;
    return { head: bytes.subarray(0, at + 8), data: bytes.subarray(at + 8, at + 8 + bytes.readUInt32LE(at + 4)) };
}

/** One WAV file of several, with pauses between them. */
function joined(files) {
    const parts = files.map(samplesOf).filter((part) => part !== null);
    const head = Buffer.from(parts[0].head);
    const pause = Buffer.alloc(Math.round(head.readUInt32LE(28) * pauseSeconds) & ~1);
    const data = Buffer.concat(parts.flatMap((part) => [part.data, pause]));
    head.writeUInt32LE(data.length, head.length - 4);
    head.writeUInt32LE(head.length - 8 + data.length, 4);
    return Buffer.concat([head, data]);
}

/** Every third sentence that is long enough, until there are enough. */
function chosen(rows, soundOf) {
    const long = rows.filter((row) => row.text.split(' ').length >= fewestWords && fs.existsSync(soundOf(row.id)));
    return long.filter((_, i) => i % 3 === 0).slice(0, most);
}

/** Writes files/ID.wav, two long recordings, and gives what is said in each. */
function writeRecordings(sounds, list, target) {
    const soundOf = (id) => path.join(sounds, `${id}.wav`);
    const rows = chosen(transcripts(list), soundOf);
    const written = [];
    for (const { id, text } of rows) {
        const name = `${id.replaceAll('/', '-')}.wav`;
        fs.copyFileSync(soundOf(id), path.join(target, name));
        written.push({ name, text });
    }
    const half = Math.ceil(rows.length / 2);
    for (const [i, part] of [rows.slice(0, half), rows.slice(half)].entries()) {
        if (part.length === 0) continue;
        const name = `long-${i + 1}.wav`;
        fs.writeFileSync(path.join(target, name), joined(part.map((row) => soundOf(row.id))));
        written.push({ name, text: part.map((row) => row.text).join('\n') });
    }
    return written;
}

module.exports = { writeRecordings };
