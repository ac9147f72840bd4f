/** The table of docs/architecture.md. Change both together. */
const MAY_IMPORT = {
  commands: ['cli', 'services', 'jobs', 'config', 'errors'],
  jobs: ['services', 'db', 'domain', 'errors', 'lib'],
  services: ['domain', 'db', 'media', 'inference', 'llm', 'notify', 'importers', 'exporters', 'errors', 'lib'],
  db: ['domain', 'errors', 'lib'],
  media: ['domain', 'errors', 'lib'],
  inference: ['domain', 'errors', 'lib'],
  llm: ['domain', 'errors', 'lib'],
  notify: ['domain', 'errors', 'lib'],
  importers: ['domain', 'errors', 'lib'],
  exporters: ['domain', 'errors', 'lib'],
  cli: ['config', 'domain', 'errors', 'lib'],
  config: ['errors', 'lib'],
  domain: [],
  errors: [],
  lib: [],
};

const COMMANDS_OF_DB = '^src/db/(database|migrations/index)\\.ts$';
const BASE_COMMAND = '^src/cli/hs-command\\.ts$';

const layerRules = Object.entries(MAY_IMPORT).map(([from, allowed]) => ({
  name: `${from}-imports`,
  comment: `${from} may import ${allowed.join(', ') || 'nothing in src'} only`,
  severity: 'error',
  from: { path: `^src/${from}/`, ...(from === 'cli' ? { pathNot: BASE_COMMAND } : {}) },
  to: {
    path: '^src/',
    pathNot: [`^src/(${[from, ...allowed].join('|')})/`, ...(from === 'commands' ? [COMMANDS_OF_DB] : [])],
  },
}));

const owner = (name, owners, packages) => ({
  name: `only-${name}`,
  comment: `${packages} belong to ${owners}`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${owners})/` },
  to: { path: `node_modules/(${packages})(/|$)`, dependencyTypesNot: ['type-only'] },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'src-is-on-its-own',
      comment: 'the program does not need its tests, benches and scripts',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^((test|bench|scripts)/|knexfile\\.ts$)' },
    },
    {
      name: 'base-command-imports',
      comment: 'the base command opens the database for every command, and says how object storage is reached',
      severity: 'error',
      from: { path: BASE_COMMAND },
      to: {
        path: '^src/',
        pathNot: ['^src/(cli|config|errors|lib)/', '^src/db/database\\.ts$', '^src/media/objects/object-options\\.ts$'],
      },
    },
    {
      name: 'stills-are-decoded-apart',
      comment: 'the process that holds the database decodes no still: services/footage/read-still.ts has another one do it',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(services/ingest/worker/|services/.+-worker\\.ts$)' },
      to: { path: '^src/media/decode-still\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    ...layerRules,
    owner('commands-and-cli-know-oclif', 'commands|cli', '@oclif'),
    owner('db-knows-postgresql', 'db', 'knex|pg|pg-boss|pg-query-stream|pg-copy-streams'),
    owner('inference-knows-onnx', 'inference', 'onnxruntime-node'),
    owner('media-knows-pixels-and-programs', 'media', 'sharp|execa|exif-reader|@aws-sdk'),
    owner('notify-knows-mail-and-brokers', 'notify', 'nodemailer|mqtt'),
    owner('exporters-know-zip', 'exporters', 'yazl|yauzl'),
    owner('cli-knows-tables', 'cli', 'cli-table3'),
    owner('services-know-cron', 'services', 'cron-parser'),
    { name: 'no-unresolved', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    {
      name: 'no-dev-packages',
      comment: 'what the program imports must be installed with it',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
