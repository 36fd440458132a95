const situation = `c.state, c.policy, c.attention_cause as "attentionCause", c.attention_text as "attentionText", c.instance_url as "instanceUrl",
  u.id as "userGrantId", u.epoch as "userEpoch", u.flow as "userFlow", u.issued_at as "userIssuedAt", u.refreshed_at as "userStoredAt",
  j.id as "jwtGrantId", j.epoch as "jwtEpoch", j.flow as "jwtFlow", j.issued_at as "jwtIssuedAt", j.refreshed_at as "jwtStoredAt", coalesce(j.lease_owner is null and j.lease_until > now(), false) as "jwtPaused",
  (select not_issued_before from installation) as "floor", (extract(epoch from c.next_check_at - now()) * 1000)::float8 as "nextCheckInMs"`;

/**
 * Each `limit` keeps the look-up by index: joined freely, the tables are read from end to end, because the condition that row-level security adds
 * to them passes for one that hardly any row meets. Then a lease costs more with every connection there is.
 */
const lookedUp = `left join lateral (select * from connection where id = a.connection_id limit 1) c on true
  left join lateral (select * from oauth_grant where connection_id = a.connection_id and kind = 'user' and state = 'live' limit 1) u on true
  left join lateral (select * from oauth_grant where connection_id = a.connection_id and kind = 'jwt' and state = 'live' limit 1) j on true`;

/** A parameter behind a `select` has no length while the plan is made: one plan serves every number of requests, and planning costs more than the work. */
const given = (types: readonly string[]): string => types.map((type, index) => `(select $${index + 1}::${type}[])`).join(', ');

/** What leases are decided by: one row per connection id of `$1`, in their order, with `known`. */
export const situations = `select c.id is not null as known, ${situation} from unnest(${given(['uuid'])}) with ordinality as a (connection_id, position)
  ${lookedUp} order by a.position`;

/** The epoch that is lent when nothing is amiss: the way that goes first by policy and purpose. */
const epochLent = `case when c.policy = 'jwt' then j.epoch when c.policy = 'user' then u.epoch when a.purpose = 'background' then coalesce(j.epoch, u.epoch) else coalesce(u.epoch, j.epoch) end as epoch`;

/**
 * Notes requests and reads what they are decided by: one row per request, in their order, with `fresh` and `known`. The key of `lease` is checked
 * before this answers, in whichever process a request was used before; only the flush to disk is not waited for (see ADR 13).
 */
export const entering = `with asked as (
    select * from unnest(${given(['uuid', 'text', 'uuid', 'text', 'uuid', 'integer'])}) with ordinality as a (jti, asker, connection_id, purpose, run_id, rejected_epoch, position)),
  found as (select a.*, c.id is not null as known, ${epochLent}, ${situation} from asked a ${lookedUp}),
  entered as (
    insert into lease (jti, asker, connection_id, purpose, run_id, rejected_epoch, epoch)
      select jti, asker, connection_id, purpose, run_id, rejected_epoch, epoch from found on conflict (jti) do nothing returning jti),
  unflushed as materialized (select set_config('synchronous_commit', 'off', true) as set)
  select f.*, f.jti in (select jti from entered) as fresh
    from found f, unflushed where unflushed.set = 'off' order by f.position`;
