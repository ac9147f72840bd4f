import { GENERIC_TEMPLATES } from './generic-layout.ts';
import { parseTemplate, untimedTemplate } from './parse-template.ts';
import type { TemplateOptions, TimeTemplate } from './template.ts';

/** A named, ordered list of templates; the first that matches wins. */
export type Layout = { name: string; templates: readonly TimeTemplate[] };

const TESLA = {
  moving: true,
  cameras: ['front', 'back', 'left_repeater', 'right_repeater', 'left_pillar', 'right_pillar'],
};

/** The built-in layouts in the order in which `auto` tries them; `generic` is the last. */
export const PRESETS: readonly Layout[] = [
  layout('foscam', [
    ['{w}alarm_{yyyy}{MM}{dd}-{HH}{mm}{ss}.jpg'],
    ['{w}alarm_{yyyy}{MM}{dd}_{HH}{mm}{ss}.{ext}'],
    ['Schedule_{yyyy}{MM}{dd}-{HH}{mm}{ss}.jpg'],
  ]),
  layout('reolink', [
    ['{camera}_{n}_{yyyy}{MM}{dd}{HH}{mm}{ss}.{ext}'],
    ['Mp4Record/{yyyy}-{MM}-{dd}/Rec{w}{x}_{dst}{yyyy}{MM}{dd}_{HH}{mm}{ss}_{eHH}{emm}{ess}_{*}.mp4'],
    ['Rec_{yyyy}{MM}{dd}_{HH}{mm}{ss}_{n}_{w}.mp4'],
  ]),
  layout('unifi', [['{camera}/{yyyy}-{MM}-{dd}/{eyyyy}-{eMM}-{edd}T{eHH}-{emm}-{ess} {*}.mp4']]),
  {
    name: 'hikvision',
    templates: [preset('hikvision', ['{*}_{n}_{yyyy}{MM}{dd}{HH}{mm}{ss}{SSS}_{*}.jpg']), untimedTemplate('hiv{n}.mp4', 'hikvision')],
  },
  layout('dahua', [
    ['{yyyy}-{MM}-{dd}/{n}/jpg/{HH}/{mm}/{ss}[{w}][{*}][{n}].jpg'],
    ['{yyyy}-{MM}-{dd}/{n}/jpg/{HH}/{mm}.{ss}[{w}][{*}][{n}].jpg'],
    ['{yyyy}-{MM}-{dd}/{**}/dav/{**}/{HH}.{mm}.{ss}-{eHH}.{emm}.{ess}[{w}][{*}][{n}].{ext}'],
  ]),
  layout('frigate', [
    ['recordings/{yyyy}-{MM}-{dd}/{HH}/{camera}/{mm}.{ss}.mp4', { zone: 'utc' }],
    ['clips/{camera}-{unix}-{*}.{ext}', { zone: 'utc' }],
    ['exports/{camera}_{yyyy}{MM}{dd}_{HH}{mm}{ss}-{eyyyy}{eMM}{edd}_{eHH}{emm}{ess}_{*}.mp4'],
  ]),
  layout('blue-iris', [['{camera}.{yyyy}{MM}{dd}_{HH}{mm}{ss}.{ext}']]),
  layout('wyze', [['record/{yyyy}{MM}{dd}/{HH}/{mm}.mp4']]),
  layout('ring', [['RingVideo_{yyyy}{MM}{dd}_{HH}{mm}{ss}.{ext}', { confidence: 'low' }, { containerWinsBeyondMs: 60_000 }]]),
  layout('tesla', [
    ['{w}Clips/{yyyy}-{MM}-{dd}_{HH}-{mm}-{ss}-{camera}.mp4', {}, TESLA],
    ['{w}Clips/{*}/{yyyy}-{MM}-{dd}_{HH}-{mm}-{ss}-{camera}.mp4', {}, TESLA],
  ]),
  { name: 'generic', templates: GENERIC_TEMPLATES },
];

type PresetEntry = readonly [text: string, options?: TemplateOptions, extras?: Partial<TimeTemplate>];

function layout(name: string, entries: readonly PresetEntry[]): Layout {
  return { name, templates: entries.map((entry) => preset(name, entry)) };
}

function preset(name: string, [text, options, extras]: PresetEntry): TimeTemplate {
  const parsed = parseTemplate(text, { layout: name, ...options });
  if (!parsed.ok) throw new Error(parsed.message);
  return { ...parsed.template, ...extras };
}
