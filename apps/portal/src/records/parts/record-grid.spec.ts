// @vitest-environment happy-dom
import type { RecordsAnswer } from '@tributary/api-contracts';
import { hostileTexts } from '@tributary/testing/hostile-texts';
import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import { i18n } from '../../app/i18n.ts';
import RecordGrid from './RecordGrid.vue';

const texts = hostileTexts.map(({ text }) => text);
const answer: RecordsAnswer = {
  object: 'Account', columns: texts.map((label, index) => ({ name: `Field_${index}__c`, label, type: 'string' })), rows: [], total: 1, nextCursor: null, recordUrl: null, coverage: { status: 'complete', asOf: null },
};
const grid = (rows: RecordsAnswer['rows']) => mount(RecordGrid, { props: { answer, rows, sort: undefined, currency: undefined }, global: { plugins: [i18n], stubs: { AppIcon: true } }, attachTo: document.body });
/** Markup made of no text: what the component itself has. */
const own = /^(DIV|BUTTON|SPAN)$/;

it('shows labels of the org as they were written, in columns and in what they say of themselves', () => {
  const headers = grid([]).findAll('[role=columnheader] button');
  // A field without a label is called by its name before it comes here.
  expect(headers.map(({ element }) => element.textContent)).toEqual(texts);
  expect(headers.map(({ element }) => element.getAttribute('title'))).toEqual(texts.map((label) => `Sort by ${label}`));
});

it('makes no element of a label', () => {
  const elements = [...grid([]).element.querySelectorAll('*')];
  expect(elements.filter(({ tagName }) => !own.test(tagName))).toEqual([]);
});
