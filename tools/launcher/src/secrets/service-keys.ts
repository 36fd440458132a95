import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { join } from 'node:path';
import { StartProblem } from '../terminal/start-problem.ts';
import { secretFile, writeSecretFile } from './secret-file.ts';

/** Services, by the names they call each other. */
export const serviceNames = ['auth-service', 'ingest-service', 'analytics-service', 'gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Key pair for signing and key pair for receiving leases, as JSON Web Keys. */
interface ServiceKeys {
  readonly sign: JWK;
  readonly encrypt: JWK;
}

export interface ServiceKeyFiles {
  /** Path of a service's private keys. */
  own(service: ServiceName): string;
  /** Path of everybody's public keys. */
  readonly peers: string;
}

/** Makes each service's key pairs once, and the file with all public halves on each start. */
export async function prepareServiceKeys(folder: string): Promise<ServiceKeyFiles> {
  const own = (service: ServiceName): string => join(folder, `${service}.keys.json`);
  const peers = join(folder, 'peer-keys.json');
  const publicKeys = await Promise.all(serviceNames.map(async (service) => {
    const keys = parseKeys(own(service), await secretFile(own(service), async () => JSON.stringify(await generateServiceKeys())));
    return [service, { sign: publicHalf(keys.sign), encrypt: publicHalf(keys.encrypt) }] as const;
  }));
  await writeSecretFile(peers, JSON.stringify(Object.fromEntries(publicKeys)));
  return { own, peers };
}

async function generateServiceKeys(): Promise<ServiceKeys> {
  const [sign, encrypt] = await Promise.all([
    generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true }),
    generateKeyPair('ECDH-ES+A256KW', { crv: 'X25519', extractable: true }),
  ]);
  return { sign: await exportJWK(sign.privateKey), encrypt: await exportJWK(encrypt.privateKey) };
}

function parseKeys(path: string, text: string): ServiceKeys {
  try {
    const keys: unknown = JSON.parse(text);
    if (typeof keys === 'object' && keys !== null && 'sign' in keys && 'encrypt' in keys) return { sign: keys.sign as JWK, encrypt: keys.encrypt as JWK };
  } catch {
    // Told below.
  }
  throw new StartProblem(`The key file ${path} is damaged: delete it, and a new key is made on the next start.`);
}

/** Everything but the private part. */
function publicHalf({ kty, crv, x, y, kid, alg, use }: JWK): JWK {
  return Object.fromEntries(Object.entries({ kty, crv, x, y, kid, alg, use }).filter(([, value]) => value !== undefined));
}
