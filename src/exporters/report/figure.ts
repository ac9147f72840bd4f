import type { PlotFrame } from '../plots/draw-svg.ts';
import { Html, markup } from './markup.ts';

const WIDE = 1040;
const NARROW = 340;

type FigureOptions = {
  title: string;
  /** What is to be seen, for those who do not see it. */
  description: string;
  caption: string;
  draw: (frame: PlotFrame) => string;
};

/** A drawing in two widths, of which one is shown: letters keep their size on a telephone. */
export function figure({ title, description, caption, draw }: FigureOptions): Html {
  const [wide, narrow] = [WIDE, NARROW].map((width) => new Html(draw({ title, description, width, hasHead: false })));
  return markup`<figure>
    <div class="wide">${wide}</div>
    <div class="narrow">${narrow}</div>
    <figcaption>${caption}</figcaption>
  </figure>`;
}
