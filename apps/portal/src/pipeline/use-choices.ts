import type { QueryAnswer } from '@tributary/api-contracts';
import { computed, type ComputedRef, type MaybeRefOrGetter } from 'vue';
import { choiceQueries } from './board-queries.ts';
import { labelOf, textOf } from './figure.ts';
import { useAnswer } from './use-answer.ts';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Owners and stages that have open deals, for the filters and to name owners in tables. */
export function useChoices(connectionId: MaybeRefOrGetter<string>): { owners: ComputedRef<readonly Choice[]>; stages: ComputedRef<readonly Choice[]> } {
  const owners = useAnswer(connectionId, choiceQueries.owners()).answer;
  const stages = useAnswer(connectionId, choiceQueries.stages()).answer;
  return {
    owners: computed(() => choicesOf(owners.value, 'owner').toSorted((a, b) => a.label.localeCompare(b.label))),
    stages: computed(() => choicesOf(stages.value, 'stage')),
  };
}

function choicesOf(answer: QueryAnswer | undefined, dimension: string): readonly Choice[] {
  if (answer === undefined) return [];
  return answer.rows.flatMap((row) => {
    const value = textOf(row, dimension);
    return value === null || value === '' ? [] : [{ value, label: labelOf(answer, row, dimension) }];
  });
}
