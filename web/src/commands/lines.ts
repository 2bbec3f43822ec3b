// The table as the help overlay and the reference page show it: groups, and in them one line a command or
// a family of commands.
import type { Command } from './command';

export interface Line {
  readonly title: string;
  readonly commands: Command<never>[];
}

export function lines(
  commands: readonly Command<never>[],
): { readonly group: string; readonly rows: Line[] }[] {
  const groups = new Map<string, Map<string, Line>>();
  for (const command of commands) {
    const rows = groups.get(command.group) ?? new Map<string, Line>();
    groups.set(command.group, rows);
    const title = command.family ?? command.title;
    const line = rows.get(title) ?? { title, commands: [] };
    rows.set(title, line);
    line.commands.push(command);
  }
  return [...groups].map(([group, rows]) => ({ group, rows: [...rows.values()] }));
}
