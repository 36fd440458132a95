import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { formatFor, type Format } from './format.ts';

const known = new Map<string, Format>();

/** Formatting in the language of the page. */
export function useFormat(): ComputedRef<Format> {
  const { locale } = useI18n();
  return computed(() => {
    const format = known.get(locale.value) ?? formatFor(regionOf(locale.value));
    known.set(locale.value, format);
    return format;
  });
}

/** The reader's own region of a language, such as `en-GB`, when their browser names one. */
function regionOf(language: string): string {
  return navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? language;
}
