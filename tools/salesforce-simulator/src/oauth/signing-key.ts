import { createHash, createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, SignJWT, type JWK } from 'jose';

let shared: Promise<KeyObject> | undefined;

/** The RSA key that id tokens are signed with; made once per process, or read from a state file. */
export class SigningKey {
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  static async open(pem?: string): Promise<SigningKey> {
    if (pem !== undefined) return new SigningKey(createPrivateKey(pem));
    shared ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 }).then(({ privateKey }) => privateKey);
    return new SigningKey(await shared);
  }

  get pem(): string {
    return this.#key.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  async publicJwk(): Promise<JWK> {
    const { kty, n, e } = await exportJWK(this.#key);
    const kid = createHash('sha256').update(String(n)).digest('base64url').slice(0, 16);
    return { kty: String(kty), n: String(n), e: String(e), alg: 'RS256', use: 'sig', kid };
  }

  /** @param at seconds since 1970 */
  async signIdToken(claims: Record<string, unknown>, at: number): Promise<string> {
    const { kid } = await this.publicJwk();
    return new SignJWT({ ...claims, iat: at, exp: at + 120 }).setProtectedHeader({ alg: 'RS256', kid: String(kid), typ: 'JWT' }).sign(this.#key);
  }
}
