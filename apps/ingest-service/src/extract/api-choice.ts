export type ExtractApi = 'bulk' | 'rest';

/** Address and headers of a call must stay under 16,384 bytes; headers take about 3,000. */
const maxSoqlBytes = 13_000;

/** By which API a window is read. @param rows count at the source; undefined when it cannot be counted @param restRows rows up to which REST is used */
export function chooseApi(rows: number | undefined, soql: string, restRows: number): ExtractApi {
  return rows !== undefined && rows <= restRows && fitsAddress(soql) ? 'rest' : 'bulk';
}

/** Whether a query can be sent in an address. */
export function fitsAddress(soql: string): boolean {
  return Buffer.byteLength(encodeURIComponent(soql)) <= maxSoqlBytes;
}
