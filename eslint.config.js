// The rules of the house, for every project: `cd <project> && npx eslint .`
// Who may import whom follows from `nx.tags` in each package.json; tools/boundary-canary plants one violation per rule.
import boundaries from 'eslint-plugin-boundaries';
import importX from 'eslint-plugin-import-x';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import {
  boundaryPolicies, boundarySettings, confinedRule, confinements, pureFileRule, readProjects, workspaceRoot,
} from './tools/boundary-canary/src/index.ts';
import * as workspaceResolver from './tools/boundary-canary/src/workspace-resolver.ts';

const projects = readProjects();
const resolverFile = `${workspaceRoot}/tools/boundary-canary/src/workspace-resolver.ts`;
const tributary = { rules: { confined: confinedRule(confinements), 'pure-file': pureFileRule } };

const source = ['**/*.ts', '**/*.vue'];
const plain = ['**/*.js', '**/*.mjs'];
const specs = ['**/*.spec.ts', '**/*.harness.ts'];

/** Rules of style that need no types. */
const styleRules = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'off',
  'no-eval': 'error',
  'no-new-func': 'error',
  'no-var': 'error',
  'prefer-const': ['error', { destructuring: 'all' }],
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
  'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
  'no-restricted-syntax': [
    'error',
    { selector: 'TSEnumDeclaration', message: 'Use a union of strings or an `as const` object.' },
    { selector: 'TSExportAssignment', message: 'Use a named export.' },
    { selector: 'ClassDeclaration:has(> Decorator) MethodDefinition[kind="constructor"][value.params.length>6]', message: 'More than six injected dependencies: this class does two things.' },
  ],
};

/** Rules of TypeScript's syntax; those that need types are in .oxlintrc.json, whose linter reads types natively. */
const syntaxRules = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', caughtErrors: 'all', caughtErrorsIgnorePattern: '^_', ignoreRestSiblings: true }],
};

/** A promise that nobody waits for, as .oxlintrc.json has it. */
const promiseRules = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/test-results/**', '*/*/coverage/**', '**/playwright-report/**', '**/.cache/**', '**/.tributary/**', '**/.nx/**', '**/*.d.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: source,
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { extraFileExtensions: ['.vue'], emitDecoratorMetadata: true, experimentalDecorators: true } },
    rules: { ...styleRules, ...syntaxRules },
  },

  // Who may import whom, and what belongs to one place only.
  {
    files: [...source, ...plain],
    plugins: { boundaries, tributary },
    settings: boundarySettings(projects, workspaceRoot, resolverFile),
    rules: {
      'boundaries/dependencies': ['error', boundaryPolicies(projects)],
      'boundaries/no-unknown-dependencies': 'error',
      'tributary/confined': 'error',
      'tributary/pure-file': 'error',
    },
  },

  // What the native linter tells of TypeScript's imports (cycles, doubles), for the files it does not read.
  {
    files: ['**/*.vue', ...plain],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [{ interfaceVersion: 3, name: 'workspace', resolve: workspaceResolver.resolve }] },
    rules: {
      'import-x/no-self-import': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-mutable-exports': 'error',
    },
  },

  { files: specs, rules: { 'max-lines': 'off' } },

  // Vue: text is bound as text.
  {
    files: ['**/*.vue'],
    extends: [vue.configs['flat/recommended']],
    languageOptions: { parserOptions: { parser: tseslint.parser, projectService: true, tsconfigRootDir: workspaceRoot } },
    rules: {
      // The native linter does not read components.
      ...promiseRules,
      'vue/no-v-html': 'error',
      'vue/no-v-text-v-html-on-component': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-props-declaration': ['error', 'type-based'],
      'vue/define-emits-declaration': ['error', 'type-based'],
      'vue/no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' }],
      'vue/multi-word-component-names': 'off',
      // Layout of templates is the author's.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-closing-bracket-spacing': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      'vue/require-default-prop': 'off',
    },
  },

  {
    files: plain,
    rules: { 'no-var': 'error', 'prefer-const': 'error', eqeqeq: ['error', 'always'], 'no-warning-comments': styleRules['no-warning-comments'] },
  },
);
