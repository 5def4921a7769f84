-- Webhooks, and what is to be told to them: a delivery is entered with the change of state that it tells of. Secrets aren't kept here.

create table webhooks (
    id          {key} primary key,
    url         text not null,
    events      {key} not null,                   -- end or state
    created_at  {key} not null
);

create table deliveries (
    id          {key} primary key,
    webhook_id  {key} not null references webhooks (id) on delete cascade,
    job_id      {key} not null references jobs (id) on delete cascade,
    job_state   {key} not null,                   -- that the job came to
    happened_at {key} not null,
    state       {key} not null,                   -- pending, delivered or failed
    body        text,                             -- as it is sent; null until the first attempt
    attempts    integer not null default 0,
    due_at      {key} not null,                   -- the next attempt, or when an attempt under way has lapsed
    until       {key} not null,                   -- the last attempt is before this
    delivered_at {key},
    status      integer,                          -- the last answer's
    error       text                              -- of the last attempt
);

create index deliveries_due on deliveries (due_at) where state = 'pending';
create index deliveries_by_webhook on deliveries (webhook_id, id);
create index deliveries_by_job on deliveries (job_id);
