import { matchesGlob } from 'node:path';
import { describe, expect, it } from 'vitest';
import { confinements, type Confinement } from './confinements.ts';
import { lintVirtual, type Finding } from './linting.harness.ts';

const lint = lintVirtual();
/** Places where nothing is allowed that belongs elsewhere. */
const foreign = 'apps/analytics-service/src/planted.ts';
/** One place for each confinement where it is allowed. */
const home: Readonly<Record<string, string>> = {
  'environment variables': 'apps/gateway/src/config.ts',
  'encryption and decryption by jose': 'apps/auth-service/src/lease/seal-lease.ts',
  'ciphers of node:crypto': 'apps/auth-service/src/vault/envelope.ts',
  'the NATS client': 'libs/messaging/src/planted.ts',
  gRPC: 'libs/salesforce-client/src/pubsub/planted.ts',
  'outbound HTTP': 'libs/salesforce-client/src/http/planted.ts',
};

function plantsOf({ modules = {}, globals = [], members = [] }: Confinement): string[] {
  return [
    ...Object.entries(modules).flatMap(([module, names]) => {
      const source = module.replace('/**', '/transport-node');
      return [
        ...(names === '*' ? [`import { it } from '${source}';\nexport const used = it;\n`, `import type { It } from '${source}';\nexport type Used = It;\n`] : names.map((name) => (name === 'default' ? `import it from '${source}';\nexport const used = it;\n` : `import { ${name} as it } from '${source}';\nexport const used = it;\n`))),
        `import * as whole from '${source}';\nexport const used = whole;\n`,
        `export * from '${source}';\n`,
        `export const used = await import('${source}');\n`,
      ];
    }),
    ...globals.map((name) => `export const used = ${name};\n`),
    ...members.flatMap(([object, member]) => [`export const used = ${object}.${member};\n`, `export const used = ${object}['${member}'];\n`, `const { ${member} } = ${object};\nexport const used = ${member};\n`]),
  ];
}

const confinedIn = (findings: readonly Finding[]): readonly string[] => findings.filter(({ rule }) => rule === 'tributary/confined').map(({ message }) => message);

describe.each(confinements.map((confinement) => [confinement.what, confinement] as const))('%s', (what, confinement) => {
  it('are reported wherever they do not belong, however they are reached', async () => {
    for (const code of plantsOf(confinement)) {
      expect(confinedIn(await lint(foreign, code)), code).toContainEqual(expect.stringContaining(`belongs to ${what}`));
    }
  });

  it('pass where they belong', async () => {
    const file = home[what] ?? '';
    expect(confinement.allowedIn.some((glob) => matchesGlob(file, glob))).toBe(true);
    for (const code of plantsOf(confinement)) expect(confinedIn(await lint(file, code)).filter((message) => message.includes(`belongs to ${what}`)), code).toEqual([]);
  });
});

it('does not take a name of one\'s own for the global', async () => {
  expect(confinedIn(await lint(foreign, 'export function read(fetch: () => number): number {\n  return fetch();\n}\n'))).toEqual([]);
});

it('lets hashes and random bytes be made anywhere', async () => {
  expect(confinedIn(await lint(foreign, "import { createHash, randomBytes } from 'node:crypto';\nexport const used = [createHash, randomBytes];\n"))).toEqual([]);
});
