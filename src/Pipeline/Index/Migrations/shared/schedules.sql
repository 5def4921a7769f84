-- Schedules, and what became of each of their times: who enters a time's row starts its run, once.

create table schedules (
    name        {key} primary key,
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
    version     {long} not null default 0         -- one more with each change
);

create index schedules_due on schedules (next_at) where paused = 0;

create table schedule_ticks (
    schedule      {key} not null references schedules (name) on delete cascade,
    scheduled_for {key} not null,
    outcome       {key} not null,                 -- submitted, waiting, skipped, missed or refused
    job_id        {key},
    reason        text,
    primary key (schedule, scheduled_for)
);

create index schedule_ticks_waiting on schedule_ticks (schedule, scheduled_for) where outcome = 'waiting';

alter table jobs add column schedule {key};       -- that it is a run of
alter table jobs add column scheduled_for {key};
alter table jobs add column saved_version {long}; -- that is kept beside the outputs, to make the index of it again

create index jobs_by_schedule on jobs (schedule, id) where schedule is not null;
create index jobs_unsaved on jobs (finished_at) where finished_at is not null and (saved_version is null or saved_version < version);
