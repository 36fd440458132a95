import { computed, type ComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { boardOfQuery, defaultBoard, queryOfBoard, type BoardState } from './board-state.ts';

/** The state of the board in the address, and how to change it. */
export function useBoard(): { board: ComputedRef<BoardState>; change: (part: Partial<BoardState>) => void; reset: () => void; filtered: ComputedRef<boolean> } {
  const route = useRoute();
  const router = useRouter();
  const board = computed(() => boardOfQuery(route.query));
  const show = (state: BoardState): void => void router.push({ query: queryOfBoard(state) });
  return {
    board,
    change: (part) => show({ ...board.value, ...part }),
    reset: () => show({ ...defaultBoard, trend: board.value.trend }),
    filtered: computed(() => Object.keys(queryOfBoard({ ...board.value, trend: defaultBoard.trend })).length > 0),
  };
}
