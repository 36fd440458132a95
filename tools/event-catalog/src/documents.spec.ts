import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository } from './catalog-files.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: repository }).sort();
/** Code blocks show other people's files too. */
const prose = (path: string): string => read(path).replace(/```[\s\S]*?```/g, '');

describe('a document leads to what exists', () => {
  it.each(documents)('%s', (path) => {
    const links = [...prose(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^(https?:|#|mailto:)/.test(target));
    const missing = links.filter((target) => !existsSync(join(repository, dirname(path), target.split('#')[0] ?? '')));
    expect(missing).toEqual([]);
  });

  it('names only files that are there in the map of behaviours', () => {
    const rows = prose('docs/architecture.md').split('\n').filter((line) => line.startsWith('|'));
    const named = rows.flatMap(filesOf);
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter((file) => globSync(file, { cwd: repository }).length === 0)).toEqual([]);
  });
});

/** Files of a table row; one without folder or with a shorter path is beside, or below the service of, the one before. */
function filesOf(row: string): string[] {
  const found: string[] = [];
  for (const [, text = ''] of row.matchAll(/`([a-z][\w./*-]*\/?[\w.*-]+\.(?:ts|vue)|[a-z-]+\/src(?:\/[\w-]+)*|tools\/setup)`/g)) {
    const before = found.at(-1) ?? '';
    const service = /^apps\/[a-z-]+\/src/.exec(before)?.[0];
    if (/^(libs|tools)\//.test(text)) found.push(text);
    else if (/^[a-z-]+\/src\b/.test(text)) found.push(`apps/${text}`);
    else if (!text.includes('/')) found.push(`${dirname(before)}/${text}`);
    else found.push(`${service ?? serviceOf(row)}/${text}`);
  }
  return found;
}

/** The service a row of the walk speaks of, in its second column. */
function serviceOf(row: string): string {
  const name = /(auth-service|ingest-service|analytics-service|gateway|portal)/.exec(row.split('|')[2] ?? '')?.[1];
  return `apps/${name ?? 'unknown'}/src`;
}

/** Variables that the launcher sets for the services; nobody has to know them. */
const internal = new Set(['TRIBUTARY_SERVICE_HOST', 'TRIBUTARY_SERVICE_PORT', 'TRIBUTARY_SERVICE_KEYS', 'TRIBUTARY_PEER_KEYS', 'TRIBUTARY_PORTAL_DIR', 'AUTH_SERVICE_URL']);

it('has every variable of the services and the launcher in the README', () => {
  const sources = [...globSync('apps/*/src/config.ts', { cwd: repository }), 'libs/service-kit/src/common-variables.ts', 'tools/launcher/src/settings/settings.ts'].map(read);
  const variables = new Set(sources.flatMap((text) => [...text.matchAll(/\b((?:TRIBUTARY|SALESFORCE|DATABASE|WAREHOUSE|NATS|AUTH)_[A-Z_]*[A-Z])\b/g)].map(([, name = '']) => name)));
  const readme = read('README.md');
  const shortened = (name: string): boolean => readme.includes(`…_${name.split('_').slice(2).join('_')}`);
  expect(variables.size).toBeGreaterThan(15);
  expect([...variables].filter((name) => !internal.has(name) && !readme.includes(`\`${name}`) && !shortened(name) && !/_CONFIG$/.test(name))).toEqual([]);
});
