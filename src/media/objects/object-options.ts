/** How object storage is reached. Credentials are no part of it: the SDK finds them itself. */
export type ObjectOptions = {
  /** Absent: AWS. */
  endpoint?: string | undefined;
  /** Absent: as the SDK finds it. */
  region?: string | undefined;
  /** Buckets in the path instead of in the host name. */
  pathStyle: boolean;
  checksums: 'when_supported' | 'when_required';
  cacheMaxGb: number;
  /** Copies lie here. */
  cacheFolder: string;
  /** Ends downloads. */
  signal?: AbortSignal | undefined;
};

let current: ObjectOptions | undefined;

/** Says once per process how objects are reached; whoever opens footage need not know where it lies. Loads nothing. */
export function useObjectOptions(options: ObjectOptions | undefined): void {
  current = options;
}

export function objectOptions(): ObjectOptions {
  if (current === undefined) throw new TypeError('nobody said how object storage is reached');
  return current;
}
