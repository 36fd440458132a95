import type { JsonSchema } from './json-schema.ts';

/** A schema in one line of words, for a table cell: `uuid`, `integer`, `array of { object, version }`. */
export function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? '';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(typeText).join(' or ');
  if (schema.type === 'array') return `array of ${typeText(schema.items ?? {})}`;
  if (schema.type === 'object') return schema.properties === undefined ? 'object' : `{ ${Object.entries(schema.properties).map(([name, each]) => `${name}: ${typeText(each)}`).join(', ')} }`;
  if (schema.format !== undefined) return formats[schema.format] ?? schema.format;
  if (schema.pattern !== undefined) return `text like ${schema.pattern}`;
  return schema.type === undefined ? 'anything' : [schema.type].flat().map((type) => (type === 'string' ? 'text' : type)).join(' or ');
}

const formats: Readonly<Record<string, string>> = { uuid: 'UUID', 'date-time': 'instant (ISO 8601, UTC)', date: 'date', uri: 'address' };

/** A schema as an indented shape, one member a line; a question mark follows what may be absent. */
export function shapeText(schema: JsonSchema, indent = ''): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.some(hasMembers)) return choices.map((choice) => shapeText(choice, indent)).join(`\n${indent}or `);
  if (schema.type === 'array' && schema.items !== undefined && hasMembers(schema.items)) return `[ ${shapeText(schema.items, indent)} ]`;
  if (schema.properties === undefined) {
    const values = schema.additionalProperties;
    return typeof values === 'object' && schema.type === 'object' ? `{ [name]: ${shapeText(values, indent)} }` : typeText(schema);
  }
  const inner = `${indent}  `;
  const members = Object.entries(schema.properties).map(([name, each]) => `${inner}${name}${schema.required?.includes(name) ? '' : '?'}: ${shapeText(each, inner)}`);
  return `{\n${members.join('\n')}\n${indent}}`;
}

function hasMembers(schema: JsonSchema): boolean {
  return schema.properties !== undefined || (schema.type === 'array' && schema.items?.properties !== undefined) || (schema.anyOf ?? schema.oneOf ?? []).some(hasMembers);
}
