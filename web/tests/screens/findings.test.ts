import { render } from 'svelte/server';
import { expect, test, vi } from 'vitest';
import { Problem } from '../../src/api/problem';
import type {
  Finding,
  FindingAsk,
  FindingKindSummary,
  FindingPlace,
  FindingsDecided,
  FindingsUndone,
  FindingSummary,
  TaskDetail,
} from '../../src/api/types';
import {
  FindingQueue,
  inOrder,
  type FindingNews,
  type FindingServer,
} from '../../src/screens/findings/finding-queue.svelte';
import NotDone from '../../src/screens/findings/not-done.svelte';
import { cutOf, excerptOf, placeOf, spansIn } from '../../src/screens/findings/places';
import { scoreText } from '../../src/screens/findings/score-text';
import { TaskShelf } from '../../src/screens/findings/task-shelf';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  ...{ id, kind: 'geometry', check: 'doubled', level: 'warning', title: 'Twice' },
  ...{
    score: 0.9,
    score_means: 'overlap',
    advice: '',
    is_repaired: false,
    sentence: '',
    task: `t${id}`,
    name: id,
  },
  ...{ annotation: '', control: '', label: '', region: '', person: '', person_name: '' },
  ...{ place: null },
  ...{ evidence: [], state: 'open', reason: '', decided_by: '', decided_at: 0, found_at: 1 },
  ...more,
});
const kindOf = (kind: string, more: Partial<FindingKindSummary> = {}): FindingKindSummary => ({
  ...{
    kind,
    title: kind,
    open: 1,
    waiting: 0,
    fixed: 0,
    dismissed: 0,
    judged: 0,
    is_shown_less: false,
  },
  ...{ precision: null, precision_low: null, precision_high: null },
  ...more,
});
const summaryOf = (kinds: FindingKindSummary[] = [], checked_at = 5): FindingSummary => ({
  kinds,
  checked_at,
  not_done: [],
  job: null,
});

function scene(ids = ['a', 'b', 'c', 'd'], pages = 1) {
  const all = ids.map((id) => finding(id, { kind: id < 'c' ? 'geometry' : 'boundary' }));
  const server = {
    findings: vi.fn(async (_: string, ask: FindingAsk) => {
      const kept = all.filter(({ kind }) => !ask.kind || ask.kind === kind);
      const size = Math.ceil(kept.length / pages);
      const page = Number(ask.after ?? 0);
      const next = page + 1 < pages ? String(page + 1) : null;
      return { findings: kept.slice(page * size, (page + 1) * size), next };
    }),
    findingSummary: vi.fn(async () => summaryOf()),
    decideFindings: vi.fn(
      async (_: string, findings: readonly string[]): Promise<FindingsDecided> => ({
        decided: findings.length,
        refused: [],
      }),
    ),
    mendFindings: vi.fn(
      async (_: string, findings: readonly string[]): Promise<FindingsDecided> => ({
        decided: findings.length,
        refused: [],
      }),
    ),
    undoFindings: vi.fn(
      async (_: string, findings: readonly string[]): Promise<FindingsUndone> => ({
        undone: findings.length,
        refused: [],
      }),
    ),
  } satisfies FindingServer;
  const news: FindingNews[] = [];
  const queue = new FindingQueue(server, 'p', (what) => news.push(what));
  const listed = () => queue.items.map(({ id }) => id).join(' ');
  return { server, queue, news, listed };
}
const settled = () => new Promise((done) => setTimeout(done));

test('the next finding is open at once, before the server has answered', async () => {
  const { server, queue, news, listed } = scene();
  await queue.load();
  queue.decide('relabel');
  expect(queue.open?.id).toBe('b');
  expect(listed()).toBe('b c d');
  await settled();
  expect(server.decideFindings).toHaveBeenCalledWith('p', ['a'], 'relabel', '');
  expect(news).toEqual([{ kind: 'relabel', n: 1 }]);
  expect(server.findingSummary).toHaveBeenCalled();
});

test('those that are marked are decided together, and come back together where they stood', async () => {
  const { server, queue, news, listed } = scene();
  await queue.load();
  queue.toggleMark('b');
  queue.toggleMark('d');
  queue.decide('dismissed', 'fine');
  expect(listed()).toBe('a c');
  expect(queue.open?.id).toBe('a');
  expect(queue.marked.size).toBe(0);
  await queue.undo();
  expect(server.decideFindings).toHaveBeenCalledWith('p', ['b', 'd'], 'dismissed', 'fine');
  expect(server.undoFindings).toHaveBeenCalledWith('p', ['b', 'd']);
  expect(listed()).toBe('a b c d');
  expect(queue.open?.id).toBe('b');
  expect(queue.canUndo).toBe(false);
  expect(news.at(-1)).toEqual({ kind: 'undone', n: 2 });
});

test('of all that are marked those that can be mended safely are, and come back when that is undone', async () => {
  const { server, queue, news, listed } = scene();
  server.findings.mockImplementation(async () => ({
    findings: ['a', 'b', 'c', 'd'].map((id) => finding(id, { is_repaired: id !== 'b' })),
    next: null,
  }));
  await queue.load();
  queue.show('b');
  expect(queue.mendable).toEqual([]);
  queue.mend();
  expect(listed()).toBe('a b c d');
  for (const id of ['a', 'b', 'd']) queue.toggleMark(id);
  server.mendFindings.mockResolvedValueOnce({
    decided: 1,
    refused: [{ id: 'd', reason: 'the label has changed since' }],
  });
  queue.mend();
  expect(listed()).toBe('b c');
  await settled();
  expect(server.mendFindings).toHaveBeenCalledWith('p', ['a', 'd']);
  expect(server.decideFindings).not.toHaveBeenCalled();
  expect(listed()).toBe('b c d');
  expect(news.at(-1)).toEqual({ kind: 'mended', n: 1 });
  await queue.undo();
  expect(server.undoFindings).toHaveBeenCalledWith('p', ['a']);
  expect(listed()).toBe('a b c d');
});

test('what the server refuses comes back, by name; the others stay decided', async () => {
  const { server, queue, news, listed } = scene();
  await queue.load();
  await queue.markAll();
  server.decideFindings.mockResolvedValueOnce({
    decided: 3,
    refused: [{ id: 'c', reason: 'somebody has it' }],
  });
  queue.decide('fixed');
  expect(listed()).toBe('');
  await settled();
  expect(listed()).toBe('c');
  expect(news).toContainEqual({ kind: 'refused', n: 1, detail: 'c: somebody has it' });
  expect(news).toContainEqual({ kind: 'fixed', n: 3 });
  await queue.undo();
  expect(server.undoFindings).toHaveBeenCalledWith('p', ['a', 'b', 'd']);
});

test('a server that cannot be reached loses nothing', async () => {
  const { server, queue, news, listed } = scene();
  await queue.load();
  server.decideFindings.mockRejectedValueOnce(new Problem('network', 0, '', 'not reached'));
  queue.decide('fixed');
  await settled();
  expect(listed()).toBe('a b c d');
  expect(queue.open?.id).toBe('a');
  expect(queue.canUndo).toBe(false);
  expect(news).toEqual([{ kind: 'refused', n: 1, detail: 'not reached' }]);
});

test('all is marked to the last page', async () => {
  const { queue, listed } = scene(['a', 'b', 'c', 'd'], 2);
  await queue.load();
  expect(listed()).toBe('a b');
  await queue.markAll();
  expect(queue.marked.size).toBe(4);
  expect(queue.targets.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});

test('another kind is another list, and what is decided elsewhere is not put into it', async () => {
  const { queue, listed } = scene();
  queue.hear(summaryOf([kindOf('geometry'), kindOf('boundary')]));
  await queue.load();
  queue.decide('fixed');
  queue.stepKind(-1);
  await settled();
  expect(queue.kind).toBe('boundary');
  expect(listed()).toBe('c d');
  await queue.undo();
  expect(listed()).toBe('c d');
  await queue.choose('');
  expect(listed()).toBe('a b c d');
});

test('decided ones are opened again from their own list', async () => {
  const { server, queue, listed } = scene();
  await queue.choose('', 'dismissed');
  expect(queue.canDecide).toBe(false);
  await queue.reopen();
  expect(server.undoFindings).toHaveBeenCalledWith('p', ['a']);
  expect(listed()).toBe('b c d');
});

test('a list that was asked for before an undo does not take back what came back', async () => {
  const { queue, server } = scene();
  await queue.load();
  const others = queue.items.slice(1);
  queue.decide('dismissed', 'so');
  let late = () => {};
  server.findings.mockImplementationOnce(
    () =>
      new Promise((answer) => {
        late = () => answer({ findings: others, next: null });
      }),
  );
  const loading = queue.load();
  await queue.undo();
  late();
  await loading;
  await vi.waitFor(() => expect(queue.loading).toBe(false));
  expect(queue.items.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});

test('a later check is read at once, unless somebody is marking', async () => {
  const { server, queue } = scene();
  await queue.load();
  queue.hear(summaryOf([], 5));
  queue.hear(summaryOf([], 6));
  await settled();
  expect(server.findings).toHaveBeenCalledTimes(2);
  queue.toggleMark();
  queue.hear(summaryOf([], 7));
  expect(server.findings).toHaveBeenCalledTimes(2);
});

test('kinds that were often wrong stand last, those without open ones behind those with', () => {
  const kinds = [
    kindOf('wolf', { is_shown_less: true }),
    kindOf('none', { open: 0 }),
    kindOf('good'),
  ];
  expect(inOrder(kinds).map(({ kind }) => kind)).toEqual(['good', 'none', 'wolf']);
});

const at = (place: Partial<FindingPlace>): FindingPlace => ({
  ...{ on: 'text', start: 0, end: 0, x: 0, y: 0, width: 0, height: 0 },
  ...place,
});

test('a long text is cut around the place, between words, by code points', () => {
  const text = `${'😀 word '.repeat(500)}HERE ${'more '.repeat(500)}`;
  const start = [...text].join('\u0000').split('\u0000').indexOf('H');
  const cut = excerptOf(text, at({ start, end: start + 4 }), 50);
  expect(cut.isCutBefore && cut.isCutAfter).toBe(true);
  expect([...cut.text].slice(start - cut.from, start - cut.from + 4).join('')).toBe('HERE');
  expect([...cut.text].length).toBeLessThan(120);
  expect(text).toContain(` ${cut.text}`);
  const whole = excerptOf('short', at({ start: 1, end: 900 }));
  expect(whole).toEqual({ text: 'short', from: 0, isCutBefore: false, isCutAfter: false });
});

test('spans are moved into the excerpt, and cut to it', () => {
  const excerpt = { text: 'abcde', from: 10, isCutBefore: true, isCutAfter: true };
  const span = (start: number, end: number) => ({ id: `${start}`, control: 'c', start, end });
  const found = spansIn(excerpt, [span(0, 12), span(11, 13), span(14, 30), span(15, 20)]);
  expect(found.map(({ start, end }) => [start, end])).toEqual([
    [0, 2],
    [1, 3],
    [4, 5],
  ]);
});

test('a small box is shown with what is around it, inside the picture, in the shape of the room', () => {
  const image = { width: 4000, height: 3000 };
  const box = at({ on: 'image', x: 10, y: 2900, width: 200, height: 80 });
  const cut = cutOf(image, box, { width: 600, height: 400 });
  expect(cut.x).toBe(0);
  expect(cut.y + cut.height).toBeCloseTo(3000);
  expect(cut.width / cut.height).toBeCloseTo(1.5);
  expect(cut.width).toBeGreaterThanOrEqual(400);
  const most = { x: 0, y: 0, width: 4000, height: 3000 };
  expect(cutOf(image, null, { width: 600, height: 400 })).toEqual(most);
  const nearlyAll = at({ on: 'image', x: 0, y: 0, width: 3900, height: 2900 });
  expect(cutOf(image, nearlyAll, { width: 600, height: 400 })).toEqual(most);
});

test('a finding that names a region only is where that region is', () => {
  const regions = [
    { id: 'box', control: 'c', kind: 'boxes' as const, x: 1, y: 2, width: 3, height: 4 },
    { id: 'said', control: 'c', kind: 'segments' as const, start: 1.5, end: 2 },
    { id: 'choice', control: 'c', kind: 'choices' as const },
  ];
  expect(placeOf(finding('a', { region: 'box' }), regions)).toMatchObject({ on: 'image', x: 1 });
  expect(placeOf(finding('a', { region: 'said' }), regions)).toMatchObject({ on: 'audio', end: 2 });
  expect(placeOf(finding('a', { region: 'choice' }), regions)).toBeNull();
});

test('a score says what it means; what is certain has no number', () => {
  expect(scoreText({ score: 0.874, score_means: 'overlap (IoU)' })).toBe(
    'Score 0.87: overlap (IoU)',
  );
  expect(scoreText({ score: 1, score_means: '1: it is so' })).toBe('Certain: no guess');
});

test('a task is fetched once, and again when that failed', async () => {
  const fetch = vi.fn(async () => ({}) as TaskDetail);
  fetch.mockRejectedValueOnce(new Error('lost'));
  const shelf = new TaskShelf(fetch);
  await expect(shelf.get('t')).rejects.toThrow('lost');
  await settled();
  await shelf.get('t');
  await shelf.get('t');
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('what a check did not look for is one closed line that says how much, and opens to the reasons', () => {
  const why = [
    '12 pictures were not compared yet: they are being looked at.',
    'Wrong spans of "names" were not looked for among 70,000 texts <here>.',
  ];
  const { body } = render(NotDone, { props: { reasons: why } });
  expect(body).toMatch(/<details(?![^>]* open)[^>]*>\s*<summary[^>]*>2 things were not looked for/);
  for (const [i, text] of why.entries())
    expect(body).toContain(i === 0 ? `>${text}</li>` : '70,000 texts &lt;here>.');
  expect(render(NotDone, { props: { reasons: [] } }).body).not.toContain('details');
});
