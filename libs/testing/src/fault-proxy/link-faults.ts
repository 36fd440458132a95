/** What befalls the bytes of one direction of a link. */
export interface LinkFaults {
  /** Milliseconds each piece is held before it passes. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
  /** Largest piece that passes at once; 1 makes every byte a segment of its own. */
  readonly sliceBytes?: number;
  /** Bytes of each connection, counted from when the fault was set, after which `atLimit` happens. */
  readonly limitBytes?: number;
  /** How many connections meet the limit; all by default. */
  readonly times?: number;
  /** `reset` by default; `close` ends in order, as a truncated answer does; `silence` leaves both ends waiting. */
  readonly atLimit?: 'reset' | 'close' | 'silence';
  /** Nothing passes and nobody is told: new connections meet a black hole, present ones are half-open. Bytes wait until it is over. */
  readonly silent?: boolean;
}

/** A chunk in pieces that the faults let pass at once. */
export function piecesOf(chunk: Buffer, { sliceBytes = chunk.length, bytesPerSecond }: LinkFaults): Buffer[] {
  // Ten pieces a second are smooth enough to count as bandwidth.
  const most = Math.max(1, Math.min(sliceBytes, bytesPerSecond === undefined ? sliceBytes : Math.ceil(bytesPerSecond / 10)));
  return Array.from({ length: Math.ceil(chunk.length / most) }, (_, index) => chunk.subarray(index * most, (index + 1) * most));
}

/** Milliseconds a piece takes on its way. */
export function holdMs(piece: Buffer, { latencyMs = 0, bytesPerSecond }: LinkFaults): number {
  return latencyMs + (bytesPerSecond === undefined ? 0 : (piece.length / bytesPerSecond) * 1_000);
}
