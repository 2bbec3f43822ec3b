// The project whose screens are open. The top bar, the project's screens and the desk share it.
import { api, asProblem, type Problem } from '../api';
import type { Progress, Project } from '../api/types';

class CurrentProject {
  project = $state.raw<Project | null>(null);
  problem = $state.raw<Problem | null>(null);
  #asking: AbortController | null = null;

  /** Loads `id` (the project stays on the page while it is loaded anew), or forgets it with null. */
  async open(id: string | null): Promise<void> {
    this.#asking?.abort();
    this.problem = null;
    if (this.project?.id !== id) this.project = null;
    if (id === null) return;
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const project = await api.project(id, { signal: asking.signal });
      if (!asking.signal.aborted) this.project = project;
    } catch (thrown) {
      if (!asking.signal.aborted) this.problem = asProblem(thrown);
    }
  }

  reload(): Promise<void> {
    return this.open(this.project?.id ?? null);
  }

  set(project: Project): void {
    this.project = project;
  }

  /** What the counters leave out stays as it was. */
  setProgress(progress: Progress): void {
    const { project } = this;
    if (project) this.project = { ...project, progress: { ...project.progress, ...progress } };
  }
}

export const currentProject = new CurrentProject();
