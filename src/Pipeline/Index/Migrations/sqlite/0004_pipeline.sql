-- The pipeline: tasks that workers claim, messages to send, dependencies, items, the poison list. Files take the old
-- tasks' place. Attempts are fencing tokens: what a claim writes is written where the attempt is still its own.

drop view v_job_progress;

-- A finished file of a job's output.
create table artifacts (
    job_id      text not null references jobs (id) on delete cascade,
    path        text not null,                  -- under the storage root
    kind        text not null,                  -- part, trace or file
    cell        text not null default '',       -- '' where the job has no cells
    part        integer,                        -- null where the job has no parts
    bytes       integer,
    lines       integer,
    errored     integer not null default 0,     -- lines that are errors
    nfe         integer not null default 0,
    tokens      integer not null default 0,
    seconds     real not null default 0,        -- computing time
    flops       real,
    primary key (job_id, path)
);

insert into artifacts (job_id, path, kind, cell, part, nfe, tokens, seconds)
select t.job_id, printf('%s/%s/part-%05d.jsonl', j.output, t.cell, t.part), 'part', t.cell, t.part, t.nfe, t.tokens, t.seconds
from tasks t join jobs j on j.id = t.job_id where t.state = 'completed' and t.cell <> '';

drop table tasks;

alter table jobs add column priority text not null default 'normal';
alter table jobs add column manifest text;                          -- as it was handed in, JSON
alter table jobs add column parent_id text references jobs (id) on delete cascade;
alter table jobs add column place integer not null default 0;       -- among the parent's jobs, from 0
alter table jobs add column idempotency_key text;
alter table jobs add column body_hash text;
alter table jobs add column plan_attempt integer not null default 0;
alter table jobs add column plan_until text;                        -- the planner's lease
alter table jobs add column plan_lease real;                        -- its length in seconds
alter table jobs add column plan_claim text;
alter table jobs add column planned_at text;
alter table jobs add column expires_at text;
alter table jobs add column input_etag text;
alter table jobs add column problems text;                          -- JSON
alter table jobs add column warnings text;                          -- JSON
alter table jobs add column estimate_seconds real;
alter table jobs add column version integer not null default 0;     -- one more with each change

create unique index jobs_by_idempotency_key on jobs (idempotency_key);
create index jobs_by_parent on jobs (parent_id, place);
create index jobs_by_name on jobs (name);
create index jobs_by_expiry on jobs (expires_at) where expires_at is not null;

create table tasks (
    job_id      text not null references jobs (id) on delete cascade,
    ordinal     integer not null,               -- from 0 in the order of planning; children come after
    parent      integer,                        -- the ordinal of the task that was split into this one and others
    kind        text not null,                  -- sample, finetune or evaluate
    state       text not null,                  -- queued, running, completed, split, poisoned or cancelled
    part        integer,
    first_item  integer not null default 0,
    item_count  integer not null default 0,
    byte_offset integer not null default 0,
    byte_length integer not null default 0,
    first_line  integer not null default 1,
    children    integer not null default 0,     -- how many tasks it was split into
    attempt     integer not null default 0,     -- the fencing token
    failures    integer not null default 0,     -- in a row, without progress between them
    owner       text,
    claim       text,                           -- tells a claim that is tried again from another one
    lease_until text,
    not_before  text,
    error       text,                           -- the last failure
    phase       text,
    unit        text,
    progress_done  integer not null default 0,
    progress_total integer not null default 0,
    progress_best  integer not null default 0,  -- the most that any attempt had done
    progressed     integer not null default 0,  -- 1 once the present attempt went farther than that
    figures     text,                           -- live figures, JSON
    succeeded   integer not null default 0,     -- items
    errored     integer not null default 0,
    errors      text,                           -- items by error code, JSON
    cost        text,                           -- JSON
    created_at  text not null,
    started_at  text,
    finished_at text,
    primary key (job_id, ordinal)
);

create index tasks_by_state on tasks (job_id, state);
create index tasks_by_parent on tasks (job_id, parent) where parent is not null;
create index tasks_by_lease on tasks (lease_until) where state = 'running';
create index tasks_queued on tasks (not_before) where state = 'queued';

create table attempts (
    job_id      text not null,
    ordinal     integer not null,
    attempt     integer not null,
    owner       text not null,
    started_at  text not null,
    ended_at    text,
    outcome     text,                           -- completed, givenBack, failed, stopped, lapsed, split or poisoned
    error       text,
    primary key (job_id, ordinal, attempt),
    foreign key (job_id, ordinal) references tasks (job_id, ordinal) on delete cascade
);

create table outbox (
    id          integer primary key autoincrement,
    job_id      text not null references jobs (id) on delete cascade,
    kind        text not null,                  -- plan, finalize or task
    ordinal     integer,                        -- the task's
    queue       text not null,
    due_at      text not null,
    sent_at     text
);

create index outbox_pending on outbox (id) where sent_at is null;
create index outbox_by_job on outbox (job_id, kind, ordinal);

create table job_dependencies (
    job_id      text not null references jobs (id) on delete cascade,
    needs_id    text not null references jobs (id) on delete cascade,
    primary key (job_id, needs_id)
);

create index job_dependencies_by_need on job_dependencies (needs_id);

-- Results, one row an item and cell; only where a job has at most 100,000 of them.
create table items (
    job_id      text not null references jobs (id) on delete cascade,
    cell        text not null,
    item        integer not null,               -- its place in the input, from 0
    id          text not null,
    part        integer not null,
    length      integer,
    nfe         integer,
    score       real,
    seconds     real,
    error_code  text,
    primary key (job_id, cell, item)
);

create table poison (
    id          integer primary key autoincrement,
    job_id      text not null references jobs (id) on delete cascade,
    ordinal     integer not null,
    first_item  integer not null,
    item_count  integer not null,
    item_id     text,
    reason      text not null,
    attempts    integer not null,
    created_at  text not null,
    state       text not null                   -- listed, requeued or dropped
);

create index poison_by_job on poison (job_id);

-- Hashes of files that were read, so that a file that did not change isn't read again for its hash.
create table content_hashes (
    path        text primary key,
    etag        text not null,
    sha256      text not null
);

-- Measured speeds, for estimates; recent jobs weigh more.
create table speeds (
    kind        text not null,
    model_key   text not null,
    units       real not null,
    seconds     real not null,
    jobs        integer not null,
    updated_at  text not null,
    primary key (kind, model_key)
);
