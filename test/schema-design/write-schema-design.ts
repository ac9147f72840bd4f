// Writes test/db/schema-design.json anew: tsx test/schema-design/write-schema-design.ts <path of the design's schema.md>
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

import { parseSchemaDesign } from './parse-schema-design.ts';

const target = fileURLToPath(new URL('../db/schema-design.json', import.meta.url));
const design = parseSchemaDesign(readFileSync(process.argv[2] ?? '', 'utf8'));
writeFileSync(target, await format(JSON.stringify(design), { ...(await resolveConfig(target)), filepath: target, parser: 'json' }));
