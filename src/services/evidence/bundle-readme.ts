import { NAMES, type BundleManifest } from './bundle-format.ts';

/** How somebody without hs reads and checks a bundle. Lines that begin with four blanks are commands. */
export function readmeText(manifest: BundleManifest, fileName: string): string {
  const name = /^\w[\w.-]*$/.test(fileName) ? fileName : 'bundle.zip';
  return `${[...aboutLines(manifest), ...contentLines(manifest), ...checkLines(name, manifest), ...limitLines()].join('\n')}\n`;
}

function aboutLines({ created_at, app_version, created_by, events, note }: BundleManifest): string[] {
  return [
    'EVIDENCE BUNDLE',
    '',
    `Made on ${created_at} by hs ${oneLine(app_version)}, asked for by ${oneLine(created_by)}.`,
    `Events: ${events.join(', ')}.`,
    ...(note === null ? [] : [`Note: ${oneLine(note)}`]),
    '',
  ];
}

function contentLines({ originals, clips }: BundleManifest): string[] {
  return [
    'WHAT IS IN IT',
    '',
    'event-N.json   what is known of event N: when and how surely, what was seen, with which model, rules and run, who did what',
    ...(originals === 'whole' ? ['originals/     the files of the recorder, byte for byte as they were when they were taken in'] : []),
    ...(clips ? ['clips/         a video of each event, cut from those files'] : []),
    'stills/        frames of those files in which things are seen best; -boxes: the same with what was detected',
    'manifest.json  every file with its size, SHA-256 and origin; under "missing" what could not be had, and why',
    'SHA256SUMS     the same SHA-256 values, for sha256sum',
    '',
  ];
}

function checkLines(name: string, manifest: BundleManifest): string[] {
  const closing = [NAMES.manifest, NAMES.sums, ...(manifest.signature === null ? [] : [NAMES.signature, NAMES.publicKey])];
  return [
    'HOW TO CHECK IT WITH COMMON TOOLS (bash; on macOS shasum -a 256 in place of sha256sum)',
    '',
    'Unpack it:',
    `    unzip -q ${name} -d bundle && cd bundle`,
    'Every file is what the list says; each must be OK:',
    `    sha256sum --strict -c ${NAMES.sums}`,
    'The list is the one the manifest was made with; must print "list: OK":',
    `    [ "$(sed '$d' ${NAMES.sums} | sha256sum | cut -c1-64)" = "$(sed -n 's/^  "list_sha256": "\\([0-9a-f]*\\)",$/\\1/p' ${NAMES.manifest})" ] && echo list: OK`,
    'Nothing was added, and nothing is in it twice; must print "names: OK":',
    `    diff <(unzip -Z1 ../${name} | LC_ALL=C sort) <({ cut -c67- ${NAMES.sums}; printf '%s\\n' ${closing.filter((each) => each !== NAMES.manifest).join(' ')}; } | LC_ALL=C sort) && echo names: OK`,
    ...signatureLines(manifest),
    'The same and more in one step:',
    `  hs evidence verify ${name}`,
    '',
  ];
}

function signatureLines({ signature }: BundleManifest): string[] {
  if (signature === null) return ['It is not signed: the checks find damage and clumsy changes, but not who made it.'];
  return [
    'The manifest was signed with the key enclosed:',
    `    openssl pkeyutl -verify -pubin -inkey ${NAMES.publicKey} -rawin -in ${NAMES.manifest} -sigfile ${NAMES.signature}`,
    'Whose key that is nobody can tell from this bundle. Compare its fingerprint with one that you were told in another way:',
    `    openssl pkey -pubin -in ${NAMES.publicKey} -outform DER | sha256sum`,
  ];
}

function limitLines(): string[] {
  return [
    'WHAT IT DOES NOT SAY',
    '',
    'The originals are as they were when hs took them in; whether they were changed before that it cannot know.',
    'Detections and scores were made by programs and may be wrong: look at the footage.',
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/\p{Cc}/gu, '\ufffd');
}
