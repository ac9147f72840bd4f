/** A place in object storage. `key` is as the store has it: nothing in it is decoded, `..` and `//` mean nothing. */
export type ObjectPlace = { bucket: string; key: string };

const SCHEME = 's3://';

/** Whether a stored path names an object instead of a file. */
export function isObjectUri(path: string): boolean {
  return path.startsWith(SCHEME);
}

export function objectUri({ bucket, key }: ObjectPlace): string {
  return key === '' ? `${SCHEME}${bucket}` : `${SCHEME}${bucket}/${key}`;
}

/** Undefined for what is no `s3://bucket` or `s3://bucket/key`. */
export function parseObjectUri(uri: string): ObjectPlace | undefined {
  const [, bucket, key = ''] = /^s3:\/\/([A-Za-z0-9][A-Za-z0-9._:-]{1,254})(?:\/(.*))?$/s.exec(uri) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}
