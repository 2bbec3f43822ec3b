// Prints docs/reference/keys.md from the command table; with --check says whether the file is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const file = fileURLToPath(new URL('../../docs/reference/keys.md', import.meta.url));
const load = async (path) =>
  (
    await runnerImport(fileURLToPath(new URL(`../src/commands/${path}`, import.meta.url)), {
      configFile: false,
    })
  ).module;
const { allCommands } = await load('table.ts');
const { lines } = await load('lines.ts');
const { chordText } = await load('chord.ts');

const key = (chord) => `\`${chordText(chord)}\``;
const sections = lines(allCommands).map(({ group, rows }) => {
  const body = rows.map(({ title, commands }) => {
    const keys = commands.flatMap((command) => command.keys);
    return `| ${keys.map(key).join(' ') || 'palette only'} | ${title} |`;
  });
  return [`## ${group}`, '', '| keys | does |', '|---|---|', ...body, ''].join('\n');
});
const page = `# Keys

Printed from the command table (\`web/src/commands/table.ts\`) by \`npm run keys\`; do not edit.
Every key can be changed in the help overlay (\`?\`), and the changes exported. On a Mac, Command counts as Ctrl.

${sections.join('\n')}`;

if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') === page) process.exit(0);
  console.error('docs/reference/keys.md is not what the command table says. Run: npm run keys');
  process.exit(1);
}
writeFileSync(file, page);
