import type { MediaType } from '../domain/enums.ts';
import { familyOfBytes } from './magic-numbers.ts';
import { MediaError } from './media-error.ts';
import { mediaTypeOf, suffixOf, UNSUPPORTED_SUFFIXES } from './media-suffixes.ts';

const MIN_BYTES = 128;
/** Elementary streams and recorder dumps may begin with a few bytes of the maker's own before the first start code. */
const RAW_STREAM_SUFFIXES = new Set(['264', 'h264', '265', 'h265', 'dav']);

export type Sniffed = { mediaType: MediaType; warning?: string };

/**
 * What the file is by its first bytes (`head`, up to 4 kB), given its suffix (`jpg`, `.jpg` or a whole name).
 * Throws MediaError `zero_bytes`, `too_small`, `unsupported_container` or `not_media`.
 */
export function sniffMedia(head: Uint8Array, suffix: string): Sniffed {
  const wanted = suffixOf(`.${suffix}`);
  if (UNSUPPORTED_SUFFIXES.has(wanted)) throw new MediaError('unsupported_container', `.${wanted} is a proprietary container`);
  if (head.length === 0) throw new MediaError('zero_bytes', 'the file is empty');
  if (head.length < MIN_BYTES) throw new MediaError('too_small', `only ${head.length} bytes; no picture is that small`);
  const family = familyOfBytes(head) ?? rawStreamFamily(head, wanted);
  if (family === undefined) throw new MediaError('not_media', `${describeHead(head)}, not what .${wanted} promises`);
  if (family === 'unsupported') throw new MediaError('unsupported_container', 'HEIC and AVIF pictures are not read');
  return agreeWithSuffix(family, wanted);
}

function agreeWithSuffix(family: 'still' | 'video', suffix: string): Sniffed {
  const promised = mediaTypeOf(`.${suffix}`);
  if (family === 'still') {
    if (promised === 'video') throw new MediaError('not_media', `a still picture, not what .${suffix} promises`);
    return { mediaType: 'image' };
  }
  return promised === 'image'
    ? { mediaType: 'video', warning: `the suffix .${suffix} says picture, the bytes say video; read as video` }
    : { mediaType: 'video' };
}

function rawStreamFamily(head: Uint8Array, suffix: string): 'video' | undefined {
  if (!RAW_STREAM_SUFFIXES.has(suffix)) return undefined;
  return Buffer.from(head).includes(Buffer.from([0, 0, 1])) ? 'video' : undefined;
}

function describeHead(head: Uint8Array): string {
  const text = Buffer.from(head.subarray(0, 512)).toString('latin1').trimStart().toLowerCase();
  if (text.startsWith('#extm3u')) return 'a playlist';
  if (/^(?:<!doctype html|<html|<\?xml|<head|<body)/.test(text)) return 'a web page';
  return /^[\x20-\x7e\s]+$/.test(text) ? 'plain text' : 'unknown bytes';
}
