import { mkdir, utimes, writeFile } from 'node:fs/promises';

import { fileInput, OLD, type HostileInput } from './hostile-input.ts';
import { goodJpeg } from './picture-inputs.ts';

/** Names that mean something to a shell, a decoder, a terminal, a spreadsheet or a database. All of them are lawful here. */
const NAMES = [
  '-version.jpg',
  '--help.jpg',
  '-i.jpg',
  '-.jpg',
  '%03d.jpg',
  'frame%5d.jpg',
  '%s%n%x.jpg',
  'pipe:0.jpg',
  'file:x.jpg',
  'concat:a|b.jpg',
  'http:example.jpg',
  'lavfi testsrc.jpg',
  'line\nbreak.jpg',
  'return\rback.jpg',
  'tab\there.jpg',
  'bell\x07.jpg',
  'red\x1b[31m.jpg',
  'title\x1b]0;owned\x07.jpg',
  'delete\x7f.jpg',
  'c1-\u009b31m.jpg',
  "single'quote.jpg",
  'double"quote.jpg',
  'back\\slash.jpg',
  '$(touch hs-was-here).jpg',
  '`touch hs-was-here`.jpg',
  'a;touch hs-was-here.jpg',
  'a&b|c>d<e.jpg',
  '*.jpg',
  '?[a-z]{b,c}.jpg',
  '~.jpg',
  '#hash.jpg',
  ' leading.jpg',
  'two  blanks.jpg',
  "=cmd|' C calc'!A0.jpg",
  '@SUM(A1).jpg',
  "'; DROP TABLE media_files; --.jpg",
  '{"json": true}.jpg',
  '<script>alert(1)<script>.jpg',
  'emoji-👩‍👩‍👧‍👦.jpg',
  'right-\u202egpj.exe.jpg',
  'isolate-\u2066x\u2069.jpg',
  'zero\u200bwidth.jpg',
  'line-separator\u2028.jpg',
  'caf\u00e9.jpg',
  'cafe\u0301.jpg',
  'mark\ufeff.jpg',
  'private-\ue000.jpg',
  'noncharacter-\ufffe.jpg',
  'x\u0300'.repeat(40) + '.jpg',
  `${'a'.repeat(251)}.jpg`,
  `${'日'.repeat(83)}.jpg`,
  'UPPER.JPG',
  'upper.jpg',
  'Upper.Jpg',
  'con.jpg',
  'two.mp4.jpg',
];

const BAD_BYTES = [
  Buffer.from('caf\xe9.jpg', 'latin1'),
  Buffer.from('\xff\xfe.jpg', 'latin1'),
  Buffer.from('\xed\xa0\x80.jpg', 'latin1'),
  Buffer.from('\x80\n\x1b[31m.jpg', 'latin1'),
];

/** Names that are no footage: nothing is said about them. */
const IGNORED = ['.hidden.jpg', '..jpg', '.mp4', 'jpg', 'dot.jpg.', 'blank.jpg ', 'part.mp4.part', 'Thumbs.db', 'list.idx'];

export async function nameInputs(): Promise<HostileInput[]> {
  const jpegs = await Promise.all(NAMES.map((_, index) => goodJpeg(1000 + index)));
  const good = NAMES.map((name, index) => fileInput('odd name', `names/${name}`, jpegs[index] ?? '', 'in'));
  const other = await goodJpeg(2000);
  const badBytes = BAD_BYTES.map((name): HostileInput => ({
    kind: 'name that is not UTF-8',
    path: Buffer.concat([Buffer.from('bytes/'), name]),
    outcomes: ['name_not_utf8'],
    make: async (path) => {
      await mkdir(Buffer.from(path as Buffer).subarray(0, -name.length - 1), { recursive: true });
      await writeFile(path, other);
      await utimes(path, OLD, OLD);
    },
  }));
  const ignored = IGNORED.map((name) => fileInput('no name of footage', `no-footage/${name}`, other, 'ignored'));
  const page = `<html>${'<p>Login</p>'.repeat(40)}</html>`;
  const shown = ['red\x1b[31m.mp4', 'two\nlines.mp4', '\u202egpj.mp4', 'c1\u009b31m.mp4', 'tab\tand\x07bell.mp4', '=1+1.mp4'].map((name) =>
    fileInput('odd name that is shown', `bad-names/${name}`, page, 'not_media'),
  );
  return [...good, ...shown, ...badBytes, ...ignored, ...(await folderInputs())];
}

/** Folders whose names become cameras, folders with names of files, and very deep ones. */
async function folderInputs(): Promise<HostileInput[]> {
  const deep = Array.from({ length: 60 }, (_, index) => `d${String(index)}`).join('/');
  const long = Array.from({ length: 11 }, (_, index) => `${String(index)}${'l'.repeat(239)}`).join('/');
  const paths: [path: string, ...outcomes: string[]][] = [
    ['red\x1b[31m camera\n/a.jpg', 'in'],
    ['-rf/a.jpg', 'in'],
    ["robert'); DROP TABLE cameras; --/a.jpg", 'in'],
    ['\u202eevac/a.jpg', 'in'],
    ['👻👻/a.jpg', 'camera_unknown'],
    ['---/a.jpg', 'camera_unknown'],
    [`${'w'.repeat(255)}/a.jpg`, 'camera_unknown'],
    ['Side Door/a.jpg', 'in'],
    ['side_door/b.jpg', 'camera_conflict'],
    ['folders/like-a-file.mp4/inside.jpg', 'in'],
    ['folders/like-a-picture.jpg/inside.jpg', 'in'],
    [`folders/${deep}/deep.jpg`, 'in'],
    [`folders/@eaDir/thumb.jpg`, 'ignored'],
    [`folders/.Trash-1000/gone.jpg`, 'ignored'],
    [`folders/${long}/long.jpg`, 'path_too_long'],
  ];
  const jpegs = await Promise.all(paths.map((_, index) => goodJpeg(3000 + index)));
  const files = paths.map(([path, ...outcomes], index) => fileInput('odd folder', path, jpegs[index] ?? '', ...outcomes));
  const empty: HostileInput = {
    kind: 'odd folder',
    path: 'folders/empty.jpg',
    outcomes: ['ignored'],
    make: async (path) => {
      await mkdir(path, { recursive: true });
    },
  };
  return [...files, empty];
}
