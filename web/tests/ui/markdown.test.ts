import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../src/ui/markdown';

describe('Markdown', () => {
  test('headings come below those of the page', () => {
    expect(renderMarkdown('# Cars\n\n## Not cars')).toBe('<h3>Cars</h3><h4>Not cars</h4>');
  });

  test('strong, emphasis, code and struck text', () => {
    expect(renderMarkdown('**a** *b* _c_ `d*e*` ~~f~~ snake_case_name 2*3*4')).toBe(
      '<p><strong>a</strong> <em>b</em> <em>c</em> <code>d*e*</code> <del>f</del> snake_case_name 2<em>3</em>4</p>',
    );
  });

  test('lists nest by their indentation', () => {
    expect(renderMarkdown('- a\n  - b\n  - c\n- d')).toBe(
      '<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>',
    );
    expect(renderMarkdown('3. x\n4. y')).toBe('<ol start="3"><li>x</li><li>y</li></ol>');
  });

  test('tables, quotes, rules and code blocks', () => {
    expect(renderMarkdown('| a | b |\n|---|---|\n| 1 | **2** |')).toBe(
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody></table>',
    );
    expect(renderMarkdown('> said\n\n---\n```\n<b>\n```')).toBe(
      '<blockquote><p>said</p></blockquote><hr><pre><code>&lt;b&gt;</code></pre>',
    );
  });

  test('links to the web open beside the desk, own paths in it', () => {
    expect(renderMarkdown('[x](https://example.org/a?b=1&c=2)')).toContain(
      '<a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">x</a>',
    );
    expect(renderMarkdown('[x](/people)')).toContain('<a href="/people">x</a>');
  });
});

describe('hostile Markdown', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>1</script>)',
    '[x](//evil.example)',
    '[<img src=x onerror=1>](https://a.example/"onmouseover="1)',
    '**<b onclick=1>**',
    '`<script>`',
    '| <script> |\n|---|\n| <img onerror=1> |',
    '```\n</code><script>\n```',
    '> <iframe src=x>',
    '- <svg/onload=1>',
    'https://a.example/<script>"\'onx=1',
    '\\<script>',
    '&lt;script&gt;<!-- -->',
  ];
  // Everything that the renderer may write: these tags, and on <a> three attributes.
  const allowed =
    /<\/?(?:h[3-6]|p|br|hr|strong|em|code|pre|del|ul|ol|li|blockquote|table|thead|tbody|tr|th|td)>|<ol start="\d+">|<\/a>|<a href="(?:https?:\/\/|mailto:|\/(?!\/)|#)[^"<>]*"(?: target="_blank" rel="noopener noreferrer")?>/g;

  test.each(hostile)('%s leaves nothing but known tags', (source) => {
    expect(renderMarkdown(source).replace(allowed, '')).not.toMatch(/[<>]/);
  });

  test('thousands of random mixtures leave nothing but known tags', () => {
    const pieces = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '*',
      '**',
      '_',
      '`',
      '```',
      '[',
      '](',
      ')',
      '\n',
      '\n\n',
      ' ',
      '- ',
      '1. ',
      '> ',
      '# ',
      '|',
      '|---|',
      'a',
      'https://x.y',
      'javascript:',
      '/',
      '\\',
      '~~',
      '<script>',
      'onload=1',
    ];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 3000; round += 1) {
      const source = Array.from(
        { length: 1 + random(24) },
        () => pieces[random(pieces.length)],
      ).join('');
      const left = renderMarkdown(source).replace(allowed, '');
      expect([source, /[<>]/.test(left)]).toEqual([source, false]);
    }
  });

  test('a long line of stars or brackets does not take forever', () => {
    const from = performance.now();
    for (const sign of ['*', '[', '`', '_', '~~', '|', '> ', '- '])
      renderMarkdown(sign.repeat(5000));
    expect(performance.now() - from).toBeLessThan(2000);
  });
});
