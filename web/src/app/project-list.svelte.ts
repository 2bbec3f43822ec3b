// The projects somebody may open, for the switcher and the palette.
import { api } from '../api';
import type { Project } from '../api/types';

class ProjectList {
  items = $state.raw<Project[]>([]);

  async load(): Promise<void> {
    try {
      this.items = (await api.projects({ limit: 50 })).items;
    } catch {
      // The switcher then offers the page of all projects, which says what went wrong.
    }
  }
}

export const projectList = new ProjectList();
