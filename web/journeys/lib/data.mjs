// Real photos and real texts: the samples that `samples/make` unpacks, else the data folder of tests.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './server.mjs';

const samples = process.env.COUNTERSIGN_SAMPLES ?? join(root, 'build/samples');
const data = process.env.COUNTERSIGN_DATA ?? join(root, '../shared/data');

/** Where photos lie, or undefined. */
export const photoFolder = () =>
  [join(samples, 'photos/files'), join(data, 'det_coco128/images')].find(existsSync);

/** `{ folder, schema, guideline }` with at most `most` photos in the folder, or null. */
export function photos(most) {
  const project = projectOf('photos');
  if (!project) return null;
  const from = photoFolder();
  const folder = join(mkdtempSync(join(tmpdir(), 'countersign-photos-')), 'photos');
  const names = readdirSync(from).filter((name) => /\.jpe?g$/i.test(name));
  for (const name of names.slice(0, most)) cpSync(join(from, name), join(folder, name));
  return { folder, ...project };
}

/** `{ folder, truth }`: recordings of these names in a folder, and what is said in each; or null. */
export function recordings(...names) {
  const from = join(samples, 'speech/files');
  const truthFile = join(samples, 'truth/speech.jsonl');
  if (!existsSync(truthFile) || !names.every((name) => existsSync(join(from, name)))) return null;
  const folder = join(mkdtempSync(join(tmpdir(), 'countersign-speech-')), 'speech');
  for (const name of names) cpSync(join(from, name), join(folder, name));
  const lines = readFileSync(truthFile, 'utf8').trim().split('\n');
  const said = lines.map((line) => JSON.parse(line)).map(({ audio, text }) => [audio, text]);
  return { folder, truth: new Map(said.filter(([name]) => names.includes(name))) };
}

/** `{ lines, truth, schema }`: texts as JSON Lines, and the label of each key; or null. */
export function texts() {
  const project = projectOf('texts');
  const truthFile = join(samples, 'truth/texts.jsonl');
  if (!project || !existsSync(truthFile)) return null;
  const folder = join(samples, 'texts/files');
  const file = readdirSync(folder).find((name) => name.endsWith('.jsonl'));
  const read = (path) =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const truth = new Map(read(truthFile).map(({ id, label }) => [id, label]));
  return { lines: readFileSync(join(folder, file)), truth, ...project };
}

function projectOf(name) {
  const file = join(samples, name, 'project.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}
