import { readFile, stat } from 'node:fs/promises';
import { UsageError } from '../../errors/hs-error.ts';
import { parseModelCard } from '../../inference/model-card.ts';
import type { ModelCard } from '../../inference/model-card.ts';
import { readShippedCards } from '../../inference/model-store.ts';
import type { ModelStore } from '../../inference/model-store.ts';

type FindCardOptions = {
  file: string;
  sha256: string;
  bytes: number;
  /** A card given by the user. */
  cardFile?: string | undefined;
  /** The model the user says it is. */
  name?: string | undefined;
};

/** The card for a weights file: the one given, the one beside it (`model.json` for `model.onnx`), else the shipped one with its sha256. */
export async function findCardFor(store: ModelStore, options: FindCardOptions): Promise<ModelCard> {
  const shipped = await readShippedCards(store);
  const cardFile = options.cardFile ?? (await cardBeside(options.file));
  const card = cardFile === undefined ? shippedCard(shipped, options) : await ownCard(cardFile, shipped, options);
  if (options.name === undefined || options.name === card.id) return card;
  throw new UsageError(`${JSON.stringify(options.file)} is ${card.id}, not ${options.name}`, {
    code: 'model_mismatch',
    hint: `\`hs models install ${card.id} --from FILE\``,
  });
}

function shippedCard(shipped: readonly ModelCard[], { file, sha256, name }: FindCardOptions): ModelCard {
  const bySha = shipped.find((card) => card.sha256 === sha256);
  if (bySha !== undefined) return bySha;
  const byName = shipped.find((card) => card.id === name);
  if (byName !== undefined) {
    throw new UsageError(`${JSON.stringify(file)} is not the file of the card ${byName.id}: sha256 ${sha256}, expected ${byName.sha256}`, {
      code: 'model_mismatch',
      hint: `write a card of its own for this file: start from \`hs models show ${byName.id} --card\`, then --card CARD.json`,
    });
  }
  throw new UsageError(`no card knows ${JSON.stringify(file)} (sha256 ${sha256})`, {
    code: 'model_unknown',
    hint: 'write a card that says how to feed and read it: start from `hs models show yolov8n_int8_640 --card`, then --card CARD.json',
  });
}

/** Length and sha256 may be left out of a user's card: they are those of the file. */
async function ownCard(cardFile: string, shipped: readonly ModelCard[], { file, sha256, bytes }: FindCardOptions): Promise<ModelCard> {
  const parsed = parseModelCard(withFile(await readJson(cardFile), { sha256, bytes }));
  if ('problem' in parsed) throw badCard(cardFile, parsed.problem);
  const { card } = parsed;
  if (card.sha256 !== sha256) throw badCard(cardFile, `sha256 is not that of ${JSON.stringify(file)}, which is ${sha256}`);
  if (card.bytes !== bytes) throw badCard(cardFile, `bytes is not the length of ${JSON.stringify(file)}, which is ${String(bytes)}`);
  const taken = shipped.some((each) => each.id === card.id && each.sha256 !== sha256);
  if (taken) throw badCard(cardFile, `id ${card.id} belongs to another model; give this one an id of its own`);
  return card;
}

function withFile(json: unknown, parts: { sha256: string; bytes: number }): unknown {
  return typeof json === 'object' && json !== null ? { ...parts, ...json } : json;
}

async function cardBeside(file: string): Promise<string | undefined> {
  const path = `${file.replace(/\.onnx$/i, '')}.json`;
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? path : undefined;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw badCard(path, error instanceof Error ? error.message : String(error));
  }
}

function badCard(path: string, problem: string): UsageError {
  return new UsageError(`card ${JSON.stringify(path)}: ${problem}`, {
    code: 'model_card',
    hint: '`hs models show NAME --card` prints an example',
  });
}
