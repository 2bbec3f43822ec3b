import { expect, test, vi } from 'vitest';
import { memoryShelf } from '../../src/lib/shelf';
import { Scope } from '../../src/lib/scope';

test('a scope ends its listeners, timers and parts, last one first', () => {
  vi.useFakeTimers();
  const scope = new Scope();
  const target = new EventTarget();
  const heard: string[] = [];
  scope.listen(target, 'ping', () => heard.push('ping'));
  scope.every(10, () => heard.push('tick'));
  scope.own(() => heard.push('first'));
  scope.child().own(() => heard.push('child'));
  target.dispatchEvent(new Event('ping'));
  vi.advanceTimersByTime(10);
  scope.end();
  target.dispatchEvent(new Event('ping'));
  vi.advanceTimersByTime(100);
  expect(heard).toEqual(['ping', 'tick', 'child', 'first']);
  vi.useRealTimers();
});

test('what is given to a scope that has ended is ended at once', () => {
  const scope = new Scope();
  scope.end();
  const ending = vi.fn();
  scope.own(ending);
  expect(ending).toHaveBeenCalledOnce();
});

test('a shelf keeps values by name, lists them in order, and forgives what is not JSON', () => {
  const shelf = memoryShelf();
  shelf.set('b:2', { n: 2 });
  shelf.set('b:1', { n: 1 });
  shelf.set('a', 'other');
  expect(shelf.names('b:')).toEqual(['b:1', 'b:2']);
  expect(shelf.get('b:2')).toEqual({ n: 2 });
  shelf.remove('b:1');
  expect(shelf.get('b:1')).toBeNull();
});
