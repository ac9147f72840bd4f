export type ParsedSample = { name: string; labels: Record<string, string>; value: number };
export type ParsedMetrics = { types: Map<string, string>; helps: Map<string, string>; samples: ParsedSample[] };

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const COMMENT = /^# (HELP|TYPE) (\S+) (.+)$/;
const SAMPLE = /^([^\s{]+)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN)$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

/**
 * Reads text format 0.0.4 as strictly as its description does and as the textfile collector asks for: one HELP and one TYPE before the
 * samples of a metric, which stand together; no sample twice, no timestamps, a line feed at the end.
 */
export function parsePrometheus(text: string): ParsedMetrics {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  const metrics: ParsedMetrics = { types: new Map(), helps: new Map(), samples: [] };
  const seen = new Set<string>();
  let current = '';
  for (const line of text.split('\n').slice(0, -1)) {
    if (line.startsWith('#')) current = readComment(line, metrics, current);
    else {
      const sample = readSample(line);
      if (sample.name !== current || !metrics.types.has(current)) throw new Error(`not among its own kind: ${line}`);
      const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(key)) throw new Error(`twice: ${line}`);
      seen.add(key);
      metrics.samples.push(sample);
    }
  }
  return metrics;
}

function readComment(line: string, { types, helps, samples }: ParsedMetrics, current: string): string {
  const [, kind, name = '', rest = ''] = COMMENT.exec(line) ?? [];
  if (!NAME.test(name)) throw new Error(`neither HELP nor TYPE: ${line}`);
  const known = kind === 'HELP' ? helps : types;
  if (known.has(name) || samples.some((sample) => sample.name === name)) throw new Error(`twice or too late: ${line}`);
  if (kind === 'TYPE' && (!TYPES.includes(rest) || name !== current)) throw new Error(`no type of that metric: ${line}`);
  if (kind === 'HELP' && !/^(?:[^\\]|\\[\\n])*$/.test(rest)) throw new Error(`a stray backslash: ${line}`);
  known.set(name, rest);
  return name;
}

function readSample(line: string): ParsedSample {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (!NAME.test(name) || !NUMBER.test(value)) throw new Error(`no sample: ${line}`);
  return { name, labels: readLabels(labels), value: Number(value.replace('Inf', 'Infinity')) };
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (name === '' || name.startsWith('__') || Object.hasOwn(labels, name)) throw new Error(`no labels: ${text}`);
    labels[name] = value.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
  }
  return labels;
}
