import { useElementSize } from './use-element-size.ts';
import { computed, type ComputedRef, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { chartColours } from '../app/chart-colours.ts';
import { useTheme } from '../app/theme.ts';
import { useFormat } from '../shared/use-format.ts';
import type { Drawing } from './charts.ts';

/** Colours, words and sizes a chart is drawn with now. */
export function useDrawing(frame: Readonly<Ref<HTMLElement | null>>): ComputedRef<Drawing> {
  const { t } = useI18n();
  const { dark } = useTheme();
  const format = useFormat();
  const width = useElementSize(frame);
  return computed(() => ({
    colours: chartColours[dark.value ? 'dark' : 'light'],
    format: format.value,
    nameWidth: width.value > 0 && width.value < 420 ? 96 : 150,
    words: {
      amount: t('pipeline.amount'), weighted: t('pipeline.weighted'), count: t('pipeline.count'), bookings: t('pipeline.tiles.bookings'), created: t('pipeline.tiles.created'),
      byCount: t('pipeline.tiles.byCount'), byAmount: t('pipeline.tiles.byAmount'), running: t('pipeline.running'),
    },
  }));
}
