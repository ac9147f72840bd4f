import { expect, test } from 'vitest';
import { printSchedule, type PrintScheduleOptions } from '../../../src/services/schedules/print-schedule.ts';
import { readCron } from '../../../src/services/schedules/read-cron.ts';

const options: PrintScheduleOptions = {
  cron: '30 2 * * *',
  zone: 'Europe/Berlin',
  format: 'crontab',
  name: 'hs-ingest',
  program: ['/usr/bin/node', '/opt/hs/run.js'],
  words: ['ingest', '/my footage/100%', '--quiet'],
  home: '/home/u/.hs',
  now: new Date('2026-03-27T12:00:00Z'),
};
const textOf = (part: Partial<PrintScheduleOptions>): string => printSchedule({ ...options, ...part }).files.map(({ text }) => text).join('---\n'); // prettier-ignore

test.each([
  ['', 'has not five fields'],
  ['   ', 'has not five fields'],
  ['* * * *', 'has not five fields'],
  ['0 * * * * *', 'has not five fields'],
  ['@reboot', 'has not five fields'],
  ['60 * * * *', '60'],
  ['-1 * * * *', 'has "-1" as minute'],
  ['* 24 * * *', '24'],
  ['* * 0 * *', '0'],
  ['* * * 13 *', '13'],
  ['* * * * 8', '8'],
  ['0 6 31 2 *', 'day of month'],
  ['0 6 30 2 *', 'day of month'],
  ['0 6 L * *', 'has "L" as day of month'],
  ['0 6 * * 1#2', 'has "1#2" as day of week'],
  ['0 6 ? * *', 'has "?" as day of month'],
  ['H 6 * * *', 'has "H" as minute'],
  ['5/10 * * * *', 'has "5/10" as minute'],
  ['1,,2 * * * *', 'has "" as minute'],
  ['1;id * * * *', 'has "1;id" as minute'],
  ['*/0 * * * *', '0'],
  ['0 0 */2 * 1', 'do not agree'],
  ['0 0 1 * */2', 'do not agree'],
])('the expression "%s" is refused: %s', (cron, reason) => {
  expect(() => readCron(cron)).toThrow(reason);
});

test('blanks around and between fields do not matter, and names are as good as numbers', () => {
  expect(readCron('  0   6 * JAN-mar  Sun ')).toMatchObject({
    expression: '0 6 * JAN-mar Sun',
    fields: { months: [1, 2, 3], weekdays: [0] },
  });
});

test('a crontab says when it is due next, across a change of clocks, and warns of it', () => {
  expect(textOf({})).toBe(`# hs ingest '/my footage/100%' --quiet
# 30 2 * * * in Europe/Berlin. Due next:
#   2026-03-28 02:30 +01:00
#   2026-03-29 03:30 +02:00
#   2026-03-30 02:30 +02:00
#   2026-03-31 02:30 +02:00
#   2026-04-01 02:30 +02:00
# Mind: on 2026-03-29 clocks in Europe/Berlin skip 02:30: cron programs differ in whether it runs then.
# Mind: on 2026-10-25 clocks in Europe/Berlin show twice 02:30: cron programs differ in whether it runs once or twice.
# Mind: on 2027-03-28 clocks in Europe/Berlin skip 02:30: cron programs differ in whether it runs then.
# A line for: crontab -e
# flock leaves a run out while the one before it still goes on, and ends with 11 then. Where there is no flock, begin the command after it.
# cron knows few variables of a shell: what HS_… variables say belongs in the configuration file.
# CRON_TZ is known to cronie, of Fedora and others. Where cron does not know it, times are those of the system.
CRON_TZ=Europe/Berlin
30 2 * * * flock -n -E 11 /home/u/.hs/hs-ingest.lock /usr/bin/node /opt/hs/run.js ingest '/my footage/100\\%' --quiet
`);
});

test('without a zone there is no CRON_TZ, and units have none', () => {
  expect(textOf({ zone: undefined })).not.toContain('CRON_TZ');
  expect(textOf({ zone: undefined, format: 'systemd' })).toContain('OnCalendar=*-*-* 02:30:00\n');
});

test('systemd has a service and a timer', () => {
  const { files } = printSchedule({ ...options, format: 'systemd', cron: '0 6 1 * 1' });
  expect(files.map(({ path }) => path)).toEqual(['/etc/systemd/system/hs-ingest.service', '/etc/systemd/system/hs-ingest.timer']);
  const [service = '', timer = ''] = files.map(({ text }) => text);
  expect(service).toContain('\nType=oneshot\n');
  expect(service).toContain('\nExecStart=/usr/bin/node /opt/hs/run.js ingest "/my footage/100%%" --quiet\n');
  expect(service).toContain("\nDescription=hs ingest '/my footage/100%%' --quiet\n");
  expect(timer).toContain('\nOnCalendar=*-*-01 06:00:00 Europe/Berlin\nOnCalendar=Mon *-*-* 06:00:00 Europe/Berlin\n');
  expect(timer).toMatch(/\n# Persistent=true .*\nPersistent=true\n/);
});

test('a line break in a word cannot get into a crontab, nor out of a comment', () => {
  const words = ['ingest', 'a\n* * * * * id'];
  expect(() => textOf({ words })).toThrow('line break');
  const lines = textOf({ words, format: 'systemd' }).split('\n');
  expect(lines.filter((line) => line.startsWith('*'))).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(/^ExecStart=.* "a\\x0a\* \* \* \* \* id"$/));
});

test.each([
  [{ zone: 'Mars/Base' }, 'is not a time zone'],
  [{ zone: '+01:00' }, 'is not a time zone'],
  [{ zone: '' }, 'is not a time zone'],
  [{ name: 'a b' }, '--name'],
  [{ name: '../x' }, '--name'],
  [{ name: '' }, '--name'],
])('%j is refused', (part, reason) => {
  expect(() => textOf(part)).toThrow(reason);
});
