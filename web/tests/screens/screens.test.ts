import { describe, expect, test } from 'vitest';
import type { FileFormat, Job, Label, Schema } from '../../src/api/types';
import { leftOut, usable } from '../../src/screens/export/format-fit';
import { reportOf, reportSentence } from '../../src/screens/import/report';
import { mapRows, withMap } from '../../src/screens/models/label-map';
import { qualityOf } from '../../src/screens/models/quality';
import { PaceOfWork } from '../../src/screens/overview/pace-of-work';
import {
  addControl,
  aliasesFrom,
  freeName,
  moved,
  renamedBack,
  schemaFromText,
  withOlderName,
} from '../../src/screens/schema/edit';
import { itemLine, partFrom, partsOf, suggestions, textOf } from '../../src/screens/tasks/filter';

const schema: Schema = {
  modality: 'image',
  source: 'image',
  controls: [
    { name: 'boxes', kind: 'boxes', title: '', multiple: false, required: true, labels: [] },
    { name: 'weather', kind: 'choices', title: '', multiple: false, required: true, labels: [] },
  ],
};

describe('the task list', () => {
  test('a filter is cut into its parts, and spaces in quotes do not part', () => {
    const text = 'state:ready -label:"traffic light",cat text:"say \\"hi there\\""';
    expect(partsOf(text)).toEqual([
      'state:ready',
      '-label:"traffic light",cat',
      'text:"say \\"hi there\\""',
    ]);
    expect(textOf(partsOf(text))).toBe(text);
    expect(partsOf('')).toEqual([]);
  });

  test('plain words are looked for in the texts', () => {
    expect(partFrom(' late parcel ')).toBe('text:"late parcel"');
    expect(partFrom('say "hi"')).toBe('text:"say \\"hi\\""');
    expect(partFrom('-state:done')).toBe('-state:done');
    expect(partFrom('  ')).toBe('');
  });

  test('what is typed goes on with fields, then with their values, also behind a comma', () => {
    const fields = [
      { name: 'state', kind: 'choice', meaning: 'where it stands', choices: ['ready', 'done'] },
      { name: 'label', kind: 'label', meaning: 'a label it has', choices: [] },
      { name: 'flagged', kind: 'yes_no', meaning: 'it has a flag', choices: [] },
    ] as const;
    const labelled = {
      ...schema,
      controls: [{ ...schema.controls[1]!, labels: [{ name: 'traffic light' }, { name: 'sun' }] }],
    } as Schema;
    const offered = (typed: string): string[] =>
      suggestions(typed, fields as never, { schema: labelled, people: [], models: [] }).map(
        ({ text }) => text,
      );
    expect(offered('')).toEqual(['state:', 'label:', 'flagged:']);
    expect(offered('-fl')).toEqual(['-flagged:']);
    expect(offered('state:')).toEqual(['state:ready', 'state:done']);
    expect(offered('state:ready,d')).toEqual(['state:ready,done']);
    expect(offered('label:tra')).toEqual(['label:"traffic light"']);
    expect(offered('colour:')).toEqual([]);
  });

  test('a task is shown by its text on one line, or by its key', () => {
    expect(itemLine({ text: ' two\n lines ' }, 'text', 'k')).toBe(' two lines ');
    expect(itemLine({ image: '' }, 'image', 'a.jpg')).toBe('a.jpg');
  });
});

describe('formats', () => {
  const format = (change: Partial<FileFormat>): FileFormat => ({
    name: 'coco',
    title: 'COCO',
    extension: 'json',
    import: true,
    export: true,
    modalities: ['image'],
    controls: ['boxes'],
    lossless: false,
    ...change,
  });

  test('are offered when they carry something of the schema, and say what they leave out', () => {
    expect(usable(format({}), schema)).toBe(true);
    expect(leftOut(format({}), schema)).toEqual(['choices']);
    expect(usable(format({ modalities: ['text'] }), schema)).toBe(false);
    expect(usable(format({ controls: ['spans'] }), schema)).toBe(false);
    expect(usable(format({ export: false }), schema)).toBe(false);
  });
});

describe('a renamed label', () => {
  const named = (name: string, aliases: string[] = []) => ({
    ...{ name, hotkey: '', color: '', guideline: '', aliases },
  });
  const schemaOf = (labels: Label[]): Schema => ({
    modality: 'text',
    source: 'text',
    controls: [
      { name: 'animal', kind: 'choices', title: '', multiple: false, required: true, labels },
    ],
  });

  test('keeps the name it was saved under, once, and not when another label has it', () => {
    const feline = named('feline');
    expect(withOlderName(feline, 'cat', [feline])).toEqual({ aliases: ['cat'] });
    expect(withOlderName(named('feline', ['cat']), 'cat', [])).toEqual({ aliases: ['cat'] });
    expect(withOlderName(feline, 'cat', [feline, named('cat')])).toEqual({ aliases: [] });
    expect(withOlderName(named('cat', ['cat']), 'cat', [named('cat')])).toEqual({ aliases: [] });
  });

  test('is renamed back with what was answered since, and parted from what it was merged into', () => {
    const renaming = { control: 'animal', name: 'cat', from: 'cat', tasks: 3, more: false };
    const before = schemaOf([named('cat'), named('dog')]);
    const back = renamedBack(before, [{ ...renaming, to: 'feline' }]);
    expect(back.controls[0]!.labels.map(({ name, aliases }) => [name, aliases])).toEqual([
      ['cat', ['feline']],
      ['dog', []],
    ]);
    expect(renamedBack(before, [{ ...renaming, to: 'dog' }])).toEqual(before);
  });
});

describe('the schema editor', () => {
  test('moves within the list and not beyond its ends', () => {
    expect([
      moved('abc'.split(''), 0, 1),
      moved('abc'.split(''), 0, -1),
      moved('abc'.split(''), 2, 1),
    ]).toEqual([
      ['b', 'a', 'c'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });

  test('new controls and labels have free names and fit the items', () => {
    expect(freeName('Label', ['Label', 'Label 2'])).toBe('Label 3');
    const added = addControl(schema).controls.at(-1);
    expect([added?.name, added?.kind]).toEqual(['choices', 'choices']);
  });

  test('JSON becomes a schema with what is missing filled in, or a sentence', () => {
    const read = schemaFromText(
      '{"modality":"text","controls":[{"name":"topic","labels":[{"name":"a"}]}]}',
    );
    expect(read).toEqual({
      schema: {
        modality: 'text',
        source: '',
        controls: [
          {
            name: 'topic',
            kind: 'choices',
            title: '',
            multiple: false,
            required: true,
            per_region: false,
            labels: [{ name: 'a', hotkey: '', color: '', guideline: '', aliases: [] }],
            points: [],
            lines: [],
          },
        ],
      },
    });
    expect(schemaFromText('{"controls":')).toHaveProperty('wrong');
    expect(schemaFromText('[1]')).toHaveProperty('wrong');
    expect(schemaFromText('null')).toHaveProperty('wrong');
  });

  test('aliases are cut at commas', () => {
    expect(aliasesFrom(' car, auto ,,')).toEqual(['car', 'auto']);
  });
});

describe('models', () => {
  const config = {
    control: 'boxes',
    map: { car: 'Car', bus: 'Bus' },
    dropped: ['cat'],
    threshold: 0.3,
  };

  test('a label map lists what is mapped, then what is dropped', () => {
    expect(mapRows(config)).toEqual([
      { name: 'bus', label: 'Bus' },
      { name: 'car', label: 'Car' },
      { name: 'cat', label: '' },
    ]);
    expect(mapRows({ control: 'x' })).toBeNull();
  });

  test('a changed map keeps the rest of the config and says what cannot be drafted', () => {
    const rows = mapRows(config)!.map((row) => (row.name === 'bus' ? { ...row, label: '' } : row));
    expect(withMap(config, rows, ['Car', 'Bus'])).toEqual({
      control: 'boxes',
      threshold: 0.3,
      map: { car: 'Car' },
      dropped: ['bus', 'cat'],
      undrafted: ['Bus'],
    });
  });

  test('quality is read when it was measured, and is nothing otherwise', () => {
    expect(qualityOf({ quality: { accuracy: 0.9, accuracy_low: 0.8, n: 40 } })).toMatchObject({
      measure: 'accuracy',
      value: 0.9,
      low: 0.8,
      high: 0.9,
      n: 40,
    });
    expect(
      qualityOf({ quality: { f1: 0.7, f1_low: 0.6, f1_high: 0.8, n: 12, method: 'crf' } }),
    ).toMatchObject({ measure: 'f1', value: 0.7, low: 0.6, high: 0.8, method: 'crf' });
    expect(qualityOf({ quality: { config: {} } })).toBeNull();
    expect(qualityOf(null)).toBeNull();
  });
});

describe('imports', () => {
  test('an import that ended is told in a sentence, any other job is not', () => {
    const result = {
      rows: 5,
      accepted: 3,
      repaired: 1,
      rejected: 1,
      added: 4,
      unchanged: 0,
      drafts: 2,
      labels: 0,
      seconds: 1,
    };
    const report = reportOf({ kind: 'import', result } as unknown as Job);
    expect(report && reportSentence(report)).toBe(
      '4 new tasks, 1 row repaired, 1 row rejected, 2 drafts',
    );
    expect(reportOf({ kind: 'draft', result } as unknown as Job)).toBeNull();
    expect(reportOf({ kind: 'import', result: null } as unknown as Job)).toBeNull();
  });
});

describe('time left', () => {
  test('is said after a minute of work, not before', () => {
    const pace = new PaceOfWork();
    pace.add(0, 100);
    pace.add(30_000, 110);
    expect(pace.secondsLeft(100)).toBeNull();
    pace.add(60_000, 120);
    expect(pace.secondsLeft(100)).toBe(300);
  });
});
