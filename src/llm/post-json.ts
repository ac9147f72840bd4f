/** What a server answered, whatever it was. */
export type HttpAnswer = { status: number; text: string; retryAfter: string | null; location: string | null };

type PostOptions = {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: unknown;
  timeoutMs: number;
  maxBytes: number;
  signal: AbortSignal;
};

/** No answer came: the connection failed or broke, or it took too long. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly isTimeout: boolean;

  constructor(message: string, isTimeout: boolean) {
    super(message);
    this.isTimeout = isTimeout;
  }
}

/** The answer is larger than is read. */
export class TooMuchAnswerError extends Error {
  override readonly name = 'TooMuchAnswerError';
}

/** Sends JSON and reads the whole answer. Redirects are not followed. Throws NoAnswerError, or the signal's reason once it is aborted. */
export async function postJson(options: PostOptions): Promise<HttpAnswer> {
  const { signal, timeoutMs } = options;
  signal.throwIfAborted();
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort(new NoAnswerError(`no answer within ${String(timeoutMs / 1000)} s`, true));
  }, timeoutMs);
  const onAbort = (): void => {
    stop.abort(signal.reason);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await send(options, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    if (error instanceof TooMuchAnswerError) throw error;
    throw new NoAnswerError(reasonOf(error), isConnectTimeout(error));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function send({ url, headers, body, maxBytes }: PostOptions, signal: AbortSignal): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal,
  });
  const text = await readText(response, maxBytes);
  const { status } = response;
  return { status, text, retryAfter: response.headers.get('retry-after'), location: response.headers.get('location') };
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > maxBytes) throw new TooMuchAnswerError(`the answer has more than ${String(maxBytes)} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const inner = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause;
  const told = inner instanceof Error ? inner : error;
  if (!(told instanceof Error)) return String(told);
  const { code } = told as { code?: unknown };
  return told.message === '' && typeof code === 'string' ? code : told.message;
}

function isConnectTimeout(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  return (cause as { code?: unknown } | undefined)?.code === 'UND_ERR_CONNECT_TIMEOUT';
}
