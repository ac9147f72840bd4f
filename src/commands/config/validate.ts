import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { visibleText } from '../../cli/visible-text.ts';
import { findConfigPlace } from '../../config/load-settings.ts';
import { validateConfigFile, validateVariables, type ConfigProblem } from '../../config/validate-config-file.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { findLayoutProblems } from '../../services/config/find-layout-problems.ts';

const COLUMNS = ['line', 'column', 'key', 'problem', 'hint'] as const;

export default class ConfigValidate extends HsCommand<typeof ConfigValidate> {
  static override summary = 'Check a configuration file and list all its problems with their lines.';
  static override description =
    'Without FILE: the file in effect, and the HS_… variables. Exit codes: 0 nothing is wrong, 2 something is, or the file cannot be read.';
  static override examples = ['<%= config.bin %> config validate', '<%= config.bin %> config validate new.yaml --json'];
  static override args = { file: Args.string({ description: 'configuration file' }) };
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv };
  static override readonly needsSettings = false;

  async run(): Promise<void> {
    const sources = this.settingSources();
    const path = this.args.file ?? findConfigPlace(sources).path;
    const ofFile = path === undefined ? [] : validateConfigFile(path, findLayoutProblems);
    const problems: ConfigProblem[] = this.args.file === undefined ? [...ofFile, ...validateVariables(sources.env)] : ofFile;
    if (problems.length > 0) this.exitWith(EXIT.usage);
    await this.printProblems(problems, path);
  }

  private async printProblems(problems: readonly ConfigProblem[], path: string | undefined): Promise<void> {
    const { columns: wanted } = this.flags;
    const format = listFormat(this.flags);
    const what = path ?? 'the environment (there is no configuration file)';
    const count = problems.length === 1 ? '1 problem' : `${String(problems.length)} problems`;
    if (format === 'table' && wanted === undefined && problems.length > 0) {
      await this.print(problems.map((problem) => problemLine(path, problem)).join('\n'));
    } else {
      const options = { columns: recordColumns(COLUMNS, COLUMNS), wanted, format, terminal: this.stdout };
      await printList(problems, { ...options, emptyText: `${what} is valid` });
    }
    if (problems.length > 0) this.note(`${count} in ${what}`);
  }
}

/** As compilers write it, so that editors find the place; a table would cut what is wrong. */
function problemLine(path: string | undefined, { line, column, key, problem, hint }: ConfigProblem): string {
  const place = line === null ? [] : [`${path ?? ''}:${String(line)}:${String(column)}:`];
  return [...place, ...(key === null ? [] : [key]), problem, ...(hint === null ? [] : [`(${hint})`])].map(visibleText).join(' ');
}
