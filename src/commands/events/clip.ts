import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import type { Column } from '../../cli/column.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { createItemView } from '../../cli/item-view.ts';
import { queueFlag } from '../../cli/queue-flag.ts';
import { readWords } from '../../cli/read-words.ts';
import { UsageError } from '../../errors/hs-error.ts';
import type { EventClip } from '../../services/clips/event-clip.ts';

const COLUMNS: Column<EventClip>[] = (['event_id', 'duration_ms', 'mode', 'files', 'gaps', 'bytes', 'path'] as const).map((key) => ({
  key,
  value: (clip) => clip[key],
}));

export default class EventsClip extends HsCommand<typeof EventsClip> {
  static override summary = 'Cut video clips of events from their footage.';
  static override description =
    'Files of the camera are joined in footage order; where more than 1 s is missing, 1 s of black says so. A clip of one H.264 file with a keyframe at most 1 s before it is copied, any other is encoded anew. There is no sound. Without --out clips lie in the folder clips of the home folder and the event knows its clip; one that is there is not made again. Stills are shown two a second.';
  static override examples = [
    '<%= config.bin %> events clip 7',
    '<%= config.bin %> events clip 7 --boxes',
    '<%= config.bin %> events clip 7 --before 10 --after 20 --out visitor.mp4',
    '<%= config.bin %> events list --level high --ids | <%= config.bin %> events clip - --out clips/',
  ];
  static override strict = false;
  static override args = {
    event: Args.string({ description: 'id of an event; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    before: Flags.integer({ summary: 'Seconds before the event.', default: 5, min: 0, max: 3600 }),
    after: Flags.integer({ summary: 'Seconds after the event.', default: 5, min: 0, max: 3600 }),
    mode: Flags.option({ summary: 'Copy the pictures as they are, or encode them anew.', options: ['auto', 'copy', 'encode'] as const })({
      default: 'auto',
    }),
    boxes: Flags.boolean({ summary: 'Draw boxes with class and confidence where objects of the event were seen.', default: false }),
    out: Flags.string({ summary: 'File or existing folder to write to; a file of that name is replaced.', helpValue: 'PATH' }),
    verify: Flags.boolean({ summary: 'Compare originals by their sha256, not only by size and time.', default: false }),
    queue: queueFlag(),
  };

  async run(): Promise<void> {
    const { fontRemark } = await import('../../services/clips/font-remark.ts');
    const { cutClipsAsJob } = await import('../../jobs/cut-clips-as-job.ts');
    const { before, after, mode, boxes, out, verify, json } = this.flags;
    if (boxes && mode === 'copy') throw new UsageError('--boxes draws on the pictures, and --mode copy leaves them as they are');
    const ids = (await readWords(this.words)).map(toId);
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const order = { ids, beforeMs: before * 1000, afterMs: after * 1000, mode, boxes, out, verify, settings: this.settings };
    const shown = { columns: COLUMNS, format: json ? 'json' : 'table', terminal: this.stdout, emptyText: 'no clips were made' } as const;
    const view = createItemView({ quiet: this.isQuiet, unit: 'clips' });
    const work = this.withDatabase((database) =>
      cutClipsAsJob({
        job: this.jobOf(database, 'events clip'),
        order: { ...order, actor: actorName(this.settings.actor) },
        show: (clips) => printList(view.cleared(clips), shown),
        onFailure: view.fail,
        onProgress: view.update,
      }),
    );
    this.exitWith(await work.finally(view.close));
    if (boxes) this.remark(await fontRemark());
  }
}
