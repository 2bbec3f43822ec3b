// Recordings of one speaker (bench/speech/prompts.py) to be written down. The drafts are the server's own: PocketSphinx,
// which has learned from the reviewed transcripts of every second one, as it does in a project that is half done.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../web/journeys/lib/server.mjs';
import { spread } from './sets.mjs';

const folder = process.env.COUNTERSIGN_PROMPTS ?? join(root, 'build/prompts');
const secondsOf = (path) => (readFileSync(path).length - 44) / (2 * 16000);

export function audio(most) {
  const list = join(folder, 'prompts.tsv');
  if (!existsSync(list)) return null;
  const rows = readFileSync(list, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name, , gold]) => ({ key: name, path: join(folder, name), gold }));
  const paths = (all) => new Map(all.map(({ key, path }) => [key, path]));
  const items = spread(
    rows.filter((_, at) => at % 2 === 1),
    most,
  ).map((row) => ({ ...row, seconds: secondsOf(row.path) }));
  const reviewed = rows.filter((_, at) => at % 2 === 0);
  const manifest = reviewed.map(({ key, path, gold }) =>
    JSON.stringify({ audio_filepath: key, duration: secondsOf(path), text: gold }),
  );
  return {
    name: 'audio',
    kind: 'transcripts',
    labels: [],
    schema: {
      modality: 'audio',
      source: 'audio',
      controls: [{ name: 'said', kind: 'text', title: 'What is said?', required: true }],
    },
    items,
    media: paths(items),
    format: 'audio',
    reviewed: { media: paths(reviewed), name: 'reviewed.json', lines: manifest.join('\n') },
  };
}
