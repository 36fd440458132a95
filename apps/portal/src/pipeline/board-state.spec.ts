import { expect, it } from 'vitest';
import { boardOfQuery, defaultBoard, historyOf, periodIds, periodOf, queryOfBoard, type BoardState } from './board-state.ts';

it('has an empty address for the board as it opens', () => {
  expect(queryOfBoard(defaultBoard)).toEqual({});
  expect(boardOfQuery({})).toEqual(defaultBoard);
});

it('gives the same board back from its address, for every combination', () => {
  for (const period of periodIds) {
    for (const calendar of ['fiscal', 'gregorian'] as const) {
      for (const trend of ['month', 'quarter'] as const) {
        for (const owner of [null, '0055g00000AbCdEAAZ']) {
          const state: BoardState = { owner, stage: owner === null ? 'Proposal/Price Quote & more' : null, period, calendar, trend };
          expect(boardOfQuery(queryOfBoard(state))).toEqual(state);
        }
      }
    }
  }
});

it('falls back to what is usual where an address says nonsense', () => {
  expect(boardOfQuery({ period: 'next-decade', calendar: 'lunar', trend: 'day', owner: '' })).toEqual(defaultBoard);
});

it('asks for the last fiscal quarter', () => {
  expect(periodOf({ period: 'last-quarter', calendar: 'fiscal' })).toEqual({ calendar: 'fiscal', unit: 'quarter', from: -1, to: -1 });
});

it('looks back over eight periods that end with the one shown', () => {
  expect(historyOf({ period: 'last-year', calendar: 'gregorian' }, 8)).toEqual({ period: { calendar: 'gregorian', unit: 'year', from: -8, to: -1 }, timeGrain: 'year' });
});
