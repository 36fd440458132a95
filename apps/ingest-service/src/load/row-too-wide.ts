import { InvalidInput } from '@tributary/failures';

/** Of rows, and of index entries, which the name of the routine tells apart. */
const limitExceeded = '54000';
const routineThatPlacesRows = 'RelationGetBufferForTuple';

/**
 * Waits for rows to be written.
 * @throws InvalidInput `ROW_TOO_WIDE` when one of them does not fit a page of the database; what the writing throws
 */
export async function writingRows<T>(writing: Promise<T>): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    if (!isRowTooWide(error)) throw error;
    throw new InvalidInput('ROW_TOO_WIDE', 'A record fills more columns than one row of the warehouse holds (8 kB): whoever chooses the data can choose fewer fields of this object.', { cause: error });
  }
}

function isRowTooWide(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === limitExceeded && 'routine' in error && error.routine === routineThatPlacesRows;
}
