import type { AnalyticsQueryInput } from '@tributary/api-contracts';
import { computed, type ComputedRef, type MaybeRefOrGetter } from 'vue';
import { useI18n } from 'vue-i18n';
import { worstCoverage } from '../shared/coverage.ts';
import { useFormat } from '../shared/use-format.ts';
import { openQueries, resultQueries } from './board-queries.ts';
import { historyOf, type BoardState } from './board-state.ts';
import { figureOf } from './figure.ts';
import { shareOf } from './share.ts';
import { timeLabelOf } from './time-label.ts';
import { useAnswer, type Answering } from './use-answer.ts';

/** All questions of the board, and what only several answers together can say. */
export function usePipeline(connectionId: MaybeRefOrGetter<string>, board: ComputedRef<BoardState>) {
  const { t } = useI18n();
  const format = useFormat();
  const ask = (query: (state: BoardState) => AnalyticsQueryInput): Answering => useAnswer(connectionId, () => query(board.value));
  const asked = {
    open: ask(openQueries.open), weighted: ask(openQueries.weighted), overdue: ask(openQueries.overdue), byStage: ask(openQueries.byStage), byOwner: ask(openQueries.byOwner),
    bookings: ask(resultQueries.bookings), winRate: ask(resultQueries.winRate), dealSize: ask(resultQueries.dealSize), cycle: ask(resultQueries.cycle), created: ask(resultQueries.created),
    history: ask(resultQueries.history), trend: ask(resultQueries.trend), winByOwner: ask(resultQueries.winByOwner),
  };

  const open = computed(() => (asked.open.answer.value === undefined ? undefined : figureOf(asked.open.answer.value, 'pipeline.open_amount')));
  const valueOf = (answering: Answering, metric: string): string | null => (answering.answer.value === undefined ? null : figureOf(answering.answer.value, metric).value);
  const deals = (answering: Answering, metric: string): string | undefined => {
    const count = valueOf(answering, metric);
    return count === null ? undefined : t('pipeline.deals', { n: format.value.count(count) }, Number(count));
  };
  const share = (answering: Answering, metric: string): string | undefined => {
    const part = shareOf(valueOf(answering, metric), open.value?.value ?? null);
    return part === undefined ? undefined : format.value.percent(part);
  };
  const subs = computed(() => {
    const [weighted, overdue] = [share(asked.weighted, 'pipeline.weighted_amount'), share(asked.overdue, 'pipeline.overdue_amount')];
    const overdueDeals = deals(asked.overdue, 'pipeline.overdue_count');
    return {
      open: deals(asked.open, 'pipeline.open_count'),
      weighted: weighted === undefined ? undefined : t('pipeline.weightedOf', { percent: weighted }),
      overdue: valueOf(asked.overdue, 'pipeline.overdue_count') === '0' ? t('pipeline.overdueNone') : [overdueDeals, overdue === undefined ? undefined : t('pipeline.overdueOf', { percent: overdue })].filter((part) => part !== undefined).join(' · '),
      bookings: deals(asked.bookings, 'bookings.won_count'),
    };
  });

  /** The periods before: their values for the sparkline, and the last whole one in words. */
  const past = (metric: string): { values: readonly (number | null)[]; text: string | undefined } => {
    const answer = asked.history.answer.value;
    const before = answer?.rows.at(-2);
    if (answer === undefined) return { values: [], text: undefined };
    const values = answer.rows.map((row) => figureOf(answer, metric, row).value).map((value) => (value === null ? null : Number(value)));
    if (before === undefined) return { values, text: undefined };
    const figure = figureOf(answer, metric, before);
    return { values, text: t('figure.previous', { period: timeLabelOf(answer, before, historyOf(board.value, 2).timeGrain, format.value), value: format.value.figure(figure.value, figure.column, { short: true }) }) };
  };
  const history = computed(() => ({
    bookings: past('bookings.won_amount'), byCount: past('win_rate.by_count'), dealSize: past('deal_size.mean'), cycle: past('cycle.won_days_median'), created: past('pipeline.created_amount'),
  }));

  const everything = Object.values(asked);
  /** One cause behind every tile is told once. */
  const common = computed(() => {
    const [first, ...rest] = everything.map(({ answer, problem }) => (answer.value === undefined ? problem.value : undefined));
    return first !== undefined && rest.every((problem) => problem?.code === first.code) ? first : undefined;
  });
  return {
    asked, open, subs, history,
    /** The worst completeness on the board. */
    coverage: computed(() => worstCoverage(everything.map(({ answer }) => answer.value?.coverage.status))),
    /** Name of the period as the server resolved it. */
    periodLabel: computed(() => asked.bookings.answer.value?.explain?.period?.label),
    /** Whether there are no figures at all yet, because the first objects are still on their way. */
    notReady: computed(() => /not_ready|NOT_READY|NOT_COPIED/.test(common.value?.code ?? '')),
    /** What keeps the whole board from its figures. */
    problem: common,
    retry: () => everything.forEach((answering) => answering.retry()),
  };
}
