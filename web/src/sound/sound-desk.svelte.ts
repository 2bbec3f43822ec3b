// Hands on a recording: where the playhead is, what is in sight, and the segments made of it. The stage
// shows it and brings the pointer; commands bring the keys.
import { tick } from 'svelte';
import type { Control } from '../api/types';
import type { SoundHands } from '../commands/hands';
import type { Listed } from '../editor/editor';
import { labelOf, type Region } from '../editor/region';
import {
  canSplit,
  createSegment,
  mergeSegment,
  movedBy,
  nextOfSame,
  splitSegment,
  stretchOf,
  withEdgeAt,
} from '../editor/segments';
import { Listening, type ListeningDesk, type SoundServer } from './listening.svelte';
import { Player } from './player.svelte';
import {
  clockText,
  fittedTime,
  pannedTime,
  showing,
  timeAt,
  zoomedTime,
  zoomedToTime,
  zoomStep,
  type TimeView,
} from './time-view';
import type { Hit } from './hit';

/** The desk, as far as a recording needs it. */
export interface SoundStage extends ListeningDesk {
  readonly rows: readonly Listed[];
  point(id: string): void;
}

/** Pixels that an arrow key moves the playhead or an edge; seconds when it is fine. */
const arrowStep = 10;
const fineStep = 0.01;
/** Pixels that a pointer moves before it draws. */
const slip = 4;

interface Drag {
  readonly hit: Hit;
  readonly x: number;
  readonly time: number;
  readonly region: Region | undefined;
  moves: boolean;
}

export class SoundDesk implements SoundHands {
  readonly player = new Player();
  view = $state.raw<TimeView>({ from: 0, scale: 1 });
  width = $state(0);
  seconds = $state(0);
  /** Where the segment in the making starts, while there is one. */
  mark = $state<number | null>(null);
  /** What the pointer draws, while it does. */
  drawn = $state.raw<{ start: number; end: number; label: string } | null>(null);
  /** The rows as they are heard; what has no time comes last. */
  readonly timed: readonly Listed[] = $derived.by(() => this.#inTime(this.stage.rows));
  /** What is written about each segment, by its id. */
  readonly said: ReadonlyMap<string, Region> = $derived.by(() => {
    const said = new Map<string, Region>();
    const control = this.textControl?.name;
    for (const region of this.stage.editor?.store.all() ?? [])
      if (region.parent && region.control === control) said.set(region.parent, region);
    return said;
  });
  #order: string[] = [];
  #drag: Drag | null = null;
  #fitted = '';

  readonly listening: Listening;

  constructor(
    private readonly stage: SoundStage,
    server: SoundServer,
  ) {
    this.listening = new Listening(server, stage);
  }

  /** The stage has this width, and shows this recording: fitted once for each. */
  arrange(task: string, seconds: number, width: number): void {
    if (width === 0) return;
    const isNew = this.#fitted !== task;
    const wasFitted = this.view.scale <= fittedTime(this.seconds, this.width).scale * 1.001;
    this.seconds = seconds;
    this.width = width;
    this.#fitted = task;
    if (isNew) {
      this.mark = this.drawn = this.#drag = null;
      this.listening.stop();
    }
    this.view =
      isNew || wasFitted ? fittedTime(seconds, width) : pannedTime(this.view, 0, seconds, width);
  }

  // What commands ask

  get #segment(): Region | undefined {
    const region = this.stage.editor?.selected;
    return region?.kind === 'segments' ? region : undefined;
  }
  get hasSegments(): boolean {
    return this.stage.editor?.controlFor('segments') !== undefined;
  }
  get hasSegment(): boolean {
    return this.#segment !== undefined;
  }
  get isDragging(): boolean {
    return this.#drag !== null;
  }
  get textControl(): Control | undefined {
    return this.stage.editor?.schema.controls.find(
      ({ kind, per_region }) => kind === 'text' && per_region,
    );
  }

  // Listening

  play(): void {
    this.player.toggle();
  }
  playSegment(): void {
    const { player } = this;
    const region = this.#segment ?? this.#heard();
    if (player.playing && player.stretch) player.pause();
    else if (region) player.playStretch(stretchOf(region));
    else player.toggle();
  }
  loop(): void {
    const { player } = this;
    const region = this.#segment ?? this.#heard();
    if (player.loops) {
      player.loop(null);
      this.stage.tell('said.loop_off');
    } else if (region) {
      player.loop(stretchOf(region));
      if (!player.playing) player.play();
      this.stage.tell('said.loop_on', { label: labelOf(region) });
    } else this.stage.tell('said.loop_nothing', {}, 'hint');
  }
  faster(step: 1 | -1): void {
    this.player.faster(step);
    this.stage.tell('said.speed', { speed: String(this.player.speed) });
  }
  jump(seconds: number): void {
    this.goTo(this.player.time + seconds);
  }
  step(by: number, fine: boolean): void {
    this.goTo(this.player.time + by * this.#step(fine));
  }
  toEnd(side: 'start' | 'end'): void {
    this.goTo(side === 'start' ? 0 : this.seconds);
  }
  goTo(time: number): void {
    this.player.seek(time);
    this.view = showing(this.view, this.player.time, this.seconds, this.width);
  }

  // Segments

  /** Starts a segment at the playhead, or ends it there. */
  draw(): void {
    const { editor } = this.stage;
    if (!editor) return;
    const { time } = this.player;
    if (this.mark === null) {
      this.mark = time;
      editor.select(null);
      this.stage.tell('said.segment_starts', { at: clockText(time, 2) }, 'hint');
      return;
    }
    const made = createSegment(editor, this.mark, time, this.seconds);
    if (!made) return this.stage.tell('said.segment_short', {}, 'hint');
    this.mark = null;
    this.stage.tell('said.segment_made', { label: labelOf(made) });
  }
  split(): void {
    const { editor } = this.stage;
    const { time } = this.player;
    const region = canSplit(this.#segment, time) ? this.#segment : this.#heard();
    if (region && editor && splitSegment(editor, region.id, time)) {
      editor.select(region.id);
      this.stage.tell('said.split');
    } else this.stage.tell('said.split_nothing', {}, 'hint');
  }
  merge(): void {
    const { editor } = this.stage;
    const region = this.#segment;
    if (editor && region && mergeSegment(editor, region.id)) this.stage.tell('said.merged');
    else this.stage.tell('said.merge_nothing', {}, 'hint');
  }
  get canMerge(): boolean {
    const { editor } = this.stage;
    const region = this.#segment;
    return !!editor && !!region && nextOfSame(editor, region.id) !== undefined;
  }
  edge(edge: 'start' | 'end', by: number, fine: boolean): void {
    const region = this.#segment;
    if (!region) return;
    const to = (region[edge] ?? 0) + by * this.#step(fine);
    this.#revise(region, withEdgeAt(stretchOf(region), edge, to, this.seconds), `edge:${edge}`);
  }
  /** The edge that is nearer goes to the playhead. */
  edgeHere(edge: 'start' | 'end'): void {
    const region = this.#segment;
    const { time } = this.player;
    if (region) this.#revise(region, withEdgeAt(stretchOf(region), edge, time, this.seconds));
  }
  shift(by: number, fine: boolean): void {
    const region = this.#segment;
    if (!region) return;
    const moved = movedBy(stretchOf(region), by * this.#step(fine), this.seconds);
    this.#revise(region, moved, 'move');
  }
  /** The next or previous segment in time, from the one in focus or from the playhead. */
  walk(step: 1 | -1): void {
    const { editor } = this.stage;
    const from = this.#segment;
    const all = this.timed.flatMap(({ region }) => isSegment(region));
    const at = from ? all.findIndex(({ id }) => id === from.id) : -1;
    const { time } = this.player;
    const next = from
      ? all[at + step]
      : step > 0
        ? all.find(({ start = 0 }) => start >= time)
        : all.findLast(({ start = 0 }) => start <= time);
    if (!next) return;
    editor?.select(next.id);
    this.lookAt(next);
  }
  /** Brings the segment in sight, and the playhead to its start while nothing plays. */
  lookAt(region = this.#segment): void {
    if (region?.kind !== 'segments') return;
    const { start = 0, end = 0 } = region;
    const isSeen =
      start >= this.view.from && end <= timeAt(this.view, this.width) && this.width > 0;
    if (!isSeen) this.view = showing(this.view, start, this.seconds, this.width);
    if (this.player.loops) this.player.loop({ start, end });
    else if (!this.player.playing) this.player.seek(start);
  }
  write(): void {
    const { editor } = this.stage;
    const control = this.textControl;
    const region = this.#segment ?? this.#heard();
    if (editor && control && region) this.writeOf(region.id);
    else this.stage.tell('said.write_nothing', {}, 'hint');
  }
  writeOf(id: string): void {
    const { editor } = this.stage;
    const control = this.textControl;
    if (editor && control) editor.ask({ control, parent: id });
  }
  /** From one text to the next in time; at the end the field is left. */
  writeNext(step: 1 | -1): void {
    const before = this.#segment?.id;
    this.walk(step);
    const now = this.#segment?.id;
    if (now && now !== before) this.writeOf(now);
    else this.stopWriting();
  }
  stopWriting(): void {
    const { editor } = this.stage;
    const region = editor?.selected;
    const own = editor?.schema.controls.find(({ name }) => name === region?.control);
    if (editor && region && own) editor.ask({ control: own, parent: region.id });
    void tick().then(() => {
      if (document.activeElement instanceof HTMLTextAreaElement) document.activeElement.blur();
    });
  }

  // What the server hears

  get hasTexts(): boolean {
    const all = this.stage.editor?.store.all() ?? [];
    return all.some(({ kind, text = '' }) => kind === 'text' && text !== '');
  }
  nameVoices(): void {
    void this.listening.voices();
  }
  timeWords(all: boolean): void {
    const isOfSegments = this.hasSegments && this.textControl !== undefined;
    const about = isOfSegments ? (this.#segment ?? this.#heard())?.id : '';
    if (!all && about === undefined) return this.stage.tell('said.times_nothing', {}, 'hint');
    void this.listening.times(this.seconds, all ? null : (about ?? null));
  }

  // The view

  zoom(step: number, x = this.#zoomAt()): void {
    this.zoomBy(zoomStep ** step, x);
  }
  zoomBy(factor: number, x: number): void {
    this.view = zoomedTime(this.view, x, factor, this.seconds, this.width);
  }
  pan(pixels: number): void {
    this.view = pannedTime(this.view, pixels, this.seconds, this.width);
  }
  fit(): void {
    this.view = fittedTime(this.seconds, this.width);
  }
  zoomToSegment(): void {
    const region = this.#segment;
    if (region) this.view = zoomedToTime(stretchOf(region), this.seconds, this.width);
  }
  /** The view stays with the playhead while it plays, unless a hand is in it. */
  follow(): void {
    if (this.#drag) return;
    this.view = showing(this.view, this.player.time, this.seconds, this.width);
  }

  // The pointer

  down(hit: Hit, x: number): void {
    const { editor } = this.stage;
    const id = hit.on === 'edge' || hit.on === 'segment' ? hit.id : '';
    if (id) this.stage.point(id);
    const region = id ? editor?.selected : undefined;
    this.#drag = { hit, x, time: timeAt(this.view, x), region, moves: false };
    if (hit.on === 'ruler') this.goTo(this.#drag.time);
  }
  /** `x` may lie outside the stage: then the view goes along. */
  move(x: number): void {
    const drag = this.#drag;
    const { editor } = this.stage;
    if (!drag || !editor) return;
    if (!drag.moves && Math.abs(x - drag.x) < slip) return;
    if (!drag.moves) {
      drag.moves = true;
      editor.history.mark();
    }
    if (x < 0 || x > this.width) this.pan((x < 0 ? x : x - this.width) / 4);
    const time = timeAt(this.view, Math.min(Math.max(0, x), this.width));
    const { hit, region } = drag;
    if (hit.on === 'ruler') this.player.seek(time);
    else if (hit.on === 'edge' && region)
      this.#revise(region, withEdgeAt(stretchOf(region), hit.edge, time, this.seconds));
    else if (hit.on === 'segment' && hit.inLane && region)
      this.#revise(region, movedBy(stretchOf(region), time - drag.time, this.seconds));
    else if (this.hasSegments) this.drawn = this.#between(drag, time);
  }
  up(): void {
    const drag = this.#drag;
    const { editor } = this.stage;
    this.#drag = null;
    if (!drag || !editor) return;
    if (!drag.moves) {
      this.player.seek(drag.time);
      if (drag.hit.on === 'wave' || drag.hit.on === 'lane') editor.select(null);
      return;
    }
    const { drawn } = this;
    this.drawn = null;
    if (drawn) createSegment(editor, drawn.start, drawn.end, this.seconds, drawn.label);
    editor.history.settle();
  }
  /** Escape; false when there was nothing to give up. */
  escape(): boolean {
    if (this.#drag) {
      if (this.#drag.moves) this.stage.editor?.history.abandon();
      this.#drag = this.drawn = null;
      return true;
    }
    if (this.mark === null) return this.listening.stop();
    this.mark = null;
    return true;
  }

  #between(drag: Drag, time: number) {
    const { editor } = this.stage;
    const own = drag.hit.on === 'lane' ? drag.hit.label : undefined;
    const label = own ?? editor?.labelFor(editor.controlFor('segments')) ?? '';
    return { start: Math.min(drag.time, time), end: Math.max(drag.time, time), label };
  }
  #zoomAt(): number {
    const x = (this.player.time - this.view.from) * this.view.scale;
    return x >= 0 && x <= this.width ? x : this.width / 2;
  }
  /** From the order of before, so that what is in order already costs no sorting. */
  #inTime(rows: readonly Listed[]): Listed[] {
    const rest = new Map(rows.map((row) => [row.region.id, row]));
    const timed: Listed[] = [];
    for (const id of this.#order) {
      const row = rest.get(id);
      if (row) timed.push(row);
      rest.delete(id);
    }
    for (const row of rest.values()) timed.push(row);
    timed.sort(byTime);
    this.#order = timed.map(({ region }) => region.id);
    return timed;
  }
  #step(fine: boolean): number {
    return fine ? fineStep : Math.max(fineStep, arrowStep / this.view.scale);
  }
  /** The shortest segment at the playhead. */
  #heard(): Region | undefined {
    const { time } = this.player;
    const all = this.timed.flatMap(({ region }) => isSegment(region));
    return all
      .filter(({ start = 0, end = 0 }) => start <= time && time < end)
      .sort((a, b) => (a.end ?? 0) - (a.start ?? 0) - ((b.end ?? 0) - (b.start ?? 0)))[0];
  }
  #revise(region: Region, stretch: { start: number; end: number }, merge?: string): void {
    const { editor } = this.stage;
    editor?.revise(region.id, stretch, merge && `${merge}:${region.id}`);
    const moved = editor?.selected;
    if (moved && this.player.loops) this.player.stretch = stretchOf(moved);
  }
}

const startOf = ({ region }: Listed): number =>
  region.kind === 'segments' ? (region.start ?? 0) : Infinity;

function byTime(a: Listed, b: Listed): number {
  const [one, other] = [startOf(a), startOf(b)];
  if (one === other) return (a.region.end ?? 0) - (b.region.end ?? 0);
  return one < other ? -1 : 1;
}

const isSegment = (region: Region): Region[] => (region.kind === 'segments' ? [region] : []);
