import { toConfiguredId, type Hook } from '@oclif/core';
import { EXIT } from '../errors/exit-codes.ts';
import { UsageError } from '../errors/hs-error.ts';
import { nearestName } from '../lib/nearest-name.ts';
import { errorText } from './print-error.ts';

/** Hook of oclif for a command that does not exist: our error text and exit code, with the nearest command as a hint. */
export const commandNotFound: Hook.CommandNotFound = function (options) {
  const { config, id, argv = [] } = options;
  const known = config.commands.filter(({ hidden }) => !hidden).map((command) => toConfiguredId(command.id, config));
  const wanted = toConfiguredId(id, config);
  const meant = nearestName(wanted, known);
  const hint = meant === undefined ? `${config.bin} help lists the commands` : `did you mean ${config.bin} ${meant}?`;
  const error = new UsageError(`${wanted} is not a command of ${config.bin}`, { code: 'unknown_command', hint });
  process.stderr.write(errorText(error, { json: argv.includes('--json'), verbose: false, secrets: [] }));
  return Promise.resolve().then(() => {
    this.exit(EXIT.usage);
  });
};
