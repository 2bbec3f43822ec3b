import { expect, test, vi } from 'vitest';
import { Problem } from '../../src/api/problem';
import type { Annotation, Dispute, Region } from '../../src/api/types';
import {
  DisputeQueue,
  type DisputeNews,
  type DisputeServer,
} from '../../src/screens/disputes/dispute-queue.svelte';
import {
  groupsOf,
  marksOf,
  otherTexts,
  placesOf,
  stretches,
} from '../../src/screens/disputes/marks';
import { differingRuns } from '../../src/screens/disputes/word-diff';

const region = (id: string, more: Partial<Region> = {}): Region => ({ id, control: 'c', ...more });

function dispute(task: string): Dispute {
  const opinion = (id: string) => ({
    annotation: { id, regions: [region('r')] } as Annotation,
    author: id,
    from_first: [],
    from_draft: [],
    probability: null,
  });
  return {
    task: { id: task } as Dispute['task'],
    media: null,
    draft: null,
    opinions: [opinion(`${task}1`), opinion(`${task}2`)],
    suggested: `${task}1`,
    in_favour: 1,
    ...{ none_right: null, ground: 'few', several: 3, verdicts: 0 },
  };
}

function scene(tasks = ['t1', 't2', 't3']) {
  const server = {
    disputes: vi.fn(async () => ({ items: tasks.map(dispute), next: null })),
    decideDispute: vi.fn(async () => ({}) as Annotation),
    takeVerdictBack: vi.fn(async () => undefined),
    sendBack: vi.fn(async () => undefined),
  } satisfies DisputeServer;
  const news: DisputeNews[] = [];
  const queue = new DisputeQueue(server, 'p', (what) => news.push(what));
  const left = () => queue.items.map(({ task }) => task.id).join(' ');
  return { server, queue, news, left };
}
const settled = () => new Promise((done) => setTimeout(done));

test('the next dispute is open at once, before the server has answered', async () => {
  const { queue, server, news, left } = scene();
  await queue.load();
  queue.decide({ annotation: 't11', active_ms: 5 });
  expect(queue.open?.task.id).toBe('t2');
  expect(left()).toBe('t2 t3');
  await settled();
  expect(server.decideDispute).toHaveBeenCalledWith('t1', { annotation: 't11', active_ms: 5 });
  expect(news).toEqual(['decided']);
});

test('the last verdict is taken back where it stood', async () => {
  const { queue, server, left } = scene();
  await queue.load();
  queue.step(1);
  queue.decide({ annotation: 't21', active_ms: 5 });
  expect(queue.open?.task.id).toBe('t3');
  await queue.undo();
  expect(server.takeVerdictBack).toHaveBeenCalledWith('t2');
  expect(left()).toBe('t1 t2 t3');
  expect(queue.open?.task.id).toBe('t2');
  expect(queue.canUndo).toBe(false);
});

test('what the server refuses comes back; what somebody else decided does not', async () => {
  const { queue, server, news, left } = scene();
  await queue.load();
  server.decideDispute.mockRejectedValueOnce(new Problem('forbidden', 403, '', 'yours'));
  queue.decide({ annotation: 't11', active_ms: 5 });
  await settled();
  expect(left()).toBe('t1 t2 t3');
  expect(queue.open?.task.id).toBe('t1');
  server.decideDispute.mockRejectedValueOnce(new Problem('not_found', 404, '', 'gone'));
  queue.decide({ annotation: 't11', active_ms: 5 });
  await settled();
  expect(left()).toBe('t2 t3');
  expect(news).toEqual(['refused', 'gone']);
  expect(queue.canUndo).toBe(false);
});

test('a dispute that is sent back leaves the list', async () => {
  const { queue, server, left } = scene(['t1']);
  await queue.load();
  await queue.sendBack('look at the sender');
  expect(server.sendBack).toHaveBeenCalledWith('t1', 'look at the sender');
  expect(left()).toBe('');
  expect(queue.open).toBeNull();
});

test('the most undecided come first when asked for, over all pages, and the order of tasks comes back', async () => {
  const odds: Record<string, number[]> = { t1: [0.9, 0.1], t2: [0.5, 0.4], t3: [0.3, 0.2] };
  const { queue, server, left } = scene();
  const page = (tasks: string[], next: string | null) => ({
    items: tasks.map((task) => {
      const one = dispute(task);
      one.opinions.forEach((opinion, i) => (opinion.probability = odds[task]?.[i] ?? null));
      if (task === 't3') one.none_right = 0.6;
      return one;
    }),
    next,
  });
  server.disputes.mockImplementation((async (_: string, { cursor }: { cursor: string | null }) =>
    cursor ? page(['t2', 't3'], null) : page(['t0', 't1'], 'more')) as never);
  await queue.load();
  expect(left()).toBe('t0 t1');
  await queue.sortBy('undecided');
  expect(left()).toBe('t2 t3 t1 t0');
  expect(queue.open?.task.id).toBe('t2');
  await queue.sortBy('task');
  expect(left()).toBe('t0 t1 t2 t3');
});

test('regions that others have otherwise, or not at all, are marked on both sides', () => {
  const one = dispute('t');
  one.opinions[1]!.from_first = [
    { control: 'c', a: 'car', b: 'truck' },
    { control: 'c', a: 'bus', b: '' },
    { control: 'c', a: '', b: 'bike' },
  ];
  one.opinions[1]!.from_draft = [{ control: 'c', a: 'd', b: '' }];
  const { opinions, draft } = marksOf(one);
  expect([...opinions[0]!]).toEqual([
    ['car', 'differs'],
    ['bus', 'alone'],
  ]);
  expect([...opinions[1]!]).toEqual([
    ['truck', 'differs'],
    ['bike', 'alone'],
  ]);
  expect([...draft]).toEqual([['d', 'alone']]);
});

test('who shares what is disputed in the first answer is marked like it', () => {
  const one = dispute('t');
  const third = { ...one.opinions[0]!, from_first: [] };
  one.opinions.push(third);
  const span = (id: string, start: number) =>
    region(id, { kind: 'spans', labels: ['Person'], start, end: 9 });
  one.opinions[0]!.annotation.regions = [span('s', 1), span('same', 5)];
  third.annotation = { id: 't3', regions: [span('x', 1), span('y', 5)] } as Annotation;
  one.opinions[1]!.from_first = [{ control: 'c', a: 's', b: '' }];
  expect([...marksOf(one).opinions[2]!]).toEqual([['x', 'alone']]);
});

test('a text is cut where spans begin and end, by code points', () => {
  const inner = region('i', { start: 2, end: 3 });
  const outer = region('o', { start: 1, end: 4 });
  const cut = stretches('a😀bcd', [outer, inner]);
  expect(cut.map(({ text }) => text)).toEqual(['a', '😀', 'b', 'c', 'd']);
  expect(cut.map(({ spans }) => spans.map(({ id }) => id).join(''))).toEqual([
    '',
    'o',
    'oi',
    'o',
    '',
  ]);
});

test('of two transcripts the words are marked that the other does not have', () => {
  const marked = (text: string, ...others: string[]) =>
    differingRuns(text, others)
      .map(({ text, differs }) => (differs ? `[${text}]` : text))
      .join('');
  expect(marked('the cat sat on the mat', 'the cat sat on a mat')).toBe('the cat sat on [the] mat');
  expect(marked('so they left early', 'they left')).toBe('[so] they left [early]');
  expect(marked('one two three', 'one 2 three', 'one two 3')).toBe('one [two three]');
  expect(marked('same  words', 'same words')).toBe('same  words');
  expect(marked('alone')).toBe('alone');
  expect(marked('', 'something')).toBe('');
});

test('long texts that differ throughout are marked from the first to the last difference', () => {
  const long = (word: string) => `start ${Array(2000).fill(word).join(' ')} end`;
  const runs = differingRuns(long('a'), [long('b')]);
  expect(runs.map(({ differs }) => differs)).toEqual([false, true, false]);
});

test('a text is compared with what stands in its place in the other answers and in the draft', () => {
  const one = dispute('t1');
  const said = (text: string) => region('r', { kind: 'text', text });
  one.opinions[0]!.annotation.regions = [said('a b'), region('s', { kind: 'segments' })];
  one.opinions[1]!.annotation.regions = [said('a c')];
  one.opinions[1]!.from_first = [
    { control: 'c', a: 'r', b: 'r' },
    { control: 'c', a: 's', b: '' },
  ];
  one.draft = { regions: [said('a')] } as Dispute['draft'];
  one.opinions[0]!.from_draft = [{ control: 'c', a: 'r', b: 'r' }];
  const { opinions, draft } = otherTexts(one);
  expect([...opinions[0]!]).toEqual([['r', ['a c']]]);
  expect([...opinions[1]!]).toEqual([['r', ['a b']]]);
  expect([...draft]).toEqual([['r', ['a b']]]);
});

const segment = (id: string, who: string, start: number, end: number): Region =>
  region(id, { kind: 'segments', labels: [who], start, end });
const text = (id: string, said: string, parent?: string): Region =>
  region(id, { control: 'said', kind: 'text', text: said, ...(parent && { parent }) });

test('words that any two of several people heard otherwise are told to all of them', () => {
  const one = dispute('t');
  const said = ['met on the third', 'met on the first', ' met on the third ', 'left on the third'];
  one.opinions = said.map((words, i) => ({
    ...one.opinions[0]!,
    annotation: { id: `${i}`, regions: [text(`t${i}`, words)] } as Annotation,
    from_first: i === 1 || i === 3 ? [{ control: 'said', a: 't0', b: `t${i}` }] : [],
  }));
  one.opinions[2]!.annotation.regions = [text('t2', 'met on the third')];
  const { opinions } = otherTexts(one);
  expect(opinions[0]!.get('t0')).toEqual(['met on the first', 'left on the third']);
  expect(opinions[1]!.get('t1')).toEqual([
    'met on the third',
    'met on the third',
    'left on the third',
  ]);
  expect(opinions[2]!.get('t2')).toEqual(['met on the first', 'left on the third']);
});

test('answers about a segment go with it, and a segment about which people differ comes first', () => {
  const regions = [
    segment('b', 'Ada', 4, 6),
    text('bw', 'no', 'b'),
    segment('a', 'Ada', 1, 3),
    text('aw', 'yes', 'a'),
    text('lone', 'gone', 'nothing'),
  ];
  const calm = groupsOf(regions, 'c', new Map());
  expect(calm.map(({ region, about }) => [region.id, ...about.map(({ id }) => id)])).toEqual([
    ['a', 'aw'],
    ['b', 'bw'],
  ]);
  expect(groupsOf(regions, 'c', new Map([['bw', 'differs']]))[0]?.region.id).toBe('b');
  expect(groupsOf(regions, 'said', new Map()).map(({ region }) => region.id)).toEqual(['lone']);
});

test('the places where answers to a recording part come in the order they are heard, each once', () => {
  const one = dispute('t');
  one.opinions[0]!.annotation.regions = [
    segment('late', 'Ada', 9, 10),
    segment('a', 'Ada', 1, 3),
    segment('b', 'Ada', 4, 6),
    text('bw', 'no', 'b'),
  ];
  one.opinions[1]!.annotation.regions = [
    segment('a2', 'Ada', 1, 3),
    segment('b2', 'Ada', 4, 6),
    text('bw2', 'so', 'b2'),
    segment('noise', 'noise', 5, 7),
  ];
  one.opinions[1]!.from_first = [
    { control: 'c', a: 'late', b: '' },
    { control: 'said', a: 'bw', b: 'bw2' },
    { control: 'c', a: '', b: 'noise' },
  ];
  expect(placesOf(one, marksOf(one))).toEqual([
    { start: 4, end: 7 },
    { start: 9, end: 10 },
  ]);
});

test('who hears the same segment a little longer shares what is disputed about it', () => {
  const one = dispute('t');
  const third = { ...one.opinions[0]!, from_first: [] };
  one.opinions.push(third);
  one.opinions[0]!.annotation = { id: '0', regions: [segment('a', 'Ada', 1, 3)] } as Annotation;
  one.opinions[1]!.annotation = { id: '1', regions: [segment('b', 'Grace', 1, 3)] } as Annotation;
  one.opinions[1]!.from_first = [{ control: 'c', a: 'a', b: 'b' }];
  one.opinions[2] = {
    ...third,
    annotation: {
      id: '2',
      regions: [segment('same', 'Ada', 1.2, 3.1), segment('other', 'Ada', 2.5, 6)],
    } as Annotation,
  };
  expect([...marksOf(one).opinions[2]!.keys()]).toEqual(['same']);
});
