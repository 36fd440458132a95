import { Injectable, Logger } from '@nestjs/common';
import { toFailure } from '@tributary/failures';
import type { ObjectTask } from '../extract/object-task.ts';
import type { KnownFields } from '../warehouse/field-catalogue.ts';
import { isCustom, noEvidence, type FieldEvidence } from '../warehouse/field-fate.ts';
import type { ColumnPlan } from './column-plan.ts';

/** Fields this user may read, asked along: if they are not told of either, nothing is. */
const controls = 20;
/** Names in one query; its text must fit into an address. */
const fieldsAtOnce = 100;

/** Asks the org's setup about an object's fields. */
@Injectable()
export class ReadFieldEvidence {
  readonly #log = new Logger('describe');

  /** What the setup tells. Many users may not see it, and other servers have none: that never hinders a run. */
  async execute(task: ObjectTask, plan: ColumnPlan, { present, gone }: KnownFields): Promise<FieldEvidence> {
    const described = [...plan.columns.map(({ field }) => field), ...plan.excluded.map(({ field }) => field.name)];
    const missing = [...present, ...gone].map(({ field }) => field).filter((field) => !described.includes(field));
    if (missing.length === 0 && !described.some(isCustom)) return noEvidence;
    const ids = (await this.#asked(task, () => task.org.data.fieldDefinitions(plan.object))) ?? noEvidence.ids;
    const unexplained = missing.filter((field) => !ids.has(field));
    const asked = [...unexplained, ...described.toSorted((a, b) => Number(isCustom(b)) - Number(isCustom(a))).slice(0, controls)];
    return { ids, permitted: unexplained.length === 0 ? undefined : await this.#permitted(task, plan.object, asked) };
  }

  async #permitted(task: ObjectTask, object: string, fields: readonly string[]): Promise<ReadonlySet<string> | undefined> {
    const permitted = new Set<string>();
    for (let from = 0; from < fields.length; from += fieldsAtOnce) {
      const some = await this.#asked(task, () => task.org.data.permittedFields(object, fields.slice(from, from + fieldsAtOnce)));
      if (some === undefined) return undefined;
      for (const field of some) permitted.add(field);
    }
    return permitted;
  }

  async #asked<T>({ signal, tracker }: ObjectTask, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) throw error;
      this.#log.debug(`The setup tells nothing of the fields of ${tracker.object}`, toFailure(error));
      return undefined;
    }
  }
}
