type Schema = Readonly<Record<string, unknown>> | boolean;

/**
 * What of a value does not fit a JSON Schema, as far as OpenAPI documents of this product use it. A keyword it does not know is a
 * finding too, so that nothing is passed over in silence.
 */
export function misfits(schema: Schema, value: unknown, root: unknown, path = '$'): string[] {
  if (typeof schema === 'boolean') return schema ? [] : [`${path}: nothing is allowed here`];
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    const check = keywords[keyword];
    return check === undefined ? [`${path}: unknown keyword ${keyword}`] : check(rule, value, path, schema, root);
  });
}

type Check = (rule: unknown, value: unknown, path: string, schema: Readonly<Record<string, unknown>>, root: unknown) => string[];
const nothing: Check = () => [];
const list = (value: unknown): Schema[] => (Array.isArray(value) ? (value as Schema[]) : []);
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const complain = (holds: boolean, path: string, what: string): string[] => (holds ? [] : [`${path}: ${what}`]);
const comparing = (what: string, holds: (value: number, rule: number) => boolean): Check => (rule, value, path) => complain(typeof value !== 'number' || holds(value, Number(rule)), path, what);

const keywords: Readonly<Record<string, Check>> = {
  type: (rule, value, path) => complain((Array.isArray(rule) ? rule : [rule]).some((type) => isOfType(value, String(type))), path, `is no ${String(rule)}`),
  enum: (rule, value, path) => complain(list(rule).some((one) => (one as unknown) === value), path, 'is none of the listed values'),
  const: (rule, value, path) => complain(rule === value, path, `is not ${JSON.stringify(rule)}`),
  anyOf: (rule, value, path, _schema, root) => {
    const tries = list(rule).map((one) => misfits(one, value, root, path));
    return tries.some((found) => found.length === 0) ? [] : [`${path}: fits no alternative (${tries.map(([first]) => first).join('; ')})`];
  },
  oneOf: (rule, value, path, _schema, root) => complain(list(rule).filter((one) => misfits(one, value, root, path).length === 0).length === 1, path, 'fits not exactly one alternative'),
  allOf: (rule, value, path, _schema, root) => list(rule).flatMap((one) => misfits(one, value, root, path)),
  required: (rule, value, path) => (isObject(value) ? (rule as string[]).filter((name) => !(name in value)).map((name) => `${path}: ${name} is missing`) : []),
  properties: (rule, value, path, _schema, root) => (isObject(value) ? Object.entries(rule as Record<string, Schema>).flatMap(([name, one]) => (name in value ? misfits(one, value[name], root, `${path}.${name}`) : [])) : []),
  additionalProperties: (rule, value, path, schema, root) => {
    if (!isObject(value)) return [];
    const known = isObject(schema['properties']) ? schema['properties'] : {};
    return Object.keys(value).filter((name) => !(name in known)).flatMap((name) => misfits(rule as Schema, value[name], root, `${path}.${name}`));
  },
  propertyNames: (rule, value, path, _schema, root) => (isObject(value) ? Object.keys(value).flatMap((name) => misfits(rule as Schema, name, root, `${path}.${name}`)) : []),
  items: (rule, value, path, _schema, root) => (Array.isArray(value) ? value.flatMap((one, index) => misfits(rule as Schema, one, root, `${path}[${index}]`)) : []),
  minimum: comparing('is too small', (value, rule) => value >= rule),
  maximum: comparing('is too large', (value, rule) => value <= rule),
  exclusiveMinimum: comparing('is too small', (value, rule) => value > rule),
  exclusiveMaximum: comparing('is too large', (value, rule) => value < rule),
  minLength: (rule, value, path) => complain(typeof value !== 'string' || value.length >= Number(rule), path, 'is too short'),
  maxLength: (rule, value, path) => complain(typeof value !== 'string' || value.length <= Number(rule), path, 'is too long'),
  minItems: (rule, value, path) => complain(!Array.isArray(value) || value.length >= Number(rule), path, 'has too few'),
  maxItems: (rule, value, path) => complain(!Array.isArray(value) || value.length <= Number(rule), path, 'has too many'),
  pattern: (rule, value, path) => complain(typeof value !== 'string' || new RegExp(String(rule)).test(value), path, 'does not fit the pattern'),
  $ref: (rule, value, path, _schema, root) => misfits(resolve(root, String(rule)), value, root, path),
  format: nothing, default: nothing, description: nothing, title: nothing, examples: nothing, $defs: nothing, id: nothing, readOnly: nothing,
};

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null': return value === null;
    case 'array': return Array.isArray(value);
    case 'object': return isObject(value);
    case 'integer': return Number.isInteger(value);
    default: return typeof value === type;
  }
}

/** Follows a pointer within the document. @throws Error when it leads nowhere */
export function resolve(root: unknown, pointer: string): Schema {
  const target = pointer.replace(/^#\/?/, '').split('/').filter((part) => part !== '').reduce<unknown>((at, part) => (isObject(at) ? at[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined), root);
  if (!isObject(target) && typeof target !== 'boolean') throw new Error(`${pointer} leads nowhere`);
  return target;
}
