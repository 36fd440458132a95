/** The invitation token of a start; anything that cannot be one is none. */
export function invitationOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{43}$/.test(value) ? value : undefined;
}
