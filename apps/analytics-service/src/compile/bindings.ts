/** Values of a statement: everything that comes from a question is bound, as text with an explicit type. */
export interface Bindings {
  /** SQL that stands for the value. */
  bind(value: string, type: string): string;
  readonly values: readonly string[];
}

export function newBindings(): Bindings {
  const values: string[] = [];
  const places = new Map<string, string>();
  return {
    values,
    bind(value, type) {
      const key = `${type}\0${value}`;
      const known = places.get(key);
      if (known !== undefined) return known;
      values.push(value);
      const place = `CAST($${values.length} AS ${type})`;
      places.set(key, place);
      return place;
    },
  };
}
