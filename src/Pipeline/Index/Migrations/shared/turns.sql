-- Turns and quotas of tenants. A task's message waits in the outbox until its tenant has its turn; a bounded number of a tenant's is out.

alter table tasks add column sent_for {key};          -- the tenant, once the task's message may go out
alter table tasks add column sent_to {key};           -- its queue
alter table outbox add column waits_for {key};        -- the tenant whose turn it waits for; null: it may be sent

-- What an older program has sent is out.
update tasks set
    sent_for = (select j.tenant from jobs j where j.id = tasks.job_id),
    sent_to = (select case j.priority when 'high' then 'dbatch-tasks-high' when 'low' then 'dbatch-tasks-low' else 'dbatch-tasks-normal' end
               from jobs j where j.id = tasks.job_id)
where state in ('queued', 'running');

create index tasks_sent on tasks (state, sent_to, sent_for) where sent_for is not null;

drop index outbox_pending;
create index outbox_pending on outbox (id) where sent_at is null and waits_for is null;
create index outbox_waiting on outbox (waits_for, queue, id) where waits_for is not null;

-- Who was served when: of two tenants with as many tasks running, the one that was served longer ago comes first.
create table turns (
    tenant      {key} not null,
    queue       {key} not null,
    served      {long} not null,                      -- counts up over all tenants of the queue
    primary key (tenant, queue)
);

-- How much a tenant may have; null: as much as it likes, as where there is no row.
create table quotas (
    tenant      {key} primary key,
    most_items  {long},                               -- queued items
    most_bytes  {long},                               -- of files
    most_tasks  {long},                               -- running tasks
    changed_at  {key} not null
);

-- The files that tenants have written by the API, for their quotas; those of the OpenAI-shaped door have a table of their own.
create table uploads (
    tenant      {key} not null,
    path        {key} not null,
    bytes       {long} not null,
    primary key (tenant, path)
);
