import type { SigningKey } from '@tributary/api-contracts';

/** The key whose certificate has to be at Salesforce: the one that signs, else the newest that may take over. */
export function keyInQuestion(keys: readonly SigningKey[]): SigningKey | undefined {
  return keys.find(({ state }) => state === 'current') ?? keys.find(({ state }) => state === 'offered') ?? keys.find(({ state }) => state === 'created');
}
