// What a format can do for a schema.
import type { ControlKind, FileFormat, Schema } from '../../api/types';

const kindsOf = (schema: Schema): ControlKind[] => [
  ...new Set(schema.controls.map(({ kind }) => kind)),
];

/** Controls of the schema that the format has no place for. */
export const leftOut = (format: FileFormat, schema: Schema): ControlKind[] =>
  kindsOf(schema).filter((kind) => !format.controls.includes(kind));

/** Controls of the schema that the format carries. */
export const carriedBy = (format: FileFormat, schema: Schema): ControlKind[] =>
  kindsOf(schema).filter((kind) => format.controls.includes(kind));

/** Whether an export in this format says anything about this schema. */
export const usable = (format: FileFormat, schema: Schema): boolean =>
  format.export &&
  format.modalities.includes(schema.modality) &&
  carriedBy(format, schema).length > 0;

/** Whether an import in this format can feed this schema. */
export const importable = (format: FileFormat, schema: Schema): boolean =>
  format.import && format.modalities.includes(schema.modality);

export const carriesImages = (format: FileFormat, schema: Schema): boolean =>
  schema.modality === 'image' && format.extension === 'zip';
