import { Args, Flags } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { householdChangeFlags } from '../../../cli/household-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { printRecord } from '../../../cli/print-record.ts';
import { enrollMember } from '../../../services/households/enroll-member.ts';
import { LARGEST_INTEGER } from '../../../cli/largest-integer.ts';

export default class HouseholdsMemberEnroll extends HsCommand<typeof HouseholdsMemberEnroll> {
  static override summary = 'Give a member reference pictures to be recognised by.';
  static override description =
    'Needs an installed embedding model. A picture must show one standing person, or be cut to one; several from different days recognise better. It takes effect with the next `entities update`, for footage from before with `entities rebuild`.';
  static override examples = [
    '<%= config.bin %> households member enroll Anna --image anna-1.jpg --image anna-2.jpg',
    '<%= config.bin %> households member enroll Anna --from-event 4711',
  ];
  static override settingFlags = { device: 'detector.device' };
  static override args = { member: Args.string({ description: 'name or id of the member', required: true }) };
  static override flags = {
    image: Flags.string({ summary: 'A picture of the person; may be repeated.', multiple: true, helpValue: 'FILE' }),
    'from-event': Flags.integer({ summary: 'Take the person in this event.', helpValue: 'ID', min: 1, max: LARGEST_INTEGER }),
    track: Flags.integer({
      summary: 'Which of several people in the event.',
      helpValue: 'ID',
      min: 1,
      max: LARGEST_INTEGER,
      dependsOn: ['from-event'],
    }),
    model: Flags.string({ summary: 'Embedding model; by default the most preferred one installed.', helpValue: 'ID' }),
    device: Flags.string({ summary: 'Where the model runs, such as cpu or cuda.', helpValue: 'NAME' }),
    ...householdChangeFlags,
  };

  async run(): Promise<void> {
    const { image: images = [], 'from-event': eventId, track: trackId, model, 'dry-run': dryRun, json } = this.flags;
    const settings = this.settings;
    const who = { member: this.args.member, actor: actorName(settings.actor), dryRun };
    const options = { ...who, images, eventId, trackId, model, settings, signal: this.signal };
    const enrolled = await this.withDatabase(({ knex }) => enrollMember(knex, options));
    if (dryRun) this.note('nothing was changed');
    await printRecord(enrolled, { json, terminal: this.stdout });
  }
}
