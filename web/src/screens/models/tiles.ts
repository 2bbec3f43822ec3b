// Looking at a picture's tiles too, so that small things are found: which models can, and what it costs.
// The sums are those of src/models/tiles.cpp.
type Config = Record<string, unknown>;

/** Kinds that can, with the least pixels of a tile and the most tiles across that "auto" takes. */
const tiled: Readonly<Record<string, { side: number; most: number }>> = {
  nanodet: { side: 350, most: 4 },
  blazeface: { side: 256, most: 8 },
};
const overlap = 0.25;

export const tileChoices = ['off', 'auto', '2', '3', '4', '6', '8'] as const;
export type Tiles = (typeof tileChoices)[number];

/** What a model's config says; null for a kind that has no tiles. */
export function tilesOf(kind: string, config: Config | null): Tiles | null {
  if (!tiled[kind]) return null;
  const said = String(config?.tiles ?? 'off');
  return tileChoices.find((choice) => choice === said) ?? 'off';
}

export function withTiles(config: Config, tiles: Tiles): Config {
  return { ...config, tiles: tiles === 'off' || tiles === 'auto' ? tiles : Number(tiles) };
}

function tilesIn(width: number, height: number, across: number): number {
  const longer = Math.max(width, height);
  const shorter = Math.min(width, height);
  const side = Math.ceil(longer / (1 + (across - 1) * (1 - overlap)));
  const along = side >= shorter ? 1 : 1 + Math.ceil((shorter - side) / (side * (1 - overlap)));
  return across * along;
}

/** How often a model looks at a picture of this size. */
export function looks(kind: string, tiles: Tiles, width: number, height: number): number {
  const net = tiled[kind];
  if (!net || tiles === 'off') return 1;
  const finest = 1 + (Math.max(width, height) / net.side - 1) / (1 - overlap);
  let across =
    tiles === 'auto' ? Math.min(net.most, Math.max(1, Math.floor(finest))) : Number(tiles);
  let sum = 1;
  for (; across > 1; across = Math.floor(across / 2)) sum += tilesIn(width, height, across);
  return sum;
}
