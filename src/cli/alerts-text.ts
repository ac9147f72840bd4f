/** What became of alerts in a run. */
export type RunAlerts = {
  created: number;
  dismissed: number;
  told: { delivered: number; held: number; failed: number; scene_changes: number; busy: boolean } | undefined;
};

/** `3 raised, 1 taken back; 2 told, 1 held back`; undefined when there is nothing to tell. */
export function alertsText({ created, dismissed, told }: RunAlerts): string | undefined {
  const raised = listed([
    ['raised', created],
    ['taken back', dismissed],
  ]);
  const heard = told && [
    listed([
      ['told', told.delivered],
      ['scene changes told', told.scene_changes],
      ['held back', told.held],
      ['not taken by any channel: hs alerts deliver', told.failed],
    ]),
    told.busy ? 'another process tells of them' : '',
  ];
  const parts = [raised, ...(heard ?? [])].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join('; ');
}

function listed(counts: readonly [label: string, count: number][]): string {
  return counts
    .filter(([, count]) => count > 0)
    .map(([label, count]) => `${String(count)} ${label}`)
    .join(', ');
}
