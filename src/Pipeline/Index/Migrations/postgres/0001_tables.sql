-- Jobs, what workers and planners hold, messages to send, files, items and figures: the same tables as in SQLite.
-- States are the names of CONTRACT section 5. Times are ISO 8601 in UTC, milliseconds, so that one SQL serves both
-- databases; the views have them as timestamptz. Ids and times are compared by bytes.

create table jobs (
    id          text collate "C" primary key,
    name        text collate "C" not null,
    kind        text collate "C" not null,
    output      text not null,
    fingerprint text not null,
    state       text collate "C" not null,
    owner       text,                                     -- the process that works on it: pid@machine
    error       text,
    items_total     bigint,
    items_succeeded bigint,
    items_errored   bigint,
    tasks_total     bigint not null default 0,
    created_at  text collate "C" not null,
    started_at  text collate "C",
    finished_at text collate "C",
    priority        text not null default 'normal',
    manifest        text,                                 -- as it was handed in, JSON
    parent_id       text collate "C" references jobs (id) on delete cascade,
    place           integer not null default 0,           -- among the parent's jobs, from 0
    idempotency_key text,
    body_hash       text,
    plan_attempt    integer not null default 0,
    plan_until      text collate "C",                     -- the planner's lease
    plan_lease      double precision,                     -- its length in seconds
    plan_claim      text,
    planned_at      text collate "C",
    expires_at      text collate "C",
    input_etag      text,
    problems        text,                                 -- JSON
    warnings        text,                                 -- JSON
    estimate_seconds double precision,
    version         bigint not null default 0             -- one more with each change
);

create index jobs_by_output on jobs (output, fingerprint);
create index jobs_by_state on jobs (state);

-- @include shared/pipeline.sql

create table metrics (
    job_id      text collate "C" not null references jobs (id) on delete cascade,
    cell        text collate "C" not null,
    name        text collate "C" not null,
    score       double precision not null,
    signature   text,
    low         double precision,
    high        double precision,
    primary key (job_id, cell, name)
);

create table sweep_points (
    job_id          text collate "C" not null references jobs (id) on delete cascade,
    cell            text collate "C" not null,
    steps           bigint,
    preset          text,
    length_source   text,
    temperature     double precision,
    sampler         text,                                 -- all settings, one JSON object
    items           bigint,
    forward_passes  bigint,
    tokens          bigint,
    seconds         double precision,
    latency_median  double precision,                     -- seconds of an item
    latency_p95     double precision,
    flops           double precision,
    peak_memory     bigint,                               -- bytes
    price_per_thousand_items double precision,
    currency        text,
    primary key (job_id, cell)
);
