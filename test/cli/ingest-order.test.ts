import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIngestSandbox, type IngestSandbox } from '../faults/ingest-sandbox.ts';
import { differences } from '../faults/differences.ts';
import { findViolations } from '../faults/find-violations.ts';
import { makeMixedFootage, type MixedFootage } from '../faults/mixed-footage.ts';
import { readNormalisedRows, type NormalisedRows } from '../faults/stored-rows.ts';
import { seededRandom, shuffle } from '../unit/domain/make-detections.ts';

const LIMIT_MS = 240_000;

let sandbox: IngestSandbox;
let footage: MixedFootage;
let undisturbed: NormalisedRows;

beforeAll(async () => {
  sandbox = await createIngestSandbox();
  footage = await makeMixedFootage(sandbox.footage);
  const { code } = await sandbox.ingest([sandbox.footage], { workers: 1 });
  expect(code).toBe(3);
  undisturbed = await readNormalisedRows(sandbox.db.knex, sandbox.footage);
  expect(await findViolations(sandbox.db.knex)).toEqual([]);
}, LIMIT_MS);

afterAll(() => sandbox.dispose());

async function freshRows(work: (other: IngestSandbox) => Promise<void>): Promise<NormalisedRows> {
  const other = await createIngestSandbox();
  try {
    await work(other);
    expect(await findViolations(other.db.knex)).toEqual([]);
    return await readNormalisedRows(other.db.knex, sandbox.footage);
  } finally {
    await other.dispose();
  }
}

test('the footage holds what the comparison is about', () => {
  const events = undisturbed.events as { camera_id: string; members: string[] }[];
  const members = (camera: string): string[][] => events.filter((event) => event.camera_id === camera).map((event) => event.members);
  const fileOf = (name: string): string => name.split('/')[0] ?? '';
  expect(
    members('gate').some((one) => new Set(one.map(fileOf)).size > 1),
    'an event over several files',
  ).toBe(true);
  expect(members('road')[0], 'a full event').toHaveLength(500);
  expect(members('road').length).toBeGreaterThan(1);
  expect(undisturbed.detections.filter((one) => (one as { is_static: boolean }).is_static).length, 'standing objects').toBeGreaterThan(5);
  expect(members('yard').length, 'events of stills').toBeGreaterThan(0);
});

test.each([2, 3])(
  '%i worker processes store the same rows as one',
  async (workers) => {
    const rows = await freshRows(async (other) => {
      await other.ingest([sandbox.footage], { workers });
    });
    expect(differences(undisturbed, rows)).toEqual([]);
  },
  LIMIT_MS,
);

test.each([
  { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
  { TZ: 'America/St_Johns', LANG: 'ar_SA.UTF-8', LC_ALL: 'ar_SA.UTF-8' },
  { TZ: 'UTC', LC_ALL: 'C' },
])(
  'time zone and language of the machine do not matter: %o',
  async (env) => {
    const rows = await freshRows(async (other) => {
      await other.ingest([sandbox.footage], { env });
    });
    expect(differences(undisturbed, rows)).toEqual([]);
  },
  LIMIT_MS,
);

test.each([1, 2])(
  'files given one by one in any order store the same rows (seed %i)',
  async (seed) => {
    const rows = await freshRows(async (other) => {
      await other.ingest(shuffle(footage.files, seededRandom(seed)), { workers: 3 });
    });
    expect(differences(undisturbed, rows)).toEqual([]);
  },
  LIMIT_MS,
);

test.each([3, 4])(
  'footage that comes in several runs stores the same rows, as long as no predecessor is late (seed %i)',
  async (seed) => {
    const random = seededRandom(seed);
    const rows = await freshRows(async (other) => {
      const parts = shuffle(
        footage.chains.flatMap((chain) => cutSomewhere(chain, random)),
        random,
      );
      for (const part of inChainOrder(parts, footage.chains)) {
        const { code, stderr } = await other.ingest(part);
        expect([0, 3], stderr).toContain(code);
      }
    });
    expect(differences(undisturbed, rows)).toEqual([]);
  },
  LIMIT_MS,
);

/** One chain in two parts, the border anywhere. */
function cutSomewhere(chain: readonly string[], random: () => number): string[][] {
  const at = Math.floor(random() * chain.length);
  return [chain.slice(0, at), chain.slice(at)].filter((part) => part.length > 0);
}

/** Parts of one chain change places until they come in order; chains among each other stay shuffled. */
function inChainOrder(parts: readonly string[][], chains: readonly string[][]): string[][] {
  const rest = new Map(
    chains.map((chain) => [
      chain,
      parts.filter((part) => chain.includes(part[0] ?? '')).sort((a, b) => chain.indexOf(a[0] ?? '') - chain.indexOf(b[0] ?? '')),
    ]),
  );
  return parts.map((part) => {
    const chain = chains.find((one) => one.includes(part[0] ?? '')) ?? [];
    return rest.get(chain)?.shift() ?? [];
  });
}
