/** One row of `event_detections`, as stored: events and detections find each other through it. */
export type EventDetectionRow = {
  event_id: number;
  detection_id: number;
  /** Of the detection: detections is partitioned by it, so join on both. */
  detected_at: Date;
  created_at: Date;
};
