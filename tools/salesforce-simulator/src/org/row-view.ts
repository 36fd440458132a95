import type { FieldValue } from './value.ts';

/** A row that knows its position and computes each value when it is read. */
export interface RowView {
  readonly [field: string]: FieldValue;
}

/** Values by field, made from the position of a row. */
export type Cells = Readonly<Record<string, (index: number) => FieldValue>>;

const position = Symbol('position');

interface Positioned {
  readonly [position]: number;
}

/** Rows of a million need no million objects with all their values: only what a query reads is made. */
export function viewClass(cells: Cells): new (index: number) => RowView {
  function View(this: { [position]: number }, index: number): void {
    this[position] = index;
  }
  for (const [name, cell] of Object.entries(cells)) {
    Object.defineProperty(View.prototype, name, { get(this: Positioned) {
      return cell(this[position]);
    } });
  }
  // TypeScript knows no constructor functions; this one makes views.
  return View as unknown as new (index: number) => RowView;
}
