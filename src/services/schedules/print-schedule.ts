import { join } from 'node:path';

import { findClockChanges } from '../../domain/schedule/cron-fields.ts';
import { toOnCalendar } from '../../domain/schedule/on-calendar.ts';
import { crontabCommand, shellWord, systemdCommand, systemdText } from '../../domain/schedule/quote-words.ts';
import { formatLocal, isValidZone } from '../../domain/time/local-time.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { readCron } from './read-cron.ts';

export type PrintScheduleOptions = {
  cron: string;
  /** IANA name; absent: the zone of the machine that runs it. */
  zone: string | undefined;
  format: 'crontab' | 'systemd';
  /** Name of the units, and of the lock. */
  name: string;
  /** What starts hs: absolute paths, as neither cron nor systemd looks where a shell does. */
  program: readonly string[];
  /** Command of hs with its arguments. */
  words: readonly string[];
  /** Folder for the lock. */
  home: string;
  now: Date;
};

export type PrintedSchedule = {
  cron: string;
  zone: string;
  /** The next times it is due. */
  next: Date[];
  warnings: string[];
  files: { path: string; text: string }[];
};

const NEXT = 5;
const NAME = /^[A-Za-z0-9][A-Za-z0-9:_.-]{0,199}$/;

/** What a host needs to run a command of hs at certain times. Throws UsageError for what cannot be said in that format. */
export function printSchedule(options: PrintScheduleOptions): PrintedSchedule {
  const { zone: wanted, format, name, now } = options;
  if (wanted !== undefined && !isValidZone(wanted))
    throw new UsageError(`--tz ${JSON.stringify(wanted)} is not a time zone such as Europe/Berlin`);
  if (!NAME.test(name)) throw new UsageError(`--name ${JSON.stringify(name)} has more than letters, digits and : _ . -`);
  const zone = wanted ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const schedule = readCron(options.cron);
  const next = schedule.next({ fromMs: now.getTime(), zone, count: NEXT });
  const changes = findClockChanges(schedule.fields, { zone, fromMs: now.getTime() });
  const warnings = changes.map(
    ({ kind, day, time }) => `on ${day} clocks in ${zone} ${kind === 'skipped' ? 'skip' : 'show twice'} ${time}: ${WHAT_THEN[kind]}`,
  );
  const head = headOf(options, { zone, next, warnings, expression: schedule.expression });
  const files =
    format === 'crontab'
      ? crontab(options, { head, expression: schedule.expression })
      : units(options, { head, onCalendar: toOnCalendar(schedule.fields, wanted) });
  return { cron: schedule.expression, zone, next, warnings, files };
}

const WHAT_THEN = {
  skipped: 'cron programs differ in whether it runs then',
  repeated: 'cron programs differ in whether it runs once or twice',
} as const;

type Head = { zone: string; next: readonly Date[]; warnings: readonly string[]; expression: string };

function headOf({ words }: PrintScheduleOptions, { zone, next, warnings, expression }: Head): string[] {
  const times = next.map((at) => `#   ${minuteText(at, zone)}`);
  return [
    `# hs ${commentText(words)}`,
    `# ${expression} in ${zone}. Due next:`,
    ...times,
    ...warnings.map((warning) => `# Mind: ${warning}.`),
  ];
}

/** `2026-03-29 03:30 +02:00`. */
function minuteText(at: Date, zone: string): string {
  const text = formatLocal(at.getTime(), zone);
  return `${text.slice(0, 10)} ${text.slice(11, 16)} ${text.slice(23)}`;
}

/** What a user gave must not end a comment. */
function commentText(words: readonly string[]): string {
  return words
    .map(shellWord)
    .join(' ')
    .replace(/[\x00-\x1f\x7f]+/g, ' ');
}

function crontab({ name, program, words, zone, home }: PrintScheduleOptions, { head, expression }: { head: string[]; expression: string }) {
  const lock = join(home, `${name}.lock`);
  const command = crontabCommand(['flock', '-n', '-E', '11', lock, ...program, ...words]);
  if (command === undefined)
    throw new UsageError('a word of the command has a line break, which no crontab can hold', { hint: 'use --format systemd' });
  const text = [
    ...head,
    '# A line for: crontab -e',
    '# flock leaves a run out while the one before it still goes on, and ends with 11 then. Where there is no flock, begin the command after it.',
    '# cron knows few variables of a shell: what HS_… variables say belongs in the configuration file.',
    ...(zone === undefined
      ? []
      : [
          '# CRON_TZ is known to cronie, of Fedora and others. Where cron does not know it, times are those of the system.',
          `CRON_TZ=${zone}`,
        ]),
    `${expression} ${command}`,
  ];
  return [{ path: 'crontab', text: lines(text) }];
}

function units({ name, program, words }: PrintScheduleOptions, { head, onCalendar }: { head: string[]; onCalendar: readonly string[] }) {
  const description = `Description=${systemdText(`hs ${words.map(shellWord).join(' ')}`)}`;
  const service = [
    ...head,
    '# A service that is still running is not started again: runs never overlap.',
    '# What HS_… variables say in your shell belongs in the configuration file, or in lines such as Environment=HS_HOME=/var/lib/hs.',
    '[Unit]',
    description,
    '',
    '[Service]',
    'Type=oneshot',
    '# Some files failed (3) or a limit was reached (8): the run did what it was asked to.',
    'SuccessExitStatus=3 8',
    `ExecStart=${systemdCommand([...program, ...words])}`,
  ];
  const timer = [
    `# systemctl daemon-reload && systemctl enable --now ${name}.timer; systemd-analyze calendar '…' explains a time.`,
    '[Unit]',
    description,
    '',
    '[Timer]',
    ...onCalendar.map((value) => `OnCalendar=${value}`),
    '# Persistent=true makes up for a time that was missed while the machine was off.',
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
  ];
  return [
    { path: `/etc/systemd/system/${name}.service`, text: lines(service) },
    { path: `/etc/systemd/system/${name}.timer`, text: lines(timer) },
  ];
}

function lines(text: readonly string[]): string {
  return text.map((line) => `${line}\n`).join('');
}
