import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

/** Kinds of tampering with an id token that must not pass. */
export const tamperings = [
  'alg none', 'HS256 with the public key as secret', 'another key under the same id', 'a key brought along: jwk', 'a key referred to: jku', 'a key referred to: x5u', 'another issuer', 'another audience', 'another nonce',
  'an end that is past', 'an issue in the future', 'no nonce', 'a truncated signature', 'a critical header nobody knows',
] as const;
export type Tampering = (typeof tamperings)[number];

interface Pair {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
  readonly pem: string;
}

/** Makes id tokens: right ones by the key a host publishes, and tampered ones of every kind. */
export class IdTokenForge {
  private constructor(
    private readonly ours: Pair,
    private readonly attackers: Pair,
  ) {}

  static async make(): Promise<IdTokenForge> {
    const [ours, attackers] = await Promise.all([aPair('ours'), aPair('ours')]);
    return new IdTokenForge(ours, attackers);
  }

  /** What the host publishes. */
  get published(): { keys: JWK[] } {
    return { keys: [this.ours.jwk] };
  }

  /** What an attacker would have somebody fetch. */
  get lure(): { keys: JWK[] } {
    return { keys: [this.attackers.jwk] };
  }

  signed(claims: JWTPayload, { key = this.ours.privateKey, header = {} }: { readonly key?: CryptoKey; readonly header?: Readonly<Record<string, unknown>> } = {}): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'ours', ...header }).sign(key);
  }

  /**
   * @param claims right ones, `iat` and `exp` in seconds included
   * @param lair origin of an attacker
   */
  async tampered(kind: Tampering, claims: JWTPayload, lair: string): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const key = this.attackers.privateKey;
    switch (kind) {
      case 'alg none': return new UnsecuredJWT(claims).encode();
      case 'HS256 with the public key as secret': return this.#signedByPublicKey(claims);
      case 'another key under the same id': return this.signed(claims, { key });
      case 'a key brought along: jwk': return this.signed(claims, { key, header: { jwk: this.attackers.jwk } });
      case 'a key referred to: jku': return this.signed(claims, { key, header: { jku: `${lair}/keys` } });
      case 'a key referred to: x5u': return this.signed(claims, { key, header: { x5u: `${lair}/certificate` } });
      case 'another issuer': return this.signed({ ...claims, iss: lair });
      case 'another audience': return this.signed({ ...claims, aud: 'another-app' });
      case 'another nonce': return this.signed({ ...claims, nonce: 'of another sign-in' });
      case 'an end that is past': return this.signed({ ...claims, exp: now - 61 });
      case 'an issue in the future': return this.signed({ ...claims, iat: now + 300, exp: now + 600 });
      case 'no nonce': return this.signed({ ...claims, nonce: undefined });
      case 'a truncated signature': return (await this.signed(claims)).slice(0, -8);
      case 'a critical header nobody knows': return this.#signedWithUnknownCritical(claims);
      default: return kind satisfies never;
    }
  }

  /** Signed with the bytes of the public key as if they were a shared secret; jose refuses to make such a thing. */
  #signedByPublicKey(claims: JWTPayload): string {
    const input = encoded({ alg: 'HS256', kid: 'ours' }, claims);
    return `${input}.${createHmac('sha256', this.ours.pem).update(input).digest('base64url')}`;
  }

  /** jose does not sign critical headers it does not know either. */
  async #signedWithUnknownCritical(claims: JWTPayload): Promise<string> {
    const input = encoded({ alg: 'RS256', kid: 'ours', crit: ['unknown'], unknown: true }, claims);
    return `${input}.${Buffer.from(await globalThis.crypto.subtle.sign('RSASSA-PKCS1-v1_5', this.ours.privateKey, Buffer.from(input))).toString('base64url')}`;
  }
}

async function aPair(kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }, pem: await exportSPKI(publicKey) };
}

function encoded(...parts: readonly object[]): string {
  return parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}
