import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { positiveNumber } from '../measure/positive-number.ts';
import { printFigures } from '../measure/print-figures.ts';
import { runMeasured, type Measured } from '../measure/run-measured.ts';
import { median, round } from '../measure/statistics.ts';
import { makeTempFolder, REPOSITORY } from '../product/hs.ts';

type Options = { rounds: number };

const { rounds } = new Command('bench/startup')
  .description('Start-up of `hs --help` against an oclif program with one command that does nothing')
  .option('--rounds <n>', 'all take turns this often', positiveNumber, 15)
  .parse()
  .opts<Options>();

const BARE_PACKAGE = {
  name: 'bare',
  version: '1.0.0',
  type: 'module',
  bin: { bare: './run.js' },
  oclif: { bin: 'bare', commands: './commands', plugins: ['@oclif/plugin-help'] },
};
const BARE_COMMAND = `import { Command } from '@oclif/core';\nexport default class Nothing extends Command {\n  static description = 'do nothing';\n  async run() {}\n}\n`;
const BARE_MANIFEST = {
  version: '1.0.0',
  commands: {
    nothing: {
      aliases: [],
      args: {},
      description: 'do nothing',
      flags: {},
      hasDynamicHelp: false,
      hiddenAliases: [],
      id: 'nothing',
      pluginAlias: 'bare',
      pluginName: 'bare',
      pluginType: 'core',
      strict: true,
      isESM: true,
      relativePath: ['commands', 'nothing.js'],
    },
  },
};

/** The least an oclif program can be, with this repository's packages and a manifest. */
async function makeBareProgram(folder: string): Promise<string> {
  const run = path.join(folder, 'run.js');
  await mkdir(path.join(folder, 'commands'));
  await symlink(path.join(REPOSITORY, 'node_modules'), path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(BARE_PACKAGE));
  await writeFile(path.join(folder, 'oclif.manifest.json'), JSON.stringify(BARE_MANIFEST));
  await writeFile(path.join(folder, 'commands', 'nothing.js'), BARE_COMMAND);
  await writeFile(run, `import { execute } from '@oclif/core';\nawait execute({ dir: import.meta.url });\n`);
  return run;
}

const folder = await makeTempFolder('startup');
try {
  const bare = await makeBareProgram(folder);
  const hs = path.join(REPOSITORY, 'bin', 'run.js');
  const candidates = {
    'empty Node': ['-e', '0'],
    'bare nothing': [bare, 'nothing'],
    'bare --help': [bare, '--help'],
    'hs --version': [hs, '--version'],
    'hs --help': [hs, '--help'],
    'hs ingest --help': [hs, 'ingest', '--help'],
  };
  const results = new Map<string, Measured[]>(Object.keys(candidates).map((name) => [name, []]));
  for (let i = 0; i <= rounds; i += 1) {
    for (const [name, args] of Object.entries(candidates)) {
      const result = await runMeasured([process.execPath, ...args], { env: { ...process.env, NODE_ENV: 'production' }, sampleMs: 1000 });
      if (result.exitCode !== 0) throw new Error(`${name} ended with ${result.exitCode}: ${result.stderr.slice(-500)}`);
      if (i > 0) results.get(name)?.push(result);
    }
  }
  const wallMs = (name: string): number => median((results.get(name) ?? []).map((result) => result.wallS)) * 1000;
  printFigures(
    [...results].map(([name, taken]) => ({
      program: name,
      'wall ms': Math.round(wallMs(name)),
      'CPU ms': Math.round(median(taken.map((result) => result.cpuS)) * 1000),
      'times bare --help': round(wallMs(name) / wallMs('bare --help')),
    })),
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
