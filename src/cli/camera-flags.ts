import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { RECORDING_MODES } from '../domain/enums.ts';
import { isObjectUri } from '../domain/object-uri.ts';
import { LARGEST_INTEGER } from './largest-integer.ts';

const CAMERA = 'CAMERA';

export const cameraFlags = {
  name: Flags.string({ summary: 'Name to show.', helpGroup: CAMERA }),
  property: Flags.string({ summary: 'Site it belongs to; with --timezone a new one is made.', helpValue: 'NAME', helpGroup: CAMERA }),
  folder: Flags.string({ summary: 'Folder its footage comes from.', helpValue: 'PATH', helpGroup: CAMERA }),
  timezone: Flags.string({
    summary: 'Time zone of the times in its file names, such as Europe/Berlin.',
    helpValue: 'ZONE',
    helpGroup: CAMERA,
  }),
  recording: Flags.option({ summary: 'Whether it records always or when something moves.', options: RECORDING_MODES, helpGroup: CAMERA })(),
  'clock-offset': Flags.integer({
    min: -LARGEST_INTEGER,
    max: LARGEST_INTEGER,
    summary: 'Seconds to add to its times; -240 for a clock that runs 240 s fast.',
    helpValue: 'SECONDS',
    helpGroup: CAMERA,
  }),
  enable: Flags.boolean({ summary: 'Take its files.', exclusive: ['disable'], helpGroup: CAMERA }),
  disable: Flags.boolean({ summary: 'Leave its files out.', helpGroup: CAMERA }),
  moving: Flags.boolean({ summary: 'It pans or is carried: no motion gate, no standing objects.', allowNo: true, helpGroup: CAMERA }),
  'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
};

type CameraFlagValues = {
  name?: string | undefined;
  property?: string | undefined;
  folder?: string | undefined;
  timezone?: string | undefined;
  recording?: (typeof RECORDING_MODES)[number] | undefined;
  'clock-offset'?: number | undefined;
  enable?: boolean;
  disable?: boolean;
  moving?: boolean;
};

/** The changes of `cameraFlags` as the services take them. */
export function toCameraChanges(flags: CameraFlagValues) {
  return {
    name: flags.name,
    property: flags.property,
    folder: flags.folder === undefined || isObjectUri(flags.folder) ? flags.folder : resolve(flags.folder),
    timezone: flags.timezone,
    recording: flags.recording,
    clockOffsetS: flags['clock-offset'],
    enabled: enabledBy(flags),
    moving: flags.moving,
  };
}

function enabledBy({ enable, disable }: Pick<CameraFlagValues, 'enable' | 'disable'>): boolean | undefined {
  if (enable === true) return true;
  return disable === true ? false : undefined;
}
