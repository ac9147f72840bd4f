import { Args, type Command } from '@oclif/core';
import { HsCommand } from './hs-command.ts';
import { MOVED_JOB_COLUMNS, type MovedJob } from './moved-columns.ts';
import { printList } from './print-list.ts';
import { readWords } from './read-words.ts';

/** Base of commands that move jobs and print what became of each. */
export abstract class MoveJobsCommand<T extends typeof Command> extends HsCommand<T> {
  static override strict = false;
  static override args = {
    job: Args.string({ description: 'id of a job; several may be given, - reads them from standard input', required: true }),
  };

  protected async move(moveAll: (ids: readonly string[]) => Promise<MovedJob[]>): Promise<void> {
    const moved = await moveAll(await readWords(this.words));
    const { json } = this.flags as { json?: boolean };
    const format = json === true ? 'json' : 'table';
    await printList(moved, { columns: MOVED_JOB_COLUMNS, format, terminal: this.stdout, emptyText: 'no jobs' });
  }
}
