// Renders the pages of bench_ocr_readers in Chromium: a passage in four typefaces, six kinds of page each.
//
//     node bench/ocr/pages.mjs OUTDIR
//
// OUTDIR gets a PNG a page and lines.tsv: page, kind, the four corners of a line (x, y, clockwise from the top
// left), its text. What spoils a page (noise, blur) is added by the program that reads it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from '../../web/journeys/lib/browser.mjs';

const out = process.argv[2];

// Herman Melville, Moby-Dick (1851), chapter 1, with figures and marks as forms have them; public domain.
const passage = `Call me Ishmael. Some years ago - never mind how long precisely - having little or no money in my
purse, and nothing particular to interest me on shore, I thought I would sail about a little and see the watery part
of the world. It is a way I have of driving off the spleen and regulating the circulation. Whenever I find myself
growing grim about the mouth; whenever it is a damp, drizzly November in my soul; whenever I find myself involuntarily
pausing before coffin warehouses, and bringing up the rear of every funeral I meet; and especially whenever my hypos
get such an upper hand of me, that it requires a strong moral principle to prevent me from deliberately stepping into
the street, and methodically knocking people's hats off - then, I account it high time to get to sea as soon as I can.
Invoice No. 4711, 14 October 1851. Passage, 3 berths at $12.50: $37.50. Paid (in full): Yes. Ref: QX-20/7781-B.
There now is your insular city of the Manhattoes, belted round by wharves as Indian isles by coral reefs. Commerce
surrounds it with her surf. Right and left, the streets take you waterward. Its extreme downtown is the battery, where
that noble mole is washed by waves, and cooled by breezes, which a few hours previous were out of sight of land.`;

const faces = ['DejaVu Sans', 'DejaVu Serif', 'DejaVu Sans Mono', 'DejaVu Sans Condensed'];
const kinds = [
    { name: 'clean', size: 26, turn: 0, ink: '#101018', paper: '#fdfdfb' },
    { name: 'small', size: 14, turn: 0, ink: '#101018', paper: '#fdfdfb' },
    { name: 'noisy', size: 20, turn: 0, ink: '#1c1c24', paper: '#f2efe6' },
    { name: 'turned', size: 22, turn: 4, ink: '#101018', paper: '#fdfdfb' },
    { name: 'faint', size: 18, turn: -2, ink: '#8c8c90', paper: '#c0bfba' },
    { name: 'hard', size: 15, turn: -7, ink: '#4a4440', paper: '#d8d2c4' },
];
const width = 900, height = 640, lines = 10;

/** Words in lines of at most `most` characters, beginning at word `from`. */
function wrapped(from, most) {
    const words = passage.split(/\s+/);
    const made = [];
    let line = '';
    for (let i = 0; made.length < lines; i++) {
        const word = words[(from + i) % words.length];
        if (line && line.length + 1 + word.length > most) {
            made.push(line);
            line = '';
        }
        line += (line ? ' ' : '') + word;
    }
    return made;
}

/** A corner of the sheet, turned about its middle as CSS does. */
function turned(x, y, degrees) {
    const a = (degrees * Math.PI) / 180, dx = x - width / 2, dy = y - height / 2;
    return [width / 2 + dx * Math.cos(a) - dy * Math.sin(a), height / 2 + dx * Math.sin(a) + dy * Math.cos(a)];
}

mkdirSync(out, { recursive: true });
const { browser } = await openBrowser();
const page = await browser.newPage({ viewport: { width, height } });
const rows = [];
let number = 0;
for (const face of faces)
    for (const kind of kinds) {
        const said = wrapped(number * 23, Math.min(62, Math.floor((width - 140) / (kind.size * 0.64))));
        const step = (height - 140) / lines;
        await page.setContent(
            `<body style="margin:0;background:${kind.paper};overflow:hidden"><main style="position:absolute;width:${width}px;height:${height}px;` +
                `transform:rotate(${kind.turn}deg);font:${kind.size}px '${face}';color:${kind.ink};white-space:pre">` +
                said.map((text, i) => `<span style="position:absolute;left:70px;top:${70 + i * step}px">${text.replace(/&/g, '&amp;')}</span>`).join('') +
                '</main></body>',
        );
        const boxes = await page.$$eval('span', (all) => all.map((one) => [one.offsetLeft, one.offsetTop, one.offsetWidth, one.offsetHeight]));
        const name = `${String(number).padStart(2, '0')}-${kind.name}`;
        writeFileSync(join(out, `${name}.png`), await page.screenshot());
        boxes.forEach(([x, y, w, h], i) => {
            const corners = [[x, y], [x + w, y], [x + w, y + h], [x, y + h]].flatMap(([cx, cy]) => turned(cx, cy, kind.turn));
            rows.push([name, kind.name, ...corners.map((v) => v.toFixed(1)), said[i]].join('\t'));
        });
        number += 1;
    }
writeFileSync(join(out, 'lines.tsv'), rows.join('\n') + '\n');
await browser.close();
console.log(`${number} pages, ${rows.length} lines in ${out}`);
