const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const suffixes = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Two characters that stand for the instance, the same in every id of the org. */
const instance = 'Sm';

/** The 18-character id of the n-th record of an object. */
export function recordId(keyPrefix: string, sequence: number): string {
  let rest = sequence;
  let text = '';
  while (rest > 0) {
    text = (digits[rest % 62] ?? '0') + text;
    rest = Math.floor(rest / 62);
  }
  return to18(keyPrefix + instance + text.padStart(10, '0'));
}

/** The sequence number in an id made by `recordId`; undefined for another object's or a foreign id. */
export function sequenceOf(keyPrefix: string, id: string): number | undefined {
  if (!id.startsWith(keyPrefix + instance)) return undefined;
  let sequence = 0;
  for (const character of id.slice(5, 15)) sequence = sequence * 62 + digits.indexOf(character);
  return sequence;
}

/** Adds the suffix that makes a 15-character id safe where case is lost. */
export function to18(id15: string): string {
  let suffix = '';
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0;
    for (let bit = 0; bit < 5; bit += 1) {
      const character = id15[chunk + bit] ?? '';
      if (character >= 'A' && character <= 'Z') bits |= 1 << bit;
    }
    suffix += suffixes[bits] ?? '';
  }
  return id15 + suffix;
}

/** Any spelling of an id as 18 characters; other text is given back as it is. */
export function normalId(text: string): string {
  return /^[a-zA-Z0-9]{15}$/.test(text) ? to18(text) : text;
}
