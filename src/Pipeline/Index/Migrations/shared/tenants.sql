-- Tenants: whose each row is ('' for the tenant of a pipeline without named keys), and the keys that tenants are known by.

alter table jobs add column tenant {key} not null default '';
alter table webhooks add column tenant {key} not null default '';

drop index jobs_by_idempotency_key;
create unique index jobs_by_idempotency_key on jobs (tenant, idempotency_key);
create index jobs_by_tenant on jobs (tenant, id);
drop index jobs_by_schedule;
create index jobs_by_schedule on jobs (schedule, tenant, id) where schedule is not null;

create table keys (
    id          {key} primary key,                -- key_ and a time-ordered GUID
    tenant      {key} not null,
    name        {key} not null,
    role        {key} not null,                   -- read, submit or admin
    hash        {key} not null,                   -- SHA-256 of the key, hexadecimal; the key itself is kept nowhere
    created_at  {key} not null,
    unique (tenant, name)
);

create unique index keys_by_hash on keys (hash);

-- A schedule's name is its tenant's alone: both tables are made anew with the tenant in their keys.

drop view v_schedules;
drop view v_schedule_runs;

create table new_schedules (
    tenant      {key} not null default '',
    name        {key} not null,
    cron        text not null,
    time_zone   text not null,
    manifest    text not null,                    -- the template, JSON
    overlap     {key} not null,                   -- skip, queue or replace
    missed      {key} not null,                   -- none, last or all
    paused      integer not null default 0,
    next_at     {key},                            -- the first time that nobody dealt with; null where none comes any more
    runs        {long} not null default 0,        -- started so far
    created_at  {key} not null,
    changed_at  {key} not null,
    version     {long} not null default 0,        -- one more with each change
    primary key (tenant, name)
);

insert into new_schedules (name, cron, time_zone, manifest, overlap, missed, paused, next_at, runs, created_at, changed_at, version)
select name, cron, time_zone, manifest, overlap, missed, paused, next_at, runs, created_at, changed_at, version from schedules;

create table new_schedule_ticks (
    tenant        {key} not null default '',
    schedule      {key} not null,
    scheduled_for {key} not null,
    outcome       {key} not null,                 -- submitted, waiting, skipped, missed or refused
    job_id        {key},
    reason        text,
    primary key (tenant, schedule, scheduled_for),
    foreign key (tenant, schedule) references new_schedules (tenant, name) on delete cascade
);

insert into new_schedule_ticks (schedule, scheduled_for, outcome, job_id, reason)
select schedule, scheduled_for, outcome, job_id, reason from schedule_ticks;

drop table schedule_ticks;
drop table schedules;
alter table new_schedules rename to schedules;
alter table new_schedule_ticks rename to schedule_ticks;

create index schedules_due on schedules (next_at) where paused = 0;
create index schedule_ticks_waiting on schedule_ticks (tenant, schedule, scheduled_for) where outcome = 'waiting';

-- Schedules as they stand.
create view v_schedules as
select s.name as schedule,
       s.cron,
       s.time_zone,
       s.overlap,
       s.missed,
       s.paused,
       {time s.next_at} as next_at,
       s.runs,
       (select count(*) from jobs j where j.schedule = s.name and j.tenant = s.tenant and j.parent_id is null and j.finished_at is null) as runs_unfinished,
       (select count(*) from schedule_ticks t where t.tenant = s.tenant and t.schedule = s.name and t.outcome = 'waiting') as runs_waiting,
       s.tenant
from schedules s;

-- What became of each of their times.
create view v_schedule_runs as
select t.schedule,
       {time t.scheduled_for} as scheduled_for,
       t.outcome,
       t.reason,
       t.job_id,
       j.name as job,
       j.state,
       {time j.started_at} as started_at,
       {time j.finished_at} as finished_at,
       {seconds j.started_at, j.finished_at} as seconds,
       t.tenant
from schedule_ticks t
left join jobs j on j.id = t.job_id;
