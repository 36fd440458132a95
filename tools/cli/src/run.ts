import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, ConnectionList, Disconnected, DoctorReport, ServiceConnectionAnswer, SigningCertificate, SigningKey, SigningKeyList, SyncRun, SyncRunStarted } from '@tributary/api-contracts';
import { Command, CommanderError, Option } from 'commander';
import { z } from 'zod';
import { ApiClient } from './api-client.ts';
import { CommandFailure, exitCodes } from './command-failure.ts';
import { exportRows } from './export-rows.ts';
import { findConnection } from './find-connection.ts';
import { findProduct, type Product } from './find-product.ts';
import { operate } from './operator.ts';

interface Common {
  readonly url?: string;
  readonly dataDir?: string;
  readonly as?: string;
  readonly json?: true;
}

const root = join(import.meta.dirname, '..', '..', '..');
const anything = z.record(z.string(), z.unknown());
const AuditCheck = z.object({ intact: z.boolean(), chains: z.array(z.object({ workspaceId: z.string(), entries: z.number(), brokenAt: z.number().nullable() })) });

/** Runs one command. @returns the exit code */
export async function run(parameters: readonly string[]): Promise<number> {
  const program = commands();
  try {
    await program.parseAsync([...parameters], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    const failure = error instanceof CommandFailure ? error : new CommandFailure(error instanceof Error ? error.message.split('\n')[0] ?? 'It failed.' : 'It failed.');
    console.error(program.opts<Common>().json === true ? JSON.stringify({ code: failure.code, error: failure.message }) : failure.message);
    return exitCodes[failure.exit];
  }
}

function commands(): Command {
  const program = new Command('tributary').description('Connects Salesforce orgs and reads what was copied, without a browser.').exitOverride().showHelpAfterError(false)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) })
    .option('--url <address>', 'address of Tributary (TRIBUTARY_URL); by default that of the running one')
    .option('--data-dir <folder>', 'data folder of the running Tributary (TRIBUTARY_DATA_DIR)')
    .option('--as <person>', 'work as this person: username, e-mail address or id; written into the audit log')
    .option('--json', 'answers and errors as JSON');
  const product = (): Product => findProduct(program.opts<Common>(), process.env, root);
  const api = (): ApiClient => new ApiClient(product(), program.opts<Common>().as);
  const say = (value: unknown, text: string): void => console.log(program.opts<Common>().json === true ? JSON.stringify(value) : text);

  program.command('connect').description('connect a user of an org by signed assertion').argument('<username>').option('--login <host>', 'login address, such as test.salesforce.com')
    .option('--site <url>', 'Experience Cloud site whose user it is, such as https://acme.my.site.com/customers; named in the assertion, never called').action(async (username: string, { login, site }: { login?: string; site?: string }) => {
    const answer = await api().ask('POST', '/api/service-connections', ServiceConnectionAnswer, { username, ...(login === undefined ? {} : { login }), ...(site === undefined ? {} : { site }) });
    if (answer.connectionId === null) throw new CommandFailure([answer.proof.text, ...answer.proof.steps].join(' '), 'negative', answer.proof.cause ?? 'JWT_NOT_PROVEN');
    say(answer, `Connected ${username}: ${answer.connectionId}`);
  });

  program.command('list').description('list connections').action(async () => {
    const { connections } = await api().ask('GET', '/api/connections', ConnectionList);
    say(connections, connections.map(({ id, state, name, user, policy, sync }) => [id, state, policy, user.username ?? user.name, name, sync?.lastSyncAt ?? 'never'].join('\t')).join('\n'));
  });

  program.command('doctor').description('check everything between the person and their data; exit code 4 when something fails').argument('[connection]').action(async (named?: string) => {
    const client = api();
    const { id } = await findConnection(client, named);
    const report = await client.ask('POST', `/api/connections/${id}/doctor`, DoctorReport);
    say(report, report.checks.map(({ outcome, title, evidence, fix }) => `${outcome.padEnd(8)}${title}: ${evidence}${fix === null ? '' : `\n        → ${fix}`}`).join('\n'));
    if (report.outcome === 'fail') throw new CommandFailure(`${report.checks.filter(({ outcome }) => outcome === 'fail').length} checks failed.`, 'negative', 'DOCTOR_FAILED');
  });

  program.command('sync').description('copy now; exit code 4 when the run did not complete').argument('[connection]').option('--no-wait', 'do not wait for its end').action(async (named: string | undefined, { wait }: { wait: boolean }) => {
    const client = api();
    const { id } = await findConnection(client, named);
    const { run: started } = await client.ask('POST', `/api/connections/${id}/sync-runs`, SyncRunStarted);
    if (!wait) return say(started, `Started run ${started.id}`);
    for (;;) {
      const now = await client.ask('GET', `/api/connections/${id}/sync-runs/${started.id}`, SyncRun);
      if (now.status !== 'running') {
        say(now, `Run ${now.id} ended ${now.status}: ${now.rows} rows, ${now.apiCalls} API calls.`);
        if (now.status !== 'complete') throw new CommandFailure(now.reasons.map(({ object, text }) => `${object ?? 'Run'}: ${text}`).join(' '), 'negative', 'SYNC_NOT_COMPLETE');
        return;
      }
      await sleep(500);
    }
  });

  program.command('export').description('write the rows of an object').argument('<object>').option('-c, --connection <connection>').option('-o, --output <file>', 'instead of the standard output')
    .addOption(new Option('-f, --format <format>').choices(['csv', 'jsonl']).default('csv')).action(async (object: string, { connection, output, format }: { connection?: string; output?: string; format: 'csv' | 'jsonl' }) => {
      const client = api();
      const { id } = await findConnection(client, connection);
      if (output === undefined) return void (await exportRows(client, id, object, format, process.stdout));
      const file = createWriteStream(output, { mode: 0o600 });
      const rows = await exportRows(client, id, object, format, file);
      await finished(file.end());
      say({ object, rows, file: output }, `${rows} rows of ${object} in ${output}`);
    });

  for (const [name, description] of [['pause', 'read nothing at Salesforce for now'], ['resume', 'go on after a pause']] as const) {
    program.command(name).description(description).argument('[connection]').action(async (named?: string) => {
      const client = api();
      const now = await client.ask('POST', `/api/connections/${(await findConnection(client, named)).id}/${name}`, Connection);
      say({ id: now.id, state: now.state }, `${now.name} is ${now.state}.`);
    });
  }

  program.command('revoke').description('disconnect: revoke at Salesforce, keep or erase the data').argument('<connection>').addOption(new Option('--data <what>').choices(['keep', 'erase']).default('keep')).action(async (named: string, { data }: { data: string }) => {
    const client = api();
    const { id, name } = await findConnection(client, named);
    const ended = await client.ask('DELETE', `/api/connections/${id}?data=${data}`, Disconnected);
    say(ended, `${name} is ${ended.state}; ${ended.revoked ? 'Salesforce confirmed' : 'Salesforce did not confirm yet, it is tried again'}.`);
  });

  const keys = program.command('keys').description('signing keys of the app');
  keys.command('list').action(async () => {
    const list = await api().ask('GET', '/api/signing-keys', SigningKeyList);
    say(list, list.keys.map(({ id, state, fingerprint, notAfter, daysLeft }) => [id, state, fingerprint, notAfter.slice(0, 10), `${daysLeft} days`].join('\t')).join('\n'));
  });
  keys.command('make').description('make a key pair, or bring one along').addOption(new Option('--bits <bits>').choices(['2048', '4096']).default('2048')).option('--key <file>', 'private key, PEM').option('--certificate <file>', 'its certificate, PEM')
    .action(async ({ bits, key, certificate }: { bits: string; key?: string; certificate?: string }) => {
      if ((key === undefined) !== (certificate === undefined)) throw new CommandFailure('Give both --key and --certificate, or neither.', 'usage', 'USAGE');
      const { as } = program.opts<Common>();
      const made = key === undefined || certificate === undefined
        ? await api().ask('POST', '/api/signing-keys', SigningKey, { bits: Number(bits) })
        : await operate(product().dataDir, 'import-signing-key', { privateKey: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8'), ...(as === undefined ? {} : { as }) }, SigningKey);
      say(made, `${made.id}\t${made.fingerprint}\tuntil ${made.notAfter.slice(0, 10)}`);
    });
  keys.command('certificate').description('print the certificate, to take it to Salesforce').argument('[id]').action(async (id?: string) => {
    const client = api();
    const keyId = id ?? (await client.ask('GET', '/api/signing-keys', SigningKeyList)).keys[0]?.id;
    if (keyId === undefined) throw new CommandFailure('There is no signing key yet: make one with "keys make".', 'failed', 'SIGNING_KEY_NOT_FOUND');
    const certificate = await client.ask('GET', `/api/signing-keys/${keyId}/certificate`, SigningCertificate);
    await client.ask('POST', `/api/signing-keys/${keyId}/offer`, SigningKey);
    say(certificate, certificate.pem.trimEnd());
  });

  const operator = program.command('operate').description('what only the operator of this machine does');
  const operation = (name: string, description: string, needsConfirmation = false): void => {
    const command = operator.command(name).description(description);
    if (needsConfirmation) command.requiredOption('--confirm <name>', `write ${name} once more`);
    command.action(async ({ confirm }: { confirm?: string }) => {
      const report = await operate(product().dataDir, name, confirm === undefined ? {} : { confirm }, anything);
      console.log(JSON.stringify(report, null, program.opts<Common>().json === true ? 0 : 2));
    });
  };
  operation('rewrap', 'wrap all data keys with the first master key');
  operation('revoke-everything', 'revoke every grant of every workspace, refuse all older tokens, wrap the keys anew', true);
  operator.command('verify-audit').description('read the audit logs of all workspaces from their first entry on').action(async () => {
    const checked = await operate(product().dataDir, 'verify-audit', {}, AuditCheck);
    say(checked, checked.chains.map(({ workspaceId, entries, brokenAt }) => [workspaceId, `${entries} entries`, brokenAt === null ? 'holds' : `was changed at entry ${brokenAt}`].join('\t')).join('\n'));
    if (!checked.intact) throw new CommandFailure('An audit log was changed from outside.', 'negative', 'AUDIT_CHAIN_BROKEN');
  });
  operation('restore-confirm', 'let a restored installation refresh again');
  return program;
}
