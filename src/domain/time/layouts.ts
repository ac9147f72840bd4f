import { parseTemplate } from './parse-template.ts';
import { type Layout, PRESETS } from './presets.ts';
import type { TemplateOptions, TimeTemplate } from './template.ts';

export type LayoutSetting = { name: string; templates: readonly (TemplateOptions & { template: string })[] };

export type ParsedLayouts = { ok: true; layouts: Layout[] } | { ok: false; message: string };

export type TemplatesOfLayout = { ok: true; templates: readonly TimeTemplate[] } | { ok: false; message: string };

/** The user's layouts from the settings, checked; the first mistake ends it. Never throws. */
export function parseLayouts(settings: readonly LayoutSetting[]): ParsedLayouts {
  const layouts: Layout[] = [];
  const taken = new Set(['auto', ...PRESETS.map((preset) => preset.name)]);
  for (const { name, templates } of settings) {
    if (taken.has(name)) return { ok: false, message: `layout ${JSON.stringify(name)} exists already; choose another name` };
    taken.add(name);
    const parsed = templates.map(({ template, ...options }) => parseTemplate(template, { ...options, layout: name }));
    const wrong = parsed.find((result) => !result.ok);
    if (wrong) return { ok: false, message: `layout ${JSON.stringify(name)}: ${wrong.message}` };
    layouts.push({ name, templates: parsed.flatMap((result) => (result.ok ? [result.template] : [])) });
  }
  return { ok: true, layouts };
}

/** The templates of one layout in the order they are tried; `auto` is the user's own, then every preset, `generic` last. */
export function templatesOfLayout(name: string, own: readonly Layout[] = []): TemplatesOfLayout {
  const all = [...own, ...PRESETS];
  if (name === 'auto') return { ok: true, templates: all.flatMap((layout) => layout.templates) };
  const found = all.find((layout) => layout.name === name);
  if (found) return { ok: true, templates: found.templates };
  const names = ['auto', ...all.map((layout) => layout.name)].join(', ');
  return { ok: false, message: `there is no layout ${JSON.stringify(name)}; layouts are ${names}` };
}
