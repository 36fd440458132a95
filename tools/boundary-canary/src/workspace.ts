import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Kinds of projects, as in `nx.tags` of each package.json. */
export const projectTypes = ['app', 'adapter', 'platform', 'core', 'contract', 'testing', 'tool', 'e2e'] as const;
export type ProjectType = (typeof projectTypes)[number];
export type Runtime = 'node' | 'web' | 'any';

export interface Project {
  /** Package name, `@tributary/failures`. */
  readonly name: string;
  /** Path from the repository's root with forward slashes, `libs/failures`. */
  readonly folder: string;
  readonly type: ProjectType;
  readonly scope: string;
  readonly runtime: Runtime;
  /** Door name (`.`, `./global-setup`) → file, from the root. */
  readonly doors: Readonly<Record<string, string>>;
}

/** Absolute path of the repository. */
export const workspaceRoot = join(import.meta.dirname, '..', '..', '..');

interface PackageFile {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

/** Every project of the workspace. @throws RangeError when a project lacks a tag, so that none can escape the rules */
export function readProjects(root = workspaceRoot): readonly Project[] {
  return globSync('{apps,libs,tools}/*/package.json', { cwd: root })
    .sort()
    .map((file) => projectOf(dirname(file).split(sep).join('/'), JSON.parse(readFileSync(join(root, file), 'utf8')) as PackageFile));
}

/** A project from its package.json. */
export function projectOf(folder: string, { name, exports = {}, nx }: PackageFile): Project {
  const type = tag(name, nx?.tags, 'type');
  const runtime = tag(name, nx?.tags, 'runtime');
  if (!isProjectType(type)) throw new RangeError(`${name}: type:${type} is none of ${projectTypes.join(', ')}`);
  if (runtime !== 'node' && runtime !== 'web' && runtime !== 'any') throw new RangeError(`${name}: runtime:${runtime} is none of node, web, any`);
  return { name, folder, type, scope: tag(name, nx?.tags, 'scope'), runtime, doors: Object.fromEntries(Object.entries(exports).map(([door, file]) => [door, `${folder}/${file.replace(/^\.\//, '')}`])) };
}

/** The file behind an import between projects; undefined when `source` names no door of a project. */
export function doorFile(projects: readonly Project[], source: string, root = workspaceRoot): string | undefined {
  const project = projects.find(({ name }) => source === name || source.startsWith(`${name}/`));
  const file = project?.doors[`.${source.slice(project.name.length)}`];
  return file !== undefined && existsSync(join(root, file)) ? join(root, file) : undefined;
}

/** Path of a file from the root, forward slashes. */
export function fromRoot(file: string, root = workspaceRoot): string {
  return relative(root, file).split(sep).join('/');
}

function tag(name: string, tags: readonly string[] = [], kind: string): string {
  const values = tags.filter((each) => each.startsWith(`${kind}:`)).map((each) => each.slice(kind.length + 1));
  const [value] = values;
  if (value === undefined || values.length > 1) throw new RangeError(`${name}: package.json needs exactly one ${kind}: tag in nx.tags`);
  return value;
}

function isProjectType(value: string): value is ProjectType {
  return projectTypes.some((type) => type === value);
}
