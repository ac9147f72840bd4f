import type { Config, Interfaces } from '@oclif/core';

/** Where a payload can go: one flag or argument of one command, with all else that the command needs. */
export type Slot = { command: string; name: string; argvOf: (payload: string) => string[] };

/** Commands that take nothing to SQL, or that end, empty or replace the database. `command` → why it is left out. */
export const LEFT_OUT_COMMANDS: Readonly<Record<string, string>> = {
  'backup:create': 'writes a file',
  'backup:restore': 'reads a file, whose rows are tested in test/db/backup',
  'backup:verify': 'needs no database',
  'config:get': 'needs no database',
  'config:schema': 'needs no database',
  'config:validate': 'needs no database',
  'db:reset': 'empties the database',
  'db:rollback': 'takes the schema away',
  'db:start': 'the embedded server only',
  'db:stop': 'the embedded server only',
  doctor: 'looks at the machine',
  'evidence:keygen': 'needs no database',
  'evidence:verify': 'needs no database',
  'logs:tail': 'does not end; its filters are those of logs list',
  'models:install': 'reads files or the network',
  prune: 'removes what is there; its flags are ages and names of tables',
};

/** Flags whose value is a file or folder that is read or written, or that chooses the database. */
export const LEFT_OUT_FLAGS: readonly string[] = ['card', 'config', 'db', 'failed-list', 'key', 'out', 'sign'];

/** What lets a command come as far as its statements: values of what it needs beside the payload. */
export type Sample = Readonly<Record<string, string>>;

/** Every flag with a free value and every argument of every command, as the manifest has them: a new one is in it. */
export function slotsOf({ commands }: Config, sample: Sample): Slot[] {
  return commands
    .filter(({ pluginName, id }) => pluginName === 'hs-footage' && !(id in LEFT_OUT_COMMANDS))
    .flatMap((command) => [...argumentSlots(command, sample), ...flagSlots(command, sample)]);
}

type Loadable = Config['commands'][number];

function argumentSlots(command: Loadable, sample: Sample): Slot[] {
  const names = Object.keys(command.args);
  return names
    .filter((name) => command.args[name]?.options === undefined)
    .map((name) => ({
      command: command.id,
      name: `<${name}>`,
      argvOf: (payload) => [
        ...neededFlags(command, sample),
        '--',
        ...names.map((other) => (other === name ? payload : valueOf(other, sample))),
      ],
    }));
}

function flagSlots(command: Loadable, sample: Sample): Slot[] {
  const needed = Object.keys(command.args).filter((name) => command.args[name]?.required === true);
  return Object.entries(command.flags)
    .filter(([name, flag]) => flag.type === 'option' && flag.options === undefined && name !== 'actor' && !LEFT_OUT_FLAGS.includes(name))
    .map(([name]) => ({
      command: command.id,
      name: `--${name}`,
      argvOf: (payload) => [
        ...neededFlags(command, sample, name),
        `--${name}=${payload}`,
        '--',
        ...needed.map((other) => valueOf(other, sample)),
      ],
    }));
}

/** Also confirms what asks for it, and is recorded as done by `'; --`. */
function neededFlags({ flags }: Loadable, sample: Sample, but?: string): string[] {
  const needed = Object.entries(flags).filter(([name, flag]) => name !== but && flag.type === 'option' && flag.required === true);
  const confirmed = 'yes' in flags && but !== 'yes' ? ['--yes'] : [];
  return [...needed.map(([name, flag]) => `--${name}=${optionOf(flag) ?? valueOf(name, sample)}`), ...confirmed, `--actor=zq9x'; --`];
}

function optionOf(flag: Interfaces.BooleanFlag<boolean> | { options?: readonly string[] } | object): string | undefined {
  return 'options' in flag ? (flag.options as readonly string[] | undefined)?.[0] : undefined;
}

function valueOf(name: string, sample: Sample): string {
  return sample[name] ?? '1';
}
