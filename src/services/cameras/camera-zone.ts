/** The part of the configuration that says which time zone a camera lives in. */
export type ZoneSettings = {
  timezone?: string | undefined;
  cameras: Readonly<Record<string, { timezone?: string | undefined }>>;
};

type ZonedCamera = { camera_id: string; camera_timezone: string | null; property_timezone: string | null };

/** Time zone of a row's camera: its own, its property's, the configuration's for it or for all, else UTC. */
export function cameraZone(row: ZonedCamera, settings: ZoneSettings): string {
  const configured = Object.hasOwn(settings.cameras, row.camera_id) ? settings.cameras[row.camera_id]?.timezone : undefined;
  return row.camera_timezone ?? row.property_timezone ?? configured ?? settings.timezone ?? 'UTC';
}
