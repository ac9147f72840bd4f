import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { timeExplanationText } from '../../cli/time-explanation-text.ts';
import { EXIT } from '../../errors/exit-codes.ts';

export default class TimeExplain extends HsCommand<typeof TimeExplain> {
  static override summary = 'Show how the capture time of files comes about: templates, sources, decision.';
  static override description = `Nothing is written. Templates are matched against the path below --root. Neighbouring files, which decide
the hour that occurs twice when clocks go back, are looked at by \`hs ingest\` only.

Exit codes: 0 every file has a time, 3 some have none.`;
  static override examples = [
    '<%= config.bin %> time explain footage/gate/MDAlarm_20260114-081500.jpg',
    '<%= config.bin %> time explain --timezone Europe/Berlin --layout dahua card/2026-01-14/001/dav/08/*.mp4',
  ];
  static override strict = false;
  static override args = { file: Args.string({ description: 'file; several may be given', required: true }) };
  static override flags = {
    layout: Flags.string({ summary: 'Layout of file names; auto tries all.', helpValue: 'NAME' }),
    timezone: Flags.string({ summary: 'Read local times in this zone instead of that of the camera.', helpValue: 'ZONE' }),
    camera: Flags.string({ summary: 'The files are from this camera.', helpValue: 'NAME' }),
    root: Flags.string({ summary: 'Folder that is given to ingest; default: the current folder.', helpValue: 'FOLDER' }),
  };

  async run(): Promise<void> {
    const { explainTime } = await import('../../services/time/explain-time.ts');
    const { layout, timezone, camera, root, json, verbose } = this.flags;
    const warn = (message: string): void => {
      this.note(message);
    };
    const options = {
      settings: this.settings,
      paths: this.words,
      layout,
      timezone,
      camera,
      root,
      cwd: process.cwd(),
      now: new Date(),
      warn,
    };
    const items = await this.withDatabase(({ knex }) => explainTime({ ...options, knex }));
    if (json) await this.printJson({ schema_version: 1, items });
    else await this.print(items.map((item) => timeExplanationText(item, { terminal: this.stdout, verbose })).join('\n'));
    if (items.some((item) => item.failure !== undefined)) this.exitWith(EXIT.someFailed);
  }
}
