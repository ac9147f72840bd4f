import { EXIT, mostTellingExitCode, type ExitCode } from '../../errors/exit-codes.ts';
import type { WantedFfmpeg } from '../../media/ffmpeg/locate-ffmpeg.ts';
import type { LlmSettings } from '../llm/open-llm.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { checkDatabase, type WithDatabase } from './check-database.ts';
import { checkDisk } from './check-disk.ts';
import { checkEnrichments, type EnrichmentChecks } from './check-enrichments.ts';
import { checkFfmpeg } from './check-ffmpeg.ts';
import { checkLlm } from './check-llm.ts';
import { checkModels } from './check-models.ts';
import { checkZones } from './check-zones.ts';
import type { DoctorLine } from './doctor-line.ts';

/** What `--require` takes. */
export const DOCTOR_REQUIREMENTS = ['ffmpeg', 'model', 'gpu', 'llm'] as const;
export type DoctorRequirement = (typeof DOCTOR_REQUIREMENTS)[number];

export type RunDoctorOptions = {
  home: string;
  device: string;
  ffmpeg: WantedFfmpeg;
  zones: ZoneSettings;
  llm: LlmSettings;
  withDatabase: WithDatabase;
  signal: AbortSignal;
  required: readonly DoctorRequirement[];
  enrichments: Omit<EnrichmentChecks, 'home'>;
};

/** Looks at everything an ingest needs, each finding as soon as it is there. What is required but not right is a failure. */
export async function* runDoctor(options: RunDoctorOptions): AsyncIterable<DoctorLine> {
  for await (const line of findings(options)) yield required(line, options.required);
}

async function* findings(options: RunDoctorOptions): AsyncIterable<DoctorLine> {
  const { home, device, ffmpeg, zones, llm, withDatabase, signal, enrichments } = options;
  const { lines, cameras } = await checkDatabase(withDatabase);
  yield* lines;
  yield await checkDisk(home);
  yield await checkFfmpeg(ffmpeg);
  yield* checkModels({ home, device });
  yield checkZones(cameras, zones);
  yield await checkLlm(llm, signal);
  yield* checkEnrichments({ home, ...enrichments });
}

/** A model is required: one that works. One of several that does not is a failure of its own anyway. */
function required(line: DoctorLine, requirements: readonly DoctorRequirement[]): DoctorLine {
  // Whatever keeps it from answering: it was required.
  if (line.check === 'llm' && line.status === 'fail' && requirements.includes('llm')) return { ...line, exitCode: EXIT.unavailable };
  if (line.status !== 'warn' || !requirements.some((topic) => topic === line.check)) return line;
  // An old bundled ffmpeg is an ffmpeg.
  if (line.check === 'ffmpeg' && line.message.startsWith('ffmpeg ')) return line;
  return { ...line, status: 'fail', exitCode: EXIT.unavailable };
}

/** 0 when nothing failed; warnings are no failure. */
export function doctorExitCode(lines: readonly DoctorLine[]): ExitCode {
  return mostTellingExitCode(lines.map((line) => (line.status === 'fail' ? line.exitCode : EXIT.ok)));
}
