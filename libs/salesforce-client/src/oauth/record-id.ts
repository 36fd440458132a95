const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The form of a record id that is safe where case is lost: 15 characters get their suffix of three, any other length is left as it is.
 * @see Salesforce: bits of the suffix tell which of five characters are upper case
 */
export function caseSafeId(id: string): string {
  if (id.length !== 15) return id;
  return id + [0, 5, 10].map((start) => suffixOf(id.slice(start, start + 5))).join('');
}

function suffixOf(five: string): string {
  const bits = [...five].reduce((sum, character, place) => (/[A-Z]/.test(character) ? sum | (1 << place) : sum), 0);
  return alphabet[bits] ?? '';
}

/** Org and user of an identity URL or of an id token's subject; undefined when it names none. */
export function personOf(identityUrl: string): { readonly orgId: string; readonly userId: string } | undefined {
  const [, orgId, userId] = /\/id\/(00D[a-zA-Z0-9]{12,15})\/(005[a-zA-Z0-9]{12,15})$/.exec(identityUrl) ?? [];
  return orgId === undefined || userId === undefined ? undefined : { orgId: caseSafeId(orgId), userId: caseSafeId(userId) };
}
