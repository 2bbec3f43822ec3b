// How many findings of a project wait for somebody: for its navigation and the list of projects. Only
// supervisors see any.
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../api';
import type { FindingSummary } from '../api/types';
import { session } from './session.svelte';

class OpenFindings {
  #counts = new SvelteMap<string, number>();

  of(project: string): number {
    return this.#counts.get(project) ?? 0;
  }

  hear(project: string, { kinds }: FindingSummary): void {
    this.#counts.set(
      project,
      kinds.reduce((sum, { open }) => sum + open, 0),
    );
  }

  async load(project: string): Promise<void> {
    if (!session.may('manage_project')) return;
    try {
      this.hear(project, await api.findingSummary(project));
    } catch {
      // The page of findings says what went wrong.
    }
  }
}

export const openFindings = new OpenFindings();
