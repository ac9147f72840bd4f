// node --import tsx test/helpers/sql/inject-all.ts ROUNDS SAMPLE_JSON; writes one JSON document to the file at HS_TEST_REPORT.
// Runs the built commands in this one process, and sees every statement on its way to the server and every error on its way back.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Config } from '@oclif/core';
import pg from 'pg';
import { MARK, SQL_PAYLOADS } from './payloads.ts';
import { slotsOf, type Sample, type Slot } from './slots.ts';

export type InjectReport = {
  slots: number;
  commands: number;
  runs: number;
  /** Runs that sent a statement whose parameters held the payload, by slot: proof that payloads come so far. */
  reached: number;
  exitCodes: Record<string, number>;
  faults: string[];
};

const PATIENCE_MS = 20_000;

const seen = { faults: [] as string[], reached: false, payload: '', said: '' };
process.stderr.write = (text: string | Uint8Array): boolean => {
  seen.said += String(text);
  return true;
};
const textOf = (query: unknown): string => (typeof query === 'string' ? query : ((query as { text?: string }).text ?? ''));

const plainJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));

type Client = {
  query: (this: unknown, ...given: unknown[]) => unknown;
  _handleErrorMessage: (this: unknown, message: { code?: string; message: string }) => void;
};
const prototype = pg.Client.prototype as unknown as Client;
const { query, _handleErrorMessage: handleError } = prototype;
prototype.query = function (config, ...rest) {
  const submitted = (config as { cursor?: unknown }).cursor ?? config;
  const { values = rest[0] } = submitted as { values?: unknown };
  if (textOf(submitted).includes(MARK)) seen.faults.push(`in the statement: ${textOf(submitted).slice(0, 300)}`);
  if (Array.isArray(values) && seen.payload !== '' && plainJson(values).includes(JSON.stringify(seen.payload).slice(1, -1)))
    seen.reached = true;
  return query.call(this, config, ...rest);
};
prototype._handleErrorMessage = function (message) {
  seen.faults.push(`error of the server ${message.code ?? ''}: ${message.message}`);
  handleError.call(this, message);
};

const [rounds = '1', sample = '{}'] = process.argv.slice(2);
const config = await Config.load({ root: resolve(import.meta.dirname, '../../..') });
const slots = slotsOf(config, JSON.parse(sample) as Sample);
const report: InjectReport = {
  slots: slots.length,
  commands: new Set(slots.map(({ command }) => command)).size,
  runs: 0,
  reached: 0,
  exitCodes: {},
  faults: [],
};

async function runOne(slot: Slot, payload: string): Promise<void> {
  Object.assign(seen, { faults: [], reached: false, payload, said: '' });
  process.exitCode = 0;
  const argv = slot.argvOf(payload);
  const ended = config.runCommand(slot.command, argv).then(
    () => Number(process.exitCode ?? 0),
    (error: unknown) => (error as { oclif?: { exit?: number } }).oclif?.exit ?? 1,
  );
  const patience = new Promise<'hangs'>((done) => setTimeout(done, PATIENCE_MS, 'hangs').unref());
  const code = await Promise.race([ended, patience]);
  report.runs += 1;
  if (seen.reached) report.reached += 1;
  report.exitCodes[String(code)] = (report.exitCodes[String(code)] ?? 0) + 1;
  const faults = [
    ...seen.faults,
    ...(code === 1 || code === 'hangs' ? [`ends with ${String(code)}: ${seen.said.replaceAll(/\s+/g, ' ').slice(0, 300)}`] : []),
  ];
  report.faults.push(...faults.map((fault) => `hs ${slot.command} ${slot.name} ${JSON.stringify(payload.slice(0, 80))}: ${fault}`));
}

/** Coprime with the number of payloads: a hundred rounds take every payload through every slot. */
const STEP = 37;
for (let round = 0; round < Number(rounds); round += 1) {
  for (const [index, slot] of slots.entries()) await runOne(slot, SQL_PAYLOADS[(index + round * STEP) % SQL_PAYLOADS.length]!);
}
writeFileSync(process.env['HS_TEST_REPORT']!, JSON.stringify(report));
process.exit(0);
