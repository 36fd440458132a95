import type { z } from 'zod';
import { brokenAnswer } from './rest-failure.ts';

/** Numbers keep every digit: JSON numbers that a double would round become strings. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && (context.source.length > 15 || !Number.isFinite(value)) ? context.source : value);
}

/** A JSON answer by its schema. @throws SalesforceCallFailure `ANSWER_BROKEN`, `transient`, for anything else; the text is in no error */
export function readAnswer<T>(schema: z.ZodType<T>, { status, text }: { readonly status: number; readonly text: string }): T {
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) throw brokenAnswer(status);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
