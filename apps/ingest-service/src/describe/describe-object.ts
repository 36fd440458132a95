import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type IngestConfig } from '../config.ts';
import { ChooseCursor } from '../extract/choose-cursor.ts';
import type { ObjectTask } from '../extract/object-task.ts';
import { isCustom } from '../warehouse/field-fate.ts';
import type { ColumnPlan } from './column-plan.ts';
import { Descriptions, fingerprintOf } from './descriptions.store.ts';
import { FitWarehouse } from './fit-warehouse.ts';
import { requirePlan } from './require-plan.ts';

@Injectable()
export class DescribeObject {
  constructor(
    private readonly descriptions: Descriptions,
    private readonly fitWarehouse: FitWarehouse,
    private readonly chooseCursor: ChooseCursor,
    @Inject(CONFIG) private readonly config: IngestConfig,
  ) {}

  /**
   * Reads an object's description, asking Salesforce only when it may have changed, and makes the warehouse fit it.
   * @throws SalesforceCallFailure when the object cannot be described; InvalidInput `OBJECT_WITHOUT_ID`, `TOO_MANY_FIELDS`
   */
  async execute(task: ObjectTask): Promise<ColumnPlan> {
    const description = await this.descriptions.read(task);
    const plan = requirePlan(description, task.tracker.fields, this.config.rowBounds);
    const fits = description.fitted === fingerprintOf(plan) && (description.isExplained || !hasCustomFields(plan));
    return this.chooseCursor.execute(task, fits ? plan : await this.fitWarehouse.execute(task, description, plan));
  }
}

function hasCustomFields({ columns, excluded }: ColumnPlan): boolean {
  return columns.some(({ field }) => isCustom(field)) || excluded.some(({ field }) => isCustom(field.name));
}
