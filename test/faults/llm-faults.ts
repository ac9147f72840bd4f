// node --import tsx test/faults/llm-faults.ts --events 200 --kills 6
// Needs Linux, openssl and a built program. Prints what it counted; exits with 1 when anything is not as it must be.
import { parseArgs } from 'node:util';
import { runChannelFaults } from './run-channel-faults.ts';
import { runLlmStorm } from './run-llm-storm.ts';
import { print, withStormDatabase } from './with-storm-database.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200' },
    kills: { type: 'string', default: '6' },
    share: { type: 'string', default: '0.3' },
    seed: { type: 'string', default: '1' },
  },
});

await withStormDatabase('llm', (place) =>
  runLlmStorm({
    ...place,
    events: Number(values.events),
    kills: Number(values.kills),
    share: Number(values.share),
    seed: Number(values.seed),
    log: print,
  }),
);
await withStormDatabase('channel', (place) => runChannelFaults({ ...place, log: print }));
