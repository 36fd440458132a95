import { json, type Reply } from '../http/reply.ts';
import type { HttpRequest } from '../http/request.ts';
import type { Settings } from '../control/settings.ts';
import type { View } from '../soql/view.ts';

/** `GET /limits` */
export function limits(settings: Settings, used: { readonly apiRequests: number; readonly bulkQueryJobs: number }): Reply {
  const of = (max: number, consumed = 0): { Max: number; Remaining: number } => ({ Max: max, Remaining: Math.max(0, max - consumed) });
  return json(200, {
    DailyApiRequests: of(settings.dailyApiRequests, used.apiRequests), DailyAsyncApexExecutions: of(250_000), DailyBulkApiBatches: of(15_000), DailyBulkV2QueryFileStorageMB: of(976_562),
    DailyBulkV2QueryJobs: of(settings.bulkJobsPerDay, used.bulkQueryJobs), DailyDeliveredPlatformEvents: of(10_000), DailyStreamingApiEvents: of(10_000), DailyWorkflowEmails: of(15_000), DataStorageMB: of(10_240, 412),
    FileStorageMB: of(20_480, 1_033), HourlyAsyncReportRuns: of(1_200), HourlySyncReportRuns: of(500), MassEmail: of(5_000), PermissionSets: { ...of(1_500), CreateCustom: of(1_000) }, SingleEmail: of(5_000),
  });
}

/** `GET /limits/recordCount?sObjects=A,B`: rows as Salesforce estimates them; objects the user cannot see are left out. */
export function recordCount(view: View, { query }: HttpRequest): Reply {
  const asked = (query.get('sObjects') ?? '').split(',').filter((name) => name !== '').map((name) => name.toLowerCase());
  const tables = view.org.tables.filter(({ definition: { name } }) => view.canSeeObject(name) && (asked.length === 0 || asked.includes(name.toLowerCase())));
  return json(200, { sObjects: tables.map(({ definition: { name }, size }) => ({ count: size, name })) });
}
