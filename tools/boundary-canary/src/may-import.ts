import type { Project, ProjectType, Runtime } from './workspace.ts';

/** Which types of projects a type may import in production code. Specs may besides import testing and tools. */
const typesAllowed: Readonly<Record<ProjectType, readonly ProjectType[]>> = {
  app: ['contract', 'core', 'adapter', 'platform'],
  adapter: ['contract', 'core', 'platform'],
  platform: ['contract', 'core', 'platform'],
  core: ['contract', 'core'],
  contract: ['contract', 'core'],
  testing: ['contract', 'core', 'adapter', 'platform', 'testing', 'tool'],
  tool: ['contract', 'core', 'tool'],
  e2e: ['contract', 'core', 'adapter', 'platform', 'testing', 'tool'],
};

const runtimesAllowed: Readonly<Record<Runtime, readonly Runtime[]>> = { node: ['node', 'any'], web: ['web', 'any'], any: ['any'] };

/** Types that tie everything together and are no part of the product. */
const outsideScopes: readonly ProjectType[] = ['testing', 'tool', 'e2e'];

/** Whether a file of `from` may import `to`; the table of docs/architecture.md, "Who may import whom". */
export function mayImport(from: Project, to: Project, file: { readonly isSpec: boolean }): boolean {
  if (from.folder === to.folder) return true;
  if (!runtimesAllowed[from.runtime].includes(to.runtime) && !file.isSpec) return false;
  if (file.isSpec && (to.type === 'testing' || to.type === 'tool')) return true;
  return typesAllowed[from.type].includes(to.type) && (to.scope === 'shared' || to.scope === from.scope || outsideScopes.includes(from.type));
}

const nestAndOrm = ['@nestjs/**', '@mikro-orm/**'];
const frameworks = [...nestAndOrm, '@nats-io/**', 'vue', 'express', 'pg'];

/** Packages a project must not import, as micromatch patterns. */
export function bannedPackages({ type, runtime }: Project): readonly string[] {
  if (type === 'core' || type === 'contract') return frameworks;
  if (type === 'adapter') return nestAndOrm;
  return runtime === 'web' ? frameworks.filter((name) => name !== 'vue') : [];
}

/** Whether a project may import modules of Node itself; what runs in a browser, or may, cannot. */
export function mayImportNode({ runtime }: Project): boolean {
  return runtime === 'node';
}
