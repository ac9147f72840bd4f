import type { Knex } from 'knex';

import {
  deleteSceneCheckpoint,
  findSceneCheckpoints,
  saveSceneCheckpoint,
  type SceneCheckpointRow,
} from '../../db/models/scene-checkpoints.ts';
import { findSceneChecks, saveSceneMeasures, type SceneCheckToJudge, type SceneCursor } from '../../db/models/scene-checks.ts';
import { findSceneReferences, type SceneReferenceRow } from '../../db/models/scene-references.ts';
import type { SceneFinding } from '../../domain/scene/scene-run.ts';
import { lookAtScene, type SceneLook, type SceneReferences, type SceneWatch, type StoredMeasure } from '../../domain/scene/scene-watch.ts';
import { decodeGrey } from '../../media/grey-picture.ts';
import { accept, loadWatch, referencesOf, toCheckpoint } from './stored-watch.ts';

const PAGE = 100;
/** Looks judged in one transaction, at least. */
const SPAN = 2_000;
/** Between two checkpoints. */
export const CHECKPOINT_STEP = 250;

/** A finding as it stands at the end of a span; `known` when it was found before the span. */
export type SpanFinding = {
  detectedAtMs: number;
  finding: SceneFinding | null;
  /** How the view should have been. */
  references: SceneReferences;
  endedAtMs: number | null;
  settledBy: SceneReferenceRow | null;
};

export type JudgedSpan = {
  start: { watch: SceneWatch; at: Date | null };
  findings: Map<number, SpanFinding>;
  /** Footage times at which a reference was given up because pictures have another size. */
  newSizes: Date[];
};

/** `mustReach`: before `before`, from which on no look is judged. */
type SpanOptions = { cameraId: string; from: Date; mustReach: Date; before?: Date | undefined };

/** Judges the looks of a camera in the order of footage, from the last checkpoint before a time on. */
export async function judgeSpan(trx: Knex.Transaction, options: SpanOptions): Promise<JudgedSpan> {
  const start = await loadWatch(trx, { cameraId: options.cameraId, before: options.from });
  const judge = new SpanJudge(trx, options, start);
  await judge.prepare();
  await judge.run();
  return judge.result;
}

class SpanJudge {
  readonly result: JudgedSpan;
  readonly #trx: Knex.Transaction;
  readonly #options: SpanOptions;
  #watch: SceneWatch;
  #lastAt: Date | null = null;
  #accepted: SceneReferenceRow[] = [];
  #checkpoints: SceneCheckpointRow[] = [];
  #measures: { id: number; measure: StoredMeasure | null }[] = [];

  constructor(trx: Knex.Transaction, options: SpanOptions, start: JudgedSpan['start']) {
    this.#trx = trx;
    this.#options = options;
    this.#watch = start.watch;
    this.result = { start, findings: new Map(), newSizes: [] };
    const { openSinceMs } = start.watch.state;
    if (openSinceMs !== null) this.#note(openSinceMs, null);
  }

  async prepare(): Promise<void> {
    const { cameraId, mustReach } = this.#options;
    const { at } = this.result.start;
    this.#accepted = await findSceneReferences(this.#trx, { cameraId, from: at });
    this.#checkpoints = await findSceneCheckpoints(this.#trx, { cameraId, after: at, until: mustReach });
  }

  async run(): Promise<void> {
    const { cameraId, before } = this.#options;
    const { at } = this.result.start;
    let after: SceneCursor | null = at && { at: new Date(at.getTime() + 1), sha256: '', offsetMs: -1 };
    let count = 0;
    for (let isOver = false; !isOver;) {
      const checks = await findSceneChecks(this.#trx, { cameraId, after, before, limit: PAGE });
      isOver = checks.length < PAGE;
      const looks = await Promise.all(checks.map(toLook));
      for (const [place, check] of checks.entries()) {
        const look = looks[place];
        if (!look) continue;
        if (count >= SPAN && this.#mayEndBefore(check)) {
          isOver = true;
          break;
        }
        await this.#takeIn(check, look);
        count += 1;
        after = { at: check.checked_at, sha256: check.content_sha256, offsetMs: check.frame_offset_ms };
      }
      await this.#saveMeasures();
    }
    await this.#saveCheckpoint();
  }

  #mayEndBefore({ checked_at: at }: SceneCheckToJudge): boolean {
    return this.#lastAt !== null && at > this.#lastAt && this.#lastAt >= this.#options.mustReach;
  }

  async #takeIn({ id, checked_at: at }: SceneCheckToJudge, look: SceneLook): Promise<void> {
    await this.#catchUp(at);
    const looksBefore = this.#watch.looks;
    const { watch, measure, finding, ended, isNewSize } = lookAtScene(this.#watch, look);
    this.#watch = watch;
    this.#lastAt = at;
    this.#measures.push({ id, measure });
    if (isNewSize) this.result.newSizes.push(at);
    if (finding) this.#note(finding.detectedAtMs, finding);
    if (ended) this.#change(ended.detectedAtMs, { endedAtMs: ended.endedAtMs });
    if (watch.looks > looksBefore && watch.looks % CHECKPOINT_STEP === 0) await this.#saveCheckpoint();
  }

  /** What users said and what earlier runs left behind between the last look and this one. */
  async #catchUp(at: Date): Promise<void> {
    for (let [next] = this.#checkpoints; next && next.reached_at < at; [next] = this.#checkpoints) {
      this.#checkpoints.shift();
      await this.#pass(next);
    }
    for (let [next] = this.#accepted; next && next.valid_from < at; [next] = this.#accepted) {
      this.#accepted.shift();
      const { openSinceMs } = this.#watch.state;
      if (openSinceMs !== null) this.#change(openSinceMs, { settledBy: next });
      this.#watch = await accept(this.#watch, next);
    }
  }

  /** Where pictures are missing the references of then are better than what could be made of the rest. */
  async #pass(stored: SceneCheckpointRow): Promise<void> {
    if (!this.#watch.isBehind) {
      if (stored.reached_at.getTime() !== this.#lastAt?.getTime()) await deleteSceneCheckpoint(this.#trx, stored);
      return;
    }
    this.#watch = { ...this.#watch, references: await referencesOf(stored), isBehind: false };
    await saveSceneCheckpoint(this.#trx, await toCheckpoint(this.#watch, { cameraId: stored.camera_id, at: stored.reached_at }));
  }

  #note(detectedAtMs: number, finding: SceneFinding | null): void {
    const { references } = this.#watch;
    this.result.findings.set(detectedAtMs, { detectedAtMs, finding, references, endedAtMs: null, settledBy: null });
  }

  #change(detectedAtMs: number, patch: Partial<SpanFinding>): void {
    const noted = this.result.findings.get(detectedAtMs);
    if (noted) this.result.findings.set(detectedAtMs, { ...noted, ...patch });
  }

  async #saveMeasures(): Promise<void> {
    if (this.#measures.length > 0) await saveSceneMeasures(this.#trx, this.#measures);
    this.#measures = [];
  }

  async #saveCheckpoint(): Promise<void> {
    const { cameraId } = this.#options;
    if (this.#lastAt !== null && !this.#watch.isBehind) {
      await saveSceneCheckpoint(this.#trx, await toCheckpoint(this.#watch, { cameraId, at: this.#lastAt }));
    }
  }
}

async function toLook(check: SceneCheckToJudge): Promise<SceneLook> {
  const { similarity, mean, deviation, sharpness, reference_sharpness: referenceSharpness, difference } = check;
  const isMeasured = mean !== null && deviation !== null && sharpness !== null;
  return {
    atMs: check.checked_at.getTime(),
    mode: check.mode,
    filePath: check.path,
    frame: { width: check.frame_width, height: check.frame_height },
    passing: check.passing ?? [],
    picture: check.picture && (await decodeGrey(check.picture)),
    measured: isMeasured ? { similarity, mean, deviation, sharpness, referenceSharpness, difference } : null,
  };
}
