import { describe, expect, it } from 'vitest';
import { lintNative, lintVirtual } from './linting.harness.ts';

const lint = lintVirtual();
/** An existing file of a library, whose text is replaced in memory. */
const file = 'libs/failures/src/secret.ts';

const plants: Readonly<Record<string, string>> = {
  '@typescript-eslint/no-explicit-any': 'export function read(value: any): void {\n  void value;\n}\n',
  '@typescript-eslint/no-non-null-assertion': 'export function first(values: readonly string[]): string {\n  return values[0]!;\n}\n',
  '@typescript-eslint/consistent-type-imports': "import { Failure } from './failure.ts';\nexport type Used = Failure;\n",
  '@typescript-eslint/no-unused-vars': 'const unused = 1;\nexport const used = 2;\n',
  'no-restricted-syntax': 'export enum Kind { A, B }\n',
  'no-warning-comments': `// ${'TO'}${'DO'}: later\nexport const used = 1;\n`,
  eqeqeq: 'export const same = (a: unknown, b: unknown): boolean => a == b;\n',
};

/** Faults that the native linter has to see, by their rule: most of them only types show. */
const nativePlants: Readonly<Record<string, string>> = {
  'import(no-default-export)': 'export default function read(): number {\n  return 1;\n}\n',
  'import(no-duplicates)': "import { one } from './clean.ts';\nimport { two } from './clean.ts';\nexport const used = [one, two];\n",
  'import(no-mutable-exports)': 'export let count = 1;\n',
  'typescript(no-floating-promises)': 'async function work(): Promise<void> {\n  await Promise.resolve();\n}\nexport function start(): void {\n  work();\n}\n',
  'typescript(no-misused-promises)': 'async function ready(): Promise<boolean> {\n  return Promise.resolve(true);\n}\nexport function start(): string {\n  return ready() ? "a" : "b";\n}\n',
  'typescript(switch-exhaustiveness-check)': "export function read(kind: 'a' | 'b'): number {\n  switch (kind) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
  'typescript(no-unsafe-assignment)': 'export const value: string = JSON.parse("1");\n',
  'typescript(restrict-template-expressions)': 'export const text = (secret: { readonly token: string }): string => `${secret}`;\n',
};

describe('a planted fault of style is reported by its rule', () => {
  it.each(Object.entries(plants))('%s', async (rule, code) => {
    expect((await lint(file, code)).map((finding) => finding.rule)).toContain(rule);
  });
});

it('reports each planted fault that only types or other files show, and nothing in a clean file', async () => {
  const nameOf = (rule: string): string => `${rule.replaceAll(/\W/g, '-')}.ts`;
  const files = Object.fromEntries(Object.entries(nativePlants).map(([rule, code]) => [nameOf(rule), code]));
  const said = await lintNative({ ...files, 'clean.ts': 'export const [one, two] = [1, 2];\nexport async function work(): Promise<number> {\n  return Promise.resolve(1);\n}\n' });
  for (const rule of Object.keys(nativePlants)) expect(said.get(nameOf(rule)), rule).toContain(rule);
  expect(said.get('clean.ts')).toBeUndefined();
});

it('has nothing to say about a clean file', async () => {
  const clean = "import { Failure } from './failure.ts';\n\n/** Whether work that ended so may be tried again. */\nexport function mayRepeat(error: unknown): boolean {\n  return error instanceof Failure && error.retryable;\n}\n";
  expect(await lint(file, clean)).toEqual([]);
});

it('reports html that a component binds unescaped', async () => {
  const component = '<script setup lang="ts">\nconst { text } = defineProps<{ text: string }>();\n</script>\n\n<template>\n  <p v-html="text" />\n</template>\n';
  expect((await lintVirtual()('apps/portal/src/Planted.vue', component)).map(({ rule }) => rule)).toContain('vue/no-v-html');
});
