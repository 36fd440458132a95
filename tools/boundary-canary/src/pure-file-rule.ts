import { basename } from 'node:path';
import type { Rule } from 'eslint';
import type { ImportDeclaration } from 'estree';
import { fromRoot } from './workspace.ts';

/** Files that wire things together, by name. */
const shellNames = /^(main|config|configure-[a-z-]+|serve-[a-z-]+)\.ts$/;
/** Roles that touch the framework, the database or the bus, by suffix. */
const shellSuffixes = /\.(module|controller|consumer|entity|entities|migration|migrations|client|scheduler|guard|filter|strategy|decorator|store|worker|spec|harness|config)\.ts$/;
const io = /^(@mikro-orm|@nats-io)\//;
const nest = /^@nestjs\//;

/**
 * In a service, a file without a role suffix and without a decorated class is pure: it imports no ORM and no NATS, not even types,
 * and nothing of Nest but types. A plain class, made by a factory, may use Nest's logger and hooks.
 */
export const pureFileRule: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { impure: '{{source}} in a pure file. {{file}} has no role suffix and no decorated class, so it decides on values only: move the input and output into a use case, or name its role.' },
  },
  create(context) {
    const file = fromRoot(context.filename);
    if (!/^apps\/[a-z-]+\/src\/.*\.ts$/.test(file) || file.startsWith('apps/portal/') || shellNames.test(basename(file)) || shellSuffixes.test(basename(file))) return {};
    const suspects: { readonly node: ImportDeclaration; readonly source: string }[] = [];
    let decorated = false;
    let hasClass = false;
    return {
      ImportDeclaration(node: ImportDeclaration & { importKind?: 'type' | 'value' }) {
        const source = String(node.source.value);
        if (io.test(source) || (nest.test(source) && node.importKind !== 'type')) suspects.push({ node, source });
      },
      'ClassDeclaration > Decorator'() {
        decorated = true;
      },
      ClassDeclaration() {
        hasClass = true;
      },
      'Program:exit'() {
        const impure = suspects.filter(({ source }) => !decorated && (io.test(source) || !hasClass));
        for (const { node, source } of impure) context.report({ node, messageId: 'impure', data: { source, file } });
      },
    };
  },
};
