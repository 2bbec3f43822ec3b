// Real drafts and their truth. Each set is { name, labels, schema, items: [{ key, gold, ... }] }, or null when
// its data is not there. Samples are spread evenly over the set; nobody picked them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../web/journeys/lib/server.mjs';

const data = process.env.COUNTERSIGN_DATA ?? join(root, '../shared/data');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

export function spread(list, most) {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]);
}
const boxSchema = (labels) => ({
  modality: 'image',
  source: 'image',
  controls: [
    {
      name: 'objects',
      kind: 'boxes',
      labels: labels.map((name) => ({ name })),
    },
  ],
});
const byImage = (file) => {
  const labels = new Map(file.categories.map(({ id, name }) => [id, name]));
  const names = new Map(file.images.map(({ id, file_name }) => [id, file_name]));
  const found = new Map();
  for (const { image_id, category_id, bbox } of file.annotations) {
    const name = names.get(image_id);
    found.set(name, [...(found.get(name) ?? []), { label: labels.get(category_id), box: bbox }]);
  }
  return found;
};

/** Detections of a published detector on photos of Pascal VOC, and its truth. */
export function voc100(most) {
  const folder = join(data, 'det_voc100_with_detections');
  if (!existsSync(folder)) return null;
  const drafts = json(join(folder, 'dets/coco_format/coco_dets.json'));
  const truth = json(join(folder, 'gts/coco_format_v1/instances_default.json'));
  const labels = truth.categories.map(({ name }) => name);
  const gold = byImage(truth);
  const names = spread(readdirSync(join(folder, 'images')).sort(), most);
  const items = names.map((name) => ({
    key: name,
    gold: gold.get(name) ?? [],
  }));
  const images = new Map(names.map((name) => [name, join(folder, 'images', name)]));
  const kept = drafts.images.filter(({ file_name }) => images.has(file_name));
  const ids = new Set(kept.map(({ id }) => id));
  const annotations = drafts.annotations.filter(({ image_id }) => ids.has(image_id));
  const file = JSON.stringify({ ...drafts, images: kept, annotations });
  const schema = boxSchema(labels);
  return {
    name: 'voc100',
    kind: 'boxes',
    bringsDrafts: true,
    labels,
    schema,
    items,
    images,
    file,
  };
}

/** Photos of COCO; the server's own NanoDet drafts them. */
export function coco128(most) {
  const folder = join(data, 'det_coco128');
  if (!existsSync(folder)) return null;
  const table = readFileSync(join(root, 'src/models/coco80.cpp'), 'utf8');
  const labels = [...table.matchAll(/^ +\{"([^"]+)", "/gm)].map(([, name]) => name);
  const names = readdirSync(join(folder, 'images')).sort();
  const items = [];
  const images = new Map();
  for (const name of spread(names, most)) {
    const path = join(folder, 'images', name);
    const size = sizeOfJpeg(readFileSync(path));
    const text = join(folder, 'labels', name.replace(/\.jpg$/, '.txt'));
    const lines = existsSync(text) ? readFileSync(text, 'utf8').trim().split('\n') : [];
    const gold = lines.filter(Boolean).map((line) => {
      const [at, cx, cy, w, h] = line.split(' ').map(Number);
      const box = [
        (cx - w / 2) * size.width,
        (cy - h / 2) * size.height,
        w * size.width,
        h * size.height,
      ];
      return { label: labels[at], box };
    });
    items.push({ key: name, gold });
    images.set(name, path);
  }
  return {
    name: 'coco128',
    kind: 'boxes',
    labels,
    schema: boxSchema(labels),
    items,
    images,
    file: null,
  };
}

function sizeOfJpeg(bytes) {
  for (let at = 2; ;) {
    const marker = bytes[at + 1];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame)
      return {
        height: bytes.readUInt16BE(at + 5),
        width: bytes.readUInt16BE(at + 7),
      };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

/** Questions to a bank in 77 topics; the text learner has seen `each` labelled ones of every topic. */
export function banking77(most, each = 20) {
  const folder = join(data, 'text_banking77');
  if (!existsSync(folder)) return null;
  const rows = (name) => table(readFileSync(join(folder, name), 'utf8'));
  const train = rows('train.csv');
  const labels = [...new Set(train.map(({ category }) => category))].sort();
  const items = spread(rows('test.csv'), most).map(({ text, category }, i) => ({
    key: `test-${i}`,
    text,
    gold: category,
  }));
  const learned = labels.flatMap((label) =>
    spread(
      train.filter(({ category }) => category === label),
      each,
    ),
  );
  const asLine = (row) => JSON.stringify(row) + '\n';
  return {
    name: 'banking77',
    kind: 'choices',
    labels,
    schema: {
      modality: 'text',
      source: 'text',
      controls: [
        {
          name: 'topic',
          kind: 'choices',
          required: true,
          labels: labels.map((name) => ({ name })),
        },
      ],
    },
    items,
    tasks: items.map(({ key, text }) => asLine({ id: key, text })).join(''),
    learned: learned
      .map(({ text, category }, i) => asLine({ id: `train-${i}`, text, topic: category }))
      .join(''),
  };
}

/** Sentences with rare names; the drafts are those of a system of the shared task. */
export function wnut17(most, system = 'uh_ritual') {
  const folder = join(data, 'ner_wnut17');
  if (!existsSync(folder)) return null;
  const truth = sentences(readFileSync(join(folder, 'emerging.test.annotated'), 'utf8'));
  const drafts = sentences(readFileSync(join(folder, 'systems', system), 'utf8'));
  const labels = [...new Set(truth.flatMap(({ spans }) => spans.map(({ label }) => label)))].sort();
  const chosen = spread(
    truth.map((one, at) => ({ ...one, drafted: drafts[at].spans, at })),
    most,
  );
  const items = chosen.map(({ text, spans, at }) => ({
    key: `test-${at}`,
    text,
    gold: spans,
  }));
  const asRegion = ({ label, ...place }, at) => ({
    id: `d${at}`,
    control: 'names',
    kind: 'spans',
    labels: [label],
    ...place,
  });
  const lines = (withDrafts) =>
    chosen
      .map(({ text, drafted, at }) => {
        const row = { countersign: 1, key: `test-${at}`, data: { text } };
        if (withDrafts) row.drafts = [{ model: system, regions: drafted.map(asRegion) }];
        return JSON.stringify(row) + '\n';
      })
      .join('');
  return {
    name: 'wnut17',
    kind: 'spans',
    bringsDrafts: true,
    labels,
    schema: {
      modality: 'text',
      source: 'text',
      controls: [
        {
          name: 'names',
          kind: 'spans',
          labels: labels.map((name) => ({ name })),
        },
      ],
    },
    items,
    tasks: lines(false),
    draftedTasks: lines(true),
  };
}

/** CoNLL as `{ text, spans }`: words joined by spaces, places in code points. */
function sentences(file) {
  return file
    .split(/\n\s*\n/)
    .filter((block) => block.trim())
    .map((block) => {
      const spans = [];
      let text = '';
      for (const line of block.split('\n').filter(Boolean)) {
        const cells = line.split(line.includes('\t') ? '\t' : ' ');
        const [word, tag] = [cells[0], cells.at(-1).trim()];
        if (text) text += ' ';
        const start = [...text].length;
        text += word;
        const end = [...text].length;
        const [part, label] = [tag[0], tag.slice(2)];
        const before = spans.at(-1);
        if (part === 'I' && before?.label === label && before.end === start - 1) before.end = end;
        else if (part !== 'O') spans.push({ label, start, end });
      }
      return { text, spans };
    });
}

/** RFC 4180, with a header. */
function table(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r?\n|$)/g,
  )) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  const [head, ...rest] = rows;
  return rest.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i]])));
}
