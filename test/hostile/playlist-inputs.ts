import { fileInput, noise, type HostileInput } from './hostile-input.ts';

export type Canary = {
  /** A readable picture and a readable video outside the given folder. */
  picture: string;
  video: string;
  /** Base address of a listener that counts whoever calls. */
  url: string;
};

/** Text that tells a media program to read something else, under names of footage. */
export function playlistInputs(canary: Canary): HostileInput[] {
  const { picture, video, url } = canary;
  const texts: Record<string, string> = {
    'hls-http': `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}/hls.ts\n#EXT-X-ENDLIST\n`,
    'hls-file': `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://${video}\n#EXT-X-ENDLIST\n`,
    'hls-relative': `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n../../outside/secret.ts\n#EXT-X-ENDLIST\n`,
    'hls-key': `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${url}/key"\n#EXTINF:10,\n${url}/part.ts\n#EXT-X-ENDLIST\n`,
    'hls-concat': `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nconcat:file://${video}|file:///etc/passwd\n#EXT-X-ENDLIST\n`,
    ffconcat: `ffconcat version 1.0\nfile '${video}'\n`,
    'ffconcat-http': `ffconcat version 1.0\nfile ${url}/concat.ts\n`,
    concat: `file '${video}'\nfile '${picture}'\n`,
    sdp: `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${new URL(url).port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
    dash: `<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1"><BaseURL>${url}/dash.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>\n`,
    rtsp: `rtsp://127.0.0.1:${new URL(url).port}/stream\n`,
    url: `${url}/plain.mp4\n`,
    'file-url': `file://${video}\n`,
    pls: `[playlist]\nFile1=${url}/pls.mp4\nNumberOfEntries=1\n`,
    asx: `<asx version="3.0"><entry><ref href="${url}/asx.mp4"/></entry></asx>\n`,
    magick: `push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'url(${url}/mvg.jpg)'\npop graphic-context\n`,
    svg: `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://${picture}">]><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="640" height="480"><image xlink:href="${url}/svg.png" width="640" height="480"/><text>&x;</text></svg>\n`,
    postscript: `%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 640 480\n(${picture}) (r) file pop showpage\n`,
  };
  const suffixes = ['mp4', 'ts', 'avi', 'mkv', 'mov', 'jpg'];
  const plain = Object.entries(texts).map(([name, text], index) => {
    const suffix = ['svg', 'magick', 'postscript'].includes(name) ? 'png' : (suffixes[index % suffixes.length] ?? 'mp4');
    return fileInput('playlist', `playlists/${name}.${suffix}`, `${text}${'\n'.repeat(150)}`, 'not_media');
  });
  return [...plain, ...disguised(texts)];
}

/** The same text behind or before bytes that pass for footage. */
function disguised(texts: Record<string, string>): HostileInput[] {
  const hls = texts['hls-file'] ?? '';
  const startCode = '\0\0\x01\x65\x88\x84';
  const packets = Array.from({ length: 20 }, (_, index) => `G\x40\0\x10${(index === 0 ? hls : '').padEnd(184, '\xff')}`).join('');
  const latin1 = (text: string): Buffer => Buffer.from(text.padEnd(600, '\n'), 'latin1');
  const polyglot = (name: string, bytes: Buffer): HostileInput =>
    fileInput('disguised playlist', `playlists/${name}`, bytes, 'not_media', 'decode_failed', 'no_frames', 'unsupported_codec');
  return [
    polyglot('hls.264', latin1(`${hls}${startCode}`)),
    polyglot('hls.dav', latin1(`${texts['hls-http'] ?? ''}${startCode}`)),
    polyglot('concat.h265', latin1(`${texts['ffconcat'] ?? ''}${startCode}`)),
    polyglot('sdp.h264', latin1(`${texts['sdp'] ?? ''}${startCode}`)),
    polyglot('dash.265', latin1(`${texts['dash'] ?? ''}${startCode}`)),
    polyglot('behind-ftyp.mp4', latin1(`\0\0\0\x18ftypisom\0\0\x02\0isomiso2\n${hls}`)),
    polyglot('in-packets.ts', Buffer.from(packets, 'latin1')),
    polyglot('behind-start-code.mpg', latin1(`${startCode}\n${texts['ffconcat'] ?? ''}`)),
    polyglot('behind-ebml.mkv', latin1(`\x1aE\xdf\xa3\x80\n${hls}`)),
    polyglot('behind-riff.avi', latin1(`RIFF\xff\xff\0\0AVI \n${texts['hls-http'] ?? ''}`)),
    polyglot('behind-flv.flv', latin1(`FLV\x01\x05\0\0\0\x09\0\0\0\0\n${hls}`)),
  ];
}

/** Whole files of other kinds under names of footage. */
export function wrongSuffixInputs(jpeg: Buffer, mp4: Buffer, heic: Buffer): HostileInput[] {
  const wrong = (name: string, content: string | Buffer, ...outcomes: string[]): HostileInput =>
    fileInput('wrong suffix', `wrong/${name}`, content, ...outcomes);
  const elf = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1'), noise(500, 3)]);
  return [
    wrong('picture.mp4', jpeg, 'not_media'),
    wrong('video.jpg', mp4, 'in'),
    wrong('page.avi', `<!DOCTYPE html><html>${'<p>Login</p>'.repeat(40)}</html>`, 'not_media'),
    wrong('page.jpg', `<html>${'<p>Login</p>'.repeat(40)}</html>`, 'not_media'),
    wrong('paper.mp4', Buffer.concat([Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'), noise(500, 1)]), 'not_media'),
    wrong('archive.mkv', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), noise(500, 2)]), 'not_media'),
    wrong('program.avi', Buffer.concat([Buffer.from('MZ', 'latin1'), noise(500, 4)]), 'not_media'),
    wrong('program.ts', elf, 'not_media'),
    wrong('script.mov', `#!/bin/sh\ntouch /tmp/hs-was-here\n${'#'.repeat(200)}\n`, 'not_media'),
    wrong('text-with-nul.mp4', `a\0b\0c${'\0text'.repeat(60)}`, 'not_media'),
    wrong('zeros.mp4', Buffer.alloc(5000), 'not_media'),
    wrong('ones.mkv', Buffer.alloc(5000, 0xff), 'not_media'),
    wrong('noise.jpg', noise(5000, 6), 'not_media'),
    wrong('sync-bytes-only.ts', Buffer.alloc(188 * 50, 0x47), 'decode_failed', 'no_frames', 'unsupported_codec'),
    wrong('heic.jpg', heic, 'unsupported_container'),
    wrong('recorder.bvr', noise(5000, 7), 'unsupported_container'),
    wrong('empty.jpg', '', 'zero_bytes'),
    wrong('empty.mp4', '', 'zero_bytes'),
    wrong('one-byte.jpg', '\xff', 'too_small'),
    wrong('one-byte.mp4', '\0', 'too_small'),
    wrong('127-bytes.png', noise(127, 9), 'too_small'),
    wrong('127-bytes.jpg', jpeg.subarray(0, 127), 'too_small'),
    wrong('128-bytes.jpg', jpeg.subarray(0, 128), 'decode_failed', 'truncated'),
  ];
}
