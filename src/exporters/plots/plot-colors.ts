/** From light to dark; equal steps look equal, also to the colour-blind. */
export const RAMP = ['#eef3f8', '#c6dbef', '#9ecae1', '#6baed6', '#3182bd', '#08519c', '#08306b'] as const;
const DARK_RAMP = ['#1b2530', '#173a5e', '#1d5487', '#2f74b5', '#5a9bd5', '#94c4ea', '#d6e9f8'] as const;
/** Cells from this step on carry light text in the light form, and dark text in the dark one. */
export const FIRST_STRONG_STEP = 4;

/** Okabe and Ito's colours, in an order in which neighbours differ in lightness, too. */
export const SERIES = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c7a00', '#5d5d5d'] as const;
const DARK_SERIES = ['#4ba3dd', '#f0b429', '#2fc39a', '#dd9bc0', '#9ad5f5', '#f08a4b', '#d6c545', '#b5b5b5'] as const;

/** Risk levels and severities, from low to critical: each darker than the one before. */
const LEVELS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  low: ['#8ab8d6', '#6f9fc0'],
  medium: ['#e0a100', '#f0c04a'],
  high: ['#c8500a', '#f2813c'],
  critical: ['#7a0f2b', '#ff6b8a'],
  unscored: ['#9a9a9a', '#7d7d7d'],
};

const SURFACES = {
  text: ['#333333', '#e6e6e6'],
  quiet: ['#595959', '#b0b0b0'],
  line: ['#d0d0d0', '#4a4a4a'],
  track: ['#f2f2f2', '#262b31'],
  hole: ['#b3261e', '#ff8a80'],
  covered: ['#2f74b5', '#5a9bd5'],
  mark: ['#c8500a', '#f2b37c'],
  ground: ['#ffffff', '#14181d'],
  on: ['#ffffff', '#10151a'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

/** A colour by its role: the class lets a page say otherwise, the attribute is what everything else paints. */
export type PlotColor = { name: string; light: string };

export function surface(name: keyof typeof SURFACES): PlotColor {
  return { name, light: SURFACES[name][0] };
}

/** The step of the ramp for a share from 0 to 1. */
export function rampStep(fraction: number): number {
  return Math.min(RAMP.length - 1, Math.max(0, Math.round(fraction * (RAMP.length - 1))));
}

export function rampColor(step: number): PlotColor {
  return { name: `r${String(step)}`, light: RAMP[step] ?? RAMP[0] };
}

/** The colour of a series: of a risk level by its name, of anything else by its place. */
export function seriesColor(name: string, index: number): PlotColor {
  const level = Object.hasOwn(LEVELS, name) ? LEVELS[name] : undefined;
  if (level !== undefined) return { name, light: level[0] };
  const place = index % SERIES.length;
  return { name: `s${String(place)}`, light: SERIES[place] ?? SERIES[0] };
}

/**
 * Style sheet of all plots: every colour is a custom property of `.hs-plot` with a light and a dark value. A page takes it
 * in once; a drawing of its own carries it. `data-theme` on the root or any other element overrides what the system prefers.
 */
export function plotStyle(): string {
  const pairs = allPairs();
  const light = pairs.map(([name, [value]]) => `--hs-${name}:${value}`).join(';');
  const dark = pairs.map(([name, [, value]]) => `--hs-${name}:${value}`).join(';');
  const fills = pairs.map(([name]) => `.hs-plot .f-${name}{fill:var(--hs-${name})}.hs-plot .l-${name}{stroke:var(--hs-${name})}`).join('');
  return [
    `.hs-plot{${light};max-width:100%;height:auto;display:block}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]) .hs-plot,:root:not([data-theme=light]).hs-plot{${dark}}}`,
    `[data-theme=dark] .hs-plot{${dark}}`,
    fills,
  ].join('\n');
}

type Pair = readonly [light: string, dark: string];

function allPairs(): [string, Pair][] {
  return [
    ...Object.entries(SURFACES),
    ...RAMP.map((light, step): [string, Pair] => [`r${String(step)}`, [light, DARK_RAMP[step] ?? light]]),
    ...SERIES.map((light, place): [string, Pair] => [`s${String(place)}`, [light, DARK_SERIES[place] ?? light]]),
    ...Object.entries(LEVELS),
  ];
}
