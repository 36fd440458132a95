import type { Query } from '../soql/ast.ts';
import type { QueryPlan } from '../soql/plan.ts';
import { RestError } from '../rest/rest-error.ts';

/** What Bulk API 2.0 refuses before it looks at fields. @throws RestError 400 */
export function requireBulkSyntax(query: Query): void {
  if (query.hasSubquery) throw new RestError(400, 'API_ERROR', 'Aggregate Relationships not supported in Bulk Query');
  if (query.count || query.aggregates.length > 0 || query.groupBy.length > 0) throw new RestError(400, 'API_ERROR', 'Aggregate functions and GROUP BY not supported in Bulk Query');
  if (query.offset !== undefined) throw new RestError(400, 'API_ERROR', 'OFFSET not supported in Bulk Query');
}

/** What it refuses of objects and fields. @throws RestError 400 */
export function requireBulkPlan({ table, fields }: QueryPlan): void {
  const { name, bulkRefused } = table.definition;
  if (bulkRefused === true) throw new RestError(400, 'INVALIDENTITY', `Entity '${name}' is not supported by the Bulk API.`);
  if (fields.some(({ field }) => field.type === 'address' || field.type === 'location')) throw new RestError(400, 'FUNCTIONALITY_NOT_ENABLED', 'Selecting compound data not supported in Bulk Query');
  if (fields.some(({ field }) => field.type === 'base64')) throw new RestError(400, 'API_ERROR', 'Selecting base64 data not supported in Bulk Query');
}
