// One-shot container `setup`: makes roles, schemas and grants in PostgreSQL; safe to repeat.
import { withAccount } from '../postgres/addresses.ts';
import { bootstrapDatabases } from '../postgres/bootstrap.ts';
import { prepareSecrets } from '../secrets/secrets.ts';
import { messageOf } from '../terminal/start-problem.ts';
import { inside } from './volumes.ts';

const [installationFolder = '/secrets/installation', database = inside.database] = process.argv.slice(2);

try {
  const { superuserPassword, rolePasswords } = await prepareSecrets(installationFolder, undefined);
  await bootstrapDatabases({
    databaseUrl: withAccount(database, 'postgres', superuserPassword), warehouseUrl: undefined, passwords: rolePasswords, onWarning: (line) => console.warn(line),
  });
  console.log('Roles and schemas are in place.');
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}
