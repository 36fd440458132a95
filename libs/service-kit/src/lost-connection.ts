/** Errors of PostgreSQL that mean "not now": being shut down or started, too many connections, a connection that ended. */
const states = /^(?:57P0[123]|53300|08\w{3})$/;
const codes = /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const texts = /^(?:timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/;

/** Whether an error, or what caused it, is a connection to the database that could not be had or was lost. */
export function isLostConnection(thrown: unknown, depth = 0): boolean {
  if (!(thrown instanceof Error) || depth > 4) return false;
  const code = 'code' in thrown ? String(thrown.code) : '';
  return states.test(code) || codes.test(code) || texts.test(thrown.message) || isLostConnection(thrown.cause, depth + 1);
}
