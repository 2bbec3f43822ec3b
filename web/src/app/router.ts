// Addresses of the desk as one table: which screen a path shows, and the path of a screen.

export const routes = {
  projects: '/',
  signIn: '/sign-in',
  newProject: '/projects/new',
  overview: '/projects/:project',
  desk: '/projects/:project/desk',
  batch: '/projects/:project/batch',
  import: '/projects/:project/import',
  tasks: '/projects/:project/tasks',
  task: '/projects/:project/tasks/:task',
  similar: '/projects/:project/tasks/:task/similar',
  disputes: '/projects/:project/disputes',
  findings: '/projects/:project/findings',
  live: '/projects/:project/live',
  gold: '/projects/:project/gold',
  schema: '/projects/:project/schema',
  models: '/projects/:project/models',
  jobs: '/projects/:project/jobs',
  history: '/projects/:project/history',
  settings: '/projects/:project/settings',
  people: '/people',
  account: '/account',
} as const;

export type RouteName = keyof typeof routes;

export interface Route {
  name: RouteName | 'notFound';
  params: Record<string, string>;
  query: URLSearchParams;
  path: string;
}

/** The screen of a path. A fixed part wins over a parameter because it stands earlier in the table. */
export function matchRoute(path: string, search = ''): Route {
  const query = new URLSearchParams(search);
  const asked = path.split('/').filter(Boolean);
  for (const [name, pattern] of Object.entries(routes)) {
    const params = matchParts(pattern.split('/').filter(Boolean), asked);
    if (params) return { name: name as RouteName, params, query, path };
  }
  return { name: 'notFound', params: {}, query, path };
}

function matchParts(pattern: string[], asked: string[]): Record<string, string> | null {
  if (pattern.length !== asked.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const given = asked[at]!;
    if (!part.startsWith(':')) {
      if (part !== given) return null;
      continue;
    }
    try {
      params[part.slice(1)] = decodeURIComponent(given);
    } catch {
      return null;
    }
  }
  return params;
}

type Query = Record<string, string | number | boolean | undefined>;

/** The path of a screen: `pathOf('task', {project, task})`. Empty query values are left out. */
export function pathOf(
  name: RouteName,
  params: Record<string, string> = {},
  query: Query = {},
): string {
  const path = routes[name].replace(/:(\w+)/g, (_, key: string) => {
    const value = params[key];
    if (value === undefined) throw new Error(`The path of ${name} needs ${key}.`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(key, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** Whether a click on a link is ours: same origin, a page of the desk, a plain click. */
export function isOwnLink(link: HTMLAnchorElement, event: MouseEvent, origin: string): boolean {
  const plain =
    event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  return (
    plain &&
    !event.defaultPrevented &&
    link.origin === origin &&
    !link.target &&
    !link.hasAttribute('download') &&
    !link.pathname.startsWith('/api/')
  );
}
