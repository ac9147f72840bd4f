import type { Command } from '@oclif/core';

import { planConfigEdit, type ConfigEdit } from '../config/edit-config-file.ts';
import { maskSetting, type SettingValue } from '../config/list-settings.ts';
import { findConfigPlace } from '../config/load-settings.ts';
import { findVariable } from '../config/read-variables.ts';
import { CHANGE_COLUMNS } from './change-columns.ts';
import { HsCommand } from './hs-command.ts';
import { printList } from './print-list.ts';

type SettingChange = { column: string; from: SettingValue; to: SettingValue };

type ChangeOptions = {
  key: string;
  /** As typed; undefined takes the key out of the file. */
  value: string | undefined;
  dryRun: boolean;
};

/** Base of commands that change one key of the configuration file and print what changed. */
export abstract class SettingCommand<T extends typeof Command> extends HsCommand<T> {
  /** Writes the file and the audit row. */
  protected abstract write(edit: ConfigEdit, change: SettingChange): Promise<void>;

  protected async change({ key, value, dryRun }: ChangeOptions): Promise<void> {
    const { path, newPath } = findConfigPlace(this.settingSources());
    const edit = planConfigEdit({ path: path ?? newPath, key, value });
    const change = { column: key, from: maskSetting(key, edit.from), to: maskSetting(key, edit.to) };
    const isChanged = edit.after !== edit.before;
    if (isChanged && !dryRun) await this.write(edit, change);
    const { json } = this.flags as { json?: boolean };
    const options = { columns: CHANGE_COLUMNS, format: json === true ? 'json' : 'table', terminal: this.stdout } as const;
    await printList(isChanged ? [change] : [], { ...options, emptyText: 'nothing to change' });
    const variable = findVariable(process.env, key);
    if (variable !== undefined) this.note(`variable ${variable} is set and beats the file`);
    if (dryRun) this.note('nothing was changed');
    else if (isChanged) this.note(`written to ${edit.path}`);
  }
}
