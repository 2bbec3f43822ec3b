// What is typed belongs to the task it was typed into.
import { untrack } from 'svelte';

/**
 * When another task comes, a field inside `box` that is written in is left, so that the keys are the desk's again, and
 * `forget` drops what it kept of the task before. `task`: the name of the open task.
 */
export function leaveWithTask(
  task: () => string | undefined,
  box: () => HTMLElement | undefined,
  forget: () => void,
): void {
  const open = $derived(task());
  $effect.pre(() => {
    void open;
    untrack(() => {
      const at = document.activeElement;
      if (at instanceof HTMLElement && box()?.contains(at)) at.blur();
      forget();
    });
  });
}
