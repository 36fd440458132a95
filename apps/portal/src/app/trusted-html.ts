import { markupFree } from './markup-free.ts';

declare global {
  /** Trusted types, which not every browser has and TypeScript does not know; as far as they are needed here. */
  var trustedTypes: { createPolicy(name: string, rules: { createHTML(text: string): string | null }): unknown } | undefined;
}

/**
 * The page's policy takes no string where markup is parsed. Libraries that write there what is no markup are let through: Nuxt UI its
 * style sheet of colours, ECharts the empty text with which it clears. Vue brings a policy of its own for what it has compiled.
 */
globalThis.trustedTypes?.createPolicy('default', { createHTML: markupFree });
