import { describe, expect, test } from 'vitest';
import { Problem } from '../../src/api/problem';
import { bytesOf, fromFileList, walkEntries } from '../../src/screens/import/file-walk';
import { RateMeter } from '../../src/screens/import/rate-meter';
import { UploadQueue, type PutFile } from '../../src/screens/import/upload-queue';

const file = (name: string, size = 1, path = '') =>
  Object.defineProperty(new File(['x'.repeat(size)], name), 'webkitRelativePath', { value: path });

/** A tree as the browser hands it out: "name" is a file, [name, ...children] a folder. */
type Tree = string | [string, ...Tree[]];

function entry(tree: Tree, piece = 2): FileSystemEntry {
  if (typeof tree === 'string')
    return {
      name: tree,
      isDirectory: false,
      isFile: true,
      file: (resolve: (found: File) => void) => resolve(file(tree)),
    } as unknown as FileSystemEntry;
  const [name, ...children] = tree;
  return {
    name,
    isDirectory: true,
    isFile: false,
    createReader: () => {
      const rest = children.map((child) => entry(child, piece));
      return {
        readEntries: (resolve: (some: FileSystemEntry[]) => void) => resolve(rest.splice(0, piece)),
      };
    },
  } as unknown as FileSystemEntry;
}

const names = (picked: { files: { name: string }[] }) => picked.files.map(({ name }) => name);

describe('what was dropped', () => {
  test('a folder is walked to the bottom, and every file keeps its path', async () => {
    const picked = await walkEntries([
      entry(['photos', 'a.jpg', ['street', 'b.jpg', ['night', 'c.jpg']]]),
    ]);
    expect(names(picked)).toEqual([
      'photos/a.jpg',
      'photos/street/b.jpg',
      'photos/street/night/c.jpg',
    ]);
  });

  test('a folder that comes in many pieces is read to its last piece', async () => {
    const many: Tree = ['photos', ...Array.from({ length: 250 }, (_, at) => `${at}.jpg`)];
    expect((await walkEntries([entry(many, 100)])).files).toHaveLength(250);
  });

  test('files come in the order people count: 2 before 10', async () => {
    expect(names(await walkEntries([entry(['p', '10.jpg', '2.jpg', '1.jpg'])]))).toEqual([
      'p/1.jpg',
      'p/2.jpg',
      'p/10.jpg',
    ]);
  });

  test('what the operating system left there is counted and not taken', async () => {
    const picked = await walkEntries([
      entry(['p', '.DS_Store', 'Thumbs.db', '._a.jpg', ['__MACOSX', 'x.jpg'], 'a.jpg']),
    ]);
    expect([names(picked), picked.left]).toEqual([['p/a.jpg'], 4]);
  });

  test('single files and folders come together, and how many is told on the way', async () => {
    const told: number[] = [];
    const picked = await walkEntries([entry('one.csv'), entry(['p', 'a.jpg'])], (n) =>
      told.push(n),
    );
    expect([names(picked), told]).toEqual([
      ['one.csv', 'p/a.jpg'],
      [1, 2],
    ]);
  });

  test('a chosen folder keeps its paths, chosen files their names', () => {
    const picked = fromFileList([
      file('a.jpg', 3, 'photos/a.jpg'),
      file('b.csv', 4),
      file('.DS_Store'),
    ]);
    expect([names(picked), picked.left, bytesOf(picked.files)]).toEqual([
      ['photos/a.jpg', 'b.csv'],
      1,
      7,
    ]);
  });
});

describe('sending files', () => {
  const files = (...all: string[]) => all.map((name) => ({ name, file: file(name, 10) }));
  const network = () => new Problem('network', 0, 'No connection', 'Lost.');
  const never = () => new AbortController().signal;
  const queueOf = (put: PutFile, ...all: string[]) =>
    new UploadQueue(files(...all), { put, changed: () => {}, wait: () => Promise.resolve() });

  test('sends all of them, at most three at a time', async () => {
    let open = 0;
    let most = 0;
    const queue = queueOf(
      async () => {
        open += 1;
        most = Math.max(most, open);
        await Promise.resolve();
        open -= 1;
      },
      ...'abcdefgh',
    );
    expect(await queue.run(never())).toBe(true);
    expect(most).toBe(3);
    expect(queue.totals).toEqual({ files: 8, filesSent: 8, failed: 0, bytes: 80, bytesSent: 80 });
  });

  test('sends a file again that the network dropped', async () => {
    let tries = 0;
    const queue = queueOf(() => (++tries < 3 ? Promise.reject(network()) : Promise.resolve()), 'a');
    expect(await queue.run(never())).toBe(true);
    expect(tries).toBe(3);
  });

  test('a refused file keeps the reason of the server, and the others go on', async () => {
    const refused = new Problem('too_large', 413, 'Too large', 'b is too large.');
    const queue = queueOf(
      ({ name }) => (name === 'b' ? Promise.reject(refused) : Promise.resolve()),
      'a',
      'b',
      'c',
    );
    expect(await queue.run(never())).toBe(false);
    expect(queue.uploads.map(({ state, reason }) => [state, reason])).toEqual([
      ['sent', ''],
      ['failed', 'b is too large.'],
      ['sent', ''],
    ]);
  });

  test('a second run sends only what is missing', async () => {
    const sent: string[] = [];
    let down = true;
    const queue = queueOf(
      ({ name }) => {
        if (down && name === 'b') return Promise.reject(network());
        sent.push(name);
        return Promise.resolve();
      },
      'a',
      'b',
    );
    expect(await queue.run(never())).toBe(false);
    down = false;
    expect(await queue.run(never())).toBe(true);
    expect(sent).toEqual(['a', 'b']);
  });

  test('a cancelled run starts no further file', async () => {
    const stop = new AbortController();
    const sent: string[] = [];
    const queue = queueOf(
      ({ name }) => {
        sent.push(name);
        stop.abort();
        return Promise.resolve();
      },
      ...'abcdef',
    );
    expect(await queue.run(stop.signal)).toBe(false);
    expect(sent.length).toBeLessThanOrEqual(3);
  });
});

describe('the rate', () => {
  test('is that of the last seconds, and tells how long the rest takes', () => {
    const meter = new RateMeter(1000);
    meter.add(0, 0);
    meter.add(10_000, 10);
    meter.add(11_000, 1010);
    expect(meter.rate).toBe(1000);
    expect(meter.secondsLeft(3010)).toBe(2);
  });

  test('is unknown before there are two looks', () => {
    const meter = new RateMeter();
    meter.add(0, 5);
    expect([meter.rate, meter.secondsLeft(10)]).toEqual([0, null]);
  });
});
