import sharp from 'sharp';
import type { RgbPicture } from '../../../src/domain/picture.ts';

/** Every demo recording has this size, in pixels. */
export const FRAME = { width: 640, height: 360 } as const;

export type SceneName = 'front_door' | 'driveway';
export type Light = 'day' | 'night';

/** Grass, gravel and bricks: a grain that stands still, so that only the figures move. */
const GRAIN = `
  <filter id="grain" x="0" y="0" width="100%" height="100%">
    <feTurbulence type="fractalNoise" baseFrequency="0.35 0.6" numOctaves="3" seed="7"/>
    <feColorMatrix values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  0 0 0 0.55 -0.08"/>
    <feComposite operator="in" in2="SourceGraphic"/>
  </filter>`;

const SKY = `
  <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#8fb2d6"/><stop offset="1" stop-color="#cfdbe4"/></linearGradient>
  <linearGradient id="lawn" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#7c9460"/><stop offset="1" stop-color="#52703a"/></linearGradient>`;

function grained(shape: string): string {
  return `${shape}<g filter="url(#grain)" opacity="0.35">${shape}</g>`;
}

function treeLine(topY: number): string {
  const crowns = [20, 75, 130, 190, 255, 320, 390, 455, 520, 580, 630];
  return crowns
    .map(
      (x, i) => `<ellipse cx="${x}" cy="${topY + (i % 3) * 7}" rx="46" ry="${34 + (i % 4) * 6}" fill="${i % 2 ? '#4d6348' : '#5a7252'}"/>`,
    )
    .join('');
}

function windowPane(x: number, y: number): string {
  return `<rect x="${x}" y="${y}" width="62" height="70" fill="#e8e4da"/><rect x="${x + 5}" y="${y + 5}" width="52" height="60" fill="#3c4a58"/>
    <path d="M${x + 5} ${y + 35}h52M${x + 31} ${y + 5}v60" stroke="#e8e4da" stroke-width="3"/><path d="M${x + 9} ${y + 30}l16-20" stroke="#7d93a6" stroke-width="3"/>`;
}

function frontDoor(): string {
  return `<rect width="640" height="150" fill="url(#sky)"/>${treeLine(120)}
    ${grained('<rect y="138" width="640" height="222" fill="url(#lawn)"/>')}
    ${grained('<path d="M-10 360L-10 318Q250 290 420 282L500 282Q420 330 380 360Z" fill="#a8a196"/>')}
    ${grained('<path d="M330 40H640V284H330Z" fill="#b98f74"/>')}
    <path d="M310 44L480 -30L660 44L660 52L310 52Z" fill="#5f4b43"/>
    <rect x="418" y="140" width="76" height="142" fill="#e9e5dc"/><rect x="425" y="147" width="62" height="135" fill="#6b2a2a"/>
    <path d="M434 156h44v44h-44zM434 212h44v58h-44z" fill="none" stroke="#4d1c1c" stroke-width="4"/><circle cx="478" cy="218" r="4" fill="#d8c27a"/>
    <rect x="404" y="280" width="106" height="10" fill="#8c867c"/>${windowPane(344, 120)}${windowPane(540, 120)}
    <rect x="508" y="160" width="9" height="18" fill="#2e2a26"/><ellipse cx="590" cy="284" rx="56" ry="22" fill="#4e6a3d"/><ellipse cx="350" cy="286" rx="26" ry="16" fill="#557241"/>`;
}

function driveway(): string {
  return `<rect width="640" height="120" fill="url(#sky)"/>${treeLine(96)}
    ${grained('<rect y="112" width="640" height="248" fill="url(#lawn)"/>')}
    ${grained('<rect y="150" width="640" height="52" fill="#77787a"/>')}<path d="M0 176h640" stroke="#c9c5a8" stroke-width="2" stroke-dasharray="26 20"/>
    ${grained('<path d="M250 202L420 202L640 300L640 360L60 360Z" fill="#98948d"/>')}
    ${grained('<path d="M0 60H150V300H0Z" fill="#a59b88"/>')}<path d="M-10 66L70 10L166 66Z" fill="#4d4a4c"/>
    <rect x="22" y="150" width="104" height="146" fill="#dedad0"/><path d="M22 179h104M22 208h104M22 237h104M22 266h104" stroke="#b4afa2" stroke-width="3"/>
    <rect x="556" y="96" width="5" height="120" fill="#54504a"/><circle cx="558" cy="92" r="9" fill="#d9d6c8"/><ellipse cx="600" cy="222" rx="60" ry="26" fill="#48633a"/>`;
}

/** The empty scene as the camera sees it by day, or by night with its infrared lamp on. */
export async function renderScene(name: SceneName, light: Light): Promise<RgbPicture> {
  const body = name === 'front_door' ? frontDoor() : driveway();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${FRAME.width}" height="${FRAME.height}"><defs>${GRAIN}${SKY}</defs>${body}</svg>`;
  const data = await sharp(Buffer.from(svg)).removeAlpha().toColourspace('srgb').raw().toBuffer();
  const picture = { ...FRAME, data: new Uint8Array(data) };
  return light === 'night' ? toInfrared(picture) : picture;
}

/** Dark, bluish, and brighter where the lamp points. */
function toInfrared(picture: RgbPicture): RgbPicture {
  const { width, height, data } = picture;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const i = (y * width + x) * 3;
      const luma = 0.299 * (data[i] ?? 0) + 0.587 * (data[i + 1] ?? 0) + 0.114 * (data[i + 2] ?? 0);
      const distance = Math.hypot((x - width / 2) / width, (y - height * 0.7) / height);
      const lit = luma * Math.max(0.1, 0.38 - 0.4 * distance);
      data[i] = lit * 0.86;
      data[i + 1] = lit * 0.95;
      data[i + 2] = lit * 1.18 + 6;
    }
  }
  return picture;
}
