import { findJsonObjects, withoutThinking } from './find-json.ts';

/** Reads the first JSON object of a reply that has the right shape; nothing is guessed or clamped. Undefined when there is none. */
export function readReply<Answer>(
  text: string,
  read: (candidate: Readonly<Record<string, unknown>>) => Answer | undefined,
): Answer | undefined {
  for (const candidate of findJsonObjects(withoutThinking(text))) {
    const answer = read(candidate);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** A database keeps no NUL characters in text. */
export function storable(text: string): string {
  return text.replaceAll('\0', '');
}
