// Markdown for guidelines: the parts people use, and no raw HTML at all. Everything is escaped first;
// only what this file itself writes is markup, so a guideline cannot carry a script.
//
// Blocks: # headings, paragraphs, - * + and 1. lists (nested by indentation), > quotes, ``` code,
// | tables |, --- rules. Inline: **strong**, *emphasis*, `code`, ~~struck~~, [text](address), bare
// addresses. Links open beside the desk and only http, https, mailto and the desk's own paths are links.

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign]!);

const isSafeAddress = (address: string): boolean =>
  /^(https?:\/\/|mailto:)/i.test(address) || /^[/#](?!\/)/.test(address);

function link(address: string, text: string): string {
  if (!isSafeAddress(address)) return text;
  const outside = /^https?:/i.test(address) ? ' target="_blank" rel="noopener noreferrer"' : '';
  return `<a href="${escapeHtml(address)}"${outside}>${text}</a>`;
}

interface InlineRule {
  pattern: RegExp;
  html: (match: RegExpExecArray) => string;
}

// Tried in order at every place; the first that matches there wins.
const inlineRules: InlineRule[] = [
  { pattern: /\\([\\`*_{}[\]()#+\-.!|~>])/y, html: (m) => escapeHtml(m[1]!) },
  { pattern: /`([^`\n]+)`/y, html: (m) => `<code>${escapeHtml(m[1]!)}</code>` },
  { pattern: /\[([^\]\n]+)\]\(([^()\s]+)\)/y, html: (m) => link(m[2]!, inline(m[1]!)) },
  {
    pattern: /\*\*(?=\S)((?:[^*\n]|\*(?!\*))+?)\*\*/y,
    html: (m) => `<strong>${inline(m[1]!)}</strong>`,
  },
  { pattern: /~~(?=\S)([^~\n]+)~~/y, html: (m) => `<del>${inline(m[1]!)}</del>` },
  { pattern: /\*(?=\S)([^*\n]+)\*/y, html: (m) => `<em>${inline(m[1]!)}</em>` },
  {
    pattern: /(?<![\p{L}\p{N}])_(?=\S)([^_\n]+)_(?![\p{L}\p{N}])/uy,
    html: (m) => `<em>${inline(m[1]!)}</em>`,
  },
  { pattern: /https?:\/\/[^\s<>()]*[^\s<>().,;:!?'"]/y, html: (m) => link(m[0], escapeHtml(m[0])) },
];

function inline(text: string): string {
  let html = '';
  let plain = '';
  let at = 0;
  scan: while (at < text.length) {
    for (const rule of inlineRules) {
      rule.pattern.lastIndex = at;
      const match = rule.pattern.exec(text);
      if (!match) continue;
      html += escapeHtml(plain) + rule.html(match);
      plain = '';
      at += match[0].length;
      continue scan;
    }
    plain += text[at];
    at += 1;
  }
  return html + escapeHtml(plain);
}

const fence = /^\s*```/;
const heading = /^(#{1,4})\s+(.*?)\s*#*$/;
const rule = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const quote = /^\s*>\s?/;
const item = /^(\s*)(?:([-*+])|(\d{1,6})[.)])\s+(.*)$/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

const startsBlock = (line: string): boolean =>
  fence.test(line) || heading.test(line) || rule.test(line) || quote.test(line) || item.test(line);

// Quotes and lists within each other; what lies deeper is plain text.
const deepest = 12;

class Blocks {
  #at = 0;
  constructor(
    private readonly lines: string[],
    private readonly depth = 0,
  ) {}

  html(): string {
    const parts: string[] = [];
    while (this.#at < this.lines.length) parts.push(this.#block());
    return parts.join('');
  }

  get #line(): string {
    return this.lines[this.#at] ?? '';
  }

  #block(): string {
    const line = this.#line;
    if (!line.trim()) {
      this.#at += 1;
      return '';
    }
    if (fence.test(line)) return this.#code();
    const title = heading.exec(line);
    if (title) {
      this.#at += 1;
      // The page's own heading is h1 and its sections h2: a guideline's headings come below.
      const level = title[1]!.length + 2;
      return `<h${level}>${inline(title[2]!)}</h${level}>`;
    }
    if (rule.test(line)) {
      this.#at += 1;
      return '<hr>';
    }
    if (quote.test(line) && this.depth < deepest) {
      const inner = this.#while((each) => quote.test(each)).map((each) => each.replace(quote, ''));
      return `<blockquote>${new Blocks(inner, this.depth + 1).html()}</blockquote>`;
    }
    if (item.test(line) && this.depth < deepest) return this.#list();
    if (line.includes('|') && tableRule.test(this.lines[this.#at + 1] ?? '')) return this.#table();
    const first = this.#at;
    const text = this.#while(
      (each) => each.trim() !== '' && (this.#at === first || !startsBlock(each)),
    );
    return `<p>${text.map((each) => inline(each.trim())).join('<br>')}</p>`;
  }

  #while(holds: (line: string) => boolean): string[] {
    const taken: string[] = [];
    while (this.#at < this.lines.length && holds(this.#line)) {
      taken.push(this.#line);
      this.#at += 1;
    }
    return taken;
  }

  #code(): string {
    this.#at += 1;
    const text = this.#while((line) => !fence.test(line));
    this.#at += 1;
    return `<pre><code>${escapeHtml(text.join('\n'))}</code></pre>`;
  }

  #list(): string {
    const first = item.exec(this.#line)!;
    const indent = first[1]!.length;
    const tag = first[2] ? 'ul' : 'ol';
    const items: string[] = [];
    for (;;) {
      const here = item.exec(this.#line);
      if (!here || here[1]!.length < indent || Boolean(here[2]) !== (tag === 'ul')) break;
      this.#at += 1;
      const text = [here[4]!];
      const deeper = this.#while(
        (line) => line.trim() !== '' && /^\s*/.exec(line)![0].length > indent,
      );
      const nestedFrom = deeper.findIndex((line) => item.test(line));
      text.push(
        ...(nestedFrom < 0 ? deeper : deeper.slice(0, nestedFrom)).map((line) => line.trim()),
      );
      const nested =
        nestedFrom < 0 ? '' : new Blocks(deeper.slice(nestedFrom), this.depth + 1).html();
      items.push(`<li>${inline(text.join(' '))}${nested}</li>`);
    }
    const start = tag === 'ol' && first[3] !== '1' ? ` start="${Number(first[3])}"` : '';
    return `<${tag}${start}>${items.join('')}</${tag}>`;
  }

  #table(): string {
    const cells = (line: string) =>
      line
        .trim()
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => inline(cell.trim()));
    const head = cells(this.#line);
    this.#at += 2;
    const rows = this.#while((line) => line.includes('|')).map(cells);
    const row = (tag: string, values: string[]) =>
      `<tr>${head.map((_, at) => `<${tag}>${values[at] ?? ''}</${tag}>`).join('')}</tr>`;
    return `<table><thead>${row('th', head)}</thead><tbody>${rows.map((values) => row('td', values)).join('')}</tbody></table>`;
  }
}

/** Safe HTML of a Markdown text. */
export function renderMarkdown(source: string): string {
  return new Blocks(source.replace(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n')).html();
}
