import type { FigureName } from './figures.ts';
import { FRAME } from './scenes.ts';

/** Where the feet (or wheels) are at a moment, in pixels; a figure may wait outside the frame. */
export type Waypoint = { atMs: number; x: number; y: number };

/** `staysMs`: how long a figure that stops for good still counts as new before it is part of the scene. */
export type Movement = { figure: FigureName; path: readonly Waypoint[]; staysMs?: number };

export type Span = { fromMs: number; toMs: number };

/** Straight lines between waypoints; undefined before the first. After the last the figure stays there. */
export function positionAt(path: readonly Waypoint[], atMs: number): { x: number; y: number; moving: boolean } | undefined {
  const next = path.findIndex((point) => point.atMs > atMs);
  const before = path[next === -1 ? path.length - 1 : next - 1];
  if (before === undefined) return undefined;
  const after = next === -1 ? before : (path[next] ?? before);
  if (after === before) return { x: before.x, y: before.y, moving: false };
  const part = (atMs - before.atMs) / (after.atMs - before.atMs);
  return {
    x: before.x + (after.x - before.x) * part,
    y: before.y + (after.y - before.y) * part,
    moving: after.x !== before.x || after.y !== before.y,
  };
}

const STEP_MS = 100;

/** From the moment the figure's middle enters the frame to its last movement inside it, in ms from the recording's start. */
export function visibleSpan(path: readonly Waypoint[], durationMs: number): Span | undefined {
  let span: Span | undefined;
  for (let atMs = 0; atMs <= durationMs; atMs += STEP_MS) {
    const position = positionAt(path, atMs);
    if (!position?.moving || position.x < 0 || position.x > FRAME.width) continue;
    span = { fromMs: span?.fromMs ?? atMs, toMs: atMs };
  }
  return span;
}
