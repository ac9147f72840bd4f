import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSchemaPage } from './generate-schema-page.ts';
import { runOclif } from './oclif-tool.ts';

/**
 * Builds the program and regenerates oclif.manifest.json, docs/commands and docs/schema.md from it.
 * With --check it fails when that changed anything: what is committed was out of date.
 */
const COMMANDS_FOLDER = 'docs/commands';
const INDEX = join(COMMANDS_FOLDER, 'README.md');
const INDEX_TEXT = '# Commands\n\nGenerated from the program by `npm run docs`.\n\n<!-- commands -->\n<!-- commandsstop -->\n';

function build(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error('the program could not be built');
}

function writeCommandPages(): void {
  rmSync(COMMANDS_FOLDER, { recursive: true, force: true });
  mkdirSync(COMMANDS_FOLDER, { recursive: true });
  writeFileSync(INDEX, INDEX_TEXT);
  runOclif('readme', '--multi', '--output-dir', COMMANDS_FOLDER, '--readme-path', INDEX, '--no-aliases');
  // oclif links from the repository's root; the index lies beside its pages.
  writeFileSync(INDEX, readFileSync(INDEX, 'utf8').replaceAll(`](${COMMANDS_FOLDER}/`, ']('));
}

function snapshot(): Map<string, string> {
  const pages = readFolder(COMMANDS_FOLDER).map((name) => join(COMMANDS_FOLDER, name));
  return new Map(['oclif.manifest.json', 'docs/schema.md', ...pages].map((path) => [path, readText(path)]));
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const before = snapshot();
build();
writeCommandPages();
writeFileSync('docs/schema.md', await generateSchemaPage());
const after = snapshot();
const changed = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
console.log(changed.length === 0 ? 'generated files are up to date' : `changed: ${changed.join(', ')}`);
if (process.argv.includes('--check') && changed.length > 0) {
  console.error('generated files were out of date: run `npm run docs` and commit the result');
  process.exitCode = 1;
}
