// What a project asks.

export type Modality = 'text' | 'image' | 'audio';

export type ControlKind =
  | 'choices'
  | 'boxes'
  | 'spans'
  | 'polygons'
  | 'text'
  | 'segments'
  | 'keypoints'
  | 'relations'
  | 'rating';

export interface Label {
  name: string;
  hotkey: string;
  color: string;
  guideline: string;
  aliases: string[];
}

export interface Control {
  name: string;
  kind: ControlKind;
  title: string;
  multiple: boolean;
  required: boolean;
  /** choices, rating and text: asked about each drawn region. */
  per_region?: boolean;
  labels: Label[];
  /** keypoints: names in order; empty: one point a region. */
  points?: string[];
  /** keypoints: pairs of places in `points` that a line joins. */
  lines?: number[];
}

export interface Schema {
  modality: Modality;
  source: string;
  controls: Control[];
}

/** Answers under one name that would read as another label after a change of the schema. */
export interface Renaming {
  control: string;
  name: string;
  from: string;
  to: string;
  tasks: number;
  more: boolean;
}

export interface ProjectTemplate {
  name: string;
  title: string;
  description: string;
  schema: Schema;
  guideline: string;
}

/** A Label Studio configuration, read. */
export interface LabelConfig {
  schema: Schema;
  not_understood: string[];
}
