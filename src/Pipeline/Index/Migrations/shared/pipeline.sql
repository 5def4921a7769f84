-- The pipeline: tasks that workers claim, messages to send, dependencies, files, items, the poison list. Attempts are fencing tokens:
-- what a claim writes is written where the attempt is still its own. A key is a text that is compared by bytes.

create unique index jobs_by_idempotency_key on jobs (idempotency_key);
create index jobs_by_parent on jobs (parent_id, place);
create index jobs_by_name on jobs (name);
create index jobs_by_expiry on jobs (expires_at) where expires_at is not null;

-- A finished file of a job's output.
create table artifacts (
    job_id      {key} not null references jobs (id) on delete cascade,
    path        {key} not null,                   -- under the storage root
    kind        {key} not null,                   -- part, trace or file
    cell        {key} not null default '',        -- '' where the job has no cells
    part        integer,                          -- null where the job has no parts
    bytes       {long},
    lines       {long},
    errored     {long} not null default 0,        -- lines that are errors
    nfe         {long} not null default 0,
    tokens      {long} not null default 0,
    seconds     {real} not null default 0,        -- computing time
    flops       {real},
    primary key (job_id, path)
);

create table tasks (
    job_id      {key} not null references jobs (id) on delete cascade,
    ordinal     integer not null,                 -- from 0 in the order of planning; children come after
    parent      integer,                          -- the ordinal of the task that was split into this one and others
    kind        {key} not null,                   -- sample, finetune or evaluate
    state       {key} not null,                   -- queued, running, completed, split, poisoned or cancelled
    part        integer,
    first_item  {long} not null default 0,
    item_count  {long} not null default 0,
    byte_offset {long} not null default 0,
    byte_length {long} not null default 0,
    first_line  {long} not null default 1,
    children    integer not null default 0,       -- how many tasks it was split into
    attempt     integer not null default 0,       -- the fencing token
    failures    integer not null default 0,       -- in a row, without progress between them
    owner       text,
    claim       text,                             -- tells a claim that is tried again from another one
    lease_until {key},
    not_before  {key},
    error       text,                             -- the last failure
    phase       text,
    unit        text,
    progress_done  {long} not null default 0,
    progress_total {long} not null default 0,
    progress_best  {long} not null default 0,     -- the most that any attempt had done
    progressed     integer not null default 0,    -- 1 once the present attempt went farther than that
    figures     text,                             -- live figures, JSON
    succeeded   {long} not null default 0,        -- items
    errored     {long} not null default 0,
    errors      text,                             -- items by error code, JSON
    cost        text,                             -- JSON
    created_at  {key} not null,
    started_at  {key},
    finished_at {key},
    primary key (job_id, ordinal)
);

create index tasks_by_state on tasks (job_id, state);
create index tasks_by_parent on tasks (job_id, parent) where parent is not null;
create index tasks_by_lease on tasks (lease_until) where state = 'running';
create index tasks_queued on tasks (not_before) where state = 'queued';

create table attempts (
    job_id      {key} not null,
    ordinal     integer not null,
    attempt     integer not null,
    owner       text not null,
    started_at  {key} not null,
    ended_at    {key},
    outcome     text,                             -- completed, givenBack, failed, stopped, lapsed, split or poisoned
    error       text,
    primary key (job_id, ordinal, attempt),
    foreign key (job_id, ordinal) references tasks (job_id, ordinal) on delete cascade
);

create table outbox (
    id          {rowid},
    job_id      {key} not null references jobs (id) on delete cascade,
    kind        {key} not null,                   -- plan, finalize or task
    ordinal     integer,                          -- the task's
    queue       {key} not null,
    due_at      {key} not null,
    sent_at     {key}
);

create index outbox_pending on outbox (id) where sent_at is null;
create index outbox_by_job on outbox (job_id, kind, ordinal);

create table job_dependencies (
    job_id      {key} not null references jobs (id) on delete cascade,
    needs_id    {key} not null references jobs (id) on delete cascade,
    primary key (job_id, needs_id)
);

create index job_dependencies_by_need on job_dependencies (needs_id);

-- Results, one row an item and cell; only where a job has at most 100,000 of them.
create table items (
    job_id      {key} not null references jobs (id) on delete cascade,
    cell        {key} not null,
    item        {long} not null,                  -- its place in the input, from 0
    id          {key} not null,
    part        integer not null,
    length      {long},
    nfe         {long},
    score       {real},
    seconds     {real},
    error_code  text,
    primary key (job_id, cell, item)
);

create table poison (
    id          {rowid},
    job_id      {key} not null references jobs (id) on delete cascade,
    ordinal     integer not null,
    first_item  {long} not null,
    item_count  {long} not null,
    item_id     {key},
    reason      text not null,
    attempts    integer not null,
    created_at  {key} not null,
    state       {key} not null                    -- listed, requeued or dropped
);

create index poison_by_job on poison (job_id);

-- Hashes of files that were read, so that a file that did not change isn't read again for its hash.
create table content_hashes (
    path        {key} primary key,
    etag        {key} not null,
    sha256      text not null
);

-- Measured speeds, for estimates; recent jobs weigh more.
create table speeds (
    kind        {key} not null,
    model_key   text not null,
    units       {real} not null,
    seconds     {real} not null,
    jobs        integer not null,
    updated_at  {key} not null,
    primary key (kind, model_key)
);
