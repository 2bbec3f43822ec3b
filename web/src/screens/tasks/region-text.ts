// Where a region is, in words.
import type { Region } from '../../api/types';
import { t } from '../../messages';

const pixels = (value: number | undefined): number => Math.round(value ?? 0);

export function regionText(region: Region): string {
  switch (region.kind) {
    case 'boxes':
      return t('region.box', {
        x: pixels(region.x),
        y: pixels(region.y),
        width: pixels(region.width),
        height: pixels(region.height),
      });
    case 'polygons':
      return t('region.polygon', { n: (region.points?.length ?? 0) / 2 });
    case 'spans':
      return `“${region.text ?? ''}” ${region.start ?? 0}–${region.end ?? 0}`;
    case 'segments':
      return t('region.segment', {
        start: (region.start ?? 0).toFixed(2),
        end: (region.end ?? 0).toFixed(2),
      });
    default:
      return '';
  }
}
