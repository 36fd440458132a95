import { computed, inject, provide, readonly, shallowRef, watchEffect, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue';

export const themeChoices = ['light', 'dark', 'system'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

export interface Theme {
  readonly choice: Readonly<ShallowRef<ThemeChoice>>;
  readonly dark: ComputedRef<boolean>;
  choose(choice: ThemeChoice): void;
}

const THEME: InjectionKey<Theme> = Symbol('theme');
/** Read by `public/theme.js` before the first paint. */
const storageKey = 'tributary.theme';

/** Owns the appearance of the page; called once, by the app. */
export function provideTheme(): Theme {
  const choice = shallowRef(remembered());
  const system = matchMedia('(prefers-color-scheme: dark)');
  const systemDark = shallowRef(system.matches);
  system.addEventListener('change', ({ matches }) => (systemDark.value = matches));
  const dark = computed(() => choice.value === 'dark' || (choice.value === 'system' && systemDark.value));
  watchEffect(() => {
    document.documentElement.classList.toggle('dark', dark.value);
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark.value ? '#0b121e' : '#f6f8fb');
  });
  const theme: Theme = {
    choice: readonly(choice),
    dark,
    choose(next) {
      choice.value = next;
      remember(next);
    },
  };
  provide(THEME, theme);
  return theme;
}

/** The appearance chosen for the page. */
export function useTheme(): Theme {
  const theme = inject(THEME);
  if (theme === undefined) throw new Error('useTheme needs the app around it');
  return theme;
}

function remembered(): ThemeChoice {
  try {
    const stored = localStorage.getItem(storageKey);
    return themeChoices.find((known) => known === stored) ?? 'system';
  } catch {
    return 'system';
  }
}

function remember(choice: ThemeChoice): void {
  try {
    localStorage.setItem(storageKey, choice);
  } catch {
    // Storage may be closed; the choice then lasts as long as the page.
  }
}
