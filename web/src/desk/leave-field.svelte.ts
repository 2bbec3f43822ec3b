// What is typed belongs to the task it was typed into.
import { untrack } from 'svelte';
import type { DeskView } from './desk-view.svelte';

/**
 * When another task comes, a field inside `box` that is written in is left, so that the keys are the desk's again, and
 * `forget` drops what it kept of the task before.
 */
export function leaveWithTask(
  view: DeskView,
  box: () => HTMLElement | undefined,
  forget: () => void,
): void {
  const task = $derived(view.open?.task.id);
  $effect.pre(() => {
    void task;
    untrack(() => {
      const at = document.activeElement;
      if (at instanceof HTMLElement && box()?.contains(at)) at.blur();
      forget();
    });
  });
}
