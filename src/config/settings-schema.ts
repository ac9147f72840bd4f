import { z } from 'zod';
import { settingsFile } from './settings.ts';

/** JSON Schema (draft 2020-12) of the configuration file, for editors. */
export function settingsSchema(): object {
  const schema = z.toJSONSchema(settingsFile.partial({ home: true }), { io: 'input' });
  return { ...schema, title: 'Configuration of hs' };
}
