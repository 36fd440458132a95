import { z } from 'zod';
import { json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import { textOf } from '../http/send.ts';
import type { DataApi } from './data-api.ts';
import { refusalOf, RestError } from './rest-error.ts';
import type { Session } from './session.ts';

const maxRequests = 25;
const Batch = z.object({ batchRequests: z.array(z.object({ method: z.string(), url: z.string() })).min(1).max(maxRequests) });
const Composite = z.object({ compositeRequest: z.array(z.object({ method: z.string(), url: z.string(), referenceId: z.string() })).min(1).max(maxRequests) });

/** `POST /composite/batch`: reading sub-requests. @throws RestError `JSON_PARSER_ERROR` */
export async function compositeBatch(api: DataApi, request: HttpRequest, session: Session): Promise<Reply> {
  const { batchRequests } = parsed(Batch, request.body);
  const results = await Promise.all(batchRequests.map(({ method, url }) => subRequest(api, request, session, method, url)));
  return json(200, { hasErrors: results.some(({ status }) => status >= 400), results: results.map(({ status, body }) => ({ statusCode: status, result: body })) });
}

/** `POST /composite`: reading sub-requests. @throws RestError `JSON_PARSER_ERROR` */
export async function composite(api: DataApi, request: HttpRequest, session: Session): Promise<Reply> {
  const { compositeRequest } = parsed(Composite, request.body);
  const results = await Promise.all(compositeRequest.map(async ({ method, url, referenceId }) => {
    const { status, body } = await subRequest(api, request, session, method, url);
    return { body, httpHeaders: {}, httpStatusCode: status, referenceId };
  }));
  return json(200, { compositeResponse: results });
}

async function subRequest(api: DataApi, outer: HttpRequest, session: Session, method: string, address: string): Promise<{ status: number; body: unknown }> {
  const url = new URL(address.startsWith('v') ? `/services/data/${address}` : address, outer.origin);
  const match = /^\/services\/data\/v(\d+\.\d+)\/(.*?)\/?$/.exec(url.pathname);
  try {
    const reply = await api.resource(outer.inner(method, url), session, match?.[1] ?? '', match?.[2] ?? 'missing');
    return { status: reply.status, body: JSON.parse((await textOf(reply.body)) || 'null') };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return { status: refusal.status, body: [{ message: refusal.message, errorCode: refusal.code }] };
  }
}

function parsed<T>(schema: z.ZodType<T>, body: string): T {
  try {
    return schema.parse(JSON.parse(body));
  } catch {
    throw new RestError(400, 'JSON_PARSER_ERROR', 'The request body is not what this resource takes');
  }
}
