-- Jobs, their tasks and their figures. States are the names of CONTRACT section 5; times are ISO 8601, UTC.

create table jobs (
    id          text primary key,
    name        text not null,
    kind        text not null,
    output      text not null,
    fingerprint text not null,
    state       text not null,
    owner       text,                           -- the process that works on it: pid@machine
    error       text,
    items_total     integer,
    items_succeeded integer,
    items_errored   integer,
    tasks_total     integer not null default 0,
    created_at  text not null,
    started_at  text,
    finished_at text
);

create index jobs_by_output on jobs (output, fingerprint);
create index jobs_by_state on jobs (state);

-- One part of a job: a shard of one cell, or the whole of a finetune or evaluate job.
create table tasks (
    job_id      text not null references jobs (id) on delete cascade,
    cell        text not null,                  -- '' where the job has no cells
    part        integer not null,
    state       text not null,
    nfe         integer not null default 0,
    tokens      integer not null default 0,
    seconds     real not null default 0,
    finished_at text,
    primary key (job_id, cell, part)
);

create table metrics (
    job_id      text not null references jobs (id) on delete cascade,
    cell        text not null,
    name        text not null,
    score       real not null,
    signature   text,
    low         real,
    high        real,
    primary key (job_id, cell, name)
);
