import { httpRoutes, Problem, type HttpRoute } from '@tributary/api-contracts';
import { jsonSchemaOf, type JsonSchema } from './json-schema.ts';
import { shapeText, typeText } from './type-text.ts';

/** docs/http-api.md */
export function httpPage(routes: readonly HttpRoute[] = httpRoutes): string {
  return `${[introduction(routes), ...routes.map(section)].join('\n\n')}\n`;
}

function introduction(routes: readonly HttpRoute[]): string {
  return `# HTTP API

Generated from \`libs/api-contracts\` by \`node tools/event-catalog/src/main.ts\`. The running gateway serves the same contract as OpenAPI at \`/api/openapi.json\`.

A session cookie from \`GET /connect/salesforce\` stands for the person. A changing request that a browser sends from another site is refused, and a body has to be \`application/json\`.
A question mark follows a member that may be absent. Errors are RFC 9457 problem documents:

\`\`\`text
${shapeText(jsonSchemaOf(Problem))}
\`\`\`

| operation | does | session |
| --- | --- | --- |
${routes.map(({ method, path, summary, session, notBuilt }) => `| \`${method.toUpperCase()} ${path}\` | ${summary}${notBuilt ? ' (answers 501 for now)' : ''} | ${session ? 'needed' : ''} |`).join('\n')}`;
}

function section({ method, path, summary, query, body, success, notBuilt }: HttpRoute): string {
  const parts = [`## ${method.toUpperCase()} ${path}`, `${summary}.${notBuilt ? ' Answers 501 for now.' : ''}`];
  if (query !== undefined) parts.push(queryTable(jsonSchemaOf(query, 'input')));
  if (body !== undefined) parts.push(block('Body', jsonSchemaOf(body, 'input')));
  parts.push(success.schema === undefined ? `Answer: ${success.status}.` : block(`Answer ${success.status}${success.contentType === undefined ? '' : ` \`${success.contentType}\``}`, jsonSchemaOf(success.schema)));
  return parts.join('\n\n');
}

function queryTable({ properties = {}, required = [] }: JsonSchema): string {
  const rows = Object.entries(properties).map(([name, schema]) => `| \`${name}\` | ${typeText(schema)} | ${required.includes(name) ? 'required' : schema.default === undefined ? '' : `default \`${JSON.stringify(schema.default)}\``} |`);
  return ['| query parameter | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

function block(title: string, schema: JsonSchema): string {
  const definitions = Object.entries(schema.$defs ?? {}).map(([name, each]) => `\n${name} = ${shapeText(each)}`);
  return `${title}:\n\n\`\`\`text\n${shapeText(schema)}${definitions.join('')}\n\`\`\``;
}
