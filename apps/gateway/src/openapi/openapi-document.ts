import { httpRoutes, Problem, type HttpRoute } from '@tributary/api-contracts';
import { z } from 'zod';

type Json = Record<string, unknown>;

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json;
  return rest;
}

function parameters({ path, query }: HttpRoute): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  if (query === undefined) return inPath;
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as { properties?: Json; required?: string[] };
  return [...inPath, ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema }))];
}

function operation(route: HttpRoute): Json {
  const { success, body, alsoStatus } = route;
  const succeeded = {
    description: route.summary,
    ...(success.schema === undefined ? {} : { content: { [success.contentType ?? 'application/json']: { schema: jsonSchema(success.schema, 'output') } } }),
  };
  return {
    summary: route.summary,
    parameters: parameters(route),
    ...(route.session ? { security: [{ session: [] }] } : {}),
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(body, 'input') } } } }),
    responses: {
      [success.status]: succeeded,
      ...(alsoStatus === undefined ? {} : { [alsoStatus]: succeeded }),
      ...(route.notBuilt ? { 501: { $ref: '#/components/responses/Problem' } } : {}),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** The OpenAPI 3.1 document of the whole HTTP contract. */
export function openApiDocument(serverUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of httpRoutes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: { title: 'Tributary', version: '0.1.0', description: 'Errors are RFC 9457 problem documents with `code`, `action` and `correlationId`.', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-sid', description: 'Set by signing in at /connect/salesforce; over plain http on loopback its name is tributary-sid.' } },
      responses: { Problem: { description: 'A problem document', content: { 'application/problem+json': { schema: jsonSchema(Problem, 'output') } } } },
    },
  };
}
