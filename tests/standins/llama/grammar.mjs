// A JSON schema as a grammar of llama.cpp (GBNF,
// https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md): objects with all of their
// properties in order, lists, enumerations, texts, numbers. Texts and lists are kept short, or a model
// that knows nothing would not come to their end.
const mostSigns = 24;
const mostEntries = 3;

const shared = [
  'ws ::= " "?',
  'sign ::= [ !#-Z^-~] | "é" | "東" | "😀" | "\\\\" ["\\\\/nt]',
  `text ::= "\\"" sign{0,${mostSigns}} "\\""`,
  'whole ::= "-"? ("0" | [1-9] [0-9]{0,3})',
  'number ::= whole ("." [0-9]{1,3})?',
  'any ::= text | number | "true" | "false" | "null"',
  'object ::= "{" ws (text ws ":" ws any (ws "," ws text ws ":" ws any){0,3})? ws "}"',
];

export class Unknown extends Error {}

export function grammarOf(schema) {
  const rules = [];
  const rule = (body) => {
    rules.push(`r${rules.length} ::= ${body}`);
    return `r${rules.length - 1}`;
  };
  const literal = (value) => JSON.stringify(JSON.stringify(value));
  const form = (part) => {
    if (part.enum) return rule(part.enum.map(literal).join(' | '));
    if ('const' in part) return literal(part.const);
    if (part.anyOf) return rule(part.anyOf.map(form).join(' | '));
    if (Array.isArray(part.type))
      return rule(part.type.map((type) => form({ ...part, type })).join(' | '));
    switch (part.type) {
      case 'object': {
        const members = Object.entries(part.properties ?? {}).map(
          ([name, inner]) => `${literal(name)} ws ":" ws ${form(inner)}`,
        );
        return part.properties ? rule(`"{" ws ${members.join(' ws "," ws ')} ws "}"`) : 'object';
      }
      case 'array': {
        const entry = form(part.items ?? {});
        const least = part.minItems ?? 0;
        const more = Math.max(part.maxItems ?? Math.max(mostEntries, least), 1) - 1;
        const list = `${entry} (ws "," ws ${entry}){${Math.max(least - 1, 0)},${more}}`;
        return rule(`"[" ws ${least > 0 ? list : `(${list})?`} ws "]"`);
      }
      case 'string':
        return 'text';
      case 'integer':
        return 'whole';
      case 'number':
        return 'number';
      case 'boolean':
        return rule('"true" | "false"');
      case 'null':
        return '"null"';
      case undefined:
        return 'any';
      default:
        throw new Unknown(`a schema's type ${JSON.stringify(part.type)} is not known here`);
    }
  };
  const root = form(schema);
  return [`root ::= ${root}`, ...rules, ...shared].join('\n');
}
