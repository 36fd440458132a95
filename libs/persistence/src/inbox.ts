import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** Makes an event's effect happen once, however often the event is delivered. */
@Injectable()
export class Inbox {
  constructor(private readonly em: EntityManager) {}

  /**
   * Runs `work` in one transaction with the note that `consumer` has handled the event.
   * @returns `duplicate` when it was handled before; `work` did not run
   */
  async once(consumer: string, event: { readonly id: string }, work: (em: EntityManager) => Promise<void>): Promise<'applied' | 'duplicate'> {
    return this.em.fork().transactional(async (em) => {
      const rows = await em.execute<{ event_id: string }[]>(
        'insert into inbox (consumer, event_id) values (?, ?) on conflict do nothing returning event_id', [consumer, event.id], 'all');
      if (rows.length === 0) return 'duplicate';
      await work(em);
      return 'applied';
    });
  }
}
