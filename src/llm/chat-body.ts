import type { ChatMessage, ChatPart, ChatRequest } from './chat-client.ts';

/** How a server can be held to a schema, best first. */
export const STRUCTURED_LEVELS = ['json_schema', 'json_object', 'text'] as const;
export type StructuredLevel = (typeof STRUCTURED_LEVELS)[number];

type BodyOptions = { model: string; request: ChatRequest; level: StructuredLevel };

/** The body of one request. A server that does not know schemas is told about it in the prompt. */
export function chatBody({ model, request, level }: BodyOptions): Record<string, unknown> {
  const { messages, schema, temperature, maxTokens, seed } = request;
  const told = schema === undefined || level === 'json_schema' ? messages : withSchemaTold(messages, schema.jsonSchema);
  return {
    model,
    messages: told.map(({ role, content }) => ({ role, content: typeof content === 'string' ? content : content.map(toPart) })),
    temperature,
    max_tokens: maxTokens,
    stream: false,
    ...(seed === undefined ? {} : { seed }),
    ...(schema === undefined ? {} : formatOf(schema, level)),
  };
}

function formatOf({ name, jsonSchema }: NonNullable<ChatRequest['schema']>, level: StructuredLevel): Record<string, unknown> {
  switch (level) {
    case 'json_schema':
      return { response_format: { type: 'json_schema', json_schema: { name, strict: true, schema: jsonSchema } } };
    case 'json_object':
      return { response_format: { type: 'json_object' } };
    case 'text':
      return {};
  }
}

function withSchemaTold(messages: readonly ChatMessage[], schema: object): ChatMessage[] {
  const text = `Answer with one JSON object and nothing else. It must satisfy this JSON Schema:\n${JSON.stringify(schema)}`;
  const last = messages.at(-1);
  if (last === undefined) return [{ role: 'user', content: text }];
  const content = typeof last.content === 'string' ? `${last.content}\n\n${text}` : [...last.content, { type: 'text' as const, text }];
  return [...messages.slice(0, -1), { ...last, content }];
}

function toPart(part: ChatPart): Record<string, unknown> {
  return part.type === 'text' ? part : { type: 'image_url', image_url: { url: part.dataUrl } };
}
