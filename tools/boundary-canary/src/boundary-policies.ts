import { bannedPackages, mayImport, mayImportNode } from './may-import.ts';
import type { Project } from './workspace.ts';

/** Test code, by name; it may import the test kit and the tools. */
const specFiles = ['**/*.spec.ts', '**/*.harness.ts'];

/** The settings by which eslint-plugin-boundaries knows every project and every spec. */
export function boundarySettings(projects: readonly Project[], root: string, resolver: string): Record<string, unknown> {
  return {
    'boundaries/root-path': root,
    'boundaries/include': ['{apps,libs,tools}/**'],
    'boundaries/elements': projects.map(({ folder }) => ({ type: folder, pattern: folder })),
    'boundaries/files': [{ category: 'spec', pattern: specFiles }, { category: 'config', pattern: ['*/*/*.config.ts'] }],
    'boundaries/dependency-nodes': ['import', 'export', 'dynamic-import', 'require'],
    'boundaries/legacy-templates': false,
    'import/resolver': { [resolver]: {} },
  };
}

/** The table of `mayImport` and the banned packages, as options of the rule `boundaries/dependencies`; the last policy that matches decides. */
export function boundaryPolicies(projects: readonly Project[]): Record<string, unknown> {
  return {
    default: 'disallow',
    checkAllOrigins: true,
    policies: [
      { allow: { to: packages } },
      ...projects.flatMap((from) => [...projectPolicies(from, projects), ...packagePolicies(from)]),
      { from: { file: { categories: ['spec', 'config'] } }, allow: { to: packages } },
    ],
  };
}

const packages = { module: { origin: ['external', 'core'] } };

function projectPolicies(from: Project, projects: readonly Project[]): unknown[] {
  const allowed = (isSpec: boolean): unknown => ({ to: { element: { types: { anyOf: projects.filter((to) => mayImport(from, to, { isSpec })).map(({ folder }) => folder) } } } });
  const element = { type: from.folder };
  return [{ from: { element }, allow: allowed(false) }, { from: { element, file: { categories: 'spec' } }, allow: allowed(true) }];
}

function packagePolicies(project: Project): unknown[] {
  const from = { element: { type: project.folder } };
  const where = `${project.name} is type:${project.type}, runtime:${project.runtime}`;
  const banned = bannedPackages(project);
  return [
    ...(banned.length === 0 ? [] : [{ from, disallow: { to: { module: { origin: 'external', source: banned } } }, message: `${where} and must not import this package.` }]),
    ...(mayImportNode(project) ? [] : [{ from, disallow: { to: { module: { origin: 'core' } } }, message: `${where} and must not import modules of Node.` }]),
  ];
}
