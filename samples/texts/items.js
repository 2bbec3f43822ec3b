// Texts with a known answer: the one-line descriptions of programs in the distribution's package lists,
// whose section says what they are for. A hundred and fifty a label, the same ones wherever the lists are the
// same: chosen and ordered by a hash of the package's name.
'use strict';
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');

const labelOfSection = { games: 'Game', sound: 'Sound', net: 'Internet', mail: 'Internet', web: 'Internet', science: 'Science' };
const perLabel = 150, shortest = 25, longest = 200;
const noProgram = /\b(library|libraries|bindings?|plugins?|modules?|data|documentation|docs?|files|headers?|transitional|dummy|metapackage|tasks|blend|debian)\b/i;

const order = (name) => createHash('sha256').update(name).digest('hex');

/** One stanza of `apt-cache dumpavail` -> {name, text, label}, or nothing. */
function program(stanza) {
    const field = (name) => stanza.match(new RegExp(`^${name}:\\s*(.*(?:\\n[ \\t].*)*)`, 'm'))?.[1] ?? '';
    const label = labelOfSection[field('Section').split('/').pop()];
    const name = field('Package'), text = (field('Description') || field('Description-en')).split('\n')[0].trim();
    const tags = field('Tag');
    if (!label || noProgram.test(text) || text.length < shortest || text.length > longest) return null;
    if (/-(data|doc|dev|common|plugins?)$|^(lib|python3-|ruby-|node-|r-|golang-)/.test(name) || (tags && !tags.includes('role::program'))) return null;
    return { name, text, label };
}

/** [{id, text, label}] in a mixed order; empty when the package lists are not there. */
exports.items = function items() {
    const lists = execFileSync('apt-cache', ['dumpavail'], { encoding: 'utf8', maxBuffer: 1 << 30 });
    const seen = new Set(), left = Object.fromEntries(Object.values(labelOfSection).map((label) => [label, perLabel]));
    return lists.split('\n\n').map(program).filter(Boolean)
        .map((found) => ({ ...found, place: order(found.name) }))
        .sort((a, b) => (a.place < b.place ? -1 : 1))
        .filter(({ text, label }) => !seen.has(text) && seen.add(text) && left[label]-- > 0)
        .map(({ name, text, label }) => ({ id: `program-${name}`, text, label }));
};
