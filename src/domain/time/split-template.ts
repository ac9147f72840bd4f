import type { PathPattern, PatternPart } from './path-pattern.ts';
import { anyPartsPart, literalPart } from './pattern-parts.ts';
import { TEMPLATE_TOKENS, tokenPart } from './template-tokens.ts';

/** A literal, or a token without its braces; `{**}` takes its slash with it. */
export type TemplatePiece = { kind: 'token' | 'literal'; text: string };

/** The pieces of a template, or what is wrong with it. */
export function splitTemplate(text: string): TemplatePiece[] | string {
  const pieces: TemplatePiece[] = [];
  for (const found of text.matchAll(/\{\*\*\}\/|\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    const piece = readPiece(found[0], found[1]);
    if (typeof piece === 'string') return `${piece} (at character ${String(found.index + 1)})`;
    pieces.push(piece);
  }
  return pieces;
}

/** The matcher for pieces that `splitTemplate` gave. */
export function patternOf(pieces: readonly TemplatePiece[]): PathPattern {
  const slashes = pieces.reduce((sum, piece) => sum + (piece.kind === 'literal' ? piece.text.split('/').length - 1 : 0), 0);
  return {
    parts: pieces.map(partOf).filter((part) => part !== undefined),
    depth: slashes + 1,
    anyDepth: pieces.some((piece) => piece.text === '**/'),
  };
}

function partOf(piece: TemplatePiece): PatternPart | undefined {
  if (piece.kind === 'literal') return literalPart(piece.text);
  return piece.text === '**/' ? anyPartsPart() : tokenPart(piece.text);
}

function readPiece(whole: string, token: string | undefined): TemplatePiece | string {
  if (whole === '{**}/') return { kind: 'token', text: '**/' };
  if (token === '**') return '{**} stands for whole path parts and must be followed by /';
  if (token !== undefined && tokenPart(token)) return { kind: 'token', text: token };
  if (token !== undefined) return `there is no token {${token}}; tokens are ${TEMPLATE_TOKENS.map((name) => `{${name}}`).join(' ')}`;
  if (whole === '{' || whole === '}') return `"${whole}" without its partner`;
  return { kind: 'literal', text: whole };
}
