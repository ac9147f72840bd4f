import { readFileSync, writeFileSync } from 'node:fs';
import { runOclif } from './oclif-tool.ts';

/** Writes oclif.manifest.json for the built program. oclif's order of commands varies from run to run; ours is by id. */
const PATH = 'oclif.manifest.json';

type Manifest = { commands: Record<string, unknown> };

runOclif('manifest');
const manifest = JSON.parse(readFileSync(PATH, 'utf8')) as Manifest;
const commands = Object.entries(manifest.commands).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(PATH, `${JSON.stringify({ ...manifest, commands: Object.fromEntries(commands) }, undefined, 1)}\n`);
