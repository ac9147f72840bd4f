import { formatLocal } from '../../domain/time/local-time.ts';
import { heatMapPlot, HOUR_LABELS, WEEKDAY_LABELS } from '../../exporters/plots/heat-map-plot.ts';
import { writePlot } from '../plots/write-plot.ts';
import type { CameraHeatMap } from './heat-map.ts';

const WIDTH = 944;

/** Writes the heat map as a drawing; returns a remark when its text cannot be read for want of a font. */
export async function writeHeatMap(path: string, map: CameraHeatMap): Promise<string | undefined> {
  const { values, largest } = map;
  return writePlot(path, heatMapPlot(frameOf(map), { rows: WEEKDAY_LABELS, columns: HOUR_LABELS, values, largest }));
}

function frameOf({ cameraId, label, asOf, zone, values, largest }: CameraHeatMap) {
  const what = label === null ? 'tracks' : `${label} tracks`;
  const known = values.flat().filter((value) => value !== null).length;
  return {
    title: `${cameraId}: what is usual`,
    subtitle: `${what} per hour of footage, 30 days to ${formatLocal(asOf.getTime(), zone).slice(0, 16).replace('T', ' ')} (${zone})`,
    description: `Weekdays by 24 hours; ${String(known)} of 168 hours are known, the busiest has ${largest.toFixed(2)}.`,
    width: WIDTH,
    use: 'file',
  } as const;
}
