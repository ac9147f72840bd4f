import { Args, Flags } from '@oclif/core';
import { actorName } from '../cli/actor-name.ts';
import { checkOutcomeText, checkSummaryText, ruleExplanationText } from '../cli/check-text.ts';
import { HsCommand } from '../cli/hs-command.ts';
import type { CheckOutcome } from '../services/check/run-check.ts';
import { LARGEST_INTEGER } from '../cli/largest-integer.ts';

const DEFAULT_LIMIT = 5;

export default class Check extends HsCommand<typeof Check> {
  static override summary = 'Check that what is stored is true to itself, and put right what can be.';
  static override description = `Without --deep it stays quick on millions of rows: of detections, tracks and events it looks at the newest
month that has any. --deep looks at all of them, and at what has to be read whole.

Exit codes: 0 nothing is wrong (warnings are listed), 7 data are wrong, or with --fail-on integrity there are warnings.`;
  static override examples = [
    '<%= config.bin %> check',
    '<%= config.bin %> check --deep --files --fix',
    '<%= config.bin %> check --explain V4',
    '<%= config.bin %> check D1 D2 --json',
  ];
  static override strict = false;
  static override args = { rule: Args.string({ description: 'id of a rule, such as V4; several may be given; default: all' }) };
  static override flags = {
    deep: Flags.boolean({ summary: 'Look at all footage, repeated ids, references and vectors too.' }),
    files: Flags.boolean({ summary: 'Look whether files, thumbnails and clips are still on the disk.' }),
    fix: Flags.boolean({ summary: 'Put right what has one right answer; each rule in one transaction, with an audit entry.' }),
    explain: Flags.boolean({
      summary: 'Say what the rules are, why, and what --fix does; look at nothing.',
      exclusive: ['fix', 'deep', 'files'],
    }),
    'fail-on': Flags.option({ summary: 'End with code 7 on warnings, too.', options: ['integrity'] as const })(),
    limit: Flags.integer({
      summary: 'Name at most so many places of each rule.',
      default: DEFAULT_LIMIT,
      min: 0,
      max: LARGEST_INTEGER,
      helpValue: 'N',
    }),
  };

  async run(): Promise<void> {
    if (this.flags.explain) await this.explain();
    else await this.check();
  }

  private async explain(): Promise<void> {
    const { chooseRules, ORDER_EXCEPTION } = await import('../services/check/check-rules.ts');
    const rules = chooseRules(this.words);
    const items = rules.map(({ id, severity, title, why, effort, fix }) => ({
      id,
      severity,
      title,
      why,
      effort: effort ?? null,
      fix: fix?.does ?? null,
    }));
    if (this.flags.json) await this.printJson({ schema_version: 1, items });
    else
      await this.print(
        [...rules.map((rule) => ruleExplanationText(rule, this.stdout)), ...(this.words.length === 0 ? [ORDER_EXCEPTION] : [])].join('\n'),
      );
  }

  private async check(): Promise<void> {
    const { runCheck } = await import('../services/check/run-check.ts');
    const { checkExitCode, summariseCheck, toCheckReport } = await import('../services/check/check-report.ts');
    const { deep, files, fix, limit, json } = this.flags;
    const { actor, calibration, home } = this.settings;
    const who = { actor: actorName(actor), calibrationUser: calibration.user, home };
    const options = { ids: this.words, deep, files, fix, limit, ...who, signal: this.signal };
    await this.withDatabase(async ({ knex }) => {
      const run = await runCheck(knex, options);
      const outcomes: CheckOutcome[] = [];
      for await (const outcome of run.outcomes) {
        outcomes.push(outcome);
        if (!json && (outcome.count > 0 || outcome.problem !== null)) await this.print(checkOutcomeText(outcome, this.stdout));
      }
      const summary = summariseCheck(outcomes);
      const exitCode = checkExitCode(summary, { strict: this.flags['fail-on'] === 'integrity' });
      if (json) await this.printJson({ ...toCheckReport(run, outcomes), summary, exit_code: exitCode });
      else await this.print(checkSummaryText({ ...run, summary }));
      this.exitWith(exitCode);
    });
  }
}
