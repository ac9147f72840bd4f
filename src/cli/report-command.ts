import type { Command } from '@oclif/core';
import type { Settings } from '../config/settings.ts';
import { EXIT } from '../errors/exit-codes.ts';
import { actorName } from './actor-name.ts';
import { HsCommand } from './hs-command.ts';
import { createProgressLine } from './progress-line.ts';
import { pictureProgress, reportWritten, toReportOutput, type ReportFlags } from './report-flags.ts';

type ReportOrder = ReturnType<typeof toReportOutput> & {
  settings: Settings;
  version: string;
  actor: string;
  onPicture: (done: number, of: number) => void;
};
type Written = { isEmpty: boolean; path: string | null; events: number; pictures: number };

/** What all commands of `hs report` do: they differ in what they report of. */
export abstract class ReportCommand<T extends typeof Command> extends HsCommand<T> {
  protected async report(flags: ReportFlags, write: (order: ReportOrder) => Promise<Written>): Promise<void> {
    const line = createProgressLine({ quiet: this.isQuiet });
    const { settings } = this;
    const told = { settings, version: this.config.version, actor: actorName(settings.actor), onPicture: pictureProgress(line) };
    const order = { ...toReportOutput(flags), ...told };
    const { isEmpty, ...item } = await write(order).finally(() => {
      line.clear();
    });
    if (isEmpty && flags['fail-on-empty']) this.exitWith(EXIT.nothingMatched);
    if (item.path === null) return;
    if (flags.json) await this.printJson({ schema_version: 1, item });
    else await this.print(`${reportWritten(item)} to ${item.path}`);
  }
}
