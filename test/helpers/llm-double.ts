import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What a server of language models has been seen to do wrong. */
export const LLM_FAULTS = [
  'wrong key',
  'overflow',
  'too many requests',
  'internal error',
  'loading',
  'stall',
  'reset',
  'truncated json',
  'length',
  'schema ignored',
  'wrong model',
  'no choices',
] as const;
export type LlmFault = (typeof LLM_FAULTS)[number];

type Part = { type: string; text?: string; image_url?: { url: string } };

export type DoubleRequest = {
  model: string;
  messages: { role: string; content: string | Part[] }[];
  temperature: number;
  max_tokens: number;
  seed?: number;
  response_format?: { type: string; json_schema?: { name: string; schema: object } };
};

type Misbehaviour = (response: ServerResponse) => void;

type DoubleOptions = {
  /** Text of the answer to anything but a probe. */
  answer?: (request: DoubleRequest) => string;
  /** What goes wrong with a request; probes are left alone unless it says so. */
  fault?: (request: DoubleRequest, count: number) => LlmFault | Misbehaviour | undefined;
  /** The best way of asking for JSON that it knows. */
  structured?: 'json_schema' | 'json_object' | 'text';
  sees?: boolean;
  delayMs?: number;
  /** Asked for of every request. */
  apiKey?: string;
  /** As it names its model. */
  model?: string;
};

export type LlmDouble = {
  baseUrl: string;
  /** In the order they came, probes left out. */
  requests: DoubleRequest[];
  probes: DoubleRequest[];
  /** Requests that it had at the same time, at most. */
  most: number;
  /** Headers of the last request. */
  headers: () => IncomingMessage['headers'];
  options: DoubleOptions;
  /** Cuts every connection, as a process that is killed does. */
  kill: () => Promise<void>;
  restart: () => Promise<void>;
};

export const PLAIN_ANSWER = {
  risk_score: 40,
  summary: 'A person stands at the door.',
  reasoning: 'Somebody waits there by day.',
  entities: [{ type: 'person', description: 'somebody at the door', threat_level: 'low' }],
  flags: [],
  recommended_action: 'Review when convenient.',
  confidence_factors: { detection_quality: 'good', weather_impact: 'none', enrichment_coverage: 'partial' },
};

/** A real HTTP server on the loopback that speaks `/v1/chat/completions`, well or badly. */
export async function startLlmDouble(options: DoubleOptions = {}): Promise<LlmDouble> {
  let port = 0;
  let running = 0;
  let server: Server | undefined;
  let headers: IncomingMessage['headers'] = {};
  const sockets = new Set<Socket>();
  const double: LlmDouble = {
    baseUrl: '',
    requests: [],
    probes: [],
    most: 0,
    headers: () => headers,
    options,
    kill: async () => {
      for (const socket of sockets) socket.resetAndDestroy();
      if (server === undefined) return;
      const closed = once(server, 'close');
      server.close();
      server = undefined;
      await closed;
    },
    restart: async () => {
      server = createServer((request, response) => {
        headers = request.headers;
        running += 1;
        double.most = Math.max(double.most, running);
        response.on('close', () => (running -= 1));
        serve(request, response, double).catch(() => response.destroy());
      });
      server.on('connection', (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
        socket.on('error', () => undefined);
      });
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address() as AddressInfo);
    },
  };
  await double.restart();
  double.baseUrl = `http://127.0.0.1:${String(port)}`;
  return double;
}

async function serve(request: IncomingMessage, response: ServerResponse, double: LlmDouble): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { options } = double;
  if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
    sendError(response, 401, `Incorrect API key provided: ${String(request.headers.authorization)}`);
    return;
  }
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as DoubleRequest;
  const isProbe = isProbeRequest(body);
  const list = isProbe ? double.probes : double.requests;
  list.push(body);
  const fault = options.fault?.(body, list.length);
  if (fault !== undefined) {
    if (typeof fault === 'function') fault(response);
    else FAULTS[fault](response);
    return;
  }
  if (!knows(options.structured ?? 'json_schema', body)) {
    sendError(response, 400, 'response_format is not supported');
    return;
  }
  if (hasPicture(body) && options.sees !== true) {
    sendError(response, 500, 'image input is not supported');
    return;
  }
  if (options.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.delayMs));
  const text = isProbe ? probeAnswer(body) : (options.answer?.(body) ?? JSON.stringify(PLAIN_ANSWER));
  send(response, 200, completion(text, options.model ?? body.model));
}

/** Tells a probe of `src/llm/probe-server.ts` by what it asks. */
function isProbeRequest({ messages }: DoubleRequest): boolean {
  const text = textOf(messages);
  return text.includes('Say hello.') || text.includes('Which colour has this picture');
}

function probeAnswer({ messages, response_format: format }: DoubleRequest): string {
  if (textOf(messages).includes('Which colour')) return '{"colour": "green"}';
  const isTold = format !== undefined || textOf(messages).includes('JSON Schema');
  return isTold ? '{"word": "hello", "number": 1}' : 'Hello!';
}

function textOf(messages: DoubleRequest['messages']): string {
  return messages
    .map(({ content }) => (typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('\n')))
    .join('\n');
}

function hasPicture({ messages }: DoubleRequest): boolean {
  return messages.some(({ content }) => typeof content !== 'string' && content.some(({ type }) => type === 'image_url'));
}

const RANKS = ['text', 'json_object', 'json_schema'];

function knows(structured: string, { response_format: format }: DoubleRequest): boolean {
  return RANKS.indexOf(format?.type ?? 'text') <= RANKS.indexOf(structured);
}

function completion(content: string, model: string, finish = 'stop'): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: finish }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  };
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}): void {
  send(response, status, { error: { message, code: status } }, headers);
}

/** Of these many bytes half are sent. */
const WHOLE = JSON.stringify(completion(JSON.stringify(PLAIN_ANSWER), 'double'));

const FAULTS: Readonly<Record<LlmFault, (response: ServerResponse) => void>> = {
  'wrong key': (response) => {
    sendError(response, 401, 'Invalid API Key');
  },
  overflow: (response) => {
    send(response, 400, {
      error: {
        code: 400,
        message: 'the request exceeds the available context size',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 9000,
        n_ctx: 4096,
      },
    });
  },
  'too many requests': (response) => {
    sendError(response, 429, 'slow down', { 'retry-after': '0.05' });
  },
  'internal error': (response) => {
    sendError(response, 500, 'something broke');
  },
  loading: (response) => {
    sendError(response, 503, 'Loading model');
  },
  stall: () => undefined,
  reset: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(WHOLE.length) });
    response.write(WHOLE.slice(0, WHOLE.length / 2));
    setTimeout(() => response.socket?.resetAndDestroy(), 5);
  },
  'truncated json': (response) => {
    send(response, 200, completion(JSON.stringify(PLAIN_ANSWER).slice(0, 80), 'double'));
  },
  length: (response) => {
    send(response, 200, completion('   ', 'double', 'length'));
  },
  'schema ignored': (response) => {
    send(response, 200, completion('Nothing to worry about, I would say low risk.', 'double'));
  },
  'wrong model': (response) => {
    sendError(response, 404, 'The model `x` does not exist');
  },
  'no choices': (response) => {
    send(response, 200, { model: 'double', choices: [] });
  },
};
