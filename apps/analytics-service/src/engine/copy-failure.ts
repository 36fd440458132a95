/** The analysis copy cannot answer; PostgreSQL can. Never leaves the service. */
export class CopyFailed extends Error {
  override readonly name = 'CopyFailed';
}

/** The question took too long on the copy. */
export class CopyTimeout extends Error {
  override readonly name = 'CopyTimeout';
}
