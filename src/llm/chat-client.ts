/** What is sent to an OpenAI-compatible server in one call. */
export type ChatRequest = {
  messages: readonly ChatMessage[];
  /** 0–2. */
  temperature: number;
  maxTokens: number;
  /** The answer must be JSON of this shape; how that is asked for depends on what the server can do. */
  schema?: { name: string; jsonSchema: Readonly<Record<string, unknown>> };
  seed?: number;
  /** What is wrong with an answer, one line each; none accepts it. Without it an answer to a schema must hold a JSON object. */
  check?: (text: string) => readonly string[];
  /** Shorter messages, once the server says that these are too long; undefined when nothing can be left out. Called at most once. */
  shorten?: () => readonly ChatMessage[] | undefined;
};

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string | readonly ChatPart[] };

/** `dataUrl`: `data:image/jpeg;base64,…`. */
export type ChatPart = { type: 'text'; text: string } | { type: 'image'; dataUrl: string };

export type ChatReply = {
  text: string;
  /** As the server names it. */
  model: string;
  /** Of the attempt that was answered. */
  latencyMs: number;
  promptTokens: number | null;
  completionTokens: number | null;
  /** Requests it took; 0: known from an earlier call. */
  attempts: number;
};

/** A server that answers. Rejects with `LlmError` when no attempt brought a whole answer. */
export type ChatClient = { chat: (request: ChatRequest, signal: AbortSignal) => Promise<ChatReply> };

/** How a call failed, as stored in `events.analysis_code`. */
export type LlmFailure = 'llm_unreachable' | 'llm_timeout' | 'llm_http_4xx' | 'llm_invalid' | 'llm_refused';
