import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { formatFor, type Format } from './format.ts';

const known = new Map<string, Format>();

/** Formatting in the language of the page. */
export function useFormat(): ComputedRef<Format> {
  const { locale } = useI18n();
  return computed(() => {
    const format = known.get(locale.value) ?? formatFor(locale.value);
    known.set(locale.value, format);
    return format;
  });
}
