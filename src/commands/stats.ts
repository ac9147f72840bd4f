import { Flags } from '@oclif/core';

import { HsCommand } from '../cli/hs-command.ts';
import { listFormat } from '../cli/list-flags.ts';
import { printList } from '../cli/print-list.ts';
import { printRecord } from '../cli/print-record.ts';
import { assertOutFits, statsFlags } from '../cli/stats-flags.ts';
import { groupColumns, headlineColumns, headlineRecord } from '../cli/stats-text.ts';
import { EXIT } from '../errors/exit-codes.ts';
import { assertPlotPath } from '../services/plots/plot-path.ts';
import { GROUP_COLUMNS, groupStats, isNothing, STATS_GROUPINGS, type StatsGrouping } from '../services/stats/group-stats.ts';
import { headline, HEADLINE_COLUMNS } from '../services/stats/headline.ts';
import type { StatsRecord } from '../services/stats/stats-columns.ts';

export default class Stats extends HsCommand<typeof Stats> {
  static override summary = 'Count footage, detections, events and alerts.';
  static override description =
    'Days and hours are in the local time of each camera; tracks are the confirmed ones. Runs and the size of the database are of everything, whatever is asked for.';
  static override examples = [
    '<%= config.bin %> stats --since 7d',
    '<%= config.bin %> stats --by hour --out week.png',
    '<%= config.bin %> stats --prometheus --out /var/lib/node_exporter/hs.prom',
  ];
  static override flags = { by: Flags.option({ summary: 'One line for each of these.', options: STATS_GROUPINGS })(), ...statsFlags };

  async run(): Promise<void> {
    const { by, out, prometheus } = this.flags;
    assertOutFits({ out, by, prometheus });
    if (prometheus) await this.printMetrics(out);
    else await (by === undefined ? this.printHeadline() : this.printGroups(by));
  }

  private async printHeadline(): Promise<void> {
    const figures = await this.withDatabase(({ knex }) => headline(knex, this.options));
    this.failOn([figures]);
    const [format, terminal] = [listFormat(this.flags), this.stdout];
    const columns = headlineColumns(HEADLINE_COLUMNS, this.flags.columns);
    if (format === 'csv' || format === 'ndjson') await printList([figures], { columns, format, terminal });
    else
      await printRecord(headlineRecord(figures, columns, format === 'table' && !this.flags.columns), { json: this.flags.json, terminal });
  }

  private async printGroups(by: StatsGrouping): Promise<void> {
    const { out } = this.flags;
    if (out !== undefined) assertPlotPath(out);
    const rows = await this.withDatabase(async ({ knex }) => {
      const groups = await groupStats(knex, { ...this.options, by });
      if (out === undefined) return groups;
      const { writeStatsPlot } = await import('../services/stats/stats-plot.ts');
      this.remark(await writeStatsPlot(knex, out, { ...this.options, by, rows: groups }));
      return groups;
    });
    this.failOn(rows);
    if (out === undefined) await this.printRows(by, rows);
    else this.note(`written to ${out}`);
  }

  private async printRows(by: StatsGrouping, rows: readonly StatsRecord[]): Promise<void> {
    const { columns: wanted } = this.flags;
    const format = listFormat(this.flags);
    const columns = groupColumns({ names: GROUP_COLUMNS[by], rows, terminal: this.stdout, isTable: format === 'table' && !wanted });
    await printList(rows, { columns, wanted, format, terminal: this.stdout, emptyText: 'nothing to count' });
  }

  private async printMetrics(out: string | undefined): Promise<void> {
    const { writeMetrics } = await import('../services/stats/write-metrics.ts');
    const options = { zones: this.settings, version: this.config.version, out };
    const text = await this.withDatabase(({ knex }) => writeMetrics(knex, options));
    if (text !== undefined) await this.print(text);
  }

  private failOn(rows: readonly StatsRecord[]): void {
    if (this.flags['fail-on-empty'] && isNothing(rows)) this.exitWith(EXIT.nothingMatched);
  }

  private get options() {
    const { since, until, camera: cameras } = this.flags;
    return { scope: { since, until, cameras }, zones: this.settings };
  }
}
