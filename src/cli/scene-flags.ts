import { Flags } from '@oclif/core';
import { SCENE_CHANGE_TYPES } from '../domain/enums.ts';
import { SCENE_MODES } from '../domain/scene/scene-luma.ts';
import { choiceFlag, toChoices } from './choice-flag.ts';

const FILTER = 'FILTER';

export const sceneFlags = {
  type: choiceFlag(SCENE_CHANGE_TYPES, 'Only these kinds of change.'),
  mode: choiceFlag(SCENE_MODES, 'Only day or only infrared pictures.'),
  open: Flags.boolean({
    summary: 'Only changes that nobody acknowledged and that are not over; --no-open: only the others.',
    allowNo: true,
    helpGroup: FILTER,
  }),
};

type SceneFlagValues = { type?: string[] | undefined; mode?: string[] | undefined; open?: boolean };

/** The filter of `sceneFlags` as the services take it. */
export function toSceneFilter({ type, mode, open }: SceneFlagValues) {
  return { types: toChoices('type', type, SCENE_CHANGE_TYPES), modes: toChoices('mode', mode, SCENE_MODES), open };
}

/** One mode, where a command is about one reference. */
export const oneModeFlag = Flags.option({ summary: 'Only this one.', options: SCENE_MODES })();
