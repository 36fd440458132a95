/** A field of the warehouse, as far as following references needs it. */
export interface KnownColumn {
  readonly object: string;
  readonly field: string;
  /** Null when it is not copied. */
  readonly column: string | null;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
}

/** A parent that is reached from an object's rows, and what of it matters. */
export interface Hop {
  /** The parent. */
  readonly object: string;
  /** Reference columns from the object's own rows to the parent, in order, each with the object it is a column of. */
  readonly way: readonly { readonly object: string; readonly column: string }[];
  /** Columns of the parent from which the value is made, or by which the way goes on. */
  readonly column: string;
}

/** Columns by object and by field or relationship, both in lower case. */
export class KnownColumns {
  readonly #fields = new Map<string, KnownColumn>();
  readonly #relationships = new Map<string, KnownColumn>();

  constructor(columns: Iterable<KnownColumn>) {
    for (const column of columns) {
      this.#fields.set(key(column.object, column.field), column);
      if (column.relationshipName !== null) this.#relationships.set(key(column.object, column.relationshipName), column);
    }
  }

  field(object: string, name: string): KnownColumn | undefined {
    return this.#fields.get(key(object, name));
  }

  relationship(object: string, name: string): KnownColumn | undefined {
    return this.#relationships.get(key(object, name));
  }
}

function key(object: string, name: string): string {
  return `${object}.${name}`.toLowerCase();
}

/** Every parent on the way of a path such as `Account.Owner.Name`; a text that says why it cannot be followed. */
export function hopsOf(object: string, path: string, known: KnownColumns): readonly Hop[] | string {
  const parts = path.split('.');
  const last = parts.pop() ?? '';
  const hops: Hop[] = [];
  const way: { object: string; column: string }[] = [];
  let at = object;
  for (const part of parts) {
    const [name = '', wanted] = part.split(':');
    const reference = known.relationship(at, name);
    if (reference?.column == null) return `${name} of ${at} is not copied.`;
    const target = wanted ?? (reference.referenceTo.length === 1 ? reference.referenceTo[0] : undefined);
    if (target === undefined) return `${name} of ${at} can point to several objects.`;
    if (way.length > 0) hops.push({ object: at, way: [...way], column: reference.column });
    way.push({ object: at, column: reference.column });
    at = target;
  }
  const column = known.field(at, last)?.column;
  if (column == null) return `${last} of ${at} is not copied.`;
  return [...hops, { object: at, way, column }];
}
