/** Local wall time as `2026-03-07T08:15:00`, whatever follows (milliseconds, offset) is left out. */
function wallParts(instant: string): { date: string; hour: string; minute: string; second: string } {
  const [date = '', time = ''] = instant.slice(0, 19).split('T');
  const [hour = '', minute = '', second = ''] = time.split(':');
  return { date, hour, minute, second };
}

/** As a Reolink camera names its FTP uploads: `2026/03/07/Front Door_00_20260307081500.mp4`. */
export function reolinkPath(camera: string, startsAt: string, extension: 'mp4' | 'jpg'): string {
  const { date, hour, minute, second } = wallParts(startsAt);
  return `${date.replaceAll('-', '/')}/${camera}_00_${date.replaceAll('-', '')}${hour}${minute}${second}.${extension}`;
}

/** As a Dahua or Amcrest camera names a video: `2026-03-07/001/dav/18/18.02.00-18.02.15[M][0@0][0].mp4`. */
export function dahuaVideoPath(startsAt: string, endsAt: string): string {
  const start = wallParts(startsAt);
  const end = wallParts(endsAt);
  const span = `${start.hour}.${start.minute}.${start.second}-${end.hour}.${end.minute}.${end.second}`;
  return `${start.date}/001/dav/${start.hour}/${span}[M][0@0][0].mp4`;
}

/** As a Dahua or Amcrest camera names a snapshot: `2026-03-09/001/jpg/11/00/05[R][0@0][0].jpg`. */
export function dahuaStillPath(takenAt: string): string {
  const { date, hour, minute, second } = wallParts(takenAt);
  return `${date}/001/jpg/${hour}/${minute}/${second}[R][0@0][0].jpg`;
}
