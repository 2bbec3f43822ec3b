// What went wrong, as the server said it (application/problem+json), or as the browser saw it. Every
// refusal reaches the person with the server's own sentence: it names the thing and the next step.

export type ProblemCode =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'too_many'
  | 'unsupported'
  | 'unavailable'
  | 'cancelled'
  | 'internal'
  /** The server could not be reached. */
  | 'network'
  /** The caller gave up: never shown. */
  | 'aborted';

const codeByStatus: Record<number, ProblemCode> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported',
  422: 'invalid',
  429: 'too_many',
  501: 'unsupported',
  503: 'unavailable',
};

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  /** Seconds to wait, when the server said so. */
  readonly retryAfter: number | null;

  constructor(
    code: ProblemCode,
    status: number,
    title: string,
    detail: string,
    retryAfter: number | null = null,
  ) {
    super(detail);
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.title = title;
    this.retryAfter = retryAfter;
  }

  get detail(): string {
    return this.message;
  }
}

/** Reads an error answer of any shape: a proxy in front may answer with HTML or nothing. */
export function problemFrom(status: number, body: string, retryAfter: string | null): Problem {
  let said: { code?: string; title?: string; detail?: string } = {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) said = value;
  } catch {
    // Not JSON: the status alone has to do.
  }
  const code = (said.code as ProblemCode | undefined) ?? codeByStatus[status] ?? 'internal';
  const title = said.title ?? `Status ${status}`;
  const detail =
    said.detail ??
    (status >= 500
      ? `The server failed to answer (status ${status}). Try again; its log has the reason.`
      : `The server refused the request (status ${status}).`);
  const seconds = Number(retryAfter ?? NaN);
  return new Problem(code, status, title, detail, Number.isFinite(seconds) ? seconds : null);
}

export function networkProblem(): Problem {
  return new Problem(
    'network',
    0,
    'No connection',
    'The server cannot be reached. Check that it runs and that you are online, then try again.',
  );
}

export function abortedProblem(): Problem {
  return new Problem('aborted', 0, 'Aborted', 'The request was given up.');
}

/** Any thrown thing as a problem, so that screens have one shape to show. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return abortedProblem();
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem(
    'internal',
    0,
    'Error in this page',
    `This page failed: ${detail}. Reload it.`,
  );
}
