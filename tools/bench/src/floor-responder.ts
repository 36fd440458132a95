import { connect, type ConnectionOptions } from '@nats-io/transport-node';

// A process that does what cannot be left out of a lease: take a message and answer one of the same length. No keys, no database, no framework, no decision.

const reply = JSON.stringify({ reply: { reply: 'x'.repeat(1_100) } });

async function answerFloor(options: ConnectionOptions): Promise<void> {
  const bus = await connect(options);
  bus.subscribe('floor', { queue: 'floor', callback: (_error, message) => void message.respond(reply) });
  await bus.flush();
}

process.on('message', (options: ConnectionOptions) => {
  void answerFloor(options).then(() => process.send?.('ready'));
});
