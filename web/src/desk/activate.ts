// Puts the desk's commands on: those that have a meaning for what the project draws.
import type { Project } from '../api/types';
import { deskCommands, dispatcher } from '../commands';
import type { DeskView } from './desk-view.svelte';

/** `without`: ids of commands that stay off. The returned function takes them off again. */
export function activateDesk(
  view: DeskView,
  project: Project,
  without: readonly string[] = [],
): () => void {
  const { modality } = project.schema;
  const modes = ['desk', ...(view.hasDrawn ? ['regions'] : [])];
  modes.push(modality === 'audio' ? 'audio' : 'still');
  if (modality === 'image' && view.hasDrawn) modes.push('boxes');
  if (modality === 'text' && view.hasDrawn) modes.push('text');
  const commands = deskCommands.filter(
    ({ id, mode, needs }) =>
      modes.includes(mode) &&
      !without.includes(id) &&
      (!needs || view.controls.some(({ kind }) => needs.includes(kind))),
  );
  return dispatcher.activate(commands, view, (chord) => view.labelByKey(chord));
}
