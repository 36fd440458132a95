/** Messages of the Pub/Sub API as the proto loader gives and takes them. */
export interface FetchRequest {
  readonly topicName: string;
  readonly replayPreset: 'LATEST' | 'EARLIEST' | 'CUSTOM';
  readonly replayId: Buffer;
  readonly numRequested: number;
}

export interface FetchResponse {
  readonly events: readonly { readonly event: { readonly id: string; readonly schemaId: string; readonly payload: Buffer; readonly headers: readonly never[] }; readonly replayId: Buffer }[];
  readonly latestReplayId: Buffer;
  readonly rpcId: string;
  readonly pendingNumRequested: number;
}
