import { defineMigration, installationRowSecurity, workspaceRowSecurity } from '@tributary/persistence';

/** What people see or change. */
const shown = ['sync_run', 'object_turn', 'object_describe', 'new_field', 'delete_watch', 'held_deletion', 'cursor_choice', 'change_stream', 'changed_object'];
/** What only runs and the bus work with. */
const ownWork = ['extract_job', 'finished_job', 'result_page', 'backfill', 'formula_watch', 'call_slot', 'call_slot_wait', 'org_usage', 'run_calls', 'inbox', 'dead_letter'];

// A row cannot have another workspace than what it belongs to, and follows it; the one of a connection nobody has told the workspace of is seen by nobody.
function withWorkspace(table: string, column: string, owner: string): string[] {
  return [
    `alter table ${table} add column workspace_id uuid`,
    `update ${table} t set workspace_id = o.workspace_id from ${owner} o where o.id = t.${column}`,
    `alter table ${table} add constraint ${table}_workspace foreign key (${column}, workspace_id) references ${owner} (id, workspace_id) on update cascade on delete cascade`,
    ...workspaceRowSecurity(table),
  ];
}

export const workspaceScopeMigrations = [
  defineMigration('0035-workspace-rows', [
    'alter table connection add constraint connection_workspace unique (id, workspace_id)',
    ...shown.flatMap((table) => withWorkspace(table, 'connection_id', 'connection')),
    'alter table sync_run add constraint sync_run_of_workspace unique (id, workspace_id)',
    ...withWorkspace('sync_run_object', 'run_id', 'sync_run'),
    ...ownWork.flatMap((table) => installationRowSecurity(table)),
  ]),
  // Schemas of connections that are there already, also of those that have no further run.
  defineMigration('0036-warehouse-scope', [
    `do $$
     declare c record;
     begin
       for c in select k.warehouse_schema as name, k.workspace_id from connection k join pg_tables t on t.schemaname = k.warehouse_schema and t.tablename = 'sync_object' loop
         execute format('alter table %I.sync_object enable row level security', c.name);
         execute format('alter table %I.sync_object force row level security', c.name);
         execute format('create policy workspace_scope on %I.sync_object using (coalesce(current_setting(''tributary.workspace_id'', true), '''') in ('''', %2$L)) with check (coalesce(current_setting(''tributary.workspace_id'', true), '''') in ('''', %2$L))',
           c.name, coalesce(c.workspace_id::text, ''));
       end loop;
     end $$`,
  ]),
];
