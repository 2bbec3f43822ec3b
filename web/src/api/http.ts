// One request to the server and nothing else: JSON in, JSON or a Problem out.
//
// The CSRF token comes with the session and lives here only; every unsafe method carries it. When a
// request is answered with 401 while somebody was signed in, `onSignedOut` is told once.
import { Problem, abortedProblem, networkProblem, problemFrom } from './problem';

export interface RequestOptions {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface UploadOptions {
  signal?: AbortSignal;
  /** Bytes sent so far; the browser calls it a few times a second. */
  onProgress?: (sent: number) => void;
}

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;
export type MakeXhr = () => XMLHttpRequest;

/** `?a=1&b=x`, without what is undefined, null or empty. */
export function queryText(query: RequestOptions['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return [];
    const text = value === true ? '1' : value === false ? '0' : String(value);
    return [`${encodeURIComponent(name)}=${encodeURIComponent(text)}`];
  });
  return pairs.length ? `?${pairs.join('&')}` : '';
}

export class Http {
  onSignedOut: () => void = () => {};
  /** Told after each request whether the server could be reached. */
  onReach: (reached: boolean) => void = () => {};
  /** Told the server's time of each answer, and between which two moments (`performance.now`) it was so. */
  onDate: (date: number, asked: number, came: number) => void = () => {};
  #csrf = '';

  constructor(
    private readonly base: string = '/api/v1',
    private readonly fetch: Fetch = (input, init) => globalThis.fetch(input, init),
    private readonly makeXhr: MakeXhr = () => new XMLHttpRequest(),
  ) {}

  /** The token of the session that was opened or found; '' when signed out. */
  setCsrf(token: string): void {
    this.#csrf = token;
  }

  url(path: string, query?: RequestOptions['query']): string {
    return this.base + path + queryText(query);
  }

  get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('GET', path, options);
  }
  post<T>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('POST', path, { ...options, body });
  }
  put<T>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('PUT', path, { ...options, body });
  }
  patch<T>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('PATCH', path, { ...options, body });
  }
  delete<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.request<T>('DELETE', path, options);
  }

  /** A GET of what may not have changed since the answer with `etag` ('' at first): null then. */
  async getChanged<T>(
    path: string,
    etag: string,
    options: RequestOptions = {},
  ): Promise<{ value: T; etag: string } | null> {
    const headers = etag ? { ...options.headers, 'If-None-Match': etag } : options.headers;
    const { response, text } = await this.#send('GET', path, {
      ...options,
      ...(headers && { headers }),
    });
    if (response.status === 304) return null;
    return { value: parse(text) as T, etag: response.headers.get('ETag') ?? '' };
  }

  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const { text } = await this.#send(method, path, options);
    return (text ? parse(text) : undefined) as T;
  }

  async #send(
    method: string,
    path: string,
    options: RequestOptions,
  ): Promise<{ response: Response; text: string }> {
    const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
    if (method !== 'GET' && this.#csrf) headers['X-CSRF-Token'] = this.#csrf;
    const init: RequestInit = { method, headers, credentials: 'same-origin' };
    if (options.signal) init.signal = options.signal;
    if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json';
      init.body = JSON.stringify(options.body);
    }

    let response: Response;
    let text: string;
    try {
      const asked = performance.now();
      response = await this.fetch(this.url(path, options.query), init);
      const date = Date.parse(response.headers.get('Date') ?? '');
      if (!Number.isNaN(date)) this.onDate(date, asked, performance.now());
      text = response.status === 204 ? '' : await response.text();
    } catch {
      if (options.signal?.aborted) throw abortedProblem();
      this.onReach(false);
      throw networkProblem();
    }
    this.onReach(true);
    if (!response.ok && response.status !== 304)
      throw this.#refused(response.status, text, response.headers.get('Retry-After'));
    return { response, text };
  }

  /** PUTs raw bytes with progress. `fetch` cannot tell how much was sent, so this is an XHR. */
  upload<T>(
    path: string,
    query: RequestOptions['query'],
    bytes: Blob,
    options: UploadOptions = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (options.signal?.aborted) {
        reject(abortedProblem());
        return;
      }
      const xhr = this.makeXhr();
      const abort = () => xhr.abort();
      options.signal?.addEventListener('abort', abort, { once: true });
      xhr.upload.onprogress = (event) => options.onProgress?.(event.loaded);
      xhr.onload = () => {
        if (xhr.status >= 200 && xhr.status < 300)
          resolve((xhr.responseText ? parse(xhr.responseText) : undefined) as T);
        else
          reject(this.#refused(xhr.status, xhr.responseText, xhr.getResponseHeader('Retry-After')));
      };
      xhr.onerror = () => reject(networkProblem());
      xhr.onabort = () => reject(abortedProblem());
      xhr.onloadend = () => options.signal?.removeEventListener('abort', abort);
      xhr.open('PUT', this.url(path, query));
      xhr.setRequestHeader('Accept', 'application/json');
      xhr.setRequestHeader('Content-Type', 'application/octet-stream');
      if (this.#csrf) xhr.setRequestHeader('X-CSRF-Token', this.#csrf);
      xhr.send(bytes);
    });
  }

  #refused(status: number, body: string, retryAfter: string | null): Problem {
    const problem = problemFrom(status, body, retryAfter);
    if (status === 401 && this.#csrf) {
      this.#csrf = '';
      this.onSignedOut();
    }
    return problem;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(
      'internal',
      0,
      'Unreadable answer',
      'The server answered with something that is not JSON. Is a proxy in front of it?',
    );
  }
}
