import { createHash } from 'node:crypto';
import type { Secret } from '@tributary/failures';
import { ConfigurationError } from '@tributary/service-kit';

/** A key that wraps the vault's data keys. */
export interface WrappingKey {
  /** First 8 bytes of the key's SHA-256, in hex. */
  readonly id: string;
  readonly key: Buffer;
}

/** The wrapping keys of this installation: the first one seals, all of them open. */
export class KeyRing {
  readonly #keys: readonly WrappingKey[];

  private constructor(
    keys: readonly WrappingKey[],
    /** The key new data keys are wrapped with. */
    readonly sealing: WrappingKey,
  ) {
    this.#keys = keys;
  }

  /** Reads base64 keys of 32 bytes, separated by commas. @throws ConfigurationError */
  static parse(text: Secret<string>): KeyRing {
    const keys = text.reveal().split(',').map((part) => wrappingKey(part.trim()));
    const [first] = keys;
    if (first === undefined) throw wrong();
    return new KeyRing(keys, first);
  }

  find(id: string): WrappingKey | undefined {
    return this.#keys.find((candidate) => candidate.id === id);
  }
}

function wrappingKey(base64: string): WrappingKey {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== 32 || !/^[A-Za-z0-9+/_=-]+$/.test(base64)) throw wrong();
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 16), key };
}

function wrong(): ConfigurationError {
  return new ConfigurationError('The configuration is wrong. TRIBUTARY_MASTER_KEY: must be one or more base64 keys of 32 bytes, separated by commas.');
}
