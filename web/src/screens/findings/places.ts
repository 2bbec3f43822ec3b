// Where in its item a finding is: the stretch of a long text and the cut of a large picture that show it.
import type { Finding, FindingPlace, Media, Region } from '../../api/types';
import { extentOf, shapeOf } from '../../editor/shape';

/** A part of a text, in code points of the whole. */
export interface Excerpt {
  readonly text: string;
  readonly from: number;
  readonly isCutBefore: boolean;
  readonly isCutAfter: boolean;
}

/** All of a text that is short, else `around` code points on both sides of the place, cut between words. */
export function excerptOf(text: string, place: FindingPlace | null, around = 700): Excerpt {
  const characters = [...text];
  const all = characters.length;
  const start = Math.max(0, Math.min(all, Math.floor(place?.start ?? 0)));
  const end = Math.max(start, Math.min(all, Math.ceil(place?.end ?? 0)));
  let from = Math.max(0, start - around);
  let to = Math.min(all, end + around);
  if (all <= 3 * around) [from, to] = [0, all];
  const isWord = (at: number) => /[\p{L}\p{N}\p{M}]/u.test(characters[at] ?? '');
  for (let at = from; from > 0 && at < Math.min(start, from + 40); at += 1) {
    if (isWord(at)) continue;
    from = at + 1;
    break;
  }
  for (let at = to; to < all && at > Math.max(end, to - 40); at -= 1) {
    if (isWord(at - 1)) continue;
    to = at - 1;
    break;
  }
  return {
    text: characters.slice(from, to).join(''),
    from,
    isCutBefore: from > 0,
    isCutAfter: to < all,
  };
}

/** Spans that reach into the excerpt, in its own code points. */
export function spansIn(excerpt: Excerpt, spans: readonly Region[]): Region[] {
  const size = [...excerpt.text].length;
  return spans.flatMap((span) => {
    const start = Math.max(0, (span.start ?? 0) - excerpt.from);
    const end = Math.min(size, (span.end ?? 0) - excerpt.from);
    return end > start ? [{ ...span, start, end }] : [];
  });
}

export interface Cut {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the image around the place, of the shape of the room: the place is a half of it at most. */
export function cutOf(
  { width, height }: Pick<Media, 'width' | 'height'>,
  place: FindingPlace | null,
  room: { width: number; height: number },
  least = 96,
): Cut {
  const whole = { x: 0, y: 0, width, height };
  if (!place || place.width < 0 || place.height < 0 || width <= 0 || height <= 0) return whole;
  const shape = room.width > 0 && room.height > 0 ? room.width / room.height : width / height;
  const wide = Math.max(least, 2 * place.width, 2 * place.height * shape);
  const high = wide / shape;
  if (wide >= width && high >= height) return whole;
  const fit = (middle: number, size: number, all: number): [number, number] => {
    const shown = Math.min(size, all);
    return [Math.max(0, Math.min(all - shown, middle - shown / 2)), shown];
  };
  const [x, w] = fit(place.x + place.width / 2, wide, width);
  const [y, h] = fit(place.y + place.height / 2, high, height);
  return { x, y, width: w, height: h };
}

/** The box of a region, for findings that name the region only; null: it has no place on an image. */
export function placeOf(finding: Finding, regions: readonly Region[]): FindingPlace | null {
  if (finding.place) return finding.place;
  const region = regions.find(({ id }) => id === finding.region);
  if (!region) return null;
  const nowhere = { start: 0, end: 0, x: 0, y: 0, width: 0, height: 0 };
  if (shapeOf(region.kind)) return { ...nowhere, ...extentOf(region), on: 'image' };
  if (region.kind !== 'spans' && region.kind !== 'segments') return null;
  const on = region.kind === 'spans' ? 'text' : 'audio';
  return { ...nowhere, on, start: region.start ?? 0, end: region.end ?? 0 };
}
