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

create unique index jobs_by_idempotency_key on jobs (idempotency_key);
create index jobs_by_parent on jobs (parent_id, place);
create index jobs_by_name on jobs (name);
create index jobs_by_expiry on jobs (expires_at) where expires_at is not null;

-- A finished file of a job's output.
create table artifacts (
    job_id      text collate "C" not null references jobs (id) on delete cascade,
    path        text collate "C" not null,                -- under the storage root
    kind        text collate "C" not null,                -- part, trace or file
    cell        text collate "C" not null default '',     -- '' where the job has no cells
    part        integer,                                  -- null where the job has no parts
    bytes       bigint,
    lines       bigint,
    errored     bigint not null default 0,                -- lines that are errors
    nfe         bigint not null default 0,
    tokens      bigint not null default 0,
    seconds     double precision not null default 0,      -- computing time
    flops       double precision,
    primary key (job_id, path)
);

create table tasks (
    job_id      text collate "C" not null references jobs (id) on delete cascade,
    ordinal     integer not null,                         -- from 0 in the order of planning; children come after
    parent      integer,                                  -- the ordinal of the task that was split into this one and others
    kind        text collate "C" not null,                -- sample, finetune or evaluate
    state       text collate "C" not null,                -- queued, running, completed, split, poisoned or cancelled
    part        integer,
    first_item  bigint not null default 0,
    item_count  bigint not null default 0,
    byte_offset bigint not null default 0,
    byte_length bigint not null default 0,
    first_line  bigint not null default 1,
    children    integer not null default 0,               -- how many tasks it was split into
    attempt     integer not null default 0,               -- the fencing token
    failures    integer not null default 0,               -- in a row, without progress between them
    owner       text,
    claim       text,                                     -- tells a claim that is tried again from another one
    lease_until text collate "C",
    not_before  text collate "C",
    error       text,                                     -- the last failure
    phase       text,
    unit        text,
    progress_done  bigint not null default 0,
    progress_total bigint not null default 0,
    progress_best  bigint not null default 0,             -- the most that any attempt had done
    progressed     integer not null default 0,            -- 1 once the present attempt went farther than that
    figures     text,                                     -- live figures, JSON
    succeeded   bigint not null default 0,                -- items
    errored     bigint not null default 0,
    errors      text,                                     -- items by error code, JSON
    cost        text,                                     -- JSON
    created_at  text collate "C" not null,
    started_at  text collate "C",
    finished_at text collate "C",
    primary key (job_id, ordinal)
);

create index tasks_by_state on tasks (job_id, state);
create index tasks_by_parent on tasks (job_id, parent) where parent is not null;
create index tasks_by_lease on tasks (lease_until) where state = 'running';
create index tasks_queued on tasks (not_before) where state = 'queued';

create table attempts (
    job_id      text collate "C" not null,
    ordinal     integer not null,
    attempt     integer not null,
    owner       text not null,
    started_at  text collate "C" not null,
    ended_at    text collate "C",
    outcome     text,                                     -- completed, givenBack, failed, stopped, lapsed, split or poisoned
    error       text,
    primary key (job_id, ordinal, attempt),
    foreign key (job_id, ordinal) references tasks (job_id, ordinal) on delete cascade
);

create table outbox (
    id          bigint generated by default as identity primary key,
    job_id      text collate "C" not null references jobs (id) on delete cascade,
    kind        text collate "C" not null,                -- plan, finalize or task
    ordinal     integer,                                  -- the task's
    queue       text collate "C" not null,
    due_at      text collate "C" not null,
    sent_at     text collate "C"
);

create index outbox_pending on outbox (id) where sent_at is null;
create index outbox_by_job on outbox (job_id, kind, ordinal);

create table job_dependencies (
    job_id      text collate "C" not null references jobs (id) on delete cascade,
    needs_id    text collate "C" not null references jobs (id) on delete cascade,
    primary key (job_id, needs_id)
);

create index job_dependencies_by_need on job_dependencies (needs_id);

-- Results, one row an item and cell; only where a job has at most 100,000 of them.
create table items (
    job_id      text collate "C" not null references jobs (id) on delete cascade,
    cell        text collate "C" not null,
    item        bigint not null,                          -- its place in the input, from 0
    id          text collate "C" not null,
    part        integer not null,
    length      bigint,
    nfe         bigint,
    score       double precision,
    seconds     double precision,
    error_code  text,
    primary key (job_id, cell, item)
);

create table poison (
    id          bigint generated by default as identity primary key,
    job_id      text collate "C" not null references jobs (id) on delete cascade,
    ordinal     integer not null,
    first_item  bigint not null,
    item_count  bigint not null,
    item_id     text collate "C",
    reason      text not null,
    attempts    integer not null,
    created_at  text collate "C" not null,
    state       text collate "C" not null                 -- listed, requeued or dropped
);

create index poison_by_job on poison (job_id);

-- Hashes of files that were read, so that a file that did not change isn't read again for its hash.
create table content_hashes (
    path        text collate "C" primary key,
    etag        text collate "C" not null,
    sha256      text not null
);

-- Measured speeds, for estimates; recent jobs weigh more.
create table speeds (
    kind        text collate "C" not null,
    model_key   text not null,
    units       double precision not null,
    seconds     double precision not null,
    jobs        integer not null,
    updated_at  text collate "C" not null,
    primary key (kind, model_key)
);

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
