import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configOf } from './linting.harness.ts';
import { projectOf, readProjects, workspaceRoot } from './workspace.ts';

const boundaryRules = ['boundaries/dependencies', 'tributary/confined', 'tributary/pure-file'];

it('holds the boundary rules at the level of an error in every project', async () => {
  for (const { folder } of readProjects()) {
    for (const name of ['planted.ts', 'planted.spec.ts']) {
      const { rules = {} } = await configOf(`${folder}/src/${name}`);
      for (const rule of boundaryRules) expect([rules[rule]].flat()[0], `${rule} in ${folder}/src/${name}`).toBe(2);
    }
  }
});

it('holds the native rules for all files alike', () => {
  const { rules, overrides } = JSON.parse(readFileSync(join(workspaceRoot, '.oxlintrc.json'), 'utf8')) as { rules: Record<string, unknown>; overrides: { rules: Record<string, unknown> }[] };
  expect(rules['import/no-cycle']).toBe('error');
  expect(overrides.flatMap((override) => Object.keys(override.rules))).not.toContain('import/no-cycle');
  expect(globSync('{apps,libs,tools}/*/.oxlintrc.json', { cwd: workspaceRoot })).toEqual([]);
});

it('finds no configuration of a project of its own, and no comment that switches a boundary off', () => {
  expect(globSync('{apps,libs,tools}/*/eslint.config.*', { cwd: workspaceRoot })).toEqual([]);
  const sources = globSync('{apps,libs,tools}/*/src/**/*.{ts,vue,js,mjs}', { cwd: workspaceRoot }).filter((file) => !file.startsWith(join('tools', 'boundary-canary')));
  const silenced = sources.flatMap((file) => silencedRules(readFileSync(join(workspaceRoot, file), 'utf8')).map((rule) => `${file}: ${rule}`));
  expect(sources.length).toBeGreaterThan(100);
  expect(silenced).toEqual([]);
});

/** Boundary rules that a comment switches off; a comment that names no rule switches all off. */
function silencedRules(text: string): string[] {
  return [...text.matchAll(/(?:eslint|oxlint)-disable(?:-next-line|-line)?([^\n*]*)/g)]
    .map(([, names = '']) => names.split('--')[0]?.trim() ?? '')
    .filter((names) => names === '' || /\b(boundaries|tributary|import\/no-cycle)\b/.test(names));
}

it('notices a comment that switches a boundary off', () => {
  expect(silencedRules('// eslint-disable-next-line tributary/confined -- because')).toEqual(['tributary/confined']);
  expect(silencedRules('/* eslint-disable */')).toEqual(['']);
  expect(silencedRules('// oxlint-disable-next-line import/no-cycle')).toEqual(['import/no-cycle']);
  expect(silencedRules('// eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way')).toEqual([]);
});

it('lints every project with the one command', () => {
  for (const { folder } of readProjects()) {
    const { scripts } = JSON.parse(readFileSync(join(workspaceRoot, folder, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    expect(scripts['lint'], folder).toBe('oxlint . && eslint . --max-warnings 0');
  }
});

it('checks the types of every project with the one command', () => {
  const read = <T>(file: string): T => JSON.parse(readFileSync(join(workspaceRoot, file), 'utf8')) as T;
  const { nx } = read<{ nx: { targets: Record<string, { command: string }> } }>('package.json');
  const command = nx.targets['typecheck-all']?.command ?? '';
  const { include, exclude } = read<{ include: string[]; exclude: string[] }>('tsconfig.json');
  for (const { folder } of readProjects()) {
    const inTools = folder.startsWith('tools/') && /tsc7 tools\b/.test(command);
    const inHouse = include.includes(`${folder.split('/')[0]}/*/src`) && !exclude.includes(folder);
    expect(inTools || inHouse || command.includes(folder), folder).toBe(true);
  }
});

it('refuses a project without its tags', () => {
  expect(() => projectOf('libs/new', { name: '@tributary/new', nx: { tags: ['type:core', 'scope:shared'] } })).toThrow('exactly one runtime: tag');
  expect(() => projectOf('libs/new', { name: '@tributary/new', nx: { tags: ['type:cor', 'scope:shared', 'runtime:any'] } })).toThrow('type:cor is none of');
  expect(() => projectOf('libs/new', { name: '@tributary/new' })).toThrow('exactly one');
});
