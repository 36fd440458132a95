/**
 * Groups of fields whose queries fit an address each; all in one group when they fit together.
 * @param always fields that every group has, first
 * @param roomBytes of the address for the names of fields
 */
export function columnChunks(fields: readonly string[], always: readonly string[], roomBytes: number): string[][] {
  const first = always.filter((field) => fields.includes(field));
  const chunks: string[][] = [];
  let left = 0;
  for (const field of fields.filter((name) => !first.includes(name))) {
    if (chunks.length === 0 || sizeOf(field) > left) {
      chunks.push([...first]);
      left = roomBytes - first.reduce((sum, name) => sum + sizeOf(name), 0);
    }
    chunks.at(-1)?.push(field);
    left -= sizeOf(field);
  }
  return chunks.length === 0 ? [first] : chunks;
}

/** Bytes a name takes in an address with the comma and the blank behind it. */
function sizeOf(field: string): number {
  return Buffer.byteLength(encodeURIComponent(`${field}, `));
}
