import { defineMigration, workspaceRowSecurity } from '@tributary/persistence';

/** The canonical text of an entry: each part with its length before it, so that no two entries share one; must equal `audit-chain.ts`. */
const part = (value: string): string => `coalesce(octet_length(${value}) || ':' || ${value}, '-') || ','`;
const utc = "to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

/** The audit log as a chain: numbered without gaps, each entry hashed with the one before it, and never changed. */
export const auditMigrations = [
  defineMigration('0004-audit-chain', [
    'alter table audit_entry alter column connection_id drop not null, add column sequence bigint, add column hash text',
    `create table audit_chain (
       workspace_id uuid primary key,
       sequence bigint not null,
       hash text not null
     )`,
    `create table audit_anchor (
       day date not null,
       workspace_id uuid not null,
       sequence bigint not null,
       hash text not null,
       at timestamptz not null,
       primary key (day, workspace_id)
     )`,
    `create function audit_hash(previous text, entry audit_entry) returns text language sql stable set search_path from current as $$
       select encode(sha256(convert_to(${[
         'previous', 'entry.sequence::text', 'entry.workspace_id::text', 'entry.connection_id::text', 'entry.person_id::text', utc, 'entry.kind', 'entry.text', 'entry.cause', 'entry.correlation_id::text',
       ].map(part).join(' || ')}, 'UTF8')), 'hex')
     $$`,
    // The head's row lock makes entries of one workspace follow each other; a transaction that is rolled back gives its number back.
    `create function audit_chain_entry() returns trigger language plpgsql set search_path from current as $$
     declare head audit_chain%rowtype;
     begin
       insert into audit_chain (workspace_id, sequence, hash) values (new.workspace_id, 0, encode(sha256(convert_to(new.workspace_id::text, 'UTF8')), 'hex')) on conflict do nothing;
       select * into head from audit_chain where workspace_id = new.workspace_id for update;
       new.sequence := head.sequence + 1;
       new.hash := audit_hash(head.hash, new);
       update audit_chain set sequence = new.sequence, hash = new.hash where workspace_id = new.workspace_id;
       return new;
     end $$`,
    `create function audit_refuse_change() returns trigger language plpgsql as $$
     begin
       raise exception 'the audit log is only ever added to';
     end $$`,
    `do $$
     declare entry audit_entry%rowtype; head audit_chain%rowtype;
     begin
       for entry in select * from audit_entry order by id loop
         insert into audit_chain (workspace_id, sequence, hash) values (entry.workspace_id, 0, encode(sha256(convert_to(entry.workspace_id::text, 'UTF8')), 'hex')) on conflict do nothing;
         select * into head from audit_chain where workspace_id = entry.workspace_id;
         entry.sequence := head.sequence + 1;
         entry.hash := audit_hash(head.hash, entry);
         update audit_entry set sequence = entry.sequence, hash = entry.hash where id = entry.id;
         update audit_chain set sequence = entry.sequence, hash = entry.hash where workspace_id = entry.workspace_id;
       end loop;
     end $$`,
    'alter table audit_entry alter column sequence set not null, alter column hash set not null',
    'create unique index audit_entry_sequence on audit_entry (workspace_id, sequence)',
    'create trigger audit_entry_chained before insert on audit_entry for each row execute function audit_chain_entry()',
    'create trigger audit_entry_kept before update or delete on audit_entry for each row execute function audit_refuse_change()',
    'create trigger audit_entry_not_emptied before truncate on audit_entry for each statement execute function audit_refuse_change()',
    'create trigger audit_anchor_kept before update or delete on audit_anchor for each row execute function audit_refuse_change()',
    'revoke update, delete, truncate on audit_entry, audit_anchor from current_user',
    'revoke delete, truncate on audit_chain from current_user',
    ...workspaceRowSecurity('audit_chain'),
    ...workspaceRowSecurity('audit_anchor'),
  ]),
  defineMigration('0006-audit-checks', [
    `create table audit_check (
       workspace_id uuid primary key,
       claimed_at timestamptz not null,
       at timestamptz,
       entries bigint,
       broken_at bigint
     )`,
    ...workspaceRowSecurity('audit_check'),
  ]),
  // Written by the database itself: no way of changing a state, not even by hand, goes past the log.
  defineMigration('0004-audit-transitions', [
    `create function audit_connection_step() returns trigger language plpgsql set search_path from current as $$
     begin
       insert into audit_entry (workspace_id, connection_id, at, kind, text, cause)
         values (new.workspace_id, new.id, clock_timestamp(), 'step', 'The connection went from ' || old.state || ' to ' || new.state || '.', new.attention_cause);
       return null;
     end $$`,
    'create trigger connection_step after update of state on connection for each row when (old.state is distinct from new.state) execute function audit_connection_step()',
  ]),
  // Each step says why: what calls for attention since then, else what the product says was done.
  defineMigration('0008-step-causes', [
    `create or replace function audit_connection_step() returns trigger language plpgsql set search_path from current as $$
     declare done text := coalesce(nullif(current_setting('tributary.step', true), ''), 'not-by-tributary');
     begin
       insert into audit_entry (workspace_id, connection_id, at, kind, text, cause)
         values (new.workspace_id, new.id, clock_timestamp(), 'step', 'The connection went from ' || old.state || ' to ' || new.state || '.',
           case when new.attention_cause is distinct from old.attention_cause then coalesce(new.attention_cause, done) else done end);
       return null;
     end $$`,
  ]),
];
