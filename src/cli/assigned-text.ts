type Assigned = { area: string; changed: readonly string[]; unchanged: readonly string[]; of_other_property: readonly string[] };

/** What `hs areas assign` and `unassign` did, in lines for people. */
export function assignedText(assigned: Assigned, { into, dryRun }: { into: boolean; dryRun: boolean }): string {
  const { area, changed, unchanged, of_other_property: elsewhere } = assigned;
  const verb = `${dryRun ? 'would be ' : ''}${into ? 'added to' : 'taken out of'}`;
  return [
    ...(changed.length === 0 ? [] : [`${changed.join(', ')} ${verb} ${area}`]),
    ...(unchanged.length === 0
      ? []
      : [`${unchanged.join(', ')} ${unchanged.length === 1 ? 'was' : 'were'} ${into ? 'in' : 'not in'} ${area} before`]),
    ...(into && elsewhere.length > 0 ? [`not at the property of ${area}: ${elsewhere.join(', ')}`] : []),
  ].join('\n');
}
