import { describe, expect, test } from 'vitest';
import { fill, tName } from '../../src/messages';
import { en } from '../../src/messages/en';
import { csvText } from '../../src/ui/csv';
import { ago, bytes, duration, probability, rate, share, wilson } from '../../src/ui/format';
import { scrollTo, windowOf } from '../../src/ui/windowing';

describe('numbers for people', () => {
  test('a share is 0 % only when there is nothing and 100 % only when it is all', () => {
    const shown = (part: number, of?: number) => share(part, of).replaceAll('\u00a0', ' ');
    expect([shown(0, 10), shown(1, 1_000_000), shown(999_999, 1_000_000), shown(10, 10)]).toEqual([
      '0 %',
      '< 0.1 %',
      '99.9 %',
      '100 %',
    ]);
    expect([shown(1, 8), shown(0.02), shown(1, 0)]).toEqual(['13 %', '2 %', '–']);
  });

  test('durations are read at a glance', () => {
    expect([0, 0.2, 45, 59.6, 3600, 7500, 180_000, NaN].map(duration)).toEqual([
      '0 s',
      '< 1\u00a0s',
      '45 s',
      '1 min',
      '1 h',
      '2 h 5 min',
      '2 d 2 h',
      '–',
    ]);
  });

  test('sizes, rates and probabilities have the digits that matter', () => {
    expect([0, 999, 1000, 1_500_000, 250e9].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '1.5 MB',
      '250 GB',
    ]);
    expect([rate(0.25), rate(1234.5)]).toEqual(['0.3/s', '1,235/s']);
    expect([probability(0.8312), probability(null)]).toEqual(['0.83', '–']);
  });

  test('what was a moment ago is said so', () => {
    const now = 1_000_000_000;
    const agos = [10, 300, 90 * 60, 26 * 3600].map((seconds) => ago(now - seconds * 1000, now));
    expect(agos).toEqual(['just now', '5 min ago', '2 h ago', '1 d ago']);
    expect(ago(0, now)).toBe('–');
  });

  test('the Wilson interval is the one of the textbook', () => {
    // Wilson (1927) for 8 of 10 at 95 %.
    const interval = wilson(8, 10);
    expect(interval?.low).toBeCloseTo(0.4902, 3);
    expect(interval?.high).toBeCloseTo(0.9433, 3);
    expect(wilson(0, 0)).toBeNull();
  });
});

describe('messages', () => {
  test('values and plurals are filled in, and what is missing stays to be seen', () => {
    expect(fill('{n, plural, one {# task} other {# tasks}} of {name}', { n: 1, name: 'A' })).toBe(
      '1 task of A',
    );
    expect(fill('{n, plural, =0 {none} one {# task} other {# tasks}}', { n: 0 })).toBe('none');
    expect(fill('{n, plural, one {# task} other {# tasks}}', { n: 12345 })).toBe('12,345 tasks');
    expect(fill('{missing}')).toBe('{missing}');
  });

  test('a name without a message shows as it is', () => {
    expect([tName('role', 'admin'), tName('event', 'new.kind')]).toEqual(['admin', 'new.kind']);
  });

  test('every message closes the braces it opens', () => {
    for (const [key, text] of Object.entries(en)) {
      const open = [...text].filter((sign) => sign === '{').length;
      const close = [...text].filter((sign) => sign === '}').length;
      expect([key, open]).toEqual([key, close]);
    }
  });
});

describe('CSV', () => {
  test('quotes what needs it and disarms what a spreadsheet would run', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          ['=1+1', -2],
          [null, 'two\nlines'],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n\'=1+1,-2\r\n,"two\nlines"\r\n');
  });
});

describe('long lists', () => {
  test('draw the rows in view and a few around them', () => {
    expect(windowOf(1_000_000, 20, 20_000, 200, 5)).toEqual({
      first: 995,
      end: 1015,
      above: 19_900,
      below: 19_979_700,
    });
    expect(windowOf(0, 20, 0, 200)).toEqual({ first: 0, end: 0, above: 0, below: 0 });
  });

  test('a shorter list below an old scroll position draws nothing that is not there', () => {
    const { first, end } = windowOf(3, 20, 100_000, 200);
    expect(first).toBeLessThanOrEqual(end);
    expect(end).toBe(3);
  });

  test('scroll only as far as a row needs to be seen', () => {
    expect([scrollTo(5, 20, 0, 200), scrollTo(12, 20, 0, 200), scrollTo(1, 20, 100, 200)]).toEqual([
      0, 60, 20,
    ]);
  });
});
