import { join } from 'node:path';
import { Command, Flags, type Interfaces } from '@oclif/core';
import type { LoadedSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import type { Database } from '../db/database.ts';
import { EXIT, type ExitCode } from '../errors/exit-codes.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import { secretsOfUrl } from '../lib/redact.ts';
import { actorName } from './actor-name.ts';
import { useObjectOptions } from '../media/objects/object-options.ts';
import { errorText } from './print-error.ts';
import { queuedText, refuseStandardStreams, type Queued } from './queue-flag.ts';
import { createStopSignal } from './stop-signal.ts';
import { toTerminal, type Terminal } from './terminal.ts';
import { watchCrashes } from './watch-crashes.ts';
import { OutputClosedError, watchOutput, writeNote, writeOut } from './write-out.ts';

export type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<(typeof HsCommand)['baseFlags'] & T['flags']>;
export type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>;

type CommandOrder = { command: string; argv: readonly string[]; cwd: string; actor: string; device: string };
type Queueing = { queueCommand: (database: Database, order: CommandOrder) => Promise<Queued> };

const OWNER_ONLY = 0o077;
const GLOBAL = 'GLOBAL';

/**
 * Base of every command: global flags, settings, database, stop signal, exit codes and error output.
 * A command's `run` calls one service and prints; `exitWith` sets a code other than 0.
 */
export abstract class HsCommand<T extends typeof Command> extends Command {
  static override baseFlags = {
    config: Flags.string({ summary: 'Configuration file.', helpValue: 'FILE', helpGroup: GLOBAL }),
    db: Flags.string({ summary: 'PostgreSQL URL; without one an embedded server is used.', helpValue: 'URL', helpGroup: GLOBAL }),
    json: Flags.boolean({ summary: 'Print one JSON document.', helpGroup: GLOBAL }),
    quiet: Flags.boolean({ summary: 'No progress and no remarks.', helpGroup: GLOBAL, exclusive: ['verbose'] }),
    verbose: Flags.boolean({ summary: 'Say more; show the trace of an unexpected error.', helpGroup: GLOBAL }),
    'no-color': Flags.boolean({ summary: 'No colours.', helpGroup: GLOBAL }),
    actor: Flags.string({ summary: 'Who is recorded as having done this.', helpValue: 'NAME', helpGroup: GLOBAL }),
  };

  /** Flags of a command that override a setting: flag name → path of the setting, e.g. `{ device: 'detector.device' }`. */
  static readonly settingFlags: Readonly<Record<string, string>> = {};

  /** False for commands that must work when the settings are wrong; they call `loadSettings` themselves where they need them. */
  static readonly needsSettings: boolean = true;

  protected flags!: FlagsOf<T>;
  protected args!: ArgsOf<T>;
  /** Everything that is no flag, in order; for commands with any number of arguments. */
  protected words: string[] = [];
  protected loaded!: LoadedSettings;
  protected stdout!: Terminal;
  /** Set where Ctrl-C is the usual end, as of `--follow`: the code says so, nothing else does. */
  protected stopsQuietly = false;
  #stop: ReturnType<typeof createStopSignal> | undefined;
  #unwatch: (() => void) | undefined;

  protected get settings(): Settings {
    return this.loaded.settings;
  }

  /** SHA-256 of the settings without secrets; stored with every run. */
  protected get settingsFingerprint(): string {
    return this.loaded.fingerprint;
  }

  /** Aborted by the first SIGINT or SIGTERM. */
  protected get signal(): AbortSignal {
    return (this.#stop ??= this.createStop()).signal;
  }

  override async init(): Promise<void> {
    process.umask(OWNER_ONLY);
    watchOutput();
    this.#unwatch = watchCrashes((error) => this.tell(error));
    await super.init();
    this.stdout = toTerminal(process.stdout, { color: !this.argv.includes('--no-color'), env: process.env });
    const { args, argv, flags } = await this.parse({ ...parserInputOf(this.ctor), args: withoutStdin(this.ctor.args) });
    this.flags = flags as FlagsOf<T>;
    this.args = args as ArgsOf<T>;
    this.words = argv.map(String);
    // Before anybody waits for what comes from standard input.
    if ((flags as { queue?: boolean }).queue === true) refuseStandardStreams(this.argv);
    this.#stop = this.createStop();
    if ((this.ctor as typeof HsCommand).needsSettings) await this.loadSettings();
  }

  /** Opens the database, hands it to `use` and closes it whatever happens. */
  protected async withDatabase<R>(
    use: (database: Database) => Promise<R>,
    options: { migrate?: 'auto' | 'require' | 'none'; poolMax?: number } = {},
  ): Promise<R> {
    const { openDatabase } = await import('../db/database.ts');
    const { home, database: wanted } = this.settings;
    const log = (message: string): void => {
      this.note(message);
    };
    const database = await openDatabase({ home, migrate: 'auto', ...wanted, ...options, log });
    try {
      return await use(database);
    } finally {
      await database.close();
    }
  }

  /** The job of a worker that this command runs for, if it does. */
  protected get adoptedJob(): string | undefined {
    return process.env['HS_ADOPTED_JOB'];
  }

  /** What a job is told by the command that runs it. */
  protected jobOf(database: Database, command: string) {
    const { flags: args, settingsFingerprint, signal, adoptedJob: adopts } = this;
    return { database, command, args, version: this.config.version, settingsFingerprint, logLevel: this.settings.logLevel, signal, adopts };
  }

  /** Leaves this command, as it was typed here, to a worker, and says so. */
  protected async leaveToWorkers({ queueCommand }: Queueing): Promise<void> {
    const command = this.ctor.id;
    const { actor, detector } = this.settings;
    const who = { cwd: process.cwd(), actor: actorName(actor), device: detector.device };
    const order = { command, argv: [...command.split(':'), ...this.argv], ...who };
    await this.printQueued(await this.withDatabase((database) => queueCommand(database, order)));
  }

  /** What became of work that was left to workers. */
  protected async printQueued(queued: Queued): Promise<void> {
    if (this.argv.includes('--json')) await this.printJson({ schema_version: 1, item: queued });
    else await this.print(queuedText(queued));
  }

  /** A remark for people, on stderr; silent with `--quiet`. */
  protected note(line: string): void {
    if (!this.isQuiet) writeNote(line);
  }

  /** The same where there may be nothing to say. */
  protected remark(line: string | undefined): void {
    if (line !== undefined) this.note(line);
  }

  /** Part of the result, on stdout. */
  protected async print(text: string): Promise<void> {
    await writeOut(text.endsWith('\n') ? text : `${text}\n`);
  }

  protected async printJson(value: object): Promise<void> {
    await writeOut(`${JSON.stringify(value, undefined, 2)}\n`);
  }

  protected get isQuiet(): boolean {
    return this.argv.includes('--quiet');
  }

  /** Ends with this code unless an error comes; `run` calls it when its outcome is not 0. */
  protected exitWith(code: ExitCode): void {
    process.exitCode = code;
  }

  protected async loadSettings(): Promise<void> {
    const { loadSettings } = await import('../config/load-settings.ts');
    this.loaded = loadSettings(this.settingSources());
    const { home, s3 } = this.settings;
    useObjectOptions({ ...s3, cacheFolder: join(home, 's3-cache'), signal: this.signal });
  }

  /** What the settings are made from. */
  protected settingSources(): { flags: Record<string, unknown>; env: NodeJS.ProcessEnv; configPath: string | undefined } {
    const flags: Record<string, unknown> = this.flags;
    const settingFlags = { db: 'database.url', actor: 'actor', ...(this.ctor as typeof HsCommand).settingFlags };
    return {
      flags: Object.fromEntries(Object.entries(settingFlags).map(([flag, path]) => [path, flags[flag]])),
      env: process.env,
      configPath: flags['config'] as string | undefined,
    };
  }

  protected override catch(error: Error): Promise<never> {
    return Promise.resolve(this.exit(this.tell(error)));
  }

  /** Says what went wrong; returns what to end with. */
  private tell(error: unknown): number {
    if (error instanceof OutputClosedError) return Number(process.exitCode ?? EXIT.ok);
    const shown: unknown = this.#stop?.signal.aborted === true ? this.#stop.signal.reason : error;
    const options = this.argv.slice(0, this.argv.includes('--') ? this.argv.indexOf('--') : undefined);
    process.stderr.write(errorText(shown, { json: isJsonMode(options), verbose: options.includes('--verbose'), secrets: this.secrets() }));
    return toErrorReport(shown).exitCode;
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#stop?.dispose();
    this.#unwatch?.();
    await super.finally(error);
  }

  private createStop(): ReturnType<typeof createStopSignal> {
    return createStopSignal((name) => {
      if (this.stopsQuietly) this.exitWith(name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
      else this.note(`${name}: stopping at the next safe point; once more stops at once`);
    });
  }

  /** What must not stand in a message: passwords of every database URL this process was given, the key of the language model, and what opens a key for signing. */
  private secrets(): string[] {
    const urls = [process.env['HS_DATABASE_URL'], process.env['HS_DB'], process.env['DATABASE_URL'], ...this.argv];
    const settings = (this.loaded as LoadedSettings | undefined)?.settings;
    const given = [process.env['HS_LLM_API_KEY'], process.env['HS_EVIDENCE_KEY_PASSPHRASE']];
    const keys = [...given, settings?.llm.apiKey, settings?.evidence.keyPassphrase].filter((key) => key !== undefined);
    return [...keys, ...[...urls, settings?.database.url].flatMap((url) => (url === undefined ? [] : secretsOfUrl(url)))];
  }
}

type ParserInput = Pick<typeof Command, 'flags' | 'baseFlags' | 'strict'>;

function parserInputOf({ flags, baseFlags, strict }: typeof Command): ParserInput {
  return { flags, baseFlags, strict };
}

/** oclif takes a missing argument from a pipe, and would swallow the input of a loop around us; `-` says so explicitly. */
function withoutStdin(args: typeof Command.args): typeof Command.args {
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, ignoreStdin: true }]));
}

function isJsonMode(options: readonly string[]): boolean {
  return options.includes('--json') || options.includes('--ndjson');
}
