import { parseLayouts, templatesOfLayout, type LayoutSetting } from '../../domain/time/layouts.ts';

type LayoutSettings = {
  layout: string;
  layouts: readonly LayoutSetting[];
  cameras: Readonly<Record<string, { layout?: string | undefined }>>;
};

export type LayoutProblem = { keys: string[]; problem: string };

/** What ingest would refuse of the layouts in the settings: templates that cannot be read, names that no layout has. */
export function findLayoutProblems({ layout, layouts, cameras }: LayoutSettings): LayoutProblem[] {
  const own = parseLayouts(layouts);
  if (!own.ok) return [{ keys: ['layouts'], problem: own.message }];
  const used = [
    { keys: ['layout'], name: layout },
    ...Object.entries(cameras).flatMap(([id, camera]) =>
      camera.layout === undefined ? [] : [{ keys: ['cameras', id, 'layout'], name: camera.layout }],
    ),
  ];
  return used.flatMap(({ keys, name }) => {
    const found = templatesOfLayout(name, own.layouts);
    return found.ok ? [] : [{ keys, problem: found.message }];
  });
}
