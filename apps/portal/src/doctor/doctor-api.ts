import { DoctorReport } from '@tributary/api-contracts';
import { call, path } from '../shared/http.ts';

/** Looks at everything between the person and their data; takes seconds. */
export function runDoctor(id: string): Promise<DoctorReport> {
  return call(path`/api/connections/${id}/doctor`, { method: 'POST', answer: DoctorReport });
}
