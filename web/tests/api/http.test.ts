import { describe, expect, test } from 'vitest';
import { Http, queryText } from '../../src/api/http';
import { makeApi } from '../../src/api/client';
import { Problem } from '../../src/api/problem';

interface Call {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
}

function server(...answers: (Response | Error)[]) {
  const calls: Call[] = [];
  const http = new Http('/api/v1', (url, init) => {
    calls.push({
      url,
      method: init.method ?? 'GET',
      headers: init.headers as Record<string, string>,
      body: init.body as string | undefined,
    });
    const answer = answers.shift() ?? new Response(null, { status: 204 });
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return { http, api: makeApi(http), calls };
}

const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), { status, headers });

async function refusal(asked: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await asked.then(
    () => null,
    (problem: unknown) => problem,
  );
  expect(thrown).toBeInstanceOf(Problem);
  return thrown as Problem;
}

describe('queries', () => {
  test('what is undefined, null or empty is left out, and flags are 1 and 0', () => {
    expect(queryText({ a: 1, b: '', c: null, d: undefined, e: true, f: false, 'g h': 'ü&' })).toBe(
      '?a=1&e=1&f=0&g%20h=%C3%BC%26',
    );
    expect(queryText({})).toBe('');
  });
});

describe('requests', () => {
  test('the CSRF token of the session goes with every unsafe method, and with no GET', async () => {
    const { api, calls } = server(
      json({ person: { id: 'u1' }, csrf: 'secret', expires: 1 }),
      json({ items: [], next: null }),
      json({ id: 'p1' }, 201),
    );
    await api.signIn('ada', 'pw');
    await api.projects();
    await api.addProject({
      name: 'n',
      description: '',
      schema: { modality: 'text', source: '', controls: [] },
      guideline: '',
    });
    expect(calls.map(({ headers }) => headers['X-CSRF-Token'])).toEqual([
      undefined,
      undefined,
      'secret',
    ]);
  });

  test('a decision carries its idempotency key', async () => {
    const { api, calls } = server(json({}, 201));
    await api.submit('t1', { assignment: 's1', regions: [], active_ms: 5 }, 'key-1');
    expect(calls[0]?.headers['Idempotency-Key']).toBe('key-1');
    expect(calls[0]?.url).toBe('/api/v1/tasks/t1/annotations');
  });

  test('an answer without a body is undefined', async () => {
    const { api } = server(new Response(null, { status: 204 }));
    expect(await api.release('p1')).toBeUndefined();
  });

  test('ids and file names cannot leave their place in the path', async () => {
    const { api, calls } = server(json({}));
    await api.project('../people');
    expect(calls[0]?.url).toBe('/api/v1/projects/..%2Fpeople');
  });
});

describe('refusals', () => {
  test('problem+json reaches the person with the sentence of the server', async () => {
    const { api } = server(
      json(
        { title: 'Conflict', status: 409, code: 'conflict', detail: 'The lease passed on.' },
        409,
      ),
    );
    const problem = await refusal(api.renew('s1'));
    expect([problem.code, problem.status, problem.detail]).toEqual([
      'conflict',
      409,
      'The lease passed on.',
    ]);
  });

  test('a proxy that answers with HTML still gives a code and a sentence', async () => {
    const { api } = server(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    const problem = await refusal(api.about());
    expect(problem.code).toBe('internal');
    expect(problem.detail).toMatch(/status 502/);
  });

  test('throttling says how long to wait', async () => {
    const { api } = server(
      json({ code: 'too_many', title: 'Too many', detail: 'Wait.' }, 429, { 'Retry-After': '8' }),
    );
    expect((await refusal(api.signIn('ada', 'x'))).retryAfter).toBe(8);
  });

  test('a server that cannot be reached is a network problem', async () => {
    const { api } = server(new TypeError('Failed to fetch'));
    expect((await refusal(api.about())).code).toBe('network');
  });

  test('whether the server can be reached is told, and a refusal counts as reached', async () => {
    const { http, api } = server(new TypeError('lost'), json({}, 404), json({}));
    const told: boolean[] = [];
    http.onReach = (reached) => told.push(reached);
    for (let each = 0; each < 3; each += 1) await api.about().catch(() => {});
    expect(told).toEqual([false, true, true]);
  });

  test('a request that was given up is aborted, not a network problem', async () => {
    const { api } = server(new DOMException('aborted', 'AbortError'));
    const stop = new AbortController();
    stop.abort();
    expect((await refusal(api.about({ signal: stop.signal }))).code).toBe('aborted');
  });

  test('an answer that is not JSON is refused by name', async () => {
    const { api } = server(new Response('hello', { status: 200 }));
    expect((await refusal(api.about())).title).toBe('Unreadable answer');
  });

  test('a session that ended is told once, and not when nobody was signed in', async () => {
    const ended = () => json({ code: 'unauthenticated', title: '', detail: 'Sign in.' }, 401);
    const { http, api } = server(ended(), json({ csrf: 'c' }), ended(), ended());
    let told = 0;
    http.onSignedOut = () => (told += 1);
    await refusal(api.session());
    expect(told).toBe(0);
    await api.session();
    await refusal(api.projects());
    await refusal(api.projects());
    expect(told).toBe(1);
  });
});

class FakeXhr {
  static last: FakeXhr;
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  headers: Record<string, string> = {};
  status = 0;
  responseText = '';
  url = '';
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  constructor() {
    FakeXhr.last = this;
  }
  open(_method: string, url: string) {
    this.url = url;
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  getResponseHeader() {
    return null;
  }
  send() {}
  abort() {
    this.onabort?.();
    this.onloadend?.();
  }
  answer(status: number, text: string) {
    this.status = status;
    this.responseText = text;
    this.onload?.();
    this.onloadend?.();
  }
}

describe('uploads', () => {
  const uploading = (options = {}) => {
    const http = new Http('/api/v1', undefined, () => new FakeXhr() as unknown as XMLHttpRequest);
    http.setCsrf('secret');
    const api = makeApi(http);
    return api.uploadFile('p1', 'up', 'photos/a b.jpg', new Blob(['x']), options);
  };

  test('report what was sent, carry the CSRF token and name the file by its path', async () => {
    const sent: number[] = [];
    const done = uploading({ onProgress: (bytes: number) => sent.push(bytes) });
    const xhr = FakeXhr.last;
    xhr.upload.onprogress?.({ loaded: 1 });
    xhr.answer(201, '{"name":"photos/a b.jpg","bytes":1}');
    expect(await done).toEqual({ name: 'photos/a b.jpg', bytes: 1 });
    expect(sent).toEqual([1]);
    expect(xhr.headers['X-CSRF-Token']).toBe('secret');
    expect(xhr.url).toBe('/api/v1/projects/p1/uploads/up/files?name=photos%2Fa%20b.jpg');
  });

  test('are refused with the reason of the server', async () => {
    const done = uploading();
    FakeXhr.last.answer(
      413,
      '{"code":"too_large","title":"Too large","detail":"a b.jpg is too large."}',
    );
    expect((await refusal(done)).detail).toBe('a b.jpg is too large.');
  });

  test('end when they are given up', async () => {
    const stop = new AbortController();
    const done = uploading({ signal: stop.signal });
    stop.abort();
    expect((await refusal(done)).code).toBe('aborted');
  });

  test('what has not changed is asked for by its mark, and is null', async () => {
    const { http, calls } = server(
      json({ n: 1 }, 200, { ETag: '"a"' }),
      new Response(null, { status: 304 }),
      json({ detail: 'no' }, 422),
    );
    expect(await http.getChanged('/news', '')).toEqual({ value: { n: 1 }, etag: '"a"' });
    expect(await http.getChanged('/news', '"a"')).toBeNull();
    expect(calls.map(({ headers }) => headers['If-None-Match'])).toEqual([undefined, '"a"']);
    await refusal(http.getChanged('/news', '"a"'));
  });
});

test('each answer tells the server’s time and between which moments it was so, a refusal too', async () => {
  const heard: [number, boolean][] = [];
  const Date = 'Sun, 29 Nov 2026 12:00:01 GMT';
  const { http } = server(json({}, 200, { Date }), json({}, 503, { Date }), json({}));
  http.onDate = (date, asked, came) => heard.push([date, asked <= came]);
  await http.get('/about');
  await refusal(http.get('/about'));
  await http.get('/about');
  expect(heard).toEqual([
    [1_795_953_601_000, true],
    [1_795_953_601_000, true],
  ]);
});
