-- The OpenAI-shaped door: uploaded and written files, and batches of requests with the jobs that answer them.

create table files (
    id          {key} primary key,                -- file- and a time-ordered GUID
    tenant      {key} not null default '',
    name        text not null,                    -- as it was uploaded
    purpose     {key} not null,                   -- batch or batch_output
    path        text not null,                    -- under the storage root
    bytes       {long} not null,
    created_at  {key} not null,
    expires_at  {key}
);

create index files_by_tenant on files (tenant, id);
create index files_by_expiry on files (expires_at) where expires_at is not null;

create table batches (
    id          {key} primary key,                -- batch_ and a time-ordered GUID
    tenant      {key} not null default '',
    endpoint    {key} not null,
    input_file  {key} not null,
    time_window {key} not null,
    output_seconds {long},                        -- how long its files are kept
    metadata    text,                             -- JSON
    status      {key} not null,                   -- validating, failed, in_progress, finalizing, completed, expired, cancelling or cancelled
    outcome     {key},                            -- the status that follows finalizing
    model       text,                             -- the one that all requests name
    job_id      {key},                            -- the job or pipeline that answers; null where no request can be answered
    errors      text,                             -- JSON
    total       {long} not null default 0,        -- requests
    rejected    {long} not null default 0,        -- of them refused before any work
    answers     {long} not null default 0,        -- results that the others ask for
    completed   {long} not null default 0,        -- known once it has ended, like all that follows
    failed      {long} not null default 0,
    prompt_tokens {long} not null default 0,
    completion_tokens {long} not null default 0,
    output_file {key},
    error_file  {key},
    created_at  {key} not null,
    expires_at  {key} not null,
    in_progress_at {key},
    finalizing_at  {key},
    cancelling_at  {key},
    finished_at    {key}
);

create index batches_by_tenant on batches (tenant, id);
create index batches_open on batches (id) where finished_at is null;
