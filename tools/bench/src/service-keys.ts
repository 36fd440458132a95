import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';

/** Private keys of one service as its file holds them. */
export interface ServiceKeys {
  readonly sign: JWK;
  readonly encrypt: JWK;
}

export async function someServiceKeys(): Promise<ServiceKeys> {
  const [sign, encrypt] = await Promise.all([generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true }), generateKeyPair('ECDH-ES+A256KW', { crv: 'X25519', extractable: true })]);
  return { sign: await exportJWK(sign.privateKey), encrypt: await exportJWK(encrypt.privateKey) };
}

export function publicKeys({ sign, encrypt }: ServiceKeys): ServiceKeys {
  const { d: _sign, ...publicSign } = sign;
  const { d: _encrypt, ...publicEncrypt } = encrypt;
  return { sign: publicSign, encrypt: publicEncrypt };
}

/** @throws Error for a symmetric key */
export async function asymmetricKey(jwk: JWK, algorithm: 'EdDSA' | 'ECDH-ES+A256KW'): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array) throw new Error('a service key is symmetric');
  return key;
}
