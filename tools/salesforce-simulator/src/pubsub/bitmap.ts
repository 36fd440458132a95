/**
 * Names of fields as a hexadecimal bitmap: bit n, counted from the right, stands for the n-th field of the schema.
 * @returns `[]` when no field is named
 */
export function bitmapOf(names: ReadonlySet<string>, schemaFields: readonly string[]): string[] {
  let bits = 0n;
  for (const [position, name] of schemaFields.entries()) if (names.has(name)) bits |= 1n << BigInt(position);
  return bits === 0n ? [] : [`0x${bits.toString(16).toUpperCase().padStart(Math.ceil(schemaFields.length / 4), '0')}`];
}
