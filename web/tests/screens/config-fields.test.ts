import { describe, expect, it } from 'vitest';
import type { ConfigField } from '../../src/api/types';
import { configOf, fault, parts, shown } from '../../src/screens/models/config-fields';
import { duration, money, spentText } from '../../src/screens/models/figures';

const field = (name: string, kind: ConfigField['kind'], more: Partial<ConfigField> = {}) => ({
  name,
  kind,
  meaning: '',
  usual: null,
  required: false,
  choices: [],
  ...more,
});
const fields: ConfigField[] = [
  field('url', 'url', { required: true, usual: 'https://models.example/v1' }),
  field('key', 'secret'),
  field('samples', 'whole', { usual: 5 }),
  field('controls', 'names'),
  field('keep_answers', 'flag', { usual: true }),
  field('extra', 'object'),
];

describe('the settings of a model as a form', () => {
  it('what is required begins with what is usual, the rest is empty until it is set', () => {
    expect(fields.map((one) => shown(one, { samples: 7, controls: ['a', 'b'] }))).toEqual([
      'https://models.example/v1',
      '',
      '7',
      'a, b',
      '',
      '',
    ]);
  });

  it('what is left empty is left out, and what the form does not know stays', () => {
    const before = { url: 'x', samples: 7, map: { cat: 'Cat' } };
    const config = configOf(fields, before, {
      url: ' https://one.example ',
      key: 'never here',
      samples: '',
      controls: 'mood,  topic ,',
      keep_answers: 'false',
      extra: '{"top_p": 0.5}',
    });
    expect(config).toEqual({
      url: 'https://one.example',
      controls: ['mood', 'topic'],
      keep_answers: false,
      extra: { top_p: 0.5 },
      map: { cat: 'Cat' },
    });
  });

  it('says what is wrong with a field', () => {
    expect(fault(fields[0]!, ' ')).toBe('required');
    expect(fault(fields[2]!, '2.5')).toBe('number');
    expect(fault(fields[2]!, '')).toBe(null);
    expect(fault(fields[5]!, '[1]')).toBe('json');
    expect(fault(fields[5]!, '{')).toBe('json');
    expect(fault(fields[5]!, '{}')).toBe(null);
  });

  it('asks first for what must be said', () => {
    expect(parts(fields).main.map(({ name }) => name)).toEqual(['url', 'key']);
    expect(parts(fields).more).toHaveLength(4);
  });
});

describe('figures of a plan', () => {
  it('have no more digits than are known', () => {
    expect([0, 0.004, 1.234, 1234.5].map(money)).toEqual(['0', '< 0.01', '1.23', '1,235']);
    expect([0, 0.4, 42, 600, 7200].map(duration)).toEqual([
      '0 s',
      '< 1 s',
      '42 s',
      '10 min',
      '2.0 h',
    ]);
  });

  it('tell a trial that was free from one that was not, and from one that asked nobody', () => {
    expect(spentText({ calls: 24, money: 0.5 })).toBe('24 questions were asked, for 0.50.');
    expect(spentText({ calls: 1, money: 0 })).toBe(
      '1 question was asked: it costs nothing by the prices that are set.',
    );
    expect(spentText({ calls: 0, money: 0 })).toBe('No question was sent anywhere.');
  });
});
