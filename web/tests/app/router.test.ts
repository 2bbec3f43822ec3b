import { describe, expect, test } from 'vitest';
import { may, roles } from '../../src/app/permissions';
import { isOwnLink, matchRoute, pathOf, routes, type RouteName } from '../../src/app/router';

describe('addresses', () => {
  test('every screen is found again at its own path', () => {
    const params = { project: 'p1', task: 't1' };
    for (const name of Object.keys(routes) as RouteName[])
      expect(matchRoute(pathOf(name, params)).name).toBe(name);
  });

  test('a fixed part wins over a parameter', () => {
    expect(matchRoute('/projects/new').name).toBe('newProject');
    expect(matchRoute('/projects/p1').params).toEqual({ project: 'p1' });
  });

  test('slashes at the end and doubled ones do not matter', () => {
    expect(matchRoute('//projects/p1//tasks/').name).toBe('tasks');
  });

  test('what no screen answers to is said, not guessed', () => {
    expect(matchRoute('/projects/p1/nowhere').name).toBe('notFound');
    expect(matchRoute('/projects/%E0%A4%A/tasks').name).toBe('notFound');
  });

  test('parameters survive the way through the address', () => {
    const path = pathOf('task', { project: 'a/b', task: 'ü ?' });
    expect(matchRoute(path).params).toEqual({ project: 'a/b', task: 'ü ?' });
  });

  test('a query is part of the path, without what is empty', () => {
    expect(pathOf('tasks', { project: 'p1' }, { state: 'done', label: '', flagged: 1 })).toBe(
      '/projects/p1/tasks?state=done&flagged=1',
    );
    expect(matchRoute('/projects/p1/tasks', '?state=done').query.get('state')).toBe('done');
  });

  test('a path without its parameter is a mistake that shows', () => {
    expect(() => pathOf('task', { project: 'p1' })).toThrow(/needs task/);
  });
});

describe('clicks on links', () => {
  const link = (url: string, attributes: Record<string, string> = {}) => {
    const { origin, pathname } = new URL(url, 'http://desk');
    return {
      origin,
      pathname,
      target: attributes.target ?? '',
      hasAttribute: (name: string) => name in attributes,
    } as unknown as HTMLAnchorElement;
  };
  const click = (change = {}) =>
    ({
      button: 0,
      metaKey: false,
      ctrlKey: false,
      shiftKey: false,
      altKey: false,
      defaultPrevented: false,
      ...change,
    }) as MouseEvent;

  test('are ours when they lead to a screen of the desk', () => {
    expect(isOwnLink(link('/people'), click(), 'http://desk')).toBe(true);
  });
  test('are left to the browser for other sites, downloads, the API, new tabs and held keys', () => {
    const left: [HTMLAnchorElement, MouseEvent][] = [
      [link('https://example.org/'), click()],
      [link('/a.csv', { download: '' }), click()],
      [link('/api/v1/projects/p1/export'), click()],
      [link('/people', { target: '_blank' }), click()],
      [link('/people'), click({ ctrlKey: true })],
      [link('/people'), click({ button: 1 })],
    ];
    for (const [each, event] of left) expect(isOwnLink(each, event, 'http://desk')).toBe(false);
  });
});

describe('permissions', () => {
  test('each role may do all that the ones below it may', () => {
    const permissions = [
      'label',
      'see_projects',
      'decide',
      'manage_project',
      'see_people',
      'manage_people',
    ] as const;
    const allowed = roles.map((role) => permissions.filter((each) => may(role, each)).length);
    expect(allowed).toEqual([2, 3, 5, 6]);
  });
});
