import { Flags } from '@oclif/core';
import { parseFindingKind, type FindingKind } from '../domain/run-findings.ts';
import { UsageError } from '../errors/hs-error.ts';

/** `--fail-on alert,gap,tamper,level=L`. */
export const failOnFlag = () =>
  Flags.custom<FindingKind>({
    summary:
      'Exit with 7 when there is such a finding: alert (raised by this run), gap (a hole in the footage it took in), tamper (an open scene change there), level=high (an event it rated so, or worse).',
    helpValue: 'KIND',
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
    parse: (text) => {
      const kind = parseFindingKind(text);
      if (kind !== undefined) return Promise.resolve(kind);
      return Promise.reject(
        new UsageError(`--fail-on ${JSON.stringify(text)} is none of alert, gap, tamper and level=low|medium|high|critical`),
      );
    },
  })();
