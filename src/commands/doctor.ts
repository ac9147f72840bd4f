import { Flags } from '@oclif/core';
import { HsCommand } from '../cli/hs-command.ts';
import { visibleText } from '../cli/visible-text.ts';
import type { DoctorLine } from '../services/doctor/doctor-line.ts';
import { DOCTOR_REQUIREMENTS, doctorExitCode, runDoctor } from '../services/doctor/run-doctor.ts';

const STYLE = { ok: 'green', warn: 'yellow', fail: 'red' } as const;
const STATUS_WIDTH = 4;
const CHECK_WIDTH = 9;

export default class Doctor extends HsCommand<typeof Doctor> {
  static override summary = 'Check everything hs needs: database, ffmpeg, models with a real inference, disk, time zone, language model.';
  static override description = 'Warnings end with code 0. A failure ends with the code the next command would meet.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --require gpu --require ffmpeg --json'];
  static override flags = {
    require: Flags.option({
      summary: 'End with code 6 when this does not work; may be repeated.',
      options: DOCTOR_REQUIREMENTS,
      multiple: true,
    })(),
  };

  async run(): Promise<void> {
    const { home, detector, ffmpeg, ffprobe, llm } = this.settings;
    const lines: DoctorLine[] = [];
    const found = runDoctor({
      home,
      device: detector.device,
      ffmpeg: { ffmpeg, ffprobe },
      zones: this.settings,
      llm,
      signal: this.signal,
      withDatabase: (use) => this.withDatabase(use),
      required: this.flags.require ?? [],
      enrichments: this.settings,
    });
    for await (const line of found) {
      lines.push(line);
      if (!this.flags.json) await this.printLine(line);
    }
    const exitCode = doctorExitCode(lines);
    const items = lines.map(({ check, status, message, hint }) => ({ check, status, message, hint }));
    if (this.flags.json) await this.printJson({ schema_version: 1, items, exit_code: exitCode });
    this.exitWith(exitCode);
  }

  private async printLine({ check, status, message, hint }: DoctorLine): Promise<void> {
    const label = this.stdout.style(STYLE[status], status.padEnd(STATUS_WIDTH));
    await this.print(`${label}  ${check.padEnd(CHECK_WIDTH)} ${visibleText(message)}`);
    if (hint !== null) await this.print(`${' '.repeat(STATUS_WIDTH + CHECK_WIDTH + 3)}→ ${visibleText(hint)}`);
  }
}
