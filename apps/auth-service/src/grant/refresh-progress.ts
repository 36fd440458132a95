import { Injectable } from '@nestjs/common';

/** How far a refresh has come; between two neighbours a process can die. */
export type RefreshPoint = 'before-intent' | 'after-intent' | 'after-response' | 'after-escrow' | 'before-commit' | 'after-commit';

/** Is told of each point that a refresh reaches, and waited for. Here nobody listens; tests listen, to end the process there. */
@Injectable()
export class RefreshProgress {
  async reached(_point: RefreshPoint): Promise<void> {
    // Nothing to do.
  }
}
