-- name: meta
-- the whole row, whatever columns it has: those of earlier builds have fewer
select to_jsonb(m) as meta from savvycal._meta m

-- name: record
update savvycal._meta set schema_version = $1, oldest_program = $2, shape = $3::text::jsonb, applied_at = now()

-- name: forget_columns
-- grants of the reader roles follow from the inventory: a column that is no more has no place there
delete from savvycal.data_inventory i
where not exists (
  select from pg_attribute a
  where a.attrelid = to_regclass('savvycal.' || quote_ident(i.table_name)) and a.attname = i.column_name and not a.attisdropped)

-- name: shape
-- one row for each object: its name, and a hash of its definition. The order of columns has no meaning; owners and
-- rights are not part of it
select o.name, left(encode(sha256(convert_to(o.definition, 'UTF8')), 'hex'), 16) as hash
from (
  select 'table ' || c.relname as name, c.relpersistence::text || (
           select string_agg(
             concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
               a.attgenerated::text, pg_get_expr(d.adbin, d.adrelid)), ',' order by a.attname)
           from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) || coalesce((
           select string_agg(n.conname || ' ' || pg_get_constraintdef(n.oid), ',' order by n.conname)
           from pg_constraint n where n.conrelid = c.oid and n.contype in ('c', 'p', 'u', 'f')), '') as definition
  from pg_class c where c.relnamespace = to_regnamespace('savvycal') and c.relkind in ('r', 'p')
  union all
  select 'index ' || i.indexname, i.indexdef from pg_indexes i where i.schemaname = 'savvycal'
  union all
  select 'view ' || c.relname, pg_get_viewdef(c.oid) || coalesce(c.reloptions::text, '')
  from pg_class c where c.relnamespace = to_regnamespace('savvycal') and c.relkind = 'v'
  union all
  select 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', pg_get_functiondef(p.oid)
  from pg_proc p where p.pronamespace = to_regnamespace('savvycal') and p.prokind = 'f'
  union all
  select 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = to_regnamespace('savvycal') and not t.tgisinternal) o
