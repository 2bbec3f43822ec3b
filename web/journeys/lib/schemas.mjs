// What several journeys and benches ask about, and the book that they scroll.

export const label = (name, guideline = '') => ({
  name,
  hotkey: '',
  color: '',
  guideline,
  aliases: [],
});

/** A control with these labels, by name. */
export const control = (name, kind, title, labels, more = {}) => ({
  ...{ name, kind, title, multiple: false, required: false },
  labels: labels.map((one) => label(one)),
  ...more,
});

/** Who speaks in a recording, what they say, and how well it is heard. */
export const meeting = {
  modality: 'audio',
  source: 'audio',
  controls: [
    control('speakers', 'segments', 'Who speaks?', ['Ada', 'Grace', 'noise']),
    control('said', 'text', 'What is said', [], { per_region: true }),
    control('quality', 'choices', 'How well is it heard?', ['well', 'badly']),
  ],
};

/** Mail that is Spam or Ham. */
export const mailSchema = {
  modality: 'text',
  source: 'text',
  controls: [
    {
      name: 'topic',
      kind: 'choices',
      title: 'What is it?',
      multiple: false,
      required: true,
      labels: ['Spam', 'Ham'].map((name) => label(name)),
    },
  ],
};

/** 20,000 words in paragraphs of 400, and 1,000 spans of `control` that overlap here and there. */
export function book(control, labels, more = {}) {
  const words = 'the harbour lay quiet under fog while Ada counted ships'.split(' ');
  let seed = 7;
  const below = (most) => (seed = (seed * 48271) % 2147483647) % most;
  const parts = Array.from({ length: 20_000 }, (_, i) => {
    const word = words[below(words.length)];
    return i % 400 === 399 ? `${word}.\n` : `${word} `;
  });
  const text = parts.join('').trimEnd();
  const starts = [];
  parts.reduce((sum, part) => (starts.push(sum), sum + part.length), 0);
  const regions = Array.from({ length: 1_000 }, (_, i) => {
    const first = Math.min(19_990, i * 20 + below(16));
    const last = first + below(4);
    const [start, end] = [starts[first], starts[last] + parts[last].trimEnd().length];
    const place = { start, end: Math.min(end, text.length), text: text.slice(start, end) };
    return { id: `b${i}`, control, kind: 'spans', labels: [labels[i % 3]], ...place, ...more };
  });
  return { text, regions };
}
