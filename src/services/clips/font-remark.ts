import { hasFont } from '../../media/drawing/render-svg.ts';

/** What to say where words are drawn and this system cannot. */
export async function fontRemark(): Promise<string | undefined> {
  return (await hasFont()) ? undefined : 'this system has no font, so words are missing in the picture; fontconfig and any font bring them';
}
