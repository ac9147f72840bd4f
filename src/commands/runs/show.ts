import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import type { RunRecord } from '../../services/runs/run-record.ts';
import { showRun } from '../../services/runs/show-run.ts';

export default class RunsShow extends HsCommand<typeof RunsShow> {
  static override summary = 'Show what a run was given and what it used.';
  static override examples = ['<%= config.bin %> runs show 019aab00-0000-7000-8000-000000000000'];
  static override strict = false;
  static override args = {
    run: Args.string({ description: 'id of a run; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const ids = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const runs: RunRecord[] = [];
      for (const id of ids) runs.push(await showRun(knex, id));
      await printRecords(runs, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
