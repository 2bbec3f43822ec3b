// Asking a model about what one points at, where the project has one that answers.
import type { Command } from './command';
import type { DeskHands } from './hands';

const drawn = ['boxes', 'polygons', 'keypoints', 'spans'] as const;

export const cueCommands: readonly Command<DeskHands>[] = [
  {
    id: 'ask-model',
    mode: 'still',
    group: 'Ask a model',
    title:
      'Ask the model about the region in focus; on an image without one: about a box or points, once more about the middle of the view',
    keys: ['s'],
    needs: drawn,
    when: (desk) => desk.canAsk,
    run: (desk) => desk.askModel(),
  },
  {
    id: 'next-model',
    mode: 'still',
    group: 'Ask a model',
    title: 'Ask another model from now on',
    keys: ['Shift+s'],
    needs: drawn,
    when: (desk) => desk.hasModels,
    run: (desk) => desk.nextModel(),
  },
];
