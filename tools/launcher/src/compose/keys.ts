// One-shot container `keys`: makes the installation's secrets once, and gives each container its own as files, with what the operator brings along.
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSecretFile } from '../secrets/secret-file.ts';
import { prepareSecrets } from '../secrets/secrets.ts';
import { serviceNames, type ServiceName } from '../secrets/service-keys.ts';
import { givenSecrets, secretTexts } from './volumes.ts';

const [secretsFolder = '/secrets', dataFolder = '/data'] = process.argv.slice(2);

const secrets = await prepareSecrets(join(secretsFolder, 'installation'), undefined);
const own = Object.fromEntries(await Promise.all(serviceNames.map(async (service) => [service, await readFile(secrets.keys.own(service), 'utf8')] as const))) as Record<ServiceName, string>;
const peers = await readFile(secrets.keys.peers, 'utf8');

for (const { volume, name, text, owner } of secretTexts(secrets, { own, peers })) {
  await mkdir(join(secretsFolder, volume), { recursive: true });
  const path = join(secretsFolder, volume, name);
  await writeSecretFile(path, text);
  await chown(path, owner, owner);
  await chown(join(secretsFolder, volume), owner, owner);
}
for (const { name, text } of givenSecrets(process.env)) {
  const path = join(secretsFolder, 'auth-service', name);
  // Not given is not taken back: a start without it goes on with the one before. An app without a secret has an empty file.
  if (text !== '' || !existsSync(path)) await writeSecretFile(path, text);
  await chown(path, 1_000, 1_000);
}
// Fresh volumes belong to root, and the containers do not run as root.
for (const volume of ['nats', 'auth-service', 'ingest-service', 'analytics-service', 'gateway']) {
  await mkdir(join(dataFolder, volume), { recursive: true });
  await chown(join(dataFolder, volume), 1_000, 1_000);
}
console.log('The secrets of this installation are in place.');
