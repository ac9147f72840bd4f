import type { Knex } from 'knex';

import type { ExperimentArm, FeedbackType, Severity } from '../../domain/enums.ts';

/** What one version of an experiment was asked so far. */
export type ArmCounts = { arm: ExperimentArm; asked: number; invalid: number; failed: number; latencies_ms: number[] };

/** By arm; one that was never asked is left out. */
export async function countArms(knex: Knex, experimentId: number): Promise<ArmCounts[]> {
  const { rows } = await knex.raw<{ rows: ArmCounts[] }>(
    `SELECT arm, count(*) AS asked,
            count(*) FILTER (WHERE validation_result ->> 'code' = 'llm_invalid') AS invalid,
            count(*) FILTER (WHERE validation_result ->> 'code' IS NOT NULL) AS failed,
            coalesce(array_agg(latency_ms) FILTER (WHERE validation_result ->> 'code' IS NULL AND latency_ms IS NOT NULL), '{}') AS latencies_ms
       FROM llm_interactions
      WHERE experiment_id = ? AND arm IS NOT NULL
      GROUP BY arm
      ORDER BY arm`,
    [experimentId],
  );
  return rows;
}

/** What users said about an event, beside the level that each version gave it. */
export type JudgedFeedback = {
  feedback_type: FeedbackType;
  expected_severity: Severity | null;
  stored_level: Severity | null;
  control_level: Severity | null;
  treatment_level: Severity | null;
};

/** Of pairs both levels; where one version judged the event, its level is that of the event. */
export async function listExperimentFeedback(knex: Knex, experiment: { id: number; name: string }): Promise<JudgedFeedback[]> {
  const { rows } = await knex.raw<{ rows: JudgedFeedback[] }>(
    `SELECT f.feedback_type, f.expected_severity, e.risk_level AS stored_level, p.control_level, p.treatment_level
       FROM (SELECT event_id, v1_risk_level AS control_level, v2_risk_level AS treatment_level
               FROM (SELECT DISTINCT ON (event_id) * FROM experiment_results WHERE experiment_name = ? ORDER BY event_id, id DESC) latest
              UNION ALL
             SELECT i.event_id, CASE i.arm WHEN 'control' THEN e.risk_level END, CASE i.arm WHEN 'treatment' THEN e.risk_level END
               FROM (SELECT DISTINCT ON (event_id) * FROM llm_interactions WHERE experiment_id = ? ORDER BY event_id, id DESC) i
               JOIN events e ON e.id = i.event_id AND e.risk_source = 'llm'
              WHERE NOT EXISTS (SELECT FROM experiment_results r WHERE r.experiment_name = ? AND r.event_id = i.event_id)) p
       JOIN events e ON e.id = p.event_id
       JOIN event_feedback f ON f.event_id = p.event_id`,
    [experiment.name, experiment.id, experiment.name],
  );
  return rows;
}
