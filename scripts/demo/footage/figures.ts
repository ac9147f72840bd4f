import sharp from 'sharp';
import type { Light } from './scenes.ts';

export type FigureName = 'visitor' | 'courier' | 'neighbour' | 'driver' | 'car' | 'cat';

/** RGBA pixels, drawn so that the bottom centre stands on a waypoint. */
export type Sprite = { width: number; height: number; data: Uint8Array };

/** The pictures of one step, shown in turn while a figure moves. */
export type Gait = { sprites: Sprite[]; stepMs: number };

type Clothes = { coat: string; trousers: string; skin: string; hair?: string; parcel?: string };

const CLOTHES: Record<Exclude<FigureName, 'car' | 'cat'>, Clothes> = {
  visitor: { coat: '#e6c14c', trousers: '#26324a', skin: '#d9a98a' },
  courier: { coat: '#5b3a1e', trousers: '#3c2a18', skin: '#8d5f43', parcel: '#c79f63' },
  neighbour: { coat: '#20242c', trousers: '#14171d', skin: '#e0b796' },
  driver: { coat: '#27507e', trousers: '#1d1f24', skin: '#caa083' },
};

/** Under an infrared lamp cloth and skin shine in greys, whatever their colour. */
const INFRARED: Clothes = { coat: '#8e99b0', trousers: '#76819a', skin: '#b9c3d6', hair: '#5d667a' };

const PHASES = 8;

function svg(width: number, height: number, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
}

function limb(x: number, y: number, swing: number, colour: string): string {
  const knee = { x: x + swing * 0.55, y: y + 30 };
  return `<path d="M${x} ${y}L${knee.x} ${knee.y}L${x + swing} ${y + 62}" fill="none" stroke="${colour}" stroke-width="12" stroke-linecap="round" stroke-linejoin="round"/>`;
}

function person(clothes: Clothes, phase: number): string {
  const swing = Math.sin((phase / PHASES) * 2 * Math.PI) * 20;
  const bob = Math.abs(swing) * 0.12;
  const parcel = clothes.parcel
    ? `<rect x="42" y="62" width="24" height="20" fill="${clothes.parcel}" stroke="#7a5f38" stroke-width="2"/>`
    : '';
  return svg(
    80,
    150,
    `<g transform="translate(0 ${bob})">
    ${limb(38, 82, swing, clothes.trousers)}${limb(42, 82, -swing, clothes.trousers)}
    <path d="M40 44L${40 - swing * 0.9} 80" stroke="${clothes.coat}" stroke-width="9" stroke-linecap="round"/>
    <rect x="25" y="34" width="30" height="54" rx="11" fill="${clothes.coat}"/>
    <path d="M40 44L${40 + swing * 0.9} 80" stroke="${clothes.coat}" stroke-width="8" stroke-linecap="round" opacity="0.85"/>
    <circle cx="41" cy="19" r="13" fill="${clothes.skin}"/><path d="M28 18a13 13 0 0 1 26-2q-12-6-26 2z" fill="${clothes.hair ?? '#33261d'}"/>${parcel}</g>`,
  );
}

function car(light: Light): string {
  const [body, glass, tyre, lamp, hub] =
    light === 'day' ? ['#2c4d8a', '#141b26', '#17171a', '#f0e7b4', '#9aa0a8'] : ['#4a5468', '#1a2030', '#10131a', '#98a3ba', '#5a6478'];
  const wheel = (x: number): string => `<circle cx="${x}" cy="72" r="17" fill="${tyre}"/><circle cx="${x}" cy="72" r="8" fill="${hub}"/>`;
  return svg(
    230,
    92,
    `<ellipse cx="115" cy="86" rx="108" ry="6" fill="#000" opacity="0.35"/>
    <path d="M8 66Q6 44 34 42L66 40Q86 12 118 12Q160 12 182 40L206 44Q224 48 222 68Q222 74 214 74H16Q8 74 8 66Z" fill="${body}"/>
    <path d="M76 40Q92 19 114 19V40ZM121 19Q152 20 170 40H121Z" fill="${glass}"/><path d="M14 54h20" stroke="${lamp}" stroke-width="6"/><path d="M206 54h14" stroke="${light === 'day' ? '#b02a2a' : lamp}" stroke-width="6"/>
    ${wheel(54)}${wheel(178)}`,
  );
}

function cat(light: Light, phase: number): string {
  const colour = light === 'day' ? '#2d2520' : '#aeb8cc';
  const swing = Math.sin((phase / PHASES) * 2 * Math.PI) * 7;
  const leg = (x: number, s: number): string =>
    `<path d="M${x} 32L${x + s} 50" stroke="${colour}" stroke-width="6" stroke-linecap="round"/>`;
  return svg(
    96,
    54,
    `<ellipse cx="48" cy="28" rx="30" ry="12" fill="${colour}"/><circle cx="80" cy="20" r="11" fill="${colour}"/>
    <path d="M72 14l2-12 7 8zM82 9l7-7 1 12z" fill="${colour}"/><path d="M20 26Q4 22 8 ${6 + swing * 0.3}" fill="none" stroke="${colour}" stroke-width="6" stroke-linecap="round"/>
    ${leg(28, swing)}${leg(36, -swing)}${leg(62, -swing)}${leg(70, swing)}`,
  );
}

async function toSprite(drawing: string): Promise<Sprite> {
  const { data, info } = await sharp(Buffer.from(drawing)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

function drawPhase(name: FigureName, light: Light, phase: number): string {
  if (name === 'car') return car(light);
  if (name === 'cat') return cat(light, phase);
  return person(light === 'night' ? INFRARED : CLOTHES[name], phase);
}

export async function renderFigure(name: FigureName, light: Light): Promise<Gait> {
  const phases = name === 'car' ? [0] : Array.from({ length: PHASES }, (_, phase) => phase);
  return { sprites: await Promise.all(phases.map((phase) => toSprite(drawPhase(name, light, phase)))), stepMs: 110 };
}
