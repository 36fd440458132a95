import { matchesGlob } from 'node:path';
import type { Rule, Scope } from 'eslint';
import type { ImportDeclaration, Node } from 'estree';
import type { Confinement } from './confinements.ts';
import { fromRoot } from './workspace.ts';

/** Reports the use of something outside the places it is confined to. */
export function confinedRule(confinements: readonly Confinement[]): Rule.RuleModule {
  return {
    meta: { type: 'problem', schema: [], messages: { confined: '{{used}} belongs to {{what}}, which {{file}} may not use: {{why}}.' } },
    create(context) {
      const file = fromRoot(context.filename);
      const active = confinements.filter(({ allowedIn }) => !allowedIn.some((glob) => matchesGlob(file, glob)));
      if (active.length === 0) return {};
      const report = (node: Node, used: string, { what, why }: Confinement): void => context.report({ node, messageId: 'confined', data: { used, what, why, file } });
      const checkModule = (node: Node, source: unknown, names: readonly string[] | '*'): void => {
        if (typeof source !== 'string') return;
        for (const confinement of active) {
          const confined = namesOf(confinement, source);
          if (confined === undefined) continue;
          const found = confined === '*' ? [source] : (names === '*' ? confined : names.filter((name) => confined.includes(name)));
          if (found.length > 0) report(node, names === '*' && confined !== '*' ? `${source} as a whole` : `${found.join(', ')} of ${source}`, confinement);
        }
      };
      return {
        ImportDeclaration: (node) => checkModule(node, node.source.value, importedNames(node)),
        ExportAllDeclaration: (node) => checkModule(node, node.source.value, '*'),
        ExportNamedDeclaration: (node) => {
          if (node.source) checkModule(node, node.source.value, node.specifiers.map(({ local }) => nameOf(local)));
        },
        ImportExpression: (node) => checkModule(node, node.source.type === 'Literal' ? node.source.value : undefined, '*'),
        MemberExpression: (node) => {
          if (node.object.type !== 'Identifier') return;
          const member = node.property.type === 'Identifier' && !node.computed ? node.property.name : node.property.type === 'Literal' ? node.property.value : undefined;
          reportMember(active, node, node.object.name, member, report);
        },
        VariableDeclarator: ({ id, init }) => {
          if (id.type !== 'ObjectPattern' || init?.type !== 'Identifier') return;
          for (const property of id.properties) if (property.type === 'Property') reportMember(active, property, init.name, nameOf(property.key), report);
        },
        'Program:exit': () => {
          const scope = context.sourceCode.scopeManager.globalScope;
          for (const confinement of active) {
            for (const { identifier } of globalReferences(scope, confinement.globals ?? [])) report(identifier as Node, String(identifier.name), confinement);
          }
        },
      };
    },
  };
}

function reportMember(active: readonly Confinement[], node: Node, object: string, member: unknown, report: (node: Node, used: string, confinement: Confinement) => void): void {
  for (const confinement of active) {
    if (confinement.members?.some(([owner, name]) => owner === object && name === member)) report(node, `${object}.${String(member)}`, confinement);
  }
}

function namesOf({ modules = {} }: Confinement, source: string): readonly string[] | '*' | undefined {
  return Object.entries(modules).find(([pattern]) => matchesGlob(source, pattern))?.[1];
}

type Specifier = ImportDeclaration['specifiers'][number] & { importKind?: 'type' | 'value' };

/** Type-only imports do nothing at run time: their names are not counted, only modules confined as a whole. */
function importedNames(node: ImportDeclaration & { importKind?: 'type' | 'value' }): readonly string[] | '*' {
  if (node.importKind === 'type') return [];
  if (node.specifiers.some(({ type }) => type === 'ImportNamespaceSpecifier')) return '*';
  return node.specifiers.filter((specifier: Specifier) => specifier.importKind !== 'type').map((specifier) => (specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : 'default'));
}

function nameOf(node: Node): string {
  return node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '';
}

/** Uses of names that nothing in the file declares. */
function globalReferences(scope: Scope.Scope | null, names: readonly string[]): Scope.Reference[] {
  if (scope === null) return [];
  const configured = names.flatMap((name) => scope.set.get(name)?.references ?? []);
  return [...configured, ...scope.through.filter(({ identifier }) => names.includes(String(identifier.name)))].filter(isValue);
}

function isValue(reference: Scope.Reference & { readonly isValueReference?: boolean }): boolean {
  return reference.isValueReference !== false;
}
