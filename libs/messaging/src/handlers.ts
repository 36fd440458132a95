import { MessagePattern } from '@nestjs/microservices';
import type { RequestDefinition } from '@tributary/api-contracts';
import type { ConnectionId, EventDefinition } from '@tributary/event-contracts';

/** Pattern under which Nest keeps the handler of an event. */
export function eventPattern({ type, version }: Pick<EventDefinition, 'type' | 'version'>): string {
  return `event:${type}.v${version}`;
}

/** Pattern under which Nest keeps the handler of a request. */
export function requestPattern({ subject }: { readonly subject: string }): string {
  return `request:${subject}`;
}

/** The method handles an event of another service; it may be delivered more than once. */
export function OnEvent<Type extends string, Data extends { connectionId: ConnectionId }>(definition: EventDefinition<Type, Data>): MethodDecorator {
  return MessagePattern(eventPattern(definition), { event: definition });
}

/** The method answers a request of another service. */
export function OnRequest<Request, Reply>(definition: RequestDefinition<Request, Reply>): MethodDecorator {
  return MessagePattern(requestPattern(definition), { request: definition });
}
