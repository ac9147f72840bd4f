import { HsError, TemporaryError, UsageError } from '../../errors/hs-error.ts';
import { MediaError } from '../media-error.ts';

type StoreError = Error & { $metadata?: { httpStatusCode?: number }; code?: string };

/** What became of a question to the store; only names and codes are looked at: messages may hold what nobody should read. */
type Reason = 'missing' | 'no-credentials' | 'refused' | 'archived' | 'no-region' | 'elsewhere' | 'unreachable';

const REASON_OF_NAME: Readonly<Record<string, Reason>> = {
  NoSuchKey: 'missing',
  NotFound: 'missing',
  NoSuchBucket: 'missing',
  CredentialsProviderError: 'no-credentials',
  TokenProviderError: 'no-credentials',
  InvalidObjectState: 'archived',
  PermanentRedirect: 'elsewhere',
  AuthorizationHeaderMalformed: 'elsewhere',
};

function reasonOf(error: StoreError): Reason {
  const known = REASON_OF_NAME[error.name];
  if (known !== undefined) return known;
  const status = error.$metadata?.httpStatusCode ?? 0;
  if (status === 404) return 'missing';
  if (status === 401 || status === 403) return 'refused';
  if (status === 301) return 'elsewhere';
  return error.message.startsWith('Region is missing') ? 'no-region' : 'unreachable';
}

/** As `AccessDenied`, `ECONNREFUSED` or `status 503`. */
function shortName({ name, code, $metadata }: StoreError): string {
  if (code !== undefined && /^[A-Z_]+$/.test(code)) return code;
  const status = $metadata?.httpStatusCode;
  return /^(Error|Unknown\w*|\d+)$/.test(name) && status !== undefined ? `status ${String(status)}` : name;
}

const CREDENTIALS = 'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile in ~/.aws, or the role of the machine';

type Told = { code: string; text: (root: string, why: string) => string; hint: string };

const REFUSED: Told = {
  code: 's3_refused',
  text: (root, why) => `${root} may not be listed (${why})`,
  hint: `check ${CREDENTIALS}; they need s3:ListBucket and s3:GetObject`,
};

const TOLD: Readonly<Record<Reason, Told>> = {
  missing: { code: 'not_found', text: (root) => `there is no bucket at ${root}`, hint: 'check its name, and s3.endpoint' },
  'no-credentials': { code: 's3_credentials', text: (root) => `no credentials were found for ${root}`, hint: `give ${CREDENTIALS}` },
  refused: REFUSED,
  archived: REFUSED,
  'no-region': { code: 's3_region', text: (root) => `no region is known for ${root}`, hint: 'set s3.region or AWS_REGION' },
  elsewhere: { code: 's3_region', text: (root, why) => `the bucket of ${root} is in another region (${why})`, hint: 'set s3.region' },
  unreachable: {
    code: 's3_unreachable',
    text: (root, why) => `object storage cannot be reached for ${root} (${why})`,
    hint: 'check that it runs and that s3.endpoint is right, then run again',
  },
};

/** Why nothing below a root can be listed. The signal's reason and errors of ours are passed on as they are. */
export function toRootError(root: string, error: unknown): unknown {
  if (!isOfStore(error)) return error;
  const reason = reasonOf(error);
  const { code, text, hint } = TOLD[reason];
  const message = text(root, shortName(error));
  return reason === 'unreachable'
    ? new TemporaryError(code, message, { hint, cause: error })
    : new UsageError(message, { code, hint, cause: error });
}

function isOfStore(error: unknown): error is StoreError {
  const isOurs = error instanceof HsError || error instanceof MediaError || error instanceof TypeError;
  return error instanceof Error && !isOurs && error.name !== 'AbortError';
}

const OBJECT_TEXT: Readonly<Record<Exclude<Reason, 'missing' | 'archived'>, string>> = {
  'no-credentials': 'cannot be read: no credentials were found',
  refused: 'cannot be read: the store refuses it',
  'no-region': 'cannot be read: no region is known',
  elsewhere: 'cannot be read: its bucket is in another region',
  unreachable: 'cannot be read: the store does not answer',
};

/** Why one object cannot be read, as a MediaError; the signal's reason and errors of ours are passed on as they are. */
export function toObjectError(error: unknown): unknown {
  if (!isOfStore(error)) return error;
  const reason = reasonOf(error);
  if (reason === 'missing') return new MediaError('vanished', 'is not there any more', { cause: error });
  if (reason === 'archived') return new MediaError('unreadable', 'is archived; restore it in the store first', { cause: error });
  return new MediaError('unreadable', `${OBJECT_TEXT[reason]} (${shortName(error)})`, { cause: error });
}
