// What the server hears for the desk: names by voices, times of words.
import { expect, test } from 'vitest';
import type { Schema, TextToTime, VoicesAsk, VoicesReply, Word } from '../../src/api/types';
import { Problem } from '../../src/api/problem';
import type { Region } from '../../src/editor/region';
import { Listening, type SoundServer } from '../../src/sound/listening.svelte';
import { editorOf, labels } from '../editor/scene';

const schema: Schema = {
  modality: 'audio',
  source: 'audio',
  controls: [
    {
      name: 'who',
      kind: 'segments',
      title: '',
      multiple: false,
      required: false,
      labels: labels('Ada', 'Bob'),
    },
    {
      name: 'said',
      kind: 'text',
      title: '',
      multiple: false,
      required: false,
      per_region: true,
      labels: [],
    },
  ],
};

const segment = (id: string, start: number, end: number, label = 'Ada'): Region => ({
  id,
  control: 'who',
  kind: 'segments',
  labels: [label],
  start,
  end,
  origin: 'model',
  probability: 0.5,
});
const text = (parent: string, said: string, words?: Word[]): Region => ({
  id: `t${parent}`,
  control: 'said',
  kind: 'text',
  parent,
  text: said,
  origin: 'edited',
  ...(words && { words }),
});
/** Words of half a second each from a time on, with half a second of nothing after each. */
const spoken = (said: string, from: number, confidence?: number): Word[] =>
  said.split(' ').map((word, i) => ({
    text: word,
    start: from + i,
    end: from + i + 0.5,
    ...(confidence !== undefined && { confidence }),
  }));

function desk(regions: Region[], server: Partial<SoundServer>) {
  const editor = editorOf({ schema, image: null, regions });
  const told: { key: string; values: Record<string, string | number> }[] = [];
  const all: SoundServer = {
    nameVoices: () => Promise.reject(new Error('not asked')),
    timeWords: () => Promise.reject(new Error('not asked')),
    ...server,
  };
  const listening = new Listening(all, {
    editor,
    taskId: 't1',
    tell: (key, values = {}) => void told.push({ key, values }),
  });
  const labelsNow = () =>
    editor.store
      .all()
      .filter(({ kind }) => kind === 'segments')
      .map(({ id, labels, confidence }) => `${id} ${labels?.[0]} ${confidence ?? ''}`.trim());
  const wordsOf = (id: string) =>
    (editor.store.get(id)?.words ?? []).map(({ text, start }) => `${text}@${start}`);
  return { editor, listening, told, labelsNow, wordsOf };
}

const reply = (segments: VoicesReply['segments'], short = false): VoicesReply => ({
  segments,
  left: [],
  voices: [
    { label: 'Ada', seconds: 8, recognised: 1, names: true },
    ...(short ? [{ label: 'Bob', seconds: 2.04, recognised: 0, names: false }] : []),
  ],
});

test("the person's segments teach, only the others take names, and one undo takes all back", async () => {
  let asked: VoicesAsk | undefined;
  const { editor, listening, told, labelsNow } = desk(
    [segment('a', 0, 5), segment('b', 5, 9), segment('c', 9, 12), segment('d', 12, 13, 'Bob')],
    {
      nameVoices: (_, ask) => {
        asked = ask;
        return Promise.resolve(
          reply([
            { id: 'c', label: 'Bob', confidence: 0.9 },
            { id: 'd', label: 'Bob', confidence: 0.7 },
            { id: 'a', label: 'Bob', confidence: 0.9 },
          ]),
        );
      },
    },
  );
  editor.relabel('a', 'Bob');
  editor.relabel('a', 'Ada');
  editor.keep('b');
  await listening.voices();
  expect(asked?.labelled.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(asked?.segments.map(({ id, label }) => `${id} ${label}`)).toEqual(['c Ada', 'd Bob']);
  expect(labelsNow()).toEqual(['a Ada', 'b Ada', 'c Bob 0.9', 'd Bob 0.7']);
  expect(told.at(-1)).toEqual({
    key: 'said.voices',
    values: { changed: 1, same: 1, rest: 0, why: '', but: '' },
  });
  editor.history.undo();
  expect(labelsNow()).toEqual(['a Ada', 'b Ada', 'c Ada', 'd Bob']);
  editor.history.redo();
  expect(labelsNow()).toEqual(['a Ada', 'b Ada', 'c Bob 0.9', 'd Bob 0.7']);
});

test('what a file says nobody made, and how sure it is of, is a draft', async () => {
  let asked: VoicesAsk | undefined;
  const { listening } = desk(
    [
      { ...segment('a', 0, 4), origin: 'person' },
      { ...segment('b', 5, 9), origin: 'imported' },
    ],
    {
      nameVoices: (_task, ask) => {
        asked = ask;
        return Promise.resolve(reply([]));
      },
    },
  );
  await listening.voices();
  expect(asked?.segments.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('a segment that a hand changes while the server listens stays as the hand left it', async () => {
  let answer: (reply: VoicesReply) => void = () => {};
  const { editor, listening, labelsNow, told } = desk([segment('a', 0, 5), segment('b', 5, 9)], {
    nameVoices: () => new Promise((resolve) => (answer = resolve)),
  });
  const asking = listening.voices();
  expect(listening.asks).toBe('voices');
  editor.revise('b', { end: 8 });
  answer(
    reply(
      [
        { id: 'a', label: 'Bob', confidence: 0.9 },
        { id: 'b', label: 'Bob', confidence: 0.9 },
      ],
      true,
    ),
  );
  await asking;
  expect(listening.asks).toBeNull();
  expect(labelsNow()).toEqual(['a Bob 0.9', 'b Ada']);
  expect(told.at(-1)?.key).toBe('said.voices');
  expect(told.at(-1)?.values['but']).toBe(' Under 5 seconds of speech so far: Bob 2.0 s.');
});

test('what is left alone says why until it changes, and so do voices that are too much alike', async () => {
  const { editor, listening, told, labelsNow } = desk(
    [segment('a', 0, 5), segment('b', 5, 9), segment('c', 9, 12), segment('d', 12, 15)],
    {
      nameVoices: () =>
        Promise.resolve({
          segments: [],
          left: [
            { id: 'a', why: 'unsure' },
            { id: 'b', why: 'short' },
            { id: 'c', why: 'unsure' },
            { id: 'd', why: 'talked_over' },
          ],
          voices: [{ label: 'Bob', seconds: 8, recognised: 0.4, names: false }],
        }),
    },
  );
  await listening.voices();
  expect(labelsNow()).toEqual(['a Ada', 'b Ada', 'c Ada', 'd Ada']);
  expect(told.at(-1)).toEqual({
    key: 'said.voices_none',
    values: {
      changed: 0,
      same: 0,
      rest: 4,
      why: ' (2 not sure, 1 too short, 1 talked over)',
      but: ' Too much like the others to be told from them: Bob.',
    },
  });
  const why = () => editor.store.all().map((region) => listening.leftAlone(region) ?? '');
  expect(why()).toEqual(['unsure', 'short', 'unsure', 'talked_over']);
  editor.relabel('c', 'Bob');
  expect(why()).toEqual(['unsure', 'short', '', 'talked_over']);
});

test('a refusal is told, a question given up leaves the desk alone', async () => {
  const refuse = desk([segment('a', 0, 5)], {
    nameVoices: () => Promise.reject(new Problem('invalid', 422, '', 'Ada 2.0 s.')),
  });
  await refuse.listening.voices();
  expect(refuse.told.at(-1)).toEqual({
    key: 'said.voices_failed',
    values: { detail: 'Ada 2.0 s.' },
  });

  let answer: (reply: VoicesReply) => void = () => {};
  const given = desk([segment('a', 0, 5)], {
    nameVoices: () => new Promise((resolve) => (answer = resolve)),
  });
  const asking = given.listening.voices();
  expect(given.listening.stop()).toBe(true);
  answer(reply([{ id: 'a', label: 'Bob', confidence: 0.9 }]));
  await asking;
  expect(given.labelsNow()).toEqual(['a Ada']);
  expect(given.listening.stop()).toBe(false);
});

test('with nothing left to name nobody is asked', async () => {
  const { editor, listening, told } = desk([segment('a', 0, 5)], {});
  editor.keep('a');
  await listening.voices();
  expect(told.map(({ key }) => key)).toEqual(['said.voices_nothing']);
});

/** Times each word it is asked for, one a second from the start on; but for 日本. */
const timing = (asked: TextToTime[][]): Partial<SoundServer> => ({
  timeWords: (_, texts) => {
    asked.push([...texts]);
    return Promise.resolve({
      texts: texts.map(({ id, start, words }) => ({
        id,
        words: words.flatMap((text, i) =>
          text === '日本' ? [] : [{ text, start: start + i, end: start + i + 0.9 }],
        ),
        problem: '',
      })),
    });
  },
});

test('the words of the text in focus are timed as they are written; what the model was sure of stays', async () => {
  const asked: TextToTime[][] = [];
  const { editor, listening, wordsOf } = desk(
    [
      segment('a', 2, 6),
      text('a', 'Hello 日本 there.', [{ text: 'Hello', start: 2, end: 2.4, confidence: 0.8 }]),
      segment('b', 7, 9),
      text('b', 'bye'),
    ],
    timing(asked),
  );
  await listening.times(60, 'a');
  expect(asked).toEqual([[{ id: 'ta 0', start: 2, end: 6, words: ['Hello', '日本', 'there.'] }]]);
  expect(wordsOf('ta')).toEqual(['Hello@2', 'there.@4']);
  expect(editor.store.get('ta')?.words?.[0]?.confidence).toBe(0.8);
  expect(wordsOf('tb')).toEqual([]);
  editor.history.undo();
  expect(wordsOf('ta')).toEqual(['Hello@2']);
});

test('a long text is asked about in pieces, cut between words whose times are known', async () => {
  const asked: TextToTime[][] = [];
  const many = Array.from({ length: 120 }, (_, i) => `w${i}`).join(' ');
  const { listening, wordsOf, told } = desk(
    [segment('a', 0, 120), text('a', `${many} end`, spoken(many, 0))],
    timing(asked),
  );
  await listening.times(120, null);
  const pieces = asked.flat();
  expect(pieces.length).toBe(6);
  expect(pieces.every(({ start, end }) => end - start <= 25)).toBe(true);
  expect(pieces.flatMap(({ words }) => words).join(' ')).toBe(`${many} end`);
  expect(wordsOf('ta').length).toBe(121);
  expect(told.at(-1)).toEqual({ key: 'said.times', values: { n: 1 } });
});

test('a piece that cannot be timed keeps what was known of it, and the reason is told', async () => {
  const { listening, wordsOf, told } = desk(
    [segment('a', 0, 4), text('a', 'one two', spoken('one', 0))],
    {
      timeWords: (_, texts) =>
        Promise.resolve({
          texts: texts.map(({ id }) => ({ id, words: [], problem: 'It is not said here.' })),
        }),
    },
  );
  await listening.times(60, null);
  expect(wordsOf('ta')).toEqual(['one@0']);
  expect(told.at(-1)?.key).toBe('said.times_some');
  expect(told.at(-1)?.values['detail']).toBe('It is not said here.');
});
