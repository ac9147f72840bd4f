import { locateFfmpeg, type WantedFfmpeg } from '../../media/ffmpeg/locate-ffmpeg.ts';
import { failed, ok, warn, type DoctorLine } from './doctor-line.ts';

const ORIGIN = { setting: 'as set', path: 'from PATH', bundled: 'bundled' } as const;

/** Which ffmpeg decodes. One that is set but does not work is a failure; none at all still leaves pictures. */
export async function checkFfmpeg(wanted: WantedFfmpeg): Promise<DoctorLine> {
  try {
    const { ffmpeg, version, origin, bundledOld } = await locateFfmpeg(wanted);
    const message = `ffmpeg ${version} (${ORIGIN[origin]}): ${ffmpeg}`;
    if (!bundledOld) return ok('ffmpeg', message);
    return warn('ffmpeg', `${message} is old: newer codecs are missing from it`, 'install ffmpeg 5.1 or newer; it is then found in PATH');
  } catch (error) {
    if (wanted.ffmpeg !== undefined || wanted.ffprobe !== undefined) return failed('ffmpeg', error);
    const message = error instanceof Error ? error.message : String(error);
    return warn('ffmpeg', message, 'install ffmpeg 5.1 or newer, or name it with HS_FFMPEG');
  }
}
