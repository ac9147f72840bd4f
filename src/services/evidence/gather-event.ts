import type { Knex } from 'knex';
import { findCamera } from '../../db/models/cameras.ts';
import { findEventFeedback } from '../../db/models/event-feedback.ts';
import { listLlmInteractions } from '../../db/models/llm-interactions.ts';
import type { MediaFileRow } from '../../db/models/media-files.ts';
import { findClipEvent } from '../../db/queries/clip-footage.ts';
import {
  findAlertsOfEvent,
  findAuditTrail,
  findEvidenceFiles,
  findHoldsOfEvent,
  findModelNames,
  findRules,
  findRunsById,
  findScoring,
} from '../../db/queries/evidence.ts';
import { readSnapshot } from '../../db/queries/read-snapshot.ts';
import { stateTimes } from '../../domain/evidence/time-statement.ts';
import { listModels, openModelStore } from '../../inference/model-store.ts';
import { showAlerts } from '../alerts/list-alerts.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { findMoments, type EventMoment } from '../events/find-moments.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { showEvent } from '../events/show-event.ts';
import { toRunRecord } from '../runs/run-record.ts';

export type GatheredEvent = {
  id: number;
  /** What `event-ID.json` says. */
  document: object;
  files: MediaFileRow[];
  /** Whose frames show best what it is about. */
  moments: EventMoment[];
};

/** A costly read each, and more than a reader wants to look through. */
const MOST_STILLS = 6;

export type GatherOptions = { settings: ZoneSettings & { home: string }; aroundMs: number };

/** Everything that is known of an event, all of it of one moment. Throws a usage error when it is gone. */
export async function gatherEvent(knex: Knex, id: number, options: GatherOptions): Promise<GatheredEvent> {
  return readSnapshot(knex, async (snapshot) => {
    const event = await findClipEvent(snapshot, id);
    if (event === undefined) throw noSuchEvent([id]);
    const files = await findEvidenceFiles(snapshot, {
      eventId: id,
      cameraId: event.camera_id,
      from: new Date(event.started_at.getTime() - options.aroundMs),
      until: new Date((event.ended_at ?? event.started_at).getTime() + options.aroundMs),
    });
    const document = {
      schema: 'hs-evidence-event',
      schema_version: 1,
      ...(await showEvent(snapshot, id, options.settings)),
      camera: await findCamera(snapshot, event.camera_id),
      time: stateTimes(files),
      files,
      ...(await gatherHistory(snapshot, { id, files }, options)),
      models: await describeModels(options.settings.home, await findModelNames(snapshot, event)),
    };
    return { id, document, files, moments: await findMoments(snapshot, event, MOST_STILLS) };
  });
}

type EventFootage = { id: number; files: readonly MediaFileRow[] };

/** What became of the event, who did what with it, and with which rules, runs and models. */
async function gatherHistory(snapshot: Knex, { id, files }: EventFootage, { settings }: GatherOptions): Promise<object> {
  const alerts = await findAlertsOfEvent(snapshot, id);
  const alertIds = alerts.map((alert) => alert.id);
  const scoring = await findScoring(snapshot, id);
  const interactions = await listLlmInteractions(snapshot, id);
  const runIds = [...files, scoring, ...interactions].flatMap((row) => row?.run_id ?? []);
  return {
    scoring,
    alerts: await showAlerts(snapshot, alertIds, settings),
    rules: await findRules(
      snapshot,
      alerts.flatMap(({ rule_id: ruleId }) => ruleId ?? []),
    ),
    llm_interactions: interactions,
    feedback: (await findEventFeedback(snapshot, id)) ?? null,
    holds: await findHoldsOfEvent(snapshot, id),
    runs: (await findRunsById(snapshot, [...new Set(runIds)])).map(toRunRecord),
    audit_trail: await findAuditTrail(snapshot, { eventId: id, alertIds }),
  };
}

/** The cards, as they are now, of the models that saw something; one without a card has only its name. */
async function describeModels(home: string, names: readonly string[]): Promise<object[]> {
  const listed = await listModels(openModelStore(home));
  return names.map((id) => ({ id, card: listed.find(({ card }) => card.id === id)?.card ?? null }));
}
